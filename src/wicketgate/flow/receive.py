"""A submission comes in: each request gets a handle, its first state and its place in the accounting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from wicketgate.core.digest import Canonical, digest
from wicketgate.core.facts import Facts
from wicketgate.core.finding import Severity
from wicketgate.core.identifiers import Handle
from wicketgate.core.request import Request
from wicketgate.flow.gate import Gate, Record
from wicketgate.flow.signed import Refused, UnsignedError, checked, count_signatures, keep_signatures
from wicketgate.flow.try_budget import TryBudget
from wicketgate.flow.work.kin import Kin
from wicketgate.law import Authority
from wicketgate.law.parameters import plain
from wicketgate.stages.review import request_digest
from wicketgate.stages.signing import Signature
from wicketgate.store import numbers, requests, versions, work_kin
from wicketgate.store.database import Connection
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
    signed: Mapping[int, Signature] | None = None,
) -> list[Refused]:
    """Store requests and record each. One transaction; a crash leaves all of them in or none.

    With a `budget`, the agency's earlier requests for the same people count as facts too. With `kin`,
    officers will find beside each request the others of the same person, officer or wording.
    With `signed`, signatures by row, a row whose signature does not hold or was used before is not
    received; which and why is returned, and on record. Raises `UnsignedError` when this gate takes
    signed requests only and there are no signatures, and `EngineDisagreementError` when the law,
    evaluated here on the same facts, shows other elements than the bulk engine said.
    """
    if gate.signed_only and signed is None:
        raise UnsignedError("This gate takes signed requests only; `wicketgate agency sign` signs a file.")
    new = [new_request(gate, each) for each in incoming]
    at = gate.clock.now()
    counts: dict[Handle, int] = {}
    refused: dict[int, str] = {}
    used: dict[Handle, Signature] = {}

    def store(connection: Connection) -> None:
        for found in (counts, refused, used):  # a group that failed is carried out again, one by one
            found.clear()
        if signed is not None:
            refused.update(checked(gate, connection, [(each.row, each.request) for each in new], signed))
            used.update({each.handle: signed[each.row] for each in new if each.row not in refused})
            refused.update(count_signatures(connection, new, used, at))
        kept = [each for each in new if each.row not in refused]
        versions.know(connection, version_of(gate.law.authority))
        counted = kept
        if budget is not None:
            facts = budget.counted(connection, kept, submission.submission, at)
            counted = [_with_facts(gate, each, known) for each, known in zip(kept, facts, strict=True)]
        requests.add(connection, submission.submission, counted, at)
        counts.update(numbers.count_requests(connection, {each.handle: counted_under(each) for each in kept}))
        keep_signatures(connection, {each.handle: each.request for each in kept}, used)
        if budget is not None:
            budget.record(connection, counted, at)
        if kin is not None:
            work_kin.add(connection, {each.handle: kin.of(each.request) for each in kept}, at)

    def received() -> list[Record]:
        return [_refusal(each, refused[each.row]) if each.row in refused else _received(each) for each in new]

    def _received(each: NewRequest) -> Record:
        fields: dict[str, Canonical] = {
            "submission": submission.digest,
            "row": each.row,
            "agency": each.request.requesting_agency,
            "agency_sequence": counts[each.handle],
            "authority": gate.law.authority.name,
            "request_digest": request_digest(each.request),
        }
        if each.handle in used:
            fields |= {
                "official_key": used[each.handle].key_id,
                "signature_digest": digest(used[each.handle].jws),
            }
        return Record("request.received", each.handle, fields)

    gate.record_together(Service.INTAKE, (), store, found=received)
    return [Refused(row, why) for row, why in sorted(refused.items())]


def _refusal(new: NewRequest, why: str) -> Record:
    """A request that never came in leaves its trace, under a handle that nothing else has."""
    fields = {
        "actor": new.request.signatory_name,
        "role": "requesting_official",
        "act": "receive",
        "reason": why,
    }
    return Record("access.denied", new.handle, fields)


def counted_under(new: NewRequest) -> str:
    """The agency in whose count a request stands: the one it names, where the custodian knows it."""
    return new.agency_line[0] if new.agency_line else numbers.UNKNOWN


def close(gate: Gate, submission: Submission, total: int) -> None:
    """Record that all requests of a submission are in: the entry behind the submission's own receipt."""
    with gate.acting(Service.INTAKE) as connection:
        requests.close_submission(connection, submission.submission, total)
        fields: dict[str, Canonical] = {"submission": submission.digest, "requests": total}
        gate.record_apart(connection, SUBMISSION, {**fields, "authority": submission.authority})


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
