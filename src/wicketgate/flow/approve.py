"""The scripted approver of a simulation, and the decision made again from what is stored.

Only a simulation approves many at once; people approve one request at a time (`flow.work.approve`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from wicketgate.core.digest import Canonical
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.core.states import State
from wicketgate.flow.ask import answers_to, concluded
from wicketgate.flow.gate import Gate, Record, Rows
from wicketgate.flow.resolutions import resolutions
from wicketgate.flow.suspended import split_by_suspension
from wicketgate.stages.decide import Approved, Decision, decide
from wicketgate.stages.review import Resolution
from wicketgate.stages.verify import Answer, Verified
from wicketgate.store import acts, requests
from wicketgate.store.acts import Act, PastAct
from wicketgate.store.database import Connection
from wicketgate.store.requests import StoredRequest
from wicketgate.store.services import Service


def approve_scripted(gate: Gate, rows: Rows, approver: str) -> int:
    """Approve the verified requests among `rows` in the name of `approver`; returns how many.

    Raises `FourEyesError` when the approver endorsed one of them: nothing is approved then.
    """
    with gate.acting(Service.DECIDE) as connection:
        stored = requests.in_state(connection, rows.submission, State.VERIFIED, rows.first, rows.last)
        stored = split_by_suspension(gate, connection, stored)
        evidence = gathered(gate, connection, stored)
        done, records = [], []
        for each in stored:
            decision = Decision(each.standing.handle, approver, approve=True, at=gate.clock.now())
            approved = decided(gate, each, evidence, decision)
            done.append(Act(each.standing.handle, "approve", Role.APPROVER, approver, each.standing.version))
            fields: dict[str, Canonical] = {
                "decision": "approve",
                "approver": approver,
                "predecessor": approved.verified,
            }
            records.append(Record("decision", each.standing.handle, fields))
        if done:
            acts.perform(connection, done, gate.clock.now())
            gate.record(connection, records)
    return len(done)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a decision rests on beside the request: the register's answers and the endorsements."""

    answers: Mapping[Handle, Answer]
    endorsed: Mapping[Handle, PastAct]
    settled: Mapping[Handle, Sequence[Resolution]] = field(default_factory=dict)


def gathered(gate: Gate, connection: Connection, stored: Sequence[StoredRequest]) -> Evidence:
    """The evidence about requests; the register's answers through the one service that may read them."""
    handles = [each.standing.handle for each in stored]
    endorsed = acts.latest(connection, handles, "endorse")
    if not handles:
        return Evidence({}, endorsed)
    with gate.acting(Service.VERIFY) as verifying:
        return Evidence(answers_to(gate, verifying, handles), endorsed, resolutions(connection, handles))


def decided(gate: Gate, stored: StoredRequest, evidence: Evidence, decision: Decision) -> Approved:
    """The decision made again from what is stored. Raises `acts.ActRefusedError` where it does not hold."""
    handle = stored.standing.handle
    verified = concluded(
        gate,
        stored,
        evidence.answers[handle],
        evidence.endorsed.get(handle),
        evidence.settled.get(handle, ()),
    )
    outcome = decide(verified, decision) if isinstance(verified, Verified) else None
    if not isinstance(outcome, Approved):
        raise acts.ActRefusedError(f"Request {handle} is not verified, so it cannot be approved.")
    return outcome
