"""An agency's submissions: the list, and each summed up by status and by element."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from wicketgate.flow.agency import letters
from wicketgate.flow.agency.requests import Result, listed_submissions, results_of, submission_view
from wicketgate.flow.bulk import look
from wicketgate.flow.work.refusals import IncompleteError
from wicketgate.web.csv_answer import csv_answer
from wicketgate.web.gates import actor_of, gate, signed_in
from wicketgate.web.roles import may_open
from wicketgate.web.views.agency.following import pdf
from wicketgate.web.views.agency.words import STATUSES

_COLUMNS = ("row", "request_id", "request", "status", "answered_on", "findings")


@require_safe
def submissions(request: HttpRequest) -> HttpResponse:
    """The newest submissions that hold requests of the agency."""
    before = request.GET.get("before")
    if before is not None and not (before.isdecimal() and len(before) < 19):
        raise IncompleteError("The address of this page is not one of ours; begin at the first page.")
    found, after = listed_submissions(gate(), actor_of(request).agency or "", int(before) if before else None)
    shown = {
        "submissions": found,
        "sends_files": may_open(signed_in(request).gate_role, "send_file"),
        "first": reverse("agency_submissions") if before else "",
        "next": f"?before={after}" if after else "",
    }
    return render(request, "agency/submissions.html", shown)


@require_safe
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One submission."""
    view = submission_view(gate(), actor_of(request).agency or "", number)
    file = None
    if may_open(signed_in(request).gate_role, "sent_file"):
        file = look.of_submission(gate(), actor_of(request), number)
    shown = {
        "view": view,
        "file": file,
        "counts": [(status, STATUSES[status], n) for status, n in view.counts.items()],
    }
    return render(request, "agency/submission.html", shown)


@require_safe
def notice(request: HttpRequest, number: int) -> HttpResponse:
    """The notice about all requests of a submission."""
    made = letters.notice(gate(), actor_of(request).agency or "", number)
    return pdf(made, f"submission-{number}.pdf")


@require_safe
def results(request: HttpRequest, number: int) -> HttpResponseBase:
    """What came of each row, as CSV that no spreadsheet runs."""
    agency = actor_of(request).agency or ""
    submission_view(gate(), agency, number)
    found = results_of(gate(), agency, number)
    return csv_answer(f"submission-{number}.csv", _COLUMNS, map(_cells, found))


def _cells(found: Result) -> tuple[str | int, ...]:
    answered = f"{found.answered_at:%Y-%m-%d}" if found.answered_at else ""
    return found.row, found.request_id, found.handle, found.status, answered, ";".join(found.codes)
