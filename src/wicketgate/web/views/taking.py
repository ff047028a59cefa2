"""Taking a request, giving it back, and stepping back from it for good."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from wicketgate.core.identifiers import Handle
from wicketgate.flow.work.claim import claim, release_claim
from wicketgate.flow.work.declare import declare
from wicketgate.flow.work.refusals import IncompleteError, OvertakenError
from wicketgate.web.gates import actor_of, gate
from wicketgate.web.views.acting import WRONG, Page, Reasons, begun, opened, overtaken, shown

_GIVE_BACK = Page("desk/act.html", gettext_lazy("Give the request back"), ("release claim",))
_RECUSE = Page("desk/act.html", gettext_lazy("Declare a conflict of interest"), ("declare",))


class Why(Reasons):
    """Reasons alone."""

    reasons = forms.CharField(
        label=gettext_lazy("Reasons"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 4})
    )


@require_POST
def take(request: HttpRequest, handle: Handle) -> HttpResponse:
    """Declare that there is no conflict of interest, and claim the request."""
    actor = actor_of(request)
    try:
        declare(gate(), actor, handle, conflict=False)
        until = claim(gate(), actor, handle)
    except OvertakenError as error:
        return overtaken(request, handle, error)
    messages.success(request, _("You have taken this request, until %s UTC.") % f"{until:%Y-%m-%d %H:%M}")
    return redirect("case", handle=handle)


@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: HttpRequest, handle: Handle) -> HttpResponse:
    """Give the request back to the queue, with reasons."""
    view = opened(request, handle, _GIVE_BACK)
    form = Why(request.POST or None, initial=begun(view))
    if form.is_valid():
        try:
            release_claim(gate(), actor_of(request), handle, form.cleaned_data["reasons"])
        except IncompleteError as error:
            form.add_error("reasons", str(error))
        else:
            messages.success(request, _("%s is back in the queue.") % handle)
            return redirect("queue")
    more = {"button": _("Give it back"), "lead": _("Somebody else can then take it at once.")}
    return shown(request, _GIVE_BACK, view, form, more, WRONG if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def recuse(request: HttpRequest, handle: Handle) -> HttpResponse:
    """Declare a conflict of interest: for good."""
    view = opened(request, handle, _RECUSE)
    form = Why(request.POST or None, initial=begun(view))
    if form.is_valid():
        try:
            declare(gate(), actor_of(request), handle, True, form.cleaned_data["reasons"])
        except IncompleteError as error:
            form.add_error("reasons", str(error))
        else:
            messages.success(request, _("You take no part in %s any more; another person takes it.") % handle)
            return redirect("queue")
    more = {
        "button": _("Declare the conflict"),
        "lead": _(
            "You will take no part in this request any more, for good, and your claim goes back to the queue."
            " Say what connects you with it."
        ),
    }
    return shown(request, _RECUSE, view, form, more, WRONG if form.errors else 200)
