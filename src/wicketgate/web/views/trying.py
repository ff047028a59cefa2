"""What if: another reading of the law over the requests on record, before anybody activates it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from wicketgate.flow.backtest_result import Change
from wicketgate.flow.inspect.what_if import AuthorityError, Reading, WhatIf, draft, readings
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
    """One reading of one question, from one list; a reading that is a number is written beside it."""

    reading = forms.ChoiceField(
        label=gettext_lazy("Read otherwise"),
        help_text=gettext_lazy("Under each question the readings that are not in force."),
    )
    number = forms.IntegerField(
        label=gettext_lazy("Number"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=gettext_lazy("Only for a reading that is a number."),
    )

    def __init__(self, found: Mapping[str, Reading], data: Any = None) -> None:
        super().__init__(data)
        self._found = found
        reading = self.fields["reading"]
        assert isinstance(reading, forms.ChoiceField)  # noqa: S101 - declared above
        reading.choices = [
            ("", _("Choose a reading")),
            *((_("%(question)s Now: %(value)s") % _named(each), _offered(each)) for each in found.values()),
        ]

    def clean(self) -> dict[str, Any]:
        """A number where the reading is one, and none beside any other."""
        sent: dict[str, Any] = super().clean() or {}
        name, _equals, value = sent.get("reading", "").partition("=")
        if name and not value and "number" in sent and sent["number"] is None:
            low, high = self._found[name].range or (0, 0)
            self.add_error(
                "number",
                _("Write the number to try, from %(low)d to %(high)d.") % {"low": low, "high": high},
            )
        elif value and sent.get("number") is not None:
            self.add_error("number", _("The reading that you chose is no number; leave this empty."))
        return sent

    def tried(self) -> tuple[Reading, str | int]:
        """Which reading, and the value to try."""
        name, _equals, value = self.cleaned_data["reading"].partition("=")
        return self._found[name], value or int(self.cleaned_data["number"])


def _named(each: Reading) -> dict[str, str]:
    return {"question": each.question, "value": each.in_force.replace("_", " ")}


def _offered(each: Reading) -> list[tuple[str, str]]:
    if each.range is not None:
        low, high = each.range
        return [(f"{each.name}=", _("a number from %(low)d to %(high)d") % {"low": low, "high": high})]
    return [
        (f"{each.name}={value}", f"{value.replace('_', ' ')}: {sense}")
        for value, sense in each.values.items()
        if value != each.in_force
    ]


@require_safe
def what_if(request: HttpRequest) -> HttpResponse:
    """Try a reading; the address of the page keeps it."""
    known = readings(gate())
    form = Trial(known, request.GET if "reading" in request.GET else None)
    found = None
    shown: dict[str, object] = {}
    if form.is_valid():
        reading, value = form.tried()
        try:
            found = replay(gate(), draft(gate(), switches={reading.name: value}), newest=NEWEST, keep=_LISTED)
        except AuthorityError as error:
            form.add_error("number" if reading.range else "reading", str(error))
        else:
            shown = {"reading": reading, "tried": str(value).replace("_", " "), **_told(found)}
    shown |= {
        "form": form,
        "readings": [(each, each.in_force.replace("_", " "), _others(each)) for each in known.values()],
        "found": found,
        "newest": f"{NEWEST:,}",
    }
    # A page that is put in by script is put in whatever is wrong with it.
    wrong = form.errors and "HX-Request" not in request.headers
    return render(request, "inspect/what_if.html", shown, status=WRONG if wrong else 200)


def _others(each: Reading) -> list[str]:
    """The readings that may be tried, in words."""
    return [told for _value, told in _offered(each)]


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
