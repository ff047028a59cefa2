"""What if: another reading of the law over the requests on record, before anybody activates it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from wicketgate.flow.backtest_result import Change
from wicketgate.flow.inspect.what_if import AuthorityError, WhatIf, draft, readings
from wicketgate.flow.inspect.what_if import what_if as replay
from wicketgate.web.gates import gate
from wicketgate.web.plots import Bar, bars
from wicketgate.web.views.acting import WRONG

NEWEST = 20_000
_LISTED = 200
CHANGES = {
    Change.PASSES: gettext_lazy("newly pass"),
    Change.RELIEVED: gettext_lazy("are no longer deficient"),
    Change.REFERRED: gettext_lazy("are newly referred"),
    Change.FAILS: gettext_lazy("newly fail"),
    Change.FINDINGS: gettext_lazy("have other findings only"),
}


class Trial(forms.Form):
    """One switch and another value."""

    switch = forms.ChoiceField(label=gettext_lazy("Reading"))
    value = forms.CharField(
        label=gettext_lazy("Read otherwise as"),
        max_length=60,
        help_text=gettext_lazy("One of the values of the table below, or a number."),
    )

    def __init__(self, *arguments: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        switch = self.fields["switch"]
        assert isinstance(switch, forms.ChoiceField)  # noqa: S101 - declared above
        switch.choices = [(name, name) for name in readings(gate())]


@require_safe
def what_if(request: HttpRequest) -> HttpResponse:
    """Try a reading; the address of the page keeps it."""
    form = Trial(request.GET if "switch" in request.GET else None)
    found = None
    if form.is_valid():
        sent = form.cleaned_data
        value = int(sent["value"]) if sent["value"].isdecimal() else sent["value"]
        try:
            found = replay(
                gate(),
                draft(gate(), switches={sent["switch"]: value}),
                newest=NEWEST,
                keep=_LISTED,
            )
        except AuthorityError as error:
            form.add_error("value", str(error))
    shown = {
        "form": form,
        "readings": [(name, *told) for name, told in readings(gate()).items()],
        "found": found,
        "newest": f"{NEWEST:,}",
        **(_told(found) if found else {}),
    }
    return render(request, "inspect/what_if.html", shown, status=WRONG if form.errors else 200)


def _told(found: WhatIf) -> dict[str, object]:
    changes = found.all.changes()
    by_element = [
        (CHANGES[change], code, blame.requests, blame.alone, next(iter(blame.findings)))
        for change, blames in found.all.by_element().items()
        for code, blame in blames.items()
    ]
    by_agency = [
        (agency, [counted[change] for change in Change]) for agency, counted in found.by_agency().items()
    ]
    return {
        "changes": [(CHANGES[change], number) for change, number in changes.items()],
        "by_element": by_element,
        "by_agency": by_agency,
        "heads": list(CHANGES.values()),
        "differences": list(found.all.differences()),
        "listed": found.changed,
        "more": sum(changes.values()) > len(found.changed),
        "plot": bars(
            "changes",
            _("What becomes of the requests"),
            [Bar(str(CHANGES[change]), number, f"{number:,}") for change, number in changes.items()],
        ),
        "elements": bars(
            "elements",
            _("Changed requests, by element"),
            [Bar(f"{code}: {word}", number, f"{number:,}") for word, code, number, _alone, _f in by_element],
        ),
        "agencies": bars(
            "agencies",
            _("Changed requests, by agency"),
            [Bar(agency, sum(counted), f"{sum(counted):,}") for agency, counted in by_agency],
        ),
    }
