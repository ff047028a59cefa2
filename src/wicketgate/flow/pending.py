"""What waits for a person beside the queue of requests: papers, second persons, incidents, alarms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from wicketgate.core.actor import Actor
from wicketgate.core.roles import Role
from wicketgate.flow import incidents
from wicketgate.flow.gate import Gate
from wicketgate.flow.inspect.desk import to_look_at
from wicketgate.flow.work.evidence_of_judgement import alarms
from wicketgate.flow.work.queue import OPEN
from wicketgate.store import pending as store
from wicketgate.store.pending import Pending
from wicketgate.store.services import Service

SOON = timedelta(days=30)
"""How long before a duty of an agency runs out it is told."""

__all__ = ["Desk", "Pending", "desk", "pending"]


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies on somebody's desk; the last two are the inspector's."""

    counted: Pending
    steps: int
    """Steps of incidents that this role can take now."""
    steps_late: int
    alarms: int = 0
    groups: int = 0
    """Groups of requests whose shape warrants a look."""


def pending(gate: Gate, handle: str) -> Pending:
    """What waits, for whoever is called so: what this person began waits for somebody else."""
    now = gate.clock.now()
    with gate.acting(Service.AUDIT) as connection:
        return store.pending(connection, handle, OPEN, now, now + SOON)


def desk(gate: Gate, actor: Actor) -> Desk:
    """What waits for somebody of the office."""
    counted = pending(gate, actor.handle)
    if actor.role is Role.INSPECTOR:
        return Desk(counted, 0, 0, alarms(gate, actor), to_look_at(gate, actor))
    mine = [
        clock
        for each in incidents.all_of(gate)
        for clock in each.clocks
        if clock.role is actor.role and clock.taken is None and not clock.waits_for
    ]
    return Desk(counted, len(mine), sum(clock.overdue for clock in mine))
