"""Recalls: choose disclosures, see what it would concern, propose; counsel starts; agencies are served."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from wicketgate.flow import recall_campaign as recalls_flow
from wicketgate.flow.recall_campaign import HOW, RecallRefusedError
from wicketgate.flow.recall_selection import DryRun, Selection, select
from wicketgate.web.csv_answer import csv_answer
from wicketgate.web.gates import actor_of, gate
from wicketgate.web.roles import may_open
from wicketgate.web.views.acting import WRONG
from wicketgate.web.views.agency_field import AgencyField
from wicketgate.web.words import RECALLS

_ACT = require_http_methods(["GET", "HEAD", "POST"])
_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class Choose(forms.Form):
    """By what disclosures are chosen; every field that is filled in must fit."""

    agency = AgencyField(label=gettext_lazy("Agency, with its components"), required=False)
    authority = forms.CharField(
        label=gettext_lazy("Digest of the version of the law"), required=False, max_length=80
    )
    element = forms.CharField(
        label=gettext_lazy("Element that was found and resolved"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("For example B5."),
    )
    switch = forms.CharField(
        label=gettext_lazy("Switch and its value"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("For example S2_request_address_standard = concordant."),
    )
    officer = forms.CharField(
        label=gettext_lazy("Recipient officer"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("As requests name officers: Name|badge|agency."),
    )
    submission = forms.IntegerField(label=gettext_lazy("Submission"), required=False, min_value=1)
    since = forms.DateField(label=gettext_lazy("Released from"), required=False, widget=_DAY)
    until = forms.DateField(label=gettext_lazy("Released until"), required=False, widget=_DAY)
    first = forms.IntegerField(label=gettext_lazy("Ledger from entry"), required=False, min_value=0)
    last = forms.IntegerField(label=gettext_lazy("Ledger until entry"), required=False, min_value=0)
    procedure = forms.CharField(
        label=gettext_lazy("Procedure of imported disclosures"), required=False, max_length=100
    )
    again = forms.BooleanField(
        label=gettext_lazy("Only those that the version in force today would refuse"), required=False
    )

    def clean_switch(self) -> tuple[str, str] | None:
        """The switch and its value apart."""
        text = self.cleaned_data["switch"].strip()
        name, equals, value = text.partition("=")
        if text and not (name.strip() and equals and value.strip()):
            raise forms.ValidationError(_("Write the switch, an equals sign and its value."))
        return (name.strip(), value.strip()) if text else None

    def selection(self) -> Selection:
        """What was chosen."""
        sent = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        sent.pop("again", None)
        return Selection(**sent)


class Propose(forms.Form):
    """Why, and until when; the list is that of the dry run above it."""

    reasons = forms.CharField(
        label=gettext_lazy("Reasons"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=10_000,
        help_text=gettext_lazy("Recipients read them. Write no person's name."),
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days to destroy and certify"), initial=10, min_value=1, max_value=365
    )
    list_digest = forms.CharField(widget=forms.HiddenInput)


class Start(forms.Form):
    """The number of disclosures, typed, so that nobody starts a recall in passing."""

    typed = forms.IntegerField(label=gettext_lazy("Type how many disclosures are recalled"))


class Serve(forms.Form):
    """The proof that an agency was served."""

    served_on = forms.DateField(label=gettext_lazy("Served on"), widget=_DAY)
    how = forms.ChoiceField(label=gettext_lazy("How"), choices=[(each, each) for each in HOW])
    proof = forms.CharField(label=gettext_lazy("Number of the receipt"), max_length=200)


@require_safe
def recalls(request: HttpRequest) -> HttpResponse:
    """Every recall with what is still to be certified, the newest first."""
    shown = [(each, RECALLS[each.state]) for each in recalls_flow.standings(gate())]
    proposes = may_open(getattr(request.user, "gate_role", None), "propose_recall")
    return render(request, "recalls/recalls.html", {"recalls": shown, "proposes": proposes})


@_ACT
def propose(request: HttpRequest) -> HttpResponse:
    """Choose, see a dry run with its counts, and propose exactly that list."""
    form = Choose(request.GET or None)
    dry: DryRun | None = None
    told: dict[str, str] = {}
    reasons = Propose(request.POST or None)
    if form.is_valid():
        selection = form.selection()
        told = selection.told()
        if form.cleaned_data["again"]:
            told["deficient under"] = gate().law.authority.digest
        if not told:
            form.add_error(None, _("Choose by at least one thing; an empty choice is everything."))
        else:
            dry = select(gate(), selection, under=gate().law if form.cleaned_data["again"] else None)
            reasons.fields["list_digest"].initial = dry.list_digest
            if dry.expunged:
                told["expunged, not listed"] = str(dry.expunged)
    if dry is not None and reasons.is_valid():
        try:
            number = _proposed(request, dry, told, reasons.cleaned_data)
        except RecallRefusedError as error:
            reasons.add_error(None, str(error))
        else:
            messages.success(request, _("Recall %d is proposed. Counsel starts it.") % number)
            return redirect("recall", number=number)
    shown = {"form": form, "dry": dry, "told": told, "reasons": reasons, "counts": _counts(dry)}
    return render(
        request, "recalls/propose.html", shown, status=WRONG if form.errors or reasons.errors else 200
    )


def _proposed(request: HttpRequest, dry: DryRun, told: dict[str, str], sent: dict[str, Any]) -> int:
    if sent["list_digest"] != dry.list_digest:
        raise RecallRefusedError(_("The list has changed since you saw it; look at the counts again."))
    return recalls_flow.propose(gate(), actor_of(request), dry, told, sent["reasons"], sent["days"])


def _counts(dry: DryRun | None) -> list[tuple[str, list[tuple[str, int]]]]:
    titles = {
        "agency": _("By agency"),
        "state": _("By where it stands"),
        "version": _("By version of the law"),
        "submission": _("By submission"),
    }
    if dry is None:
        return []
    return [(titles[name], sorted(found.items())) for name, found in dry.counts().items()]


@require_safe
def recall(request: HttpRequest, number: int) -> HttpResponse:
    """How far a recall has come, by agency."""
    return _page(request, number, Start())


def _page(request: HttpRequest, number: int, form: forms.Form, status: int = 200) -> HttpResponse:
    role = getattr(request.user, "gate_role", None)
    found = _found(number)
    shown = {
        "standing": found,
        "recall": found.campaign,
        "called_back": found.campaign.disclosures - found.waiting,
        "form": form,
        "starts": found.campaign.started_at is None
        and may_open(role, "start_recall")
        and found.campaign.proposed_by != actor_of(request).handle,
        "serves": found.campaign.started_at is not None and may_open(role, "serve_recall"),
    }
    return render(request, "recalls/recall.html", shown, status=status)


@require_http_methods(["POST"])
def start(request: HttpRequest, number: int) -> HttpResponse:
    """Counsel starts exactly the proposed list."""
    form = Start(request.POST)
    found = _found(number)
    if form.is_valid():
        if form.cleaned_data["typed"] != found.campaign.disclosures:
            form.add_error("typed", _("The recall lists another number; nothing was done."))
        else:
            try:
                recalls_flow.start(gate(), actor_of(request), number)
            except RecallRefusedError as error:
                form.add_error(None, str(error))
            else:
                messages.success(
                    request,
                    _("Recall %d is started: what was not picked up is destroyed, the rest is asked back.")
                    % number,
                )
                return redirect("recall", number=number)
    return _page(request, number, form, WRONG)


@_ACT
def serve(request: HttpRequest, number: int, agency: str) -> HttpResponse:
    """Record that an agency was served with the notice, and the proof."""
    found = _found(number)
    if agency not in {each.agency for each in found.agencies}:
        raise Http404
    form = Serve(request.POST or None)
    if form.is_valid():
        sent = form.cleaned_data
        try:
            recalls_flow.serve(
                gate(), actor_of(request), number, agency, sent["served_on"], sent["how"], sent["proof"]
            )
        except RecallRefusedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("That %s was served is on record.") % agency)
            return redirect("recall", number=number)
    shown = {"form": form, "recall": found.campaign, "agency": agency}
    return render(request, "recalls/serve.html", shown, status=WRONG if form.errors else 200)


@require_safe
def listing(request: HttpRequest, number: int, agency: str) -> HttpResponseBase:
    """The list that goes with the notice: by handle and the agency's own reference, no person."""
    if agency not in {each.agency for each in _found(number).agencies}:
        raise Http404
    columns, *rows = recalls_flow.sheet(gate(), number, agency)
    return csv_answer(f"recall-{number}-{agency}.csv", columns, rows)


def _found(number: int) -> recalls_flow.Standing:
    try:
        return recalls_flow.standing(gate(), number)
    except RecallRefusedError:
        raise Http404 from None
