"""The queue: what waits for a person, read by index whatever its length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from wicketgate.core.actor import Actor
from wicketgate.store.database import Connection
from wicketgate.store.work_filters import Filters, Sort, Stops, View, conditions, source_of, words

COUNTED_TO = 1_000
"""Filters that no sum covers are counted up to here: more is "more than"."""


@dataclass(frozen=True, slots=True)
class Row:
    """One waiting request, without a word about the person asked for."""

    handle: str
    submission: int
    agency: str
    state: str
    codes: list[str]
    referral: bool
    dissents: int
    received_at: datetime
    due_at: datetime
    """With the time that the clock stood still added."""
    sorted_by: datetime
    entered_at: datetime
    claimed_by: str | None
    claimed_until: datetime | None
    stopped: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """How many requests wait in one state for one agency in one submission."""

    state: str
    agency: str
    submission: int
    n: int


def open_office(connection: Connection, at: datetime) -> bool:
    """Keep the officers' work from now on, as `gate_intake`; False when it is kept already."""
    row = connection.execute("SELECT gate.open_office(%s)", [at]).fetchone()
    return row is not None and row[0] is True


def tallies(connection: Connection, states: Sequence[str]) -> list[Tally]:
    """How many wait in these states, by agency and submission, as `gate_audit`."""
    with connection.cursor(row_factory=class_row(Tally)) as cursor:
        return cursor.execute(
            "SELECT state, agency, submission, sum(n)::bigint AS n FROM gate.tally WHERE state = ANY (%s)"
            " GROUP BY 1, 2, 3 HAVING sum(n) > 0 ORDER BY 1, 2, 3",
            [list(states)],
        ).fetchall()


_COLUMNS = (
    "w.handle, w.submission, w.agency, w.state, w.codes, w.referral, w.dissents, w.received_at,"
    " w.due_at + gate.stopped(w.handle, w.agency_line, w.received_at, %(now)s) AS due_at,"
    " w.entered_at, CASE WHEN w.claimed_until > %(now)s THEN w.claimed_by END AS claimed_by,"
    " CASE WHEN w.claimed_until > %(now)s THEN w.claimed_until END AS claimed_until,"
    " gate.stands_still(w.handle, w.agency_line) AS stopped"
)
_KEYS: dict[Sort, str] = {"due": "due_at", "age": "received_at"}


def page(
    connection: Connection,
    view: View,
    filters: Filters,
    stopped: Stops,
    sort: Sort,
    after: tuple[datetime, str] | None,
    limit: int,
) -> list[Row]:
    """The next rows after `after` (its sort key and handle), as `gate_audit`."""
    bound = words(view, filters, stopped)
    source, row = source_of(filters)
    key = f"{row}.{_KEYS[sort]}"
    narrowed = conditions(filters, stopped)
    if after is not None:
        narrowed += f" AND ({key}, {row}.handle) > (%(after)s, %(after_handle)s)"
        bound |= {"after": after[0], "after_handle": after[1]}
    # One ordered walk of an index for each state, merged: no state is sorted as a whole.
    states = _states(view, filters)
    parts = [
        f"(SELECT {row}.handle, {key} AS sorted_by FROM {source}"
        f" WHERE {row}.state = %(state_{number})s{narrowed} ORDER BY {key}, {row}.handle LIMIT %(limit)s)"
        for number, _ in enumerate(states)
    ]
    if not parts:
        return []
    bound |= {f"state_{number}": state for number, state in enumerate(states)} | {"limit": limit}
    query = (
        f"SELECT {_COLUMNS}, chosen.sorted_by"
        f" FROM (SELECT * FROM ({' UNION ALL '.join(parts)}) AS each_state"
        " ORDER BY sorted_by, handle LIMIT %(limit)s) AS chosen"
        " JOIN gate.work w USING (handle) ORDER BY chosen.sorted_by, w.handle"
    )
    with connection.cursor(row_factory=class_row(Row)) as cursor:
        return cursor.execute(query.encode(), bound).fetchall()


def count(connection: Connection, view: View, filters: Filters, stopped: Stops) -> int:
    """How many rows there are, counted up to one more than `COUNTED_TO`, as `gate_audit`."""
    return counts(connection, view, [filters], stopped)[0]


def counts(connection: Connection, view: View, several: Sequence[Filters], stopped: Stops) -> tuple[int, ...]:
    """The same for several filters in one statement; what they name besides clocks and claims is the same."""
    parts = []
    for filters in several:
        source, row = source_of(filters)
        parts.append(
            f"(SELECT count(*) FROM (SELECT FROM {source} WHERE {row}.state = ANY (%(states)s)"
            f"{conditions(filters, stopped)} LIMIT %(most)s) AS counted)"
        )
    bound = words(view, several[0], stopped) | {"states": _states(view, several[0]), "most": COUNTED_TO + 1}
    counted = connection.execute(f"SELECT {', '.join(parts)}".encode(), bound).fetchone()
    return tuple(map(int, counted or ()))


def every(connection: Connection, view: View, filters: Filters, stopped: Stops) -> Iterator[Row]:
    """All rows, one after the other, as `gate_audit`: for an export of whatever length."""
    source, row = source_of(filters)
    with connection.cursor(name="work", row_factory=class_row(Row)) as cursor:
        cursor.itersize = 2_000
        yield from cursor.execute(
            f"SELECT {_COLUMNS}, w.due_at AS sorted_by FROM {source} WHERE {row}.state = ANY (%(states)s)"
            f"{conditions(filters, stopped)} ORDER BY {row}.due_at, {row}.handle".encode(),
            words(view, filters, stopped) | {"states": _states(view, filters)},
        )


def barred(connection: Connection, handles: Sequence[str], viewer: Actor) -> frozenset[str]:
    """Those of the requests that this person may not judge, as `gate_audit`: recused, or in another role."""
    cursor = connection.execute(
        "SELECT handle FROM gate.declaration WHERE handle = ANY (%(handles)s)"
        " AND lower(actor) = lower(%(actor)s) AND (conflict OR role <> %(role)s)"
        " UNION SELECT handle FROM gate.act WHERE handle = ANY (%(handles)s)"
        " AND lower(actor) = lower(%(actor)s) AND (role <> %(role)s OR act IN ('approve', 'refuse'))"
        " UNION SELECT handle FROM gate.dissent WHERE handle = ANY (%(handles)s)"
        " AND lower(actor) = lower(%(actor)s) AND role <> %(role)s",
        {"handles": list(handles), "actor": viewer.handle, "role": viewer.role.value},
    )
    return frozenset(str(handle) for (handle,) in cursor)


def _states(view: View, filters: Filters) -> list[str]:
    return [state for state in view.states if filters.state in (None, state)]
