"""The outbox: answers leave in slots of the clock, never when the work on them is done.

Every kind of answer goes the same way. `open_due` belongs on a clock: whoever keeps a gate open calls it
at least once in each slot; called late, everything is late alike.
"""

from __future__ import annotations

from datetime import datetime

from wicketgate.flow.gate import Gate
from wicketgate.store import answers
from wicketgate.store.services import Service


def open_due(gate: Gate) -> datetime:
    """Let out the answers whose slot has come; returns the latest open slot."""
    return _open(gate, gate.clock.now())


def next_slot(gate: Gate) -> datetime:
    """When the next slot comes after the latest open one; now where none was ever open."""
    with gate.acting(Service.AUDIT) as connection:
        last = answers.opened_until(connection)
    return gate.clock.now() if last is None else last + gate.context.answer_slot


def open_all(gate: Gate) -> None:
    """Let out every answer that is there, for a clock that stands still: the next slot has come."""
    with gate.acting(Service.RELEASE) as connection:
        last = answers.latest_slot(connection)
    if last is not None:
        _open(gate, last + gate.context.answer_slot)


def _open(gate: Gate, at: datetime) -> datetime:
    with gate.acting(Service.RELEASE) as connection:
        return answers.open_slot(connection, at, gate.context.answer_slot)
