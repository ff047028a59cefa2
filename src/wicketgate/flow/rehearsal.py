"""A rehearsal of an order on a gate at work: everything stands still for a moment, and nothing is suspended.

It takes the way of an order up to the moment at which nothing that discloses is under way, in a scope in
which no request is. So no request is held, no clock stops and no order stands in the book; the ledger
says in public that it was a rehearsal, and how long it took.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from wicketgate.core.actor import Actor
from wicketgate.core.digest import Canonical
from wicketgate.flow.gate import Gate
from wicketgate.flow.orders import require_keeper
from wicketgate.ledger import commit, public_leaf
from wicketgate.store import suspension
from wicketgate.store.log import Entry
from wicketgate.store.services import Service


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What was measured."""

    seconds: float
    """From the order to the last session at rest."""
    ended: int
    """Sessions that were ended, frozen or too slow; what they had begun was not done."""
    released: int
    """Disclosing acts and packages handed out while all stood still: it must be 0."""


def rehearse(
    gate: Gate, actor: Actor, hold: float = 0.5, wait: Callable[[float], object] = time.sleep
) -> Rehearsal:
    """Stop everything that discloses, watch it stand still for `hold` seconds, and let it go on.

    Two sessions of their own see the first moment of it and the last. They are counted and compared when the
    gate is at work again: by what is in the tables, since the log is held here and shows nothing.
    Raises `OrderRefusedError` for anybody who keeps no order book.
    """
    require_keeper(actor)
    with ExitStack() as looks:
        first, last = (looks.enter_context(gate.acting(Service.AUDIT)) for _ in range(2))
        begun = time.monotonic()
        with gate.acting(Service.OVERSEE) as connection:
            ended = suspension.stand_still(connection, actor.handle, gate.clock.now())
            took = time.monotonic() - begun
            suspension.see_this_moment(first)
            wait(hold)
            suspension.see_this_moment(last)
            gate.append(connection, [_who(gate, actor)])
        released = suspension.count_disclosed(last) - suspension.count_disclosed(first)
    found = Rehearsal(took, ended, released)
    with gate.acting(Service.OVERSEE) as connection:
        gate.append(connection, [_measured(gate, found)])
    return found


def _who(gate: Gate, actor: Actor) -> Entry:
    fields: dict[str, Canonical] = {
        "act": "rehearse",
        "actor": actor.handle,
        "role": actor.role.value,
        "at": gate.clock.now().isoformat(),
    }
    return Entry.of(None, fields, commit("order.act", fields))


def _measured(gate: Gate, found: Rehearsal) -> Entry:
    told: dict[str, Canonical] = {
        "on": gate.clock.now().date().isoformat(),
        "milliseconds": round(1000 * found.seconds),
        "ended": found.ended,
        "released": found.released,
    }
    return Entry("rehearsal", public_leaf("rehearsal", told), None, told)
