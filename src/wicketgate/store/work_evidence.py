"""How fast and how evenly officers judge, from the claims that ended with an act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg.rows import class_row

from wicketgate.core.identifiers import Handle
from wicketgate.store.database import Connection
from wicketgate.store.vault import open_words
from wicketgate.store.work_marks import EXERCISE

_JUDGED = "c.ended_at > %(since)s AND c.outcome NOT IN ('released', 'expired', 'moved')"


@dataclass(frozen=True, slots=True)
class Judged:
    """What one person judged in one role."""

    actor: str
    role: str
    judged: int
    median_time: timedelta
    """On one case: from its claim, or from this person's judgement before it where that came later."""
    in_favour: int
    exercises: int
    missed: int


@dataclass(frozen=True, slots=True)
class Pair:
    """What one approver decided of what one examiner endorsed."""

    examiner: str
    approver: str
    decided: int
    approved: int


@dataclass(frozen=True, slots=True)
class Planted:
    """A request that was planted to be refused, and where it stands."""

    handle: str
    at: datetime
    state: str
    reasons: str


def planted(connection: Connection, most: int) -> list[Planted]:
    """The newest exercises, as `gate_audit`."""
    rows = connection.execute(
        "SELECT e.handle, e.at, r.state, e.reasons FROM gate.exercise e"
        " JOIN gate.request r USING (handle) ORDER BY e.at DESC, e.handle LIMIT %s",
        [most],
    ).fetchall()
    said = open_words(connection.vault, EXERCISE, [(Handle(row[0]), row[3]) for row in rows])
    return [Planted(*(*row[:3], text)) for row, text in zip(rows, said, strict=True)]


def judged(connection: Connection, since: datetime) -> list[Judged]:
    """Every person who judged anything since then, as `gate_audit`."""
    with connection.cursor(row_factory=class_row(Judged)) as cursor:
        return cursor.execute(
            "SELECT c.actor, c.role, count(*) AS judged,"
            " percentile_cont(0.5) WITHIN GROUP (ORDER BY c.ended_at - greatest(c.at, c.before))"
            " AS median_time,"
            " count(*) FILTER (WHERE c.outcome IN ('endorse', 'resolve referral', 'approve')) AS in_favour,"
            " count(e.handle) AS exercises, count(e.handle)"
            " FILTER (WHERE c.outcome IN ('endorse', 'resolve referral', 'approve')) AS missed"
            f" FROM (SELECT *, lag(ended_at) OVER (PARTITION BY actor, role ORDER BY ended_at, id) AS before"
            f" FROM gate.claim c WHERE {_JUDGED}) AS c LEFT JOIN gate.exercise e USING (handle)"
            " GROUP BY c.actor, c.role ORDER BY c.role, c.actor".encode(),
            {"since": since},
        ).fetchall()


def pairs(connection: Connection, since: datetime) -> list[Pair]:
    """Every pair of examiner and approver who met on a request since then, as `gate_audit`."""
    with connection.cursor(row_factory=class_row(Pair)) as cursor:
        return cursor.execute(
            "SELECT (SELECT a.actor FROM gate.act a WHERE a.handle = c.handle AND a.act = 'endorse'"
            " AND a.at <= c.ended_at ORDER BY a.version DESC LIMIT 1) AS examiner, c.actor AS approver,"
            " count(*) AS decided,"
            " count(*) FILTER (WHERE c.outcome = 'approve') AS approved FROM gate.claim c"
            " WHERE c.ended_at > %(since)s AND c.outcome IN ('approve', 'refuse')"
            " GROUP BY 1, 2 ORDER BY 1, 2",
            {"since": since},
        ).fetchall()


def pace(connection: Connection, since: datetime) -> dict[str, float]:
    """Requests judged by one person on a day on which they judged any, by role, as `gate_audit`."""
    cursor = connection.execute(
        "SELECT c.role, count(*)::float / count(DISTINCT (c.actor, (c.ended_at AT TIME ZONE 'UTC')::date))"
        f" FROM gate.claim c WHERE {_JUDGED} GROUP BY c.role".encode(),
        {"since": since},
    )
    return {str(role): float(found) for role, found in cursor}
