"""One request of an agency: checked as often as somebody likes before it is sent, and sent once."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from wicketgate.core.actor import Actor
from wicketgate.core.finding import Determination, Finding, Severity
from wicketgate.core.identifiers import Handle
from wicketgate.core.request import Request
from wicketgate.core.roles import Role
from wicketgate.flow.agency.door import codes_of
from wicketgate.flow.agency.notices import present_context
from wicketgate.flow.determine import determine
from wicketgate.flow.gate import Gate, Rows
from wicketgate.flow.receive import Incoming, close, receive
from wicketgate.flow.review_one import review_one
from wicketgate.flow.try_budget import TryBudget
from wicketgate.flow.work.kin import Kin
from wicketgate.flow.work.refusals import IncompleteError, NotAllowedError
from wicketgate.stages.intake import Limits
from wicketgate.stages.intake.json_rows import read_json_lines
from wicketgate.stages.signing import Signature
from wicketgate.store import requests
from wicketgate.store.requests import Submission
from wicketgate.store.services import Service

NAME = "portal.jsonl"
"""What a submission of one request from the pages is called."""
_SENDERS = frozenset({Role.CLERK, Role.REQUESTING_OFFICIAL})


class UnreadableError(IncompleteError):
    """A field cannot be read; `column` is its name in the interface."""

    def __init__(self, column: str | None, problem: str) -> None:
        super().__init__(problem)
        self.column = column


class OtherAgencyError(UnreadableError):
    """The request is another agency's."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the statutory review finds: the elements that are not shown, defects first."""

    determination: Determination
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that is in; `again` when these very words were in already, and nothing was done."""

    handle: Handle
    again: bool
    request: Request = field(repr=False)


def check(gate: Gate, actor: Actor, request: Request) -> Checked:
    """What the statutory review would find if the request came in now. Nothing is stored, nothing is asked.

    What only a person of the custodian sees beside other requests is no part of it. Raises
    `NotAllowedError` for whoever sends no requests, `OtherAgencyError` for another agency's request, and
    `UnreadableError` for a field that cannot be read.
    """
    _require(gate, actor, request)
    shown = _reviewed(gate, request)[1].shown
    told = [each for each in gate.law.findings(shown) if each.severity is not Severity.NOTE]
    told.sort(key=lambda each: each.severity is not Severity.DEFECT)
    return Checked(gate.law.determination(shown), tuple(told))


def ask(gate: Gate, actor: Actor, request: Request, kin: Kin, signature: Signature | None = None) -> Asked:
    """Send one request. The same words on the same day are one request, however often they are sent.

    Raises what `check` raises, `UnsignedError` where only signed requests count and there is no
    signature, and `IncompleteError` for a signature that does not hold.
    """
    _require(gate, actor, request)
    line, incoming = _reviewed(gate, request)
    with _alone(gate, digest := "sha256:" + hashlib.sha256(line).hexdigest()):
        authority = gate.law.authority
        with gate.acting(Service.INTAKE) as connection:
            known = requests.find_submission(connection, digest, authority.digest, gate.context.as_of)
            found = requests.first_handle(connection, known.submission) if known else None
            submission = known or requests.open_submission(
                connection,
                name=NAME,
                digest=digest,
                authority=authority.name,
                authority_digest=authority.digest,
                as_of=gate.context.as_of,
                at=gate.clock.now(),
            )
        if known is not None and found is not None:
            _finish(gate, known)  # harmless when a crash did not cut it short
            return Asked(found, again=True, request=request)
        signed = None if signature is None else {incoming.row: signature}
        refused = receive(gate, submission, [incoming], TryBudget.beside(kin.key), kin, signed)
        if refused:
            raise IncompleteError(f"The request was not received. {refused[0].why}")
        _finish(gate, submission)
        with gate.acting(Service.INTAKE) as connection:
            handle = requests.first_handle(connection, submission.submission)
    if handle is None:
        raise IncompleteError("The request was not received; send it again.")
    return Asked(handle, again=False, request=request)


def _finish(gate: Gate, submission: Submission) -> None:
    """Close what is not closed, and determine what is not determined."""
    if submission.requests is None:
        close(gate, submission, 1)
    determine(gate, Rows(submission.submission, 1, 1))


def _require(gate: Gate, actor: Actor, request: Request) -> None:
    if actor.role not in _SENDERS or actor.agency is None:
        raise NotAllowedError("Only a clerk or a requesting official of an agency sends a request.")
    if request.requesting_agency not in codes_of(gate, actor.agency):
        raise OtherAgencyError(
            "requesting_agency",
            f"You send requests of {actor.agency} and its components; choose one of them.",
        )


def _reviewed(gate: Gate, request: Request) -> tuple[bytes, Incoming]:
    """The request as the line of a file that holds it alone, and what the review finds in it."""
    line = json.dumps(request.as_mapping(), ensure_ascii=False).encode(errors="surrogatepass") + b"\n"
    for batch in read_json_lines(io.BytesIO(line), Limits(), 1):
        for each in batch.malformed:
            raise UnreadableError(each.column, each.problem)
    return line, review_one(gate.law, present_context(gate), request)


@contextmanager
def _alone(gate: Gate, digest: str) -> Iterator[None]:
    """Whoever sends the same bytes at the same moment waits, and then finds them received."""
    with gate.acting(Service.INTAKE) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [digest])
        yield


__all__ = ["Asked", "Checked", "OtherAgencyError", "UnreadableError", "ask", "check"]
