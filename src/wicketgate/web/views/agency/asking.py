"""Ask for one record: write, check as often as you like, send once. The draft stays in the form."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wicketgate.core.digest import digest
from wicketgate.core.finding import Determination, Finding, Severity
from wicketgate.core.request import Request
from wicketgate.flow.agency.ask import Checked, UnreadableError, check
from wicketgate.flow.agency.ask import ask as send
from wicketgate.flow.agency.door import codes_of
from wicketgate.flow.agency.signing import TERMS, RequestOffer, offer_request, signature_of
from wicketgate.flow.signed import UnsignedError
from wicketgate.flow.work.refusals import IncompleteError
from wicketgate.web.gates import actor_of, gate, kin
from wicketgate.web.views.acting import WRONG
from wicketgate.web.views.agency.request_form import RequestForm, field_of, values_of


@dataclass(frozen=True, slots=True)
class Point:
    """One finding of a check, with the field where it is mended."""

    finding: Finding
    field: str | None
    refers: bool


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The page: an empty form, a prepared request, the outcome of a check, or off it goes."""
    agencies = codes_of(gate(), actor_of(request).agency or "")
    if request.method != "POST":
        return _shown(request, RequestForm(agencies=agencies, initial=_begun(request)))
    if request.POST.get("do") == "open":
        return _opened(request, agencies)
    form = RequestForm(request.POST, agencies=agencies)
    if not form.is_valid():
        return _shown(request, form, status=WRONG)
    asked = form.request()
    if request.POST.get("do") == "save":
        return _saved(asked)
    try:
        found = check(gate(), actor_of(request), asked)
    except UnreadableError as error:
        form.add_error(error.column if error.column in form.fields else None, str(error))
        return _shown(request, form, status=WRONG)
    unchanged = request.POST.get("checked") == _mark(asked)
    if request.POST.get("do") != "send" or not unchanged:
        if request.POST.get("do") == "send":
            messages.warning(request, _("You changed the request after the check, so it was checked again."))
        return _shown(request, form, found, asked)
    try:
        signature = signature_of(_signed(request))
        done = send(gate(), actor_of(request), asked, kin(), signature)
    except (IncompleteError, UnsignedError) as error:
        form.add_error(None, str(error))
        return _shown(request, form, found, asked, status=WRONG)
    if done.again:
        messages.info(request, _("This very request had been received already; nothing was sent twice."))
    else:
        messages.success(request, _("The request is received. Its number is %s.") % done.handle)
    return redirect("agency_request", handle=done.handle)


def _opened(request: HttpRequest, agencies: Sequence[str]) -> HttpResponse:
    prepared = request.FILES.get("prepared")
    form = RequestForm(agencies=agencies, initial=_begun(request))
    if prepared is None:
        messages.error(request, _("Choose the file of a prepared request."))
        return _shown(request, form, status=WRONG)
    try:
        values: dict[str, Any] = values_of(prepared)
    except forms.ValidationError as error:
        messages.error(request, error.messages[0])
        return _shown(request, form, status=WRONG)
    values["sole_use_attested"] = values.get("sole_use_attested") == "true"
    return _shown(request, RequestForm(agencies=agencies, initial=values))


def _saved(asked: Request) -> HttpResponse:
    """The request as a file of one line, for the official who signs it."""
    return HttpResponse(
        json.dumps(asked.as_mapping(), ensure_ascii=False) + "\n",
        content_type="application/jsonl; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="prepared-request.jsonl"'},
    )


def _shown(
    request: HttpRequest,
    form: RequestForm,
    found: Checked | None = None,
    asked: Request | None = None,
    status: int = 200,
) -> HttpResponse:
    offer, problem = _offer(request, found, asked)
    shown = {
        "form": form,
        "found": found,
        "sufficient": found is not None and found.determination is Determination.SUFFICIENT,
        "deficient": found is not None and found.determination is Determination.DEFICIENT,
        "points": [] if found is None else _points(found),
        "mark": "" if asked is None else _mark(asked),
        "signed_only": gate().signed_only,
        "offer": offer,
        "no_offer": problem,
    }
    return render(request, "agency/ask.html", shown, status=status)


def _offer(
    request: HttpRequest, found: Checked | None, asked: Request | None
) -> tuple[RequestOffer | None, str]:
    """What is to be signed, where this gate counts signed requests only."""
    if found is None or asked is None or not gate().signed_only:
        return None, ""
    try:
        return offer_request(gate(), actor_of(request), asked), ""
    except IncompleteError as error:
        return None, str(error)


def _points(found: Checked) -> list[Point]:
    needs = {element.code: element.needs for element in gate().law.elements}
    return [
        Point(
            each,
            field_of(needs.get(each.code) or needs.get(each.code.split(":")[0]) or ()),
            each.severity is Severity.REFER,
        )
        for each in found.findings
    ]


def _mark(asked: Request) -> str:
    """By this a page that is sent knows whether it is what was checked."""
    return digest(asked.as_mapping())


def _signed(request: HttpRequest) -> dict[str, Any]:
    """From the browser's own signing, or the first line of a file of `wicketgate agency sign`."""
    file = request.FILES.get("signature")
    if file is None:
        return {name: request.POST.get(name, "") for name in TERMS}
    try:
        found = json.loads(file.read(10_000).decode().splitlines()[0])
    except (ValueError, IndexError, RecursionError):
        found = None
    return found if isinstance(found, dict) else {"jws": "?"}


def _begun(request: HttpRequest) -> dict[str, Any]:
    return {
        "requesting_agency": actor_of(request).agency,
        "form": "written",
        "authority_cited": str(gate().law.authority.citation),
    }
