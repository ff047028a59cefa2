"""Every refusal of the API as a problem (RFC 9457), and what is left of a caller's calls as headers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from wicketgate.flow.api.caller import CALLS, WINDOW, Budget, as_text
from wicketgate.flow.api.refusals import CallRefusedError

JSON, PROBLEM = "application/json", "application/problem+json"
PREFIX = "/api/"
_BUDGET = "_wicketgate_budget"


def problem(
    status: int, code: str, sentence: str, further: Mapping[str, object] | None = None
) -> HttpResponse:
    """The problem: its type says which, its detail is one sentence for a person."""
    told = {
        "type": f"urn:wicketgate:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": sentence,
        **{name: value for name, value in (further or {}).items() if name != "budget"},
    }
    answer = HttpResponse(as_text(told), status=status, content_type=PROBLEM)
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Signature realm="wicketgate"'
    return answer


def refused(request: HttpRequest, error: CallRefusedError) -> HttpResponse:
    """The problem of a refusal."""
    budget = error.further.get("budget")
    if isinstance(budget, Budget):
        remember(request, budget)
    answer = problem(error.status, error.code, error.sentence, error.further)
    if error.status == 429 and isinstance(budget, Budget):
        answer.headers["Retry-After"] = str(max(1, budget.seconds))
    return answer


def invalid(errors: Iterable[Mapping[str, object]]) -> HttpResponse:
    """What in a body or an address is not as the description says, without a word of what was sent."""
    told = [{"field": _place(each), "problem": _kind(each)} for each in errors]
    return problem(
        422, "invalid", "The call is not as the description says; see errors.", {"errors": told[:50]}
    )


def _place(error: Mapping[str, object]) -> str:
    places = error.get("loc")
    named = [str(each) for each in places] if isinstance(places, tuple | list) else []
    # What a sender made up as a name stays out: it may be anything.
    known = [each for each in named if each.isascii() and each.replace("_", "").isalnum() and len(each) <= 40]
    return ".".join(known[1:] if error.get("type") != "extra_forbidden" else known[1:-1])


def _kind(error: Mapping[str, object]) -> str:
    return str(error.get("type", "invalid")).replace("_", " ")


def remember(request: HttpRequest, budget: Budget) -> None:
    """Keep what is left for the answer's headers."""
    setattr(request, _BUDGET, budget)


def with_budget(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """The headers RateLimit-Policy and RateLimit: they count the caller's own calls and nothing else."""
    budget = getattr(request, _BUDGET, None)
    if isinstance(budget, Budget):
        answer.headers["RateLimit-Policy"] = f'"calls";q={CALLS};w={int(WINDOW.total_seconds())}'
        answer.headers["RateLimit"] = f'"calls";r={budget.remaining};t={budget.seconds}'
    return answer
