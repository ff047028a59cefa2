"""A submission comes in: each request gets a handle, its first state and its place in the accounting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from wicketgate.core.digest import Canonical
from wicketgate.core.facts import Facts
from wicketgate.core.finding import Severity
from wicketgate.core.identifiers import Handle
from wicketgate.core.request import Request
from wicketgate.flow.gate import Gate, Record
from wicketgate.flow.try_budget import TryBudget
from wicketgate.flow.work.kin import Kin
from wicketgate.law import Authority
from wicketgate.law.parameters import plain
from wicketgate.ledger import commit
from wicketgate.stages.review import request_digest
from wicketgate.store import numbers, requests, versions, work_kin
from wicketgate.store.database import Connection
from wicketgate.store.log import Entry
from wicketgate.store.requests import NewRequest, Reviewed, Submission
from wicketgate.store.services import Service
from wicketgate.store.versions import Version

SUBMISSION = "submission.received"


class EngineDisagreementError(RuntimeError):
    """Two evaluations of the same law on the same facts differ, so neither is trusted."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One good row: the request, its facts, and the elements shown as the bulk engine found them."""

    row: int
    request: Request
    facts: Facts
    shown: int


def receive(
    gate: Gate,
    submission: Submission,
    incoming: Sequence[Incoming],
    budget: TryBudget | None = None,
    kin: Kin | None = None,
) -> None:
    """Store requests and record each. One transaction; a crash leaves all of them in or none.

    With a `budget`, the agency's earlier requests for the same people count as facts too. With `kin`,
    officers will find beside each request the others of the same person, officer or wording.
    Raises `EngineDisagreementError` when the law, evaluated here on the same facts,
    shows other elements than the bulk engine said.
    """
    new = [new_request(gate, each) for each in incoming]
    at = gate.clock.now()
    counts: dict[Handle, int] = {}

    def store(connection: Connection) -> None:
        versions.know(connection, version_of(gate.law.authority))
        counted = new
        if budget is not None:
            facts = budget.counted(connection, new, submission.submission, at)
            counted = [_with_facts(gate, each, known) for each, known in zip(new, facts, strict=True)]
        requests.add(connection, submission.submission, counted, at)
        counts.update(numbers.count_requests(connection, {each.handle: counted_under(each) for each in new}))
        if budget is not None:
            budget.record(connection, counted, at)
        if kin is not None:
            work_kin.add(connection, {each.handle: kin.of(each.request) for each in new}, at)

    def received() -> list[Record]:
        return [
            Record(
                "request.received",
                each.handle,
                {
                    "submission": submission.digest,
                    "row": each.row,
                    "agency": each.request.requesting_agency,
                    "agency_sequence": counts[each.handle],
                    "authority": gate.law.authority.name,
                    "request_digest": request_digest(each.request),
                },
            )
            for each in new
        ]

    gate.record_together(Service.INTAKE, (), store, found=received)


def counted_under(new: NewRequest) -> str:
    """The agency in whose count a request stands: the one it names, where the custodian knows it."""
    return new.agency_line[0] if new.agency_line else numbers.UNKNOWN


def close(gate: Gate, submission: Submission, total: int) -> None:
    """Record that all requests of a submission are in: the entry behind the submission's own receipt."""
    with gate.acting(Service.INTAKE) as connection:
        requests.close_submission(connection, submission.submission, total)
        fields: dict[str, Canonical] = {
            "submission": submission.digest,
            "requests": total,
            "authority": submission.authority,
            "at": gate.clock.now().isoformat(),
        }
        gate.append(connection, [Entry.of(None, fields, commit(SUBMISSION, fields))])


def new_request(gate: Gate, incoming: Incoming) -> NewRequest:
    """A request on its way in, with a handle of its own. Raises like `receive`."""
    law = gate.law
    shown = law.evaluate(incoming.facts)
    if shown != incoming.shown:
        raise EngineDisagreementError(
            f"Row {incoming.row}: the two evaluations of {law.authority.name} differ; "
            "nothing was stored. Report this with the authority's digest."
        )
    findings = law.findings(shown)
    codes = dict.fromkeys(f.code for f in findings if f.severity is not Severity.NOTE)
    reviewed = Reviewed(
        incoming.facts, law.determination(shown), tuple(codes), law.authority.digest, gate.context.as_of
    )
    line = gate.context.line(incoming.request.requesting_agency or "")
    return NewRequest(Handle.new(), incoming.row, incoming.request, line, reviewed)


def _with_facts(gate: Gate, new: NewRequest, facts: Facts) -> NewRequest:
    """The request as it is reviewed with these facts."""
    if facts is new.reviewed.facts:
        return new
    again = Incoming(new.row, new.request, facts, gate.law.evaluate(facts))
    return replace(new, reviewed=new_request(gate, again).reviewed)


def version_of(authority: Authority) -> Version:
    """What the digest of the authority stands for."""
    return Version(
        authority.digest,
        authority.name,
        tuple(overlay.name for overlay in authority.overlays),
        plain(authority.parameters),
        authority.switches,
    )
