"""What every page says first: by which orders the gate is closed."""

from __future__ import annotations

from wicketgate.flow.gate import Gate
from wicketgate.store import suspension
from wicketgate.store.services import Service
from wicketgate.store.suspension import EVERYBODY, Closure

__all__ = ["EVERYBODY", "Closure", "closures"]


def closures(gate: Gate) -> tuple[Closure, ...]:
    """The suspensions by order in force; whoever cannot read them must say that the gate is closed."""
    with gate.acting(Service.AUDIT) as connection:
        return suspension.in_force(connection)
