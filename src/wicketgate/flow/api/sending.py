"""One request over the API: looked at before it is sent, or sent; the way that the agency's pages go."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime

from wicketgate.core.actor import Actor
from wicketgate.core.request import Request
from wicketgate.core.roles import Role
from wicketgate.flow.agency import ask as asking
from wicketgate.flow.agency.ask import Asked, Checked
from wicketgate.flow.api.caller import Caller, as_text
from wicketgate.flow.api.refusals import CallRefusedError
from wicketgate.flow.gate import Gate
from wicketgate.flow.signed import UnsignedError
from wicketgate.flow.work.kin import Kin
from wicketgate.flow.work.refusals import IncompleteError
from wicketgate.stages.intake import Limits
from wicketgate.stages.intake.json_rows import read_json_lines
from wicketgate.stages.signing import Signature, Terms


def actor_of(caller: Caller) -> Actor:
    """The system as who sends requests for its agency; its handle is made of its key's name."""
    return Actor("system-" + caller.key_id.removeprefix("sha256:")[:24], Role.CLERK, caller.agency)


def read_request(gate: Gate, caller: Caller, columns: Mapping[str, str | None]) -> Request:
    """The request that an agency wrote, of the agency itself or a component. Raises `CallRefusedError`."""
    line = as_text(dict(columns)).encode()
    batch = next(read_json_lines(io.BytesIO(line), Limits(), 1), None)
    for each in batch.malformed if batch is not None else ():
        told = {"errors": [{"field": each.column or "", "problem": each.problem}]}
        raise CallRefusedError(422, "malformed", each.problem, told)
    if batch is None or not batch.rows:
        raise CallRefusedError(422, "malformed", "The request states nothing.")
    request = Request(*batch.rows[0][2])  # type: ignore[arg-type]  # intake refuses a row without a reference
    if caller.agency not in gate.context.line(request.requesting_agency or ""):
        raise CallRefusedError(
            403,
            "other-agency",
            f"Your key speaks for {caller.agency} and its components; requesting_agency names none of them.",
        )
    return request


def signature_of(
    *, key: str, nonce: str, expires: datetime, sequence: int, recipient_key: str, jws: str
) -> Signature:
    """An official's signature, as it came. Raises `CallRefusedError`."""
    if expires.tzinfo is None:
        raise CallRefusedError(422, "malformed", "The signature's `expires` has no time zone.")
    return Signature(key, Terms(nonce, expires, sequence, recipient_key), jws)


def check(gate: Gate, caller: Caller, request: Request) -> Checked:
    """The findings that the request would have if it were sent today, alone. Raises `CallRefusedError`."""
    try:
        return asking.check(gate, actor_of(caller), request)
    except IncompleteError as problem:
        raise CallRefusedError(422, "malformed", str(problem)) from None


def send(gate: Gate, caller: Caller, kin: Kin, request: Request, signature: Signature | None) -> Asked:
    """Receive one request and have it determined. Raises `CallRefusedError` for a signature that is none."""
    try:
        return asking.ask(gate, actor_of(caller), request, kin, signature)
    except UnsignedError as problem:
        raise CallRefusedError(422, "not-signed", str(problem)) from None
    except IncompleteError as problem:
        raise CallRefusedError(422, "signature-refused", str(problem)) from None
