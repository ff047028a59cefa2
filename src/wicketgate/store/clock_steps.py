"""How the steps of the clock fare: tried when, done when, failing since when and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from wicketgate.store.database import Connection


class StepStanding(NamedTuple):
    """One step as it fared last; `problem` is None where it was done."""

    step: str
    tried_at: datetime
    done_at: datetime | None
    failing_since: datetime | None
    problem: str | None


def note(connection: Connection, outcomes: Mapping[str, str | None], at: datetime) -> None:
    """Keep how each step of one look fared, as `gate_oversee`: None where it was done, else the problem."""
    connection.execute(
        "INSERT INTO gate.clock_step AS s (step, tried_at, done_at, failing_since, problem)"
        " SELECT step, %(at)s, CASE WHEN problem IS NULL THEN %(at)s END,"
        " CASE WHEN problem IS NOT NULL THEN %(at)s END, left(problem, 500)"
        " FROM unnest(%(steps)s::text[], %(problems)s::text[]) AS new (step, problem)"
        " ON CONFLICT (step) DO UPDATE SET tried_at = EXCLUDED.tried_at, problem = EXCLUDED.problem,"
        " done_at = coalesce(EXCLUDED.done_at, s.done_at), failing_since ="
        " CASE WHEN EXCLUDED.problem IS NOT NULL THEN coalesce(s.failing_since, EXCLUDED.failing_since) END",
        {"at": at, "steps": list(outcomes), "problems": list(outcomes.values())},
    )


def standings(connection: Connection) -> Sequence[StepStanding]:
    """Every step that was ever tried, by name, as `gate_audit` or `gate_oversee`."""
    rows = connection.execute(
        "SELECT step, tried_at, done_at, failing_since, problem FROM gate.clock_step ORDER BY step"
    )
    return [StepStanding(*row) for row in rows]
