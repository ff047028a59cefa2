"""For the machines that watch over the server: it lives, it can work, which version it is."""

from __future__ import annotations

from importlib.metadata import version as version_of

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from wicketgate.flow.closures import closures
from wicketgate.flow.health import failing_steps
from wicketgate.web.gates import gate

_PLAIN = "text/plain; charset=utf-8"


@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("live\n", content_type=_PLAIN)


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Accounts and gate can be reached; 503 otherwise, without a reason: those who watch have the log.

    Below it, each step of the clock that fails; the pages work all the same.
    """
    try:
        connection.ensure_connection()
        closures(gate())
        failing = [f"failing: {step}\n" for step in failing_steps(gate())]
    except Exception:  # noqa: BLE001 - whatever it is, the gate is not ready
        return HttpResponse("not ready\n", content_type=_PLAIN, status=503)
    return HttpResponse(["ready\n", *failing], content_type=_PLAIN)


@require_safe
def version(request: HttpRequest) -> HttpResponse:
    """The version of the program."""
    return HttpResponse(version_of("wicketgate") + "\n", content_type=_PLAIN)
