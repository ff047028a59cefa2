"""What overseers see of the work itself: whether officers judge, and whether there are enough of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from wicketgate.core.identifiers import Handle
from wicketgate.core.request import Request
from wicketgate.flow.inspect.opening import UnopenedError
from wicketgate.flow.work.capacity import Load
from wicketgate.flow.work.capacity import capacity as measure
from wicketgate.flow.work.case import case as load
from wicketgate.flow.work.evidence_of_judgement import Judgement
from wicketgate.flow.work.evidence_of_judgement import evidence_of_judgement as evidence
from wicketgate.flow.work.plant import plant as planting
from wicketgate.flow.work.refusals import IncompleteError
from wicketgate.flow.work.rules import HOUSE_RULES
from wicketgate.web.accounts.models import Account
from wicketgate.web.gates import actor_of, gate, kin
from wicketgate.web.plots import Bar, bars
from wicketgate.web.views.acting import WRONG
from wicketgate.web.words import FIELDS

_SHOWN = 60
"""Loads on the page of capacity, the heaviest first."""


@require_safe
def judgement(request: HttpRequest) -> HttpResponse:
    """The evidence of judgement, for the inspector."""
    found = evidence(gate(), actor_of(request), HOUSE_RULES)
    names = dict(Account.objects.values_list("handle", "display_name"))
    shown = {
        "judgements": found.judgements,
        "agreements": found.agreements,
        "planted": found.planted,
        "alarms": [*_alarms(found.judgements)],
        "pairs": [pair for pair in found.agreements if pair.alarms],
        "rules": HOUSE_RULES,
        "days": HOUSE_RULES.judged_over.days,
        "times": bars(
            "times",
            _("Median time on a case, in minutes"),
            [_time(each, names) for each in found.judgements],
            limit=HOUSE_RULES.least_time.total_seconds() / 60,
        ),
        "shares": bars(
            "shares",
            _("Share let pass, in percent"),
            [_share(each, names) for each in found.judgements],
            limit=100 * HOUSE_RULES.most_agreement,
        ),
    }
    return render(request, "desk/judgement.html", shown)


def _alarms(judgements: Iterable[Judgement]) -> Iterable[tuple[Judgement, str]]:
    return ((each, alarm) for each in judgements for alarm in each.alarms)


def _time(each: Judgement, names: Mapping[str, str]) -> Bar:
    minutes = each.median_time / timedelta(minutes=1)
    short = each.median_time < HOUSE_RULES.least_time and each.judged >= HOUSE_RULES.enough_judgements
    return Bar(f"{names.get(each.officer, each.officer)} ({each.role})", minutes, f"{minutes:.1f}", short)


def _share(each: Judgement, names: Mapping[str, str]) -> Bar:
    stamps = each.in_favour > HOUSE_RULES.most_agreement and each.judged >= HOUSE_RULES.enough_judgements
    return Bar(
        f"{names.get(each.officer, each.officer)} ({each.role})",
        100 * each.in_favour,
        f"{each.in_favour:.0%}",
        stamps,
    )


@require_safe
def capacity(request: HttpRequest) -> HttpResponse:
    """How many officer-days the waiting work needs."""
    found = measure(gate())
    roles = [
        {"role": role, "pace": pace, "days": found.officer_days(role), "waiting": _waiting(found.loads, role)}
        for role, pace in found.pace.items()
    ]
    shown = {
        "roles": roles,
        "loads": found.loads[:_SHOWN],
        "more": max(len(found.loads) - _SHOWN, 0),
        "days": HOUSE_RULES.judged_over.days,
        "plot": bars(
            "loads", _("Waiting requests by role, agency and submission"), [_bar(x) for x in found.loads]
        ),
    }
    return render(request, "desk/capacity.html", shown)


def _waiting(loads: Iterable[Load], role: str) -> int:
    return sum(each.waiting for each in loads if each.role == role)


def _bar(each: Load) -> Bar:
    days = _("no pace") if each.officer_days is None else _("%s days") % f"{each.officer_days:,.1f}"
    return Bar(f"{each.role} {each.agency} #{each.submission}", each.waiting, f"{each.waiting:,} · {days}")


_LONG = frozenset({"reasons", "other_uses", "engaged_officers"})


class Exercise(forms.Form):
    """A whole request as somebody would write it, and why a sound officer refuses it."""

    why = forms.CharField(
        label=gettext_lazy("Why a sound officer refuses it"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Kept in the ledger with the label of an exercise. Officers never see it."),
    )
    submission = forms.CharField(
        label=gettext_lazy("Name of its submission"),
        max_length=100,
        initial="requests.csv",
        help_text=gettext_lazy("As the agency names its own: an exercise must look like any other request."),
    )

    def __init__(self, *arguments: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        for _group, columns in FIELDS:
            for column, label in columns:
                self.fields[column] = forms.CharField(
                    label=str(label),
                    required=column == "request_id",
                    max_length=10_000,
                    widget=forms.Textarea(attrs={"rows": 4}) if column in _LONG else forms.TextInput,
                )

    def request(self) -> Request:
        """The request as it was written here."""
        columns = [column for _group, found in FIELDS for column, _label in found]
        return Request.from_mapping({column: self.cleaned_data[column] or None for column in columns})


@require_http_methods(["GET", "HEAD", "POST"])
def plant(request: HttpRequest) -> HttpResponse:
    """Plant a request that a sound officer refuses, made from one that is there."""
    actor = actor_of(request)
    begun: dict[str, str] = {}
    status = 200
    pattern = request.GET.get("like", "").strip().upper()
    problem = ""
    if pattern and request.method != "POST":
        try:
            begun = dict(load(gate(), actor, Handle(pattern), kin()).fields)
        except ValueError:
            problem, status = _("%s is not the number of a request.") % pattern[:40], WRONG
        except UnopenedError as error:
            problem, status = str(error), WRONG
    form = Exercise(request.POST or None, initial=begun)
    if form.is_valid():
        sent = form.cleaned_data
        try:
            handle = planting(gate(), actor, form.request(), sent["why"], sent["submission"], kin())
        except IncompleteError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%s is planted, and labelled in the ledger.") % handle)
            return redirect("judgement")
    if form.errors:
        status = WRONG
    return render(
        request, "desk/plant.html", {"form": form, "like": pattern[:40], "problem": problem}, status=status
    )
