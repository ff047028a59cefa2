"""The queue: what waits for one's role, narrowed by the address of the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from wicketgate.core.states import State
from wicketgate.flow.work import queue as work
from wicketgate.flow.work.queue import Case, Facet, Filters, Sort
from wicketgate.web.csv_answer import csv_answer
from wicketgate.web.gates import actor_of, gate, signed_in
from wicketgate.web.words import CLOCKS, STATES

_EITHER = [("", _("Any")), ("yes", _("Yes")), ("no", _("No"))]
_SAVED = (
    (_("Late"), "clock=late"),
    (_("Due soon"), "clock=soon"),
    (_("Taken by me"), "claimed=me"),
    (_("Taken by nobody"), "claimed=nobody"),
    (_("With a dissent"), "dissent=yes"),
)
"""Views that everybody has; any other is kept under a name, or as a bookmark of its address."""


class Narrowing(forms.Form):
    """The filters of a queue, all of them in the address."""

    clock = forms.ChoiceField(label=_("Clock"), required=False, choices=[("", _("Any")), *CLOCKS.items()])
    claimed = forms.ChoiceField(
        label=_("Taken by"),
        required=False,
        choices=[
            ("", _("Anybody or nobody")),
            ("me", _("Me")),
            ("nobody", _("Nobody")),
            ("others", _("Others")),
        ],
    )
    state = forms.ChoiceField(label=_("State"), required=False)
    agency = forms.ChoiceField(label=_("Agency"), required=False)
    code = forms.CharField(label=_("Element not shown"), required=False, max_length=20)
    submission = forms.IntegerField(
        label=_("Submission"), required=False, min_value=1, max_value=2**62, widget=forms.TextInput
    )
    referral = forms.ChoiceField(label=_("Was before counsel"), required=False, choices=_EITHER)
    dissent = forms.ChoiceField(label=_("With a dissent"), required=False, choices=_EITHER)
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[("due", _("Due first")), ("age", _("Oldest first"))],
    )

    def narrow(self, states: tuple[Facet, ...], agencies: tuple[Facet, ...]) -> None:
        """Offer the values that there are."""
        self._offer("state", [(each.value, STATES[State(each.value)], each.n) for each in states])
        self._offer("agency", [(each.value, each.value, each.n) for each in agencies])

    def _offer(self, name: str, values: list[tuple[str, Any, int]]) -> None:
        field = cast(forms.ChoiceField, self.fields[name])
        present = self.data.get(name, "")
        found = [(value, f"{label} ({n:,})") for value, label, n in values]
        # A value that nothing waits with any more is kept, so that a saved address still says what it hides.
        if present.isprintable() and present not in {"", *(value for value, _label in found)}:
            found.append((present, present))
        field.choices = [("", _("Any")), *found]


def filters_of(query: QueryDict) -> tuple[Narrowing, Filters | None, Sort]:
    """The form, what it narrows to (None where it is not what we offer), and the order."""
    form = Narrowing(query)
    form.narrow((), ())
    if not form.is_valid():
        return form, None, "due"
    found = form.cleaned_data
    either = {"yes": True, "no": False}
    narrowed = Filters(
        state=found["state"] or None,
        agency=found["agency"] or None,
        submission=found["submission"],
        code=found["code"] or None,
        clock=found["clock"] or None,
        claimed=found["claimed"] or None,
        referral=either.get(found["referral"]),
        dissent=either.get(found["dissent"]),
    )
    return form, narrowed, found["sort"] or "due"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the page, in words."""

    handle: str
    address: str
    due: str
    clock: str
    clock_word: Promise
    agency: str
    state: Promise
    codes: str
    taken_by: str
    received: str
    submission: int
    dissents: int


def _line(case: Case) -> Line:
    row = case.row
    return Line(
        handle=row.handle,
        address=reverse("case", args=[row.handle]),
        due=f"{row.due_at:%Y-%m-%d}",
        clock=case.clock,
        clock_word=CLOCKS[case.clock],
        agency=row.agency,
        state=STATES[State(row.state)],
        codes=", ".join(row.codes),
        taken_by=row.claimed_by or "",
        received=f"{row.received_at:%Y-%m-%d}",
        submission=row.submission,
        dissents=row.dissents,
    )


def _fields(form: Narrowing) -> list[dict[str, Any]]:
    """The filters for the template, plainly: a queue is opened a hundred times a day."""
    found = []
    for name, field in form.fields.items():
        value = form.data.get(name, "")
        options = getattr(field, "choices", ())
        found.append({"name": name, "label": field.label, "value": value, "options": list(options)})
    return found


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """One page of the queue."""
    form, filters, sort = filters_of(request.GET)
    actor = actor_of(request)
    page = work.queue(gate(), actor, filters or Filters(), sort, request.GET.get("after"))
    if filters is not None:
        form = Narrowing(request.GET)
    form.narrow(page.states, page.agencies)
    kept = request.GET.copy()
    kept.pop("after", None)
    for name in [name for name in kept if not kept[name]]:
        del kept[name]
    shown = {
        "form": form,
        "wrong": filters is None,
        "page": page,
        "fields": _fields(form),
        "lines": [_line(case) for case in page.cases] if filters is not None else (),
        "several": len(page.states) > 1,
        "narrowed": filters is not None and filters != Filters(),
        "query": kept.urlencode(),
        "next": f"?{_with(kept, page.after)}" if page.after and filters is not None else "",
        "first": f"?{kept.urlencode()}" if request.GET.get("after") else "",
        "saved": _SAVED,
        "own": list(signed_in(request).views.all()),
        "me": actor.handle,
    }
    return render(request, "desk/queue.html", shown, status=200 if filters is not None else 400)


@require_safe
def next_case(request: HttpRequest) -> HttpResponse:
    """The first request that waits and that nobody has taken; the queue when there is none."""
    found = work.next_free(gate(), actor_of(request), request.GET.get("not"))
    if found is not None:
        return redirect("case", handle=found)
    messages.info(request, _("Nothing else waits that nobody has taken."))
    return redirect("queue")


_COLUMNS = (
    *("request", "submission", "agency", "state", "clock", "received_at", "due_at", "elements_not_shown"),
    *("was_before_counsel", "dissents", "taken_by", "taken_until"),
)


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The whole queue as CSV, as narrow as the page, whatever its length."""
    _form, filters, _sort = filters_of(request.GET)
    if filters is None:
        return queue(request)
    cases = work.export(gate(), actor_of(request), filters)
    return csv_answer("queue.csv", _COLUMNS, map(_cells, cases))


def _cells(case: Case) -> list[str | int]:
    row = case.row
    return [
        *(row.handle, row.submission, row.agency, row.state, case.clock),
        *(row.received_at.isoformat(), row.due_at.isoformat(), ";".join(row.codes)),
        *("yes" if row.referral else "no", row.dissents, row.claimed_by or ""),
        row.claimed_until.isoformat() if row.claimed_until else "",
    ]


def _with(query: QueryDict, after: str) -> str:
    found = query.copy()
    found["after"] = after
    return found.urlencode()
