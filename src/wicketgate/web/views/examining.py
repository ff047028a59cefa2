"""An examiner's acts on one request: return it with findings, refer it to counsel, or endorse it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from wicketgate.core.actor import Actor
from wicketgate.core.identifiers import Handle
from wicketgate.flow.gate import Gate
from wicketgate.flow.work import endorse as endorsing
from wicketgate.flow.work import examine
from wicketgate.web.gates import actor_of, gate
from wicketgate.web.notices import Notice, tell
from wicketgate.web.roles import Counsel
from wicketgate.web.views.acting import WRONG, Page, Reasons, begun, done, opened, shown
from wicketgate.web.views.points import rows, said

_ENDORSE = Page("desk/act.html", gettext_lazy("Endorse the request"), ("endorse",))
_RETURN = Page("desk/points.html", gettext_lazy("Return the request with findings"), ("return",))
_REFER = Page("desk/points.html", gettext_lazy("Refer the request to counsel"), ("refer",))

_FORMS = ["GET", "HEAD", "POST"]
Examine = Callable[[Gate, Actor, Handle, int, Sequence[tuple[str, str]], str], object]


class Endorsement(Reasons):
    """Reasons are needed only against a dissent."""

    reasons = forms.CharField(
        label=gettext_lazy("Reasons"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("The approver sees them only after the decision. Write no address here."),
    )


@require_http_methods(_FORMS)
def endorse(request: HttpRequest, handle: Handle) -> HttpResponse:
    """Endorse the request; the register is then asked about it, once."""
    view = opened(request, handle, _ENDORSE)
    form = Endorsement(request.POST or None, initial=begun(view))
    form.fields["reasons"].required = bool(view.dissents)
    more = {
        "button": _("Endorse"),
        "lead": _(
            "You say that every element of the law is shown for this person. The register is then asked one"
            " question about this request, and another person decides without your words."
        ),
    }

    def again(problem: str) -> HttpResponse:
        form.add_error("reasons", problem)
        return shown(request, _ENDORSE, view, form, more, WRONG)

    if not form.is_valid():
        return shown(request, _ENDORSE, view, form, more, WRONG if form.errors else 200)
    sent = form.cleaned_data
    return done(
        request,
        handle,
        lambda: endorsing.endorse(
            gate(), actor_of(request), handle, sent["version"], sent["reasons"], sent["dissents"]
        ),
        _("You endorsed %s.") % handle,
        again,
    )


@require_http_methods(_FORMS)
def return_(request: HttpRequest, handle: Handle) -> HttpResponse:
    """Return the request: the requester is told the elements in the law's words."""
    lead = _(
        "Name each element that the request does not show. The requester is told the elements in the law's"
        " words and what would mend them; your own words stay inside."
    )
    return _about_points(
        request, handle, _RETURN, examine.return_with_findings, _("Return it"), lead, _("You returned %s.")
    )


@require_http_methods(_FORMS)
def refer(request: HttpRequest, handle: Handle) -> HttpResponse:
    """Refer the request to counsel, with a question about each element in doubt."""
    lead = _("Name each element that you are in doubt about, and ask counsel your question about it.")
    answer = _about_points(
        request, handle, _REFER, examine.refer, _("Refer it"), lead, _("You referred %s to counsel.")
    )
    if answer.status_code == 302:
        tell(Notice.REFERRED, handle, roles=[Counsel.key])
    return answer


def _about_points(
    request: HttpRequest, handle: Handle, page: Page, act: Examine, button: str, lead: str, told: str
) -> HttpResponse:
    view = opened(request, handle, page)
    form = Reasons(request.POST or None, initial=begun(view))
    points = rows(request, view, request.GET.getlist("code"))
    more = {"points": points, "button": button, "lead": lead}

    def again(problem: str) -> HttpResponse:
        form.add_error(None, problem)
        return shown(request, page, view, form, more, WRONG)

    if not form.is_bound:
        return shown(request, page, view, form, more)
    if not all([form.is_valid(), *(point.is_valid() for point in points)]):
        return shown(request, page, view, form, more, WRONG)
    sent = form.cleaned_data
    return done(
        request,
        handle,
        lambda: act(gate(), actor_of(request), handle, sent["version"], said(points), sent["reasons"]),
        told % handle,
        again,
    )
