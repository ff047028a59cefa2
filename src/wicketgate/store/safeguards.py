"""The custodian's book of safeguards: agencies that are kept in it, findings, visits, incidents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from psycopg.rows import class_row

from wicketgate.store.database import Connection


class Duty(NamedTuple):
    """One duty of an agency, and the last day on which it is met; None: it never was."""

    agency: str
    kind: str
    met_until: date | None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a review found wanting; `closed_at` is None while it is open."""

    number: int
    agency: str
    finding: str = field(repr=False)
    found_on: date
    plan_due_on: date
    recorded_by: str
    closed_by: str | None
    closed_at: datetime | None
    closing_words: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Visit:
    """A review on the spot."""

    number: int
    agency: str
    done_on: date
    report: str = field(repr=False)
    recorded_by: str


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that may have been an improper inspection or disclosure."""

    number: int
    agency: str
    document: int | None
    what: str = field(repr=False)
    discovered_at: datetime
    recorded_by: str
    recorded_at: datetime


class Step(NamedTuple):
    """A step of an incident that was taken."""

    step: str
    choice: str | None
    words: str
    actor: str
    at: datetime


def keep(connection: Connection, agency: str, since: date, actor: str, at: datetime) -> bool:
    """Keep an agency in the book from a day on, as `gate_oversee`; False when it is kept already."""
    done = connection.execute(
        "INSERT INTO gate.safeguard_agency (agency, kept_since, recorded_by, recorded_at)"
        " VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [agency, since, actor, at],
    )
    return done.rowcount == 1


def kept(connection: Connection) -> dict[str, date]:
    """Since when each agency is kept in the book."""
    return dict(connection.execute("SELECT agency, kept_since FROM gate.safeguard_agency").fetchall())


def asking(connection: Connection) -> frozenset[str]:
    """The agencies that have sent requests."""
    return frozenset(agency for (agency,) in connection.execute("SELECT DISTINCT agency FROM gate.tally"))


def duties(connection: Connection, at: datetime) -> list[Duty]:
    """Every duty that counts at this moment, by agency."""
    rows = connection.execute(
        "SELECT agency, kind, met_until FROM gate.safeguard_standing(%s) ORDER BY agency, kind", [at]
    )
    return [Duty(*row) for row in rows]


def closures(connection: Connection, at: datetime) -> dict[str, str]:
    """Agencies whose door is closed for their safeguards at this moment, and why."""
    rows = connection.execute(
        "SELECT agency, why FROM gate.due_closures(%s) WHERE cause = 'safeguards'", [at]
    )
    return dict(rows.fetchall())


def find(
    connection: Connection, agency: str, finding: str, on: date, plan_due_on: date, actor: str, at: datetime
) -> int:
    """Record a finding, as `gate_oversee`; returns its number."""
    row = connection.execute(
        "INSERT INTO gate.safeguard_finding"
        " (agency, finding, found_on, plan_due_on, recorded_by, recorded_at)"
        " VALUES (%s, %s, %s, %s, %s, %s) RETURNING number",
        [agency, finding, on, plan_due_on, actor, at],
    ).fetchone()
    return _number(row)


def close_finding(connection: Connection, number: int, words: str, actor: str, at: datetime) -> bool:
    """Close a finding, as `gate_oversee`; False when there is no open one of this number."""
    done = connection.execute(
        "UPDATE gate.safeguard_finding SET closed_by = %s, closed_at = %s, closing_words = %s"
        " WHERE number = %s AND closed_at IS NULL",
        [actor, at, words, number],
    )
    return done.rowcount == 1


def findings(connection: Connection, agency: str | None = None) -> list[Finding]:
    """The findings about an agency or about all, the newest first."""
    with connection.cursor(row_factory=class_row(Finding)) as cursor:
        return cursor.execute(
            "SELECT number, agency, finding, found_on, plan_due_on, recorded_by, closed_by, closed_at,"
            " closing_words FROM gate.safeguard_finding WHERE %(agency)s::text IS NULL OR agency = %(agency)s"
            " ORDER BY number DESC",
            {"agency": agency},
        ).fetchall()


def visit(connection: Connection, agency: str, on: date, report: str, actor: str, at: datetime) -> int:
    """Record a review visit, as `gate_oversee`; returns its number."""
    row = connection.execute(
        "INSERT INTO gate.safeguard_visit (agency, done_on, report, recorded_by, recorded_at)"
        " VALUES (%s, %s, %s, %s, %s) RETURNING number",
        [agency, on, report, actor, at],
    ).fetchone()
    return _number(row)


def visits(connection: Connection, agency: str) -> list[Visit]:
    """The visits to an agency, the newest first."""
    with connection.cursor(row_factory=class_row(Visit)) as cursor:
        return cursor.execute(
            "SELECT number, agency, done_on, report, recorded_by FROM gate.safeguard_visit"
            " WHERE agency = %s ORDER BY done_on DESC, number DESC",
            [agency],
        ).fetchall()


def is_report(connection: Connection, document: int, agency: str) -> bool:
    """True when this is a report of an incident that the agency handed in, as `gate_oversee`."""
    row = connection.execute(
        "SELECT FROM gate.safeguard_document WHERE document = %s AND kind = 'incident' AND agency = %s",
        [document, agency],
    ).fetchone()
    return row is not None


def begin_incident(
    connection: Connection,
    agency: str,
    document: int | None,
    what: str,
    discovered_at: datetime,
    actor: str,
    at: datetime,
) -> int:
    """Record an incident, as `gate_oversee`; returns its number."""
    row = connection.execute(
        "INSERT INTO gate.incident (agency, document, what, discovered_at, recorded_by, recorded_at)"
        " VALUES (%s, %s, %s, %s, %s, %s) RETURNING number",
        [agency, document, what, discovered_at, actor, at],
    ).fetchone()
    return _number(row)


def take_step(connection: Connection, number: int, step: Step) -> bool:
    """Record a step, as `gate_oversee`; False when it was taken before."""
    done = connection.execute(
        "INSERT INTO gate.incident_step (incident, step, choice, words, actor, at)"
        " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [number, *step],
    )
    return done.rowcount == 1


def incidents(connection: Connection) -> list[Incident]:
    """All incidents, the newest first."""
    with connection.cursor(row_factory=class_row(Incident)) as cursor:
        return cursor.execute(
            "SELECT number, agency, document, what, discovered_at, recorded_by, recorded_at"
            " FROM gate.incident ORDER BY number DESC"
        ).fetchall()


def steps(connection: Connection) -> Mapping[int, Mapping[str, Step]]:
    """The steps that were taken, by incident and name."""
    found: dict[int, dict[str, Step]] = {}
    for incident, *step in connection.execute(
        "SELECT incident, step, choice, words, actor, at FROM gate.incident_step"
    ):
        found.setdefault(incident, {})[step[0]] = Step(*step)
    return found


def _number(row: tuple[int, ...] | None) -> int:
    assert row is not None  # noqa: S101  # an INSERT … RETURNING has its row or raises
    return int(row[0])
