"""How many officer-days the waiting work needs at the pace of the last days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wicketgate.core.roles import Role
from wicketgate.flow.gate import Gate
from wicketgate.flow.work.queue import waiting_states
from wicketgate.flow.work.rules import HOUSE_RULES, OfficeRules
from wicketgate.store import work, work_evidence
from wicketgate.store.services import Service

_JUDGING = (Role.EXAMINER, Role.COUNSEL, Role.APPROVER)


@dataclass(frozen=True, slots=True)
class Load:
    """The work that waits for one role from one agency in one submission."""

    role: Role
    agency: str
    submission: int
    waiting: int
    officer_days: float | None
    """None while nobody of this role has judged anything lately, so that there is no pace."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """The pace of each role, and the loads, the heaviest first."""

    pace: Mapping[Role, float | None]
    """Requests that one officer judges on a day on which they judge any."""
    loads: tuple[Load, ...]

    def officer_days(self, role: Role) -> float | None:
        """The officer-days of one role's whole work; None without a pace."""
        days = [load.officer_days for load in self.loads if load.role is role]
        known = [each for each in days if each is not None]
        return sum(known) if len(known) == len(days) else None


def capacity(gate: Gate, rules: OfficeRules = HOUSE_RULES) -> Capacity:
    """What waits for each judging role, in officer-days. A request passes several roles; each is counted
    where it stands now. Exercises count like everything else: they look like it."""
    since = gate.clock.now() - rules.judged_over
    with gate.acting(Service.AUDIT) as connection:
        paces = work_evidence.pace(connection, since)
        pace = {role: paces.get(role.value) for role in _JUDGING}
        loads = [
            Load(
                role,
                tally.agency,
                tally.submission,
                tally.n,
                None if (speed := pace[role]) is None else tally.n / speed,
            )
            for role in _JUDGING
            for tally in work.tallies(connection, waiting_states(role))
        ]
    loads.sort(key=lambda load: (-load.waiting, load.role, load.agency, load.submission))
    return Capacity(pace, tuple(loads))
