"""One request over the API: looked at before it is sent, or sent; the same rules, words and entries."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from wicketgate.core.actor import Actor
from wicketgate.core.finding import Finding, Severity
from wicketgate.core.identifiers import Handle
from wicketgate.core.request import Request
from wicketgate.core.roles import Role
from wicketgate.flow.agency.notices import present_context
from wicketgate.flow.api.caller import Caller, as_text
from wicketgate.flow.api.refusals import CallRefusedError
from wicketgate.flow.determine import determine
from wicketgate.flow.gate import Gate, Rows
from wicketgate.flow.receive import close, receive
from wicketgate.flow.review_one import review_one
from wicketgate.flow.signed import UnsignedError
from wicketgate.flow.work.kin import Kin
from wicketgate.stages.intake import Limits
from wicketgate.stages.intake.json_rows import read_json_lines
from wicketgate.stages.signing import Signature, Terms
from wicketgate.store import requests
from wicketgate.store.services import Service


@dataclass(frozen=True, slots=True)
class Checked:
    """What the statutory review would find, without any register and without a trace."""

    determination: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """A request that is in; `again` when these very words were in already, and nothing was done."""

    handle: Handle
    again: bool


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


def check(gate: Gate, request: Request) -> Checked:
    """The findings that the request would have if it were sent today, alone."""
    shown = review_one(gate.law, present_context(gate), request).shown
    told = tuple(each for each in gate.law.findings(shown) if each.severity is not Severity.NOTE)
    return Checked(str(gate.law.determination(shown)), told)


def send(gate: Gate, kin: Kin, request: Request, signature: Signature | None) -> Sent:
    """Receive one request and have it determined; what came before is carried on where it was left.

    Raises `CallRefusedError` (422) when its signature does not hold.
    """
    written = as_text(request.as_mapping()).encode()
    digest = "sha256:" + hashlib.sha256(written).hexdigest()
    with gate.acting(Service.INTAKE) as connection:
        known = requests.find_submission(connection, digest, gate.law.authority.digest, gate.context.as_of)
        if known is None:
            known = requests.open_submission(
                connection,
                name="request.json",
                digest=digest,
                authority=gate.law.authority.name,
                authority_digest=gate.law.authority.digest,
                as_of=gate.context.as_of,
                at=gate.clock.now(),
            )
        again = requests.last_row(connection, known.submission) > 0
    if not again:
        signed = None if signature is None else {1: signature}
        try:
            incoming = review_one(gate.law, present_context(gate), request)
            refused = receive(gate, known, [incoming], None, kin, signed)
        except UnsignedError as problem:
            raise CallRefusedError(422, "not-signed", str(problem)) from None
        if refused:
            raise CallRefusedError(422, "signature-refused", refused[0].why)
    if known.requests is None:
        close(gate, known, 1)
    determine(gate, Rows(known.submission, 1, 1))
    with gate.acting(Service.AUDIT) as connection:
        [stored] = requests.between(connection, known.submission, 1, 1)
    return Sent(stored.standing.handle, again)
