"""The yearly reports as files: the confidential ones for inspectors, the public one for everybody."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wicketgate.flow import reports as flow
from wicketgate.flow.reports import PUBLIC, ReportError
from wicketgate.web.gates import gate
from wicketgate.web.limits import public as limited

_TYPES = {"csv": "text/csv; charset=utf-8", "pdf": "application/pdf"}
FORMS = tuple(_TYPES)


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """Every year's reports."""
    closed = set(flow.closed_years(gate()))
    years = [(year, year in closed) for year in flow.years(gate())]
    return render(request, "inspect/reports.html", {"years": years, "forms": FORMS})


@require_safe
def file(request: HttpRequest, year: int, report: str, form: str) -> HttpResponse:
    """One report of one year."""
    if form not in FORMS or year not in flow.years(gate()):
        raise Http404
    try:
        made = flow.report(gate(), report, year)
    except ReportError:
        raise Http404 from None
    return HttpResponse(
        made.csv if form == "csv" else made.pdf,
        content_type=_TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="{year}-{report}.{form}"'},
    )


@require_safe
@limited
def public(request: HttpRequest, year: int, form: str) -> HttpResponse:
    """The public report of a year whose quarters are all published."""
    return file(request, year, PUBLIC, form)
