"""Orders stop the gate at its next step: in the database for every process, and in the log for everybody."""

from __future__ import annotations

from wicketgate.core.roles import Role
from wicketgate.core.states import State
from wicketgate.flow.determine import answer_text
from wicketgate.flow.gate import GATE, Gate, Record
from wicketgate.ledger import public_leaf
from wicketgate.stages.answer import Held, outward_answer
from wicketgate.store import acts, answers, suspension
from wicketgate.store.acts import Act
from wicketgate.store.database import Connection
from wicketgate.store.log import Entry
from wicketgate.store.requests import StoredRequest
from wicketgate.store.services import Service


def enforce_orders(gate: Gate) -> None:
    """Put the context's orders that hold today into force, each once, as a public entry.

    Nothing is lifted here: that takes two people and a document.
    """
    today = gate.context.as_of
    with gate.acting(Service.OVERSEE) as connection:
        entries = []
        for order in gate.context.orders:
            scope = order.agency or suspension.EVERYBODY
            if order.effective_from > today or suspension.is_suspended(connection, scope):
                continue
            at = gate.clock.now()
            suspension.suspend(connection, scope, court=order.court, docket=order.docket, actor=GATE, at=at)
            fields = {
                "court": order.court,
                "docket": order.docket,
                "agency": order.agency or "all agencies",
                "act": "suspend",
                "from": order.effective_from.isoformat(),
            }
            entries.append(Entry("suspension", public_leaf("suspension", fields), None, fields))
        if entries:
            gate.append(connection, entries)


def split_by_suspension(
    gate: Gate, connection: Connection, stored: list[StoredRequest]
) -> list[StoredRequest]:
    """Hold the requests whose agencies are suspended and return the others.

    What is returned stays open until the caller's transaction ends: a suspension waits for it.
    An order is told with its docket when it is told at all; a pause gets the uniform answer now,
    because silence, or any other word, would say that there was a canary.
    """
    lines = {each.agency_line for each in stored}
    open_lines = {line for line in lines if suspension.is_open(connection, line)}
    closed = [each for each in stored if each.agency_line not in open_lines]
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
    return [each for each in stored if each.agency_line in open_lines]


def uniform(stored: StoredRequest) -> str:
    """The answer to a request that is held for a reason that its requester must not learn."""
    return answer_text(outward_answer(stored.standing.request_id, State.HELD, held=Held()))
