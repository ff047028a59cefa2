"""Pages for what went wrong: calm, without anybody's data, and each with a way on."""

from __future__ import annotations

import logging

import psycopg
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wicketgate.flow.refusals import REFUSALS
from wicketgate.flow.work.refusals import WorkRefusedError
from wicketgate.web import gates
from wicketgate.web.api.problems import PREFIX, problem
from wicketgate.web.roles import ANYBODY

_LOG = logging.getLogger("wicketgate.web")
_CANNOT = (*REFUSALS, psycopg.OperationalError, OperationalError)
_HEADINGS: dict[str, tuple[int, Promise]] = {
    "overtaken": (409, gettext_lazy("Somebody else was first")),
    "unknown": (404, gettext_lazy("There is no such request")),
    "expunged": (410, gettext_lazy("What this request said was expunged")),
    "not_allowed": (403, gettext_lazy("This is not allowed")),
    "recused": (403, gettext_lazy("You declared a conflict of interest")),
    "suspended": (409, gettext_lazy("Disclosure is suspended")),
    "rotation": (409, gettext_lazy("Another person takes this one")),
}
_OTHERWISE: tuple[int, Promise] = (409, gettext_lazy("This was not done"))


def page_for(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """The page of a refusal (its own sentence) or of a gate that cannot work now; None for anything else."""
    if is_of_api(request) and isinstance(error, WorkRefusedError):
        status, _heading = _HEADINGS.get(error.code, _OTHERWISE)
        return problem(status, error.code, str(error))
    if isinstance(error, WorkRefusedError):
        status, heading = _HEADINGS.get(error.code, _OTHERWISE)
        back = request.get_full_path() if request.method == "GET" else request.path
        shown = {
            "heading": heading,
            "sentence": str(error),
            "back": reverse("home") if status == 404 else back,
        }
        return render(request, "refused.html", shown, status=status)
    if isinstance(error, _CANNOT):
        _LOG.error("the gate cannot work now", exc_info=error)
        gates.close()  # the next page opens it anew: a writer of the log that stopped never writes again
        if is_of_api(request):
            return problem(503, "unavailable", "The gate cannot work now; nothing was done. Try again later.")
        return _plain("503.html", 503)
    return None


def send_again(request: HttpRequest, why: str, prove: str = "", how: str = "") -> HttpResponse:
    """403: nothing was done, and nothing is lost: the page holds what was written, for sending it again.

    It is kept nowhere else: not in the session and not in the database.
    """
    again = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    shown = {"why": why, "prove": prove, "how": how, "again": again}
    return render(request, "send_again.html", shown, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the browser sent something that no page of the gate sends."""
    if is_of_api(request):
        return problem(400, "bad-request", "The call cannot be read; nothing was done.")
    return _plain("400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: this door is not open to this role."""
    if is_of_api(request):
        return problem(403, "closed", "This address is open to nobody.")
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: there is no such page, or it is nothing for the person who asked."""
    if is_of_api(request):
        return problem(404, "no-address", "The API has no such address; its description names them all.")
    return render(request, "404.html", status=404)


def not_this_way(request: HttpRequest, allow: str) -> HttpResponse:
    """405: a page that is only sent to, or only read."""
    if is_of_api(request):
        response = problem(405, "method", f"The address takes {allow or 'no method'} only.")
    else:
        response = render(request, "405.html", status=405)
    response.headers["Allow"] = allow
    return response


def too_many(request: HttpRequest) -> HttpResponse:
    """429: too many tries."""
    return render(request, "429.html", status=429)


def broken(request: HttpRequest) -> HttpResponse:
    """500: nothing was done. Uses no database and no session: those may be what is broken."""
    if is_of_api(request):
        return problem(500, "fault", "The gate has made a mistake; nothing was done.")
    return _plain("500.html", 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form is older than the present session, or comes from elsewhere; only the former is kept."""
    match = request.resolver_match
    ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    if ours and match is not None and match.view_name not in ANYBODY:
        why = _("The page from which you sent this is older than your present session. Nothing was done.")
        return send_again(request, why)
    return render(request, "csrf.html", status=403)


def is_of_api(request: HttpRequest) -> bool:
    """True for calls of agencies' systems, which are answered in JSON."""
    return request.path.startswith(PREFIX)


def _plain(template: str, status: int) -> HttpResponse:
    return HttpResponse(render_to_string(template), status=status)
