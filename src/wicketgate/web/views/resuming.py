"""Counsel lets a held request begin again, with reasons."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from wicketgate.core.identifiers import Handle
from wicketgate.flow.work import resume as work
from wicketgate.web.gates import actor_of, gate
from wicketgate.web.views.acting import WRONG, Page, Reasons, begun, done, opened, shown

_PAGE = Page("desk/act.html", gettext_lazy("Resume a held request"), ("resume",))


@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest, handle: Handle) -> HttpResponse:
    """The page on which counsel resumes a request, once nothing closes the gate for it any more."""
    view = opened(request, handle, _PAGE)
    form = Reasons(request.POST or None, initial=begun(view))
    more = {
        "button": _("Resume it"),
        "lead": _(
            "The request begins again at its beginning: it is determined anew, examined anew, and decided by"
            " an approver who has not decided on it before. Nothing found or said before it was held counts."
        ),
    }

    def again(problem: str) -> HttpResponse:
        form.add_error("reasons", problem)
        return shown(request, _PAGE, view, form, more, WRONG)

    if not form.is_valid():
        return shown(request, _PAGE, view, form, more, WRONG if form.errors else 200)
    sent = form.cleaned_data
    return done(
        request,
        handle,
        lambda: work.resume(gate(), actor_of(request), handle, sent["version"], sent["reasons"]),
        _("You resumed %s.") % handle,
        again,
    )
