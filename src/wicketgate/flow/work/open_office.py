"""The office opens once in the life of a gate: from then on its work is kept for the queues."""

from __future__ import annotations

from wicketgate.flow.gate import Gate
from wicketgate.store import work
from wicketgate.store.services import Service


def open_office(gate: Gate) -> bool:
    """Keep the officers' work from now on, beginning with all that is open; False when it was open already.

    A server calls it whenever it starts. Filing a million open requests takes a minute or two, once.
    """
    with gate.acting(Service.INTAKE) as connection:
        return work.open_office(connection, gate.clock.now())
