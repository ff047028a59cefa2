"""Which agency speaks: by a signed message or a client certificate, with a key that two people confirmed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from wicketgate.flow.api.refusals import CallRefusedError
from wicketgate.flow.gate import Gate
from wicketgate.stages.http_signature import Claim, Message, claim_of, stated_digest, verify
from wicketgate.stages.signing import SignatureError, key_id_of
from wicketgate.store import api_calls, signatures
from wicketgate.store.services import Service

SKEW = timedelta(minutes=2)
"""How far the clocks may be apart; a message made earlier or later is refused."""
_FORGET = 3 * SKEW
WINDOW, CALLS = timedelta(minutes=1), 600
"""How many calls of one key are answered in a minute. Only its own calls count, whatever came of them."""


@dataclass(frozen=True, slots=True)
class Caller:
    """An agency's system, by the key with which it speaks."""

    key_id: str
    system: str
    agency: str


@dataclass(frozen=True, slots=True)
class Speech:
    """A caller whose message is shown to be theirs, and the digest that its body must have."""

    caller: Caller
    nonce: str | None = None
    body_digest: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Budget:
    """What is left of a caller's calls: of `limit`, until `seconds` from now."""

    limit: int
    remaining: int
    seconds: int


def signed_by(gate: Gate, method: str, target_uri: str, headers: Mapping[str, str]) -> Speech:
    """Who signed a message, and what its body must be. Raises `CallRefusedError` (401).

    `headers` by their names in lower case.
    """
    message = Message(method, target_uri, headers)
    try:
        claim = claim_of(message)
        digest = stated_digest(message.headers.get("content-digest", ""))
        caller, jwk = _known(gate, claim.key_id)
        verify(message, claim, jwk)
    except SignatureError as problem:
        raise CallRefusedError(401, "not-authenticated", str(problem)) from None
    _require_now(gate, claim)
    return Speech(caller, claim.nonce, digest)


def certified_by(gate: Gate, certificate: bytes) -> Speech:
    """Whose client certificate (DER) the proxy has verified. Raises `CallRefusedError` (401)."""
    try:
        key = x509.load_der_x509_certificate(certificate).public_key()
        pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        jwk = {name: str(text) for name, text in ECKey.import_key(pem).as_dict(private=False).items()}
        caller, _ = _known(gate, key_id_of(jwk))
    except (ValueError, TypeError, JoseError, SignatureError):
        raise CallRefusedError(
            401, "not-authenticated", "The client certificate's key is not one that this gate knows."
        ) from None
    return Speech(caller)


def counted(gate: Gate, speech: Speech) -> Budget:
    """Count the call. Raises `CallRefusedError`: 401 for a message that came before, 429 for too many."""
    now = gate.clock.now()
    with gate.acting(Service.PORTAL) as connection:
        found = api_calls.count(connection, speech.caller.key_id, speech.nonce, now, _FORGET, WINDOW)
    left = max(timedelta(0), found.began_at + WINDOW - now)
    budget = Budget(CALLS, max(0, CALLS - found.calls), -int(-left.total_seconds() // 1))
    if not found.fresh:
        raise CallRefusedError(
            401,
            "replayed",
            "This message came before; make a new one with a nonce of its own.",
            _told(budget),
        )
    if found.calls > CALLS:
        raise CallRefusedError(
            429,
            "too-many-calls",
            f"This key has made {CALLS} calls within a minute; go on in {budget.seconds} s.",
            _told(budget),
        )
    return budget


def _told(budget: Budget) -> Mapping[str, object]:
    return {"budget": budget}


def _known(gate: Gate, key_id: str) -> tuple[Caller, Mapping[str, str]]:
    with gate.acting(Service.PORTAL) as connection:
        key = signatures.valid(connection, [key_id], "connect").get(key_id)
    if key is None or not gate.context.line(key.agency):
        raise SignatureError("It is signed with a key that is not registered, not confirmed or revoked.")
    return Caller(key.key_id, key.official, key.agency), key.jwk


def _require_now(gate: Gate, claim: Claim) -> None:
    now = gate.clock.now()
    try:
        apart = abs(now - datetime.fromtimestamp(claim.created, UTC))
    except (ValueError, OverflowError, OSError):
        apart = timedelta.max
    if apart > SKEW:
        raise CallRefusedError(
            401,
            "clock-skew",
            f"The message was made at another time than now ({now:%Y-%m-%dT%H:%M:%SZ} here);"
            f" set your clock: {int(SKEW.total_seconds())} s apart are allowed.",
        )


def as_text(value: object) -> str:
    """JSON as the API answers it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
