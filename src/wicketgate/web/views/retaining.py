"""Retention: what schedules end, what holds keep, and how two people dispose of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from wicketgate.flow import retention as acts
from wicketgate.flow.retention import ActRefusedError, Disposition, Scope
from wicketgate.flow.witnessing import WitnessingError
from wicketgate.keys import KeysError
from wicketgate.web.gates import actor_of, gate
from wicketgate.web.roles import may_open
from wicketgate.web.views.acting import WRONG
from wicketgate.web.views.agency_field import AgencyField
from wicketgate.web.views.handle_field import HandleField
from wicketgate.web.words import DISPOSITIONS

_ACT = require_http_methods(["GET", "HEAD", "POST"])
_LONGEST = 2_000


class Propose(forms.Form):
    """A list under one schedule."""

    schedule = forms.ChoiceField(label=gettext_lazy("Schedule"), widget=forms.RadioSelect)
    reasons = forms.CharField(
        label=gettext_lazy("Reasons"),
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The ledger keeps them. Write no person's name."),
    )

    def __init__(self, *arguments: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        schedule = self.fields["schedule"]
        assert isinstance(schedule, forms.ChoiceField)  # noqa: S101 - declared above
        schedule.choices = [
            (
                each.schedule.name,
                _("%(kind)s: %(due)d due") % {"kind": each.schedule.name, "due": each.found.due},
            )
            for each in acts.due(gate())
        ]


class Decide(forms.Form):
    """The list's number, typed, so that nobody destroys one in passing; or why it is given up."""

    typed = forms.IntegerField(
        label=gettext_lazy("To confirm it, type the number of the disposition"), required=False
    )
    reasons = forms.CharField(
        label=gettext_lazy("To withdraw it, say why"),
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class Place(forms.Form):
    """What a matter is about."""

    matter = forms.CharField(
        label=gettext_lazy("Matter"),
        max_length=200,
        help_text=gettext_lazy("Court and docket, or the investigation. Write no taxpayer's name."),
    )
    handle = HandleField(label=gettext_lazy("One request, by its number"), required=False)
    agency = AgencyField(label=gettext_lazy("Or an agency with its components"), required=False)
    submission = forms.IntegerField(
        label=gettext_lazy("Or a submission, by its number"), required=False, min_value=1, max_value=2**62
    )
    everything = forms.BooleanField(label=gettext_lazy("Or everything"), required=False)

    def clean(self) -> dict[str, Any]:
        """Exactly one of the four."""
        sent: dict[str, Any] = super().clean() or {}
        given = [name for name in ("handle", "agency", "submission", "everything") if sent.get(name)]
        if len(given) != 1 and not self.errors:
            self.add_error("handle", _("Say what to hold: exactly one of these four."))
        return sent

    def scope(self) -> Scope:
        """What was written."""
        sent = self.cleaned_data
        return Scope(sent["handle"] or None, sent["agency"] or None, sent["submission"])


class Lift(forms.Form):
    """Why a hold ends."""

    reasons = forms.CharField(
        label=gettext_lazy("Reasons"), max_length=_LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )


@require_safe
def retention(request: HttpRequest) -> HttpResponse:
    """What is due, what is held, and every list."""
    role = getattr(request.user, "gate_role", None)
    shown = {
        "lines": acts.due(gate()),
        "holds": acts.holds(gate())[::-1],
        "dispositions": [(each, DISPOSITIONS[each.state]) for each in acts.dispositions(gate())[::-1]],
        "disposes": may_open(role, "dispose"),
        "holds_back": may_open(role, "place_hold"),
        "most": acts.MOST,
    }
    return render(request, "retention/retention.html", shown)


@_ACT
def propose(request: HttpRequest) -> HttpResponse:
    """Propose a list; nothing is destroyed by it."""
    form = Propose(request.POST or None)
    if form.is_valid():
        try:
            number = acts.propose(
                gate(), actor_of(request), form.cleaned_data["schedule"], form.cleaned_data["reasons"]
            )
        except ActRefusedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                _("Disposition %d is proposed. Nothing ends until another person confirms it.") % number,
            )
            return redirect("retention")
    return render(request, "retention/propose.html", {"form": form}, status=WRONG if form.errors else 200)


@_ACT
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Confirm a list as the second person, or withdraw it."""
    known = _found(number)
    form = Decide(request.POST or None)
    if form.is_valid():
        try:
            said = _decided(request, known, form)
        except ActRefusedError as error:
            form.add_error(None, str(error))
        except (KeysError, WitnessingError):
            messages.warning(
                request,
                _("Disposition %d is confirmed. It is carried out once the key process answers.") % number,
            )
            return redirect("retention")
        else:
            messages.success(request, said)
            return redirect("retention")
    shown = {"form": form, "each": known, "mine": known.proposed_by == actor_of(request).handle}
    return render(request, "retention/decide.html", shown, status=WRONG if form.errors else 200)


def _decided(request: HttpRequest, known: Disposition, form: Decide) -> str:
    typed, reasons = form.cleaned_data["typed"], form.cleaned_data["reasons"]
    if "withdraw" in request.POST:
        acts.withdraw(gate(), actor_of(request), known.number, reasons)
        return _("Disposition %d is withdrawn. Nothing was destroyed.") % known.number
    if typed != known.number:
        raise ActRefusedError(_("The number that you typed is not %d; nothing was done.") % known.number)
    acts.confirm(gate(), actor_of(request), known.number)
    return (
        _("Disposition %d is carried out. Replace every copy of the key process's folder now.") % known.number
    )


@_ACT
def place(request: HttpRequest) -> HttpResponse:
    """Place a hold; it holds when the page answers."""
    form = Place(request.POST or None)
    if form.is_valid():
        try:
            number = acts.place_hold(gate(), actor_of(request), form.scope(), form.cleaned_data["matter"])
        except ActRefusedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Hold %d holds.") % number)
            return redirect("retention")
    return render(request, "retention/hold.html", {"form": form}, status=WRONG if form.errors else 200)


@_ACT
def lift(request: HttpRequest, number: int) -> HttpResponse:
    """Lift a hold."""
    hold = next((each for each in acts.holds(gate()) if each.number == number), None)
    if hold is None:
        raise Http404
    form = Lift(request.POST or None)
    if form.is_valid():
        try:
            acts.lift_hold(gate(), actor_of(request), number, form.cleaned_data["reasons"])
        except ActRefusedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Hold %d is lifted.") % number)
            return redirect("retention")
    shown = {"form": form, "hold": hold}
    return render(request, "retention/lift.html", shown, status=WRONG if form.errors else 200)


def _found(number: int) -> Disposition:
    for each in acts.dispositions(gate()):
        if each.number == number:
            return each
    raise Http404
