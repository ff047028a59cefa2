"""An agency's submissions: the list, and each summed up by status and by element."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from wicketgate.flow.agency import letters
from wicketgate.flow.agency.requests import Result, listed_submissions, results_of, submission_view
from wicketgate.flow.bulk import look
from wicketgate.flow.work.refusals import IncompleteError
from wicketgate.web.gates import actor_of, gate, signed_in
from wicketgate.web.roles import may_open
from wicketgate.web.views.agency.following import pdf
from wicketgate.web.views.agency.words import STATUSES
from wicketgate.web.views.queue import safe

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
    return StreamingHttpResponse(
        _lines(results_of(gate(), agency, number)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="submission-{number}.csv"'},
    )


def _lines(found: Iterable[Result]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(_COLUMNS)
    for each in found:
        yield writer.writerow(
            [
                each.row,
                safe(each.request_id),
                each.handle,
                each.status,
                f"{each.answered_at:%Y-%m-%d}" if each.answered_at else "",
                safe(";".join(each.codes)),
            ]
        )


class _Echo:
    """A file that hands back each line instead of keeping it."""

    def write(self, line: str) -> str:
        return line
