"""An agency's requests: the list, one request, its letter and its receipts."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.flow.agency import letters
from wicketgate.flow.agency import receipts as ledger
from wicketgate.flow.agency.door import codes_of
from wicketgate.flow.agency.requests import Filters, Key, Line, RequestView, exported, listed, request_view
from wicketgate.flow.agency.verifier import how_to_check, verifier_page
from wicketgate.web.csv_answer import csv_answer
from wicketgate.web.gates import actor_of, gate
from wicketgate.web.paging import begins
from wicketgate.web.views.agency.words import CLOCKS, RECEIPTS, STATUSES
from wicketgate.web.words import FIELDS


class Narrowing(forms.Form):
    """The filters of the list, all of them in the address."""

    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("Any")), *STATUSES.items()])
    agency = forms.ChoiceField(label=_("Agency"), required=False)
    submission = forms.IntegerField(
        label=_("Submission"), required=False, min_value=1, max_value=2**62, widget=forms.TextInput
    )

    def __init__(self, data: QueryDict, agencies: tuple[str, ...]) -> None:
        super().__init__(data)
        self.fields["agency"] = forms.ChoiceField(
            label=_("Agency"), required=False, choices=[("", _("All")), *((each, each) for each in agencies)]
        )

    @property
    def filters(self) -> Filters:
        """What a valid form narrows to."""
        found = self.cleaned_data
        return Filters(found["status"] or None, found["agency"] or None, found["submission"])


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """One page of the agency's requests."""
    agency = actor_of(request).agency or ""
    form = Narrowing(request.GET, codes_of(gate(), agency))
    shown: dict[str, Any] = {"form": form, "filtered": any(request.GET.get(name) for name in form.fields)}
    if not form.is_valid():
        return render(request, "agency/requests.html", shown, status=400)
    page = listed(gate(), agency, form.filters, _key(request.GET.get("after")))
    kept = request.GET.copy()
    kept.pop("after", None)
    shown |= {
        "kept": kept.urlencode(),
        "lines": [_row(each) for each in page.lines],
        "several": len({each.seen.agency_line[0] for each in page.lines}) > 1,
        "first": f"?{kept.urlencode()}" if request.GET.get("after") else "",
        "next": f"?{_with(kept, page.after)}" if page.after else "",
        "looked": page.looked_through if page.after and len(page.lines) < 50 else 0,
    }
    return render(request, "agency/requests.html", shown)


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """All of the agency's requests as CSV, as narrow as the page, whatever their number."""
    agency = actor_of(request).agency or ""
    form = Narrowing(request.GET, codes_of(gate(), agency))
    if not form.is_valid():
        return requests(request)
    return csv_answer("requests.csv", _COLUMNS, map(_cells, exported(gate(), agency, form.filters)))


def _cells(line: Line) -> tuple[object, ...]:
    seen = line.seen
    waits = line.clock != "ended"
    return (
        *(seen.handle, seen.request_id, seen.status, seen.agency_line[0], seen.submission, seen.row),
        seen.received_at.date(),
        *((line.due_at.date(), line.clock) if waits else ("", "ended")),
        seen.answered_at.date() if seen.answered_at else "",
    )


_COLUMNS = (
    *("request", "your_reference", "status", "agency", "submission", "row", "received_on"),
    *("due_on", "clock", "answered_on"),
)


@require_safe
def one(request: HttpRequest, handle: Handle) -> HttpResponse:
    """One request: where it stands, what was answered, what was written."""
    actor = actor_of(request)
    view = request_view(gate(), actor.agency or "", handle)
    shown = {
        "view": view,
        "seen": view.line.seen,
        "told": view.line.seen.told,
        "status": STATUSES[view.line.seen.status],
        "clock": CLOCKS[view.line.clock],
        "groups": _groups(view),
        "receipts": [
            (RECEIPTS[each.kind], each) for each in ledger.receipts(gate(), actor.agency or "", handle)
        ],
        "withdraws": actor.role is Role.CLERK and view.line.seen.status == "in_progress",
        "slot": gate().context.answer_slot,
    }
    return render(request, "agency/request.html", shown)


@require_safe
def letter(request: HttpRequest, handle: Handle) -> HttpResponse:
    """The answer as a letter."""
    made = letters.letter(gate(), actor_of(request).agency or "", handle)
    return pdf(made, f"{handle}.pdf")


@require_safe
def receipts(request: HttpRequest, handle: Handle) -> HttpResponse:
    """All receipts of a request with what opens them, and the page that checks them without us."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for number, each in enumerate(ledger.receipts(gate(), actor_of(request).agency or "", handle), 1):
            name = f"{number}-{each.kind}"
            file.writestr(f"{name}.tlog-proof", each.text)
            for field, text in each.openings.items():
                file.writestr(f"{name}.{field}.json", text)
        file.writestr("verify.html", verifier_page())
        file.writestr("READ-ME.txt", how_to_check(gate()))
    return HttpResponse(
        packed.getvalue(),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{handle}-receipts.zip"'},
    )


@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    """The page that checks receipts, to be kept and opened on one's own machine."""
    return HttpResponse(
        verifier_page(),
        content_type="application/octet-stream",
        headers={"Content-Disposition": 'attachment; filename="verify.html"'},
    )


def pdf(made: bytes, name: str) -> HttpResponse:
    """A letter to download."""
    return HttpResponse(
        made,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _row(line: Any) -> dict[str, Any]:
    seen = line.seen
    return {
        "seen": seen,
        "agency": seen.agency_line[0],
        "status": STATUSES[seen.status],
        "clock": line.clock,
        "clock_word": CLOCKS[line.clock],
        "due": line.due_at,
    }


def _groups(view: RequestView) -> list[tuple[Any, list[tuple[Any, str]]]]:
    written = view.written.as_mapping()
    found = []
    for title, columns in FIELDS:
        rows = [(label, written[name]) for name, label in columns if name in written]
        if rows:
            found.append((title, rows))
    return found


def _key(after: str | None) -> Key | None:
    found = begins(after, _KEY)
    return Key(int(found[0]), int(found[1])) if found else None


_KEY = re.compile("([0-9]{1,18})-([0-9]{1,18})")


def _with(query: QueryDict, after: Key) -> str:
    found = query.copy()
    found["after"] = f"{after.submission}-{after.row}"
    return found.urlencode()
