"""A submission comes in: each request gets a handle, its first state and its place in the accounting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from wicketgate.core.digest import Canonical, digest
from wicketgate.core.facts import Facts
from wicketgate.core.finding import Determination, Finding, Severity
from wicketgate.core.identifiers import Handle
from wicketgate.core.request import Request
from wicketgate.core.states import State
from wicketgate.flow.determine import ACTS, answer_text, determined
from wicketgate.flow.gate import Gate, Record
from wicketgate.flow.signed import Refused, UnsignedError, checked, count_signatures, keep_signatures
from wicketgate.flow.try_budget import TryBudget
from wicketgate.flow.work.kin import Kin
from wicketgate.law import Authority
from wicketgate.law.parameters import plain
from wicketgate.stages.answer import outward_answer
from wicketgate.stages.facts.officers import scopes_of_officers
from wicketgate.stages.review import request_digest
from wicketgate.stages.signing import Signature
from wicketgate.store import answers, attempts, numbers, requests, versions, work_kin
from wicketgate.store.database import Connection
from wicketgate.store.requests import NewRequest, Reviewed, Submission
from wicketgate.store.services import Service
from wicketgate.store.versions import Version

_Found = TypeVar("_Found")
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
    budget: TryBudget | None,
    kin: Kin | None = None,
    signed: Mapping[int, Signature] | None = None,
    *,
    elsewhere: bool = False,
) -> list[Refused]:
    """Store requests and record each. One transaction; a crash leaves all of them in or none.

    By its `budget` the agency's earlier requests for the same people count as facts too; None is for a
    gate that is thrown away, which has no memory, and a `ValueError` for every other. With `kin`,
    officers will find beside each request the others of the same person, officer or wording.
    With `signed`, signatures by row, a row whose signature does not hold or was used before is not
    received; which and why is returned, and on record. Raises `UnsignedError` when this gate takes
    signed requests only and there are no signatures, and `EngineDisagreementError` when the law,
    evaluated here on the same facts, shows other elements than the bulk engine said.
    What was asked and answered `elsewhere` is signed by nobody, is no try, and stands in no agency's count.
    """
    arrival = Arrival(gate, submission, incoming, budget, kin, signed, elsewhere=elsewhere)
    gate.record_together(Service.INTAKE, (), arrival.store, found=arrival.records, about=arrival.handles)
    return arrival.refused


class Arrival:
    """Requests on their way in: `store` puts them into a transaction, `records` is what to record in it.

    The arguments are those of `receive`, and so is what it raises. With `determine`, requests that no
    order holds back are determined in the same transaction, as `determine` would.
    """

    def __init__(
        self,
        gate: Gate,
        submission: Submission,
        incoming: Sequence[Incoming],
        budget: TryBudget | None,
        kin: Kin | None = None,
        signed: Mapping[int, Signature] | None = None,
        *,
        determine: bool = False,
        elsewhere: bool = False,
    ) -> None:
        if gate.signed_only and signed is None and not elsewhere:
            raise UnsignedError(
                "This gate takes signed requests only; `wicketgate agency sign` signs a file."
            )
        if budget is None and not gate.throw_away and not elsewhere:
            raise ValueError("A gate that is kept receives nothing without a budget of tries.")
        self._gate, self._submission = gate, submission
        self._budget, self._signed = budget, signed
        self._determine, self._elsewhere = determine, elsewhere
        self._new = [new_request(gate, each) for each in incoming]
        # Made before the transaction: in it, whoever counts keeps others of the agency waiting.
        self._tries = {} if budget is None else budget.attempts(self._new)
        found_by, asked = kin or gate.kin, {each.handle: each.request for each in self._new}
        self._keys = {} if found_by is None else {each: found_by.of(asked[each]) for each in asked}
        self._marks = {} if found_by is None else {each: found_by.mark(asked[each]) for each in asked}
        self._shown = {new.handle: each.shown for new, each in zip(self._new, incoming, strict=True)}
        self._at = gate.clock.now()
        self._clear()

    def _clear(self) -> None:
        self._counts: dict[Handle, int] = {}
        self._refused: dict[int, str] = {}
        self._used: dict[Handle, Signature] = {}
        self._determined: list[NewRequest] = []

    @property
    def refused(self) -> list[Refused]:
        """What was not received, and why."""
        return [Refused(row, why) for row, why in sorted(self._refused.items())]

    @property
    def handles(self) -> list[Handle]:
        """Which requests arrive."""
        return [each.handle for each in self._new]

    @property
    def waiting(self) -> int:
        """How many are received and still to be determined."""
        return len(self._new) - len(self._refused) - len(self._determined)

    def store(self, connection: Connection) -> None:
        """The rows of the requests; called again where a group that failed is carried out one by one."""
        self._clear()
        gate, submission, at = self._gate, self._submission, self._at
        if self._signed is not None:
            asked = [(each.row, each.request) for each in self._new]
            self._refused.update(checked(gate, connection, asked, self._signed))
            kept = [each for each in self._new if each.row not in self._refused]
            self._used.update({each.handle: self._signed[each.row] for each in kept})
            self._refused.update(count_signatures(connection, self._new, self._used, at))
        kept = [each for each in self._new if each.row not in self._refused]
        versions.know(connection, version_of(gate.law.authority))
        counted = kept
        if self._budget is not None:
            facts = self._budget.counted(connection, kept, self._tries, submission.submission, at)
            counted = [_with_facts(gate, each, known) for each, known in zip(kept, facts, strict=True)]
            self._shown |= {
                each.handle: gate.law.evaluate(each.reviewed.facts)
                for each, before in zip(counted, kept, strict=True)
                if each is not before
            }
        self._determined = [each for each in counted if self._determine and not _is_held_back(gate, each)]
        now = {each.handle for each in self._determined}
        later = [each for each in counted if each.handle not in now]
        requests.add(connection, submission.submission, self._determined, at, determined=True)
        requests.add(connection, submission.submission, later, at)
        answers.give(connection, self._answers(), at)
        keep_signatures(connection, {each.handle: each.request for each in kept}, self._used)
        attempts.add(connection, _of(kept, self._tries), submission.submission, at)
        work_kin.add(connection, _of(kept, self._keys), at)
        work_kin.mark(connection, _of(kept, self._marks))
        # Last: others of the same agency wait for their numbers until the transaction ends.
        self._counts.update(
            numbers.count_requests(
                connection,
                {each.handle: numbers.UNKNOWN if self._elsewhere else counted_under(each) for each in kept},
            )
        )

    def records(self) -> list[Record]:
        """One entry for each row, and one for each determination."""
        found = {each.handle: each.reviewed for each in self._determined}
        records = []
        for each in self._new:
            if each.row in self._refused:
                records.append(_refusal(each, self._refused[each.row]))
                continue
            received = self._received(each)
            records.append(received)
            if each.handle in found:
                act, request = ACTS[found[each.handle].determination], str(received.fields["request_digest"])
                findings = self._findings(each.handle)
                records.append(determined(self._gate, each.handle, act, findings, request))
        return records

    def _answers(self) -> dict[Handle, str]:
        """What is told about the deficient ones; but for the reference it is the same for equal findings."""
        told, known = {}, dict[int, str]()
        for each in self._determined:
            if each.reviewed.determination is not Determination.DEFICIENT:
                continue
            shown = self._shown[each.handle]
            if shown not in known:
                answer = answer_text(outward_answer("", State.DEFICIENT, self._findings(each.handle)))
                known[shown] = answer.removeprefix(answer_text({"request_id": ""})[:-1])
            told[each.handle] = answer_text({"request_id": each.request.request_id})[:-1] + known[shown]
        return told

    def _findings(self, handle: Handle) -> tuple[Finding, ...]:
        return self._gate.law.findings(self._shown[handle])

    def _received(self, each: NewRequest) -> Record:
        fields: dict[str, Canonical] = {
            "submission": self._submission.digest,
            "row": each.row,
            "agency": each.request.requesting_agency,
            "agency_sequence": self._counts[each.handle],
            "authority": self._gate.law.authority.name,
            "request_digest": request_digest(each.request),
        }
        if each.handle in self._used:
            fields |= {
                "official_key": self._used[each.handle].key_id,
                "signature_digest": digest(self._used[each.handle].jws),
            }
        return Record("request.received", each.handle, fields)


def _of(new: Sequence[NewRequest], found: Mapping[Handle, _Found]) -> dict[Handle, _Found]:
    """What was found of these; nothing where nothing is looked for."""
    return {each.handle: found[each.handle] for each in new if each.handle in found}


def _is_held_back(gate: Gate, new: NewRequest) -> bool:
    """True for whatever an order is about: whether it is held or answered, `determine` decides."""
    return bool(gate.context.orders_for(new.request.requesting_agency or ""))


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
    scopes = scopes_of_officers(incoming.request.engaged_officers)
    return NewRequest(Handle.new(), incoming.row, incoming.request, line, reviewed, scopes)


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
