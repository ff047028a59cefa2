"""Counts of answers, what of them was published, and what waits to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from psycopg.types.json import Jsonb

from wicketgate.store.database import Connection


class Topic(NamedTuple):
    """A row of a table: `agency` DHS, `element` B2, `time` of all agencies."""

    topic: str
    row: str


@dataclass(frozen=True, slots=True)
class Told:
    """One line of what was published; a stretch is (first day, last day, count by part) or None."""

    topic: str
    row: str
    first: date
    last: date
    total: Mapping[str, object] | None
    parts: Mapping[str, object] | None


def count(connection: Connection, first: date, last: date) -> dict[Topic, dict[str, int]]:
    """Counts by part of answers that left and of recalls, both days included, as `gate_oversee`."""
    found: dict[Topic, dict[str, int]] = {}
    rows = connection.execute(
        "SELECT topic, row, part, n FROM gate.count_answers(%s, %s)"
        " UNION ALL SELECT topic, row, part, n FROM gate.count_recalls(%s, %s) WHERE n > 0",
        [first, last, first, last],
    )
    for topic, row, part, number in rows:
        found.setdefault(Topic(topic, row), {})[part] = int(number)
    return found


def latest(connection: Connection) -> dict[Topic, dict[str, object]]:
    """What waits after the last publication, by row, as `gate_oversee`: last day, and what waits."""
    rows = connection.execute(
        "SELECT DISTINCT ON (topic, row) topic, row, last, waits FROM gate.published"
        " ORDER BY topic, row, last DESC"
    )
    return {Topic(topic, row): {"last": last, "waits": waits} for topic, row, last, waits in rows}


def first_answer(connection: Connection) -> date | None:
    """The day of the gate's first answer (UTC), as `gate_oversee`; None before there is one."""
    row = connection.execute("SELECT gate.first_answer()").fetchone()
    return None if row is None else row[0]


def add(
    connection: Connection, lines: Iterable[tuple[Topic, date, date, Mapping[str, object | None]]]
) -> None:
    """Keep what was decided for one period, as `gate_oversee`."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO gate.published (topic, row, first, last, total, parts, waits)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [
                [*topic, first, last, *(_json(told[name]) for name in _COLUMNS)]
                for topic, first, last, told in lines
            ],
        )


def told(connection: Connection) -> list[Told]:
    """All that was ever published, the oldest first, as `gate_audit`."""
    rows = connection.execute(
        "SELECT topic, row, first, last, total, parts FROM gate.published"
        " WHERE total IS NOT NULL OR parts IS NOT NULL ORDER BY last, topic, row"
    )
    return [Told(*row) for row in rows]


_COLUMNS = ("total", "parts", "waits")


def _json(value: object) -> Jsonb | None:
    return None if value is None else Jsonb(value)
