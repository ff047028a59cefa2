"""A rehearsal of an order on a gate at work: everything stands still for a moment, and nothing is suspended.

It takes the way of an order up to the moment at which nothing that discloses is under way, in a scope in
which no request is. So no request is held, no clock stops and no order stands in the book; the ledger
says in public that it was a rehearsal, and how long it took.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from wicketgate.core.actor import Actor
from wicketgate.core.digest import Canonical
from wicketgate.flow.gate import Gate
from wicketgate.flow.orders import require_keeper
from wicketgate.ledger import commit, public_leaf
from wicketgate.store import log, suspension
from wicketgate.store.log import Entry
from wicketgate.store.services import Service

DISCLOSURES = ("disclosure.released", "pickup", "verification.answered")
"""Entries of what an order stops."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What was measured."""

    seconds: float
    """From the order to the last session at rest."""
    ended: int
    """Sessions that were ended, frozen or too slow; what they had begun was not done."""
    released: int
    """Disclosing entries that came while all stood still: it must be 0."""


def rehearse(gate: Gate, actor: Actor, hold: float = 0.5) -> Rehearsal:
    """Stop everything that discloses, watch it stand still for `hold` seconds, and let it go on.

    Raises `OrderRefusedError` for anybody who keeps no order book.
    """
    require_keeper(actor)
    begun = time.monotonic()
    with gate.acting(Service.OVERSEE) as connection:
        ended = suspension.stand_still(connection, actor.handle, gate.clock.now())
        took = time.monotonic() - begun
        with gate.acting(Service.AUDIT) as watching:
            before = log.size(watching)
        time.sleep(hold)
        with gate.acting(Service.AUDIT) as watching:
            released = log.count_since(watching, before, DISCLOSURES)
        found = Rehearsal(took, ended, released)
        gate.append(connection, _entries(gate, actor, found))
    return found


def _entries(gate: Gate, actor: Actor, found: Rehearsal) -> list[Entry]:
    now = gate.clock.now()
    told: dict[str, Canonical] = {
        "on": now.date().isoformat(),
        "milliseconds": round(1000 * found.seconds),
        "ended": found.ended,
        "released": found.released,
    }
    fields: dict[str, Canonical] = {
        "act": "rehearse",
        "actor": actor.handle,
        "role": actor.role.value,
        "at": now.isoformat(),
    }
    return [
        Entry("rehearsal", public_leaf("rehearsal", told), None, told),
        Entry.of(None, fields, commit("order.act", fields)),
    ]
