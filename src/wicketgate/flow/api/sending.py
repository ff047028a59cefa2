"""One request over the API: looked at before it is sent, or sent; the way that the agency's pages go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from wicketgate.core.actor import Actor
from wicketgate.core.request import Request
from wicketgate.core.roles import Role
from wicketgate.flow.agency import ask as asking
from wicketgate.flow.agency.ask import Asked, Checked, OtherAgencyError, UnreadableError
from wicketgate.flow.api.caller import Caller
from wicketgate.flow.api.refusals import CallRefusedError
from wicketgate.flow.gate import Gate
from wicketgate.flow.signed import UnsignedError
from wicketgate.flow.work.kin import Kin
from wicketgate.flow.work.refusals import IncompleteError
from wicketgate.stages.signing import Signature, Terms


def actor_of(caller: Caller) -> Actor:
    """The system as who sends requests for its agency; its handle is made of its key's name."""
    return Actor("system-" + caller.key_id.removeprefix("sha256:")[:24], Role.CLERK, caller.agency)


def read_request(columns: Mapping[str, str | None]) -> Request:
    """The request that an agency wrote. Raises `CallRefusedError`."""
    try:
        return Request.from_mapping(columns)
    except ValueError:
        told = "The request_id is empty; give every request a reference of its own."
        raise _malformed("request_id", told) from None


def signature_of(
    *, key: str, nonce: str, expires: datetime, sequence: int, recipient_key: str, jws: str
) -> Signature:
    """An official's signature, as it came. Raises `CallRefusedError`."""
    if expires.tzinfo is None:
        raise CallRefusedError(422, "malformed", "The signature's `expires` has no time zone.")
    return Signature(key, Terms(nonce, expires, sequence, recipient_key), jws)


def check(gate: Gate, caller: Caller, request: Request) -> Checked:
    """The findings that the request would have if it were sent today, alone. Raises `CallRefusedError`."""
    with _readable(caller):
        return asking.check(gate, actor_of(caller), request)


def send(gate: Gate, caller: Caller, kin: Kin, request: Request, signature: Signature | None) -> Asked:
    """Receive one request and have it determined. Raises `CallRefusedError` for a signature that is none."""
    try:
        with _readable(caller):
            return asking.ask(gate, actor_of(caller), request, kin, signature)
    except UnsignedError as problem:
        raise CallRefusedError(422, "not-signed", str(problem)) from None
    except IncompleteError as problem:
        raise CallRefusedError(422, "signature-refused", str(problem)) from None


@contextmanager
def _readable(caller: Caller) -> Iterator[None]:
    """What the agency's pages would say of a field, as a problem of the call."""
    try:
        yield
    except OtherAgencyError:
        raise CallRefusedError(
            403,
            "other-agency",
            f"Your key speaks for {caller.agency} and its components; requesting_agency names none of them.",
        ) from None
    except UnreadableError as problem:
        raise _malformed(problem.column, str(problem)) from None


def _malformed(column: str | None, problem: str) -> CallRefusedError:
    return CallRefusedError(
        422, "malformed", problem, {"errors": [{"field": column or "", "problem": problem}]}
    )
