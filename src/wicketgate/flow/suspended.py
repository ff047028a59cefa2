"""Orders stop the gate at its next step: in the database for every process, and in the log for everybody."""

from __future__ import annotations

from wicketgate.core.roles import Role
from wicketgate.core.states import State
from wicketgate.flow.determine import answer_text
from wicketgate.flow.gate import GATE, Gate, Record
from wicketgate.stages.answer import Held, outward_answer
from wicketgate.store import acts, answers, suspension
from wicketgate.store.acts import Act
from wicketgate.store.database import Connection
from wicketgate.store.requests import StoredRequest


def split_by_suspension(
    gate: Gate, connection: Connection, stored: list[StoredRequest]
) -> list[StoredRequest]:
    """Hold the requests for which the gate is closed and return the others.

    What is returned stays open until the caller's transaction ends: a suspension waits for it.
    An order is told with its docket when it is told at all; a pause gets the uniform answer now,
    because silence, or any other word, would say that there was a canary.
    """
    open_ones = suspension.open_among(connection, [each.standing.handle for each in stored])
    closed = [each for each in stored if each.standing.handle not in open_ones]
    if closed:
        at = gate.clock.now()
        acts.perform(
            connection,
            [Act(each.standing.handle, "hold", Role.GATE, GATE, each.standing.version) for each in closed],
            at,
        )
        if suspension.is_paused(connection):
            answers.give(connection, {each.standing.handle: uniform(each) for each in closed}, at)
        gate.record(
            connection,
            [Record("request.held", each.standing.handle, {"act": "hold", "actor": GATE}) for each in closed],
        )
    return [each for each in stored if each.standing.handle in open_ones]


def uniform(stored: StoredRequest) -> str:
    """The answer to a request that is held for a reason that its requester must not learn."""
    return answer_text(outward_answer(stored.standing.request_id, State.HELD, held=Held()))
