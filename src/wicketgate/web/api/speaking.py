"""Who calls: a message signed by an agency's system, or its client certificate from a proxy that we know."""

from __future__ import annotations

import hmac
from base64 import b64decode
from hashlib import sha256

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from wicketgate.flow.api.caller import Caller, Speech, certified_by, counted, signed_by
from wicketgate.flow.api.refusals import CallRefusedError
from wicketgate.web.api.problems import refused, remember
from wicketgate.web.configuration import served
from wicketgate.web.gates import gate

CERTIFICATE, SECRET = "Client-Cert", "Wicketgate-Proxy-Secret"
_SPEECH = "_wicketgate_speech"
QUERIES = {
    "api_requests": frozenset({"limit", "cursor", "submission"}),
    "api_submissions": frozenset({"limit", "before"}),
    "api_keys": frozenset({"limit", "cursor"}),
    "api_notices": frozenset({"limit", "cursor"}),
}
"""The parameters of each address that has any; a test compares them with the description."""


def admit(request: HttpRequest) -> HttpResponse | None:
    """None lets a call through to its operation; otherwise the problem why not."""
    try:
        speech = speech_of(request)
        remember(request, counted(gate(), speech))
        setattr(request, _SPEECH, speech)
        _require_known_words(request)
        if not _streamed(request):
            require_body(request, sha256(request.body).digest())
    except CallRefusedError as error:
        return refused(request, error)
    return None


def _require_known_words(request: HttpRequest) -> None:
    """Raise `CallRefusedError` (422) for a query that is not described: a typing error hides no row."""
    match = request.resolver_match
    known = QUERIES.get(match.view_name, frozenset()) if match is not None and request.method == "GET" else ()
    for name, values in request.GET.lists():
        if name not in known or len(values) > 1:
            raise CallRefusedError(
                422, "query", "The query has a parameter that this address does not know, or one twice."
            )


def speech_of(request: HttpRequest) -> Speech:
    """Who calls, by certificate or by signature; nothing is counted. Raises `CallRefusedError`."""
    return _certified(request) if CERTIFICATE in request.headers else _signed(request)


def caller_of(request: HttpRequest) -> Caller:
    """Who was admitted. Raises `PermissionDenied` for whoever was not."""
    return _speech(request).caller


def require_body(request: HttpRequest, digest: bytes) -> None:
    """Raise `CallRefusedError` (401) for another body than the one that was signed."""
    signed = _speech(request).body_digest
    if signed is not None and not hmac.compare_digest(signed, digest):
        raise CallRefusedError(401, "changed-body", "The body is not the one that Content-Digest states.")


def _streamed(request: HttpRequest) -> bool:
    match = request.resolver_match
    return request.method == "POST" and match is not None and match.view_name == "api_submissions"


def _speech(request: HttpRequest) -> Speech:
    speech = getattr(request, _SPEECH, None)
    if not isinstance(speech, Speech):
        raise PermissionDenied
    return speech


def _signed(request: HttpRequest) -> Speech:
    headers = {name.lower(): value for name, value in request.headers.items()}
    if not int(headers.get("content-length") or 0):
        headers.pop("content-type", None)  # a body that is not there has no type
    return signed_by(gate(), request.method or "", request.build_absolute_uri(), headers)


def _certified(request: HttpRequest) -> Speech:
    """The header counts from a proxy that is configured and knows the secret, and from nobody else."""
    trusted = served().client_certificates
    told = request.headers.get(SECRET, "")
    if (
        trusted is None
        or request.META.get("REMOTE_ADDR") not in trusted.proxies
        or not hmac.compare_digest(told.encode(), trusted.secret.encode())
    ):
        raise CallRefusedError(
            401, "not-authenticated", f"The header {CERTIFICATE} is not believed from here; sign the message."
        )
    text = request.headers[CERTIFICATE].strip()
    try:
        certificate = b64decode(text.removeprefix(":").removesuffix(":"), validate=True)
    except ValueError:
        raise CallRefusedError(
            401, "not-authenticated", f"The header {CERTIFICATE} is no certificate."
        ) from None
    return certified_by(gate(), certificate)
