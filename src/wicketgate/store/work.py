"""The queue: what waits for a person, read by index whatever its length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from psycopg import errors
from psycopg.rows import class_row

from wicketgate.core.actor import Actor
from wicketgate.core.identifiers import Handle
from wicketgate.store.acts import ActRefusedError, StaleError
from wicketgate.store.database import Connection

Clock: TypeAlias = Literal["late", "soon", "in_time", "stopped"]
Claimed: TypeAlias = Literal["me", "others", "nobody"]
Sort: TypeAlias = Literal["due", "age"]

COUNTED_TO = 1_000
"""Filters that no sum covers are counted up to here: more is "more than"."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a queue is narrowed to; None does not narrow."""

    state: str | None = None
    agency: str | None = None
    submission: int | None = None
    code: str | None = None
    clock: Clock | None = None
    claimed: Claimed | None = None
    referral: bool | None = None
    dissent: bool | None = None

    @property
    def summed(self) -> bool:
        """True when sums kept beside the work answer how many there are."""
        return (self.code, self.clock, self.claimed, self.referral, self.dissent) == (None,) * 5


@dataclass(frozen=True, slots=True)
class View:
    """Whose queue it is, at which moment: the states, the viewer, and how soon is soon."""

    states: tuple[str, ...]
    viewer: str
    now: datetime
    soon: timedelta


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
_SCOPE = "CASE WHEN s.scope LIKE 'officer:%%' THEN 'officer' ELSE regexp_replace(s.scope, '^[a-z]+:', '') END"
"""A scope as it concerns the rows of a queue: an agency, everybody, or some requests of one officer."""
_KEYS: dict[Sort, str] = {"due": "due_at", "age": "received_at"}


@dataclass(frozen=True, slots=True)
class Stops:
    """Whose clocks stand still now, and how long one has stood still at most."""

    scopes: tuple[str, ...]
    """Of agencies, or of everybody; a held request's own clock stands still as long as it is held."""
    longest: timedelta
    touched: tuple[str, ...]
    """Scopes whose clocks have ever stood still, single requests aside."""

    @property
    def everybody(self) -> bool:
        """True when every clock stands still."""
        return not {"*", "!"}.isdisjoint(self.scopes)


def stops(connection: Connection, at: datetime) -> Stops:
    """The stops of clocks until then, as `gate_audit`."""
    row = connection.execute(
        f"SELECT ARRAY(SELECT {_SCOPE} FROM gate.stop s WHERE s.until IS NULL AND s.scope !~ '^WG-'),"
        f" gate.longest_stop(%s), ARRAY(SELECT DISTINCT {_SCOPE} FROM gate.stop s WHERE s.scope !~ '^WG-')",
        [at],
    ).fetchone()
    return Stops((), timedelta(), ()) if row is None else Stops(tuple(row[0]), row[1], tuple(row[2]))


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
    words = _words(view, filters, stopped)
    source, row = _source(filters)
    key = f"{row}.{_KEYS[sort]}"
    narrowed = _conditions(filters, stopped)
    if after is not None:
        narrowed += f" AND ({key}, {row}.handle) > (%(after)s, %(after_handle)s)"
        words |= {"after": after[0], "after_handle": after[1]}
    # One ordered walk of an index for each state, merged: no state is sorted as a whole.
    states = _states(view, filters)
    parts = [
        f"(SELECT {row}.handle, {key} AS sorted_by FROM {source}"
        f" WHERE {row}.state = %(state_{number})s{narrowed} ORDER BY {key}, {row}.handle LIMIT %(limit)s)"
        for number, _ in enumerate(states)
    ]
    if not parts:
        return []
    words |= {f"state_{number}": state for number, state in enumerate(states)} | {"limit": limit}
    query = (
        f"SELECT {_COLUMNS}, chosen.sorted_by"
        f" FROM (SELECT * FROM ({' UNION ALL '.join(parts)}) AS each_state"
        " ORDER BY sorted_by, handle LIMIT %(limit)s) AS chosen"
        " JOIN gate.work w USING (handle) ORDER BY chosen.sorted_by, w.handle"
    )
    with connection.cursor(row_factory=class_row(Row)) as cursor:
        return cursor.execute(query.encode(), words).fetchall()


def count(connection: Connection, view: View, filters: Filters, stopped: Stops) -> int:
    """How many rows there are, counted up to one more than `COUNTED_TO`, as `gate_audit`."""
    source, row = _source(filters)
    counted = connection.execute(
        f"SELECT count(*) FROM (SELECT FROM {source} WHERE {row}.state = ANY (%(states)s)"
        f"{_conditions(filters, stopped)} LIMIT %(most)s) AS counted".encode(),
        _words(view, filters, stopped) | {"states": _states(view, filters), "most": COUNTED_TO + 1},
    ).fetchone()
    return int(counted[0]) if counted else 0


def every(connection: Connection, view: View, filters: Filters, stopped: Stops) -> Iterator[Row]:
    """All rows, one after the other, as `gate_audit`: for an export of whatever length."""
    source, row = _source(filters)
    with connection.cursor(name="work", row_factory=class_row(Row)) as cursor:
        cursor.itersize = 2_000
        yield from cursor.execute(
            f"SELECT {_COLUMNS}, w.due_at AS sorted_by FROM {source} WHERE {row}.state = ANY (%(states)s)"
            f"{_conditions(filters, stopped)} ORDER BY {row}.due_at, {row}.handle".encode(),
            _words(view, filters, stopped) | {"states": _states(view, filters)},
        )


def barred(connection: Connection, handles: Sequence[str], viewer: Actor) -> frozenset[str]:
    """Those of the requests that this person may not judge, as `gate_audit`: recused, or in another role."""
    cursor = connection.execute(
        "SELECT handle FROM gate.declaration WHERE handle = ANY (%(handles)s) AND actor = %(actor)s"
        " AND (conflict OR role <> %(role)s)"
        " UNION SELECT handle FROM gate.act WHERE handle = ANY (%(handles)s) AND actor = %(actor)s"
        " AND role <> %(role)s"
        " UNION SELECT handle FROM gate.dissent WHERE handle = ANY (%(handles)s) AND actor = %(actor)s"
        " AND role <> %(role)s",
        {"handles": list(handles), "actor": viewer.handle, "role": viewer.role.value},
    )
    return frozenset(str(handle) for (handle,) in cursor)


def take(connection: Connection, handle: Handle, actor: Actor, at: datetime, until: datetime) -> None:
    """Claim a request, or keep one's claim, as the service whose work it is.

    Raises `StaleError` when somebody else has it and `ActRefusedError` when it does not wait for this person.
    """
    try:
        connection.execute(
            "SELECT gate.take(%s, %s, %s, %s, %s)", [handle.text, actor.handle, actor.role.value, at, until]
        )
    except errors.SerializationFailure as error:
        raise StaleError(error.diag.message_primary or "") from None
    except errors.IntegrityError as error:
        raise ActRefusedError(error.diag.message_primary or "") from None


def give_back(connection: Connection, handle: Handle, actor: Actor, at: datetime, reasons: str) -> bool:
    """Give a claim back; False when there was none of this person."""
    row = connection.execute(
        "SELECT gate.give_back(%s, %s, %s, %s)", [handle.text, actor.handle, at, reasons]
    ).fetchone()
    return row is not None and row[0] is True


def holds_claim(connection: Connection, handle: Handle, actor: Actor, at: datetime) -> bool:
    """True while this person's claim on the request stands."""
    row = connection.execute(
        "SELECT FROM gate.claim WHERE handle = %s AND actor = %s AND ended_at IS NULL AND until > %s",
        [handle.text, actor.handle, at],
    ).fetchone()
    return row is not None


def lock_approver(connection: Connection, approver: Actor) -> None:
    """Be the only one who counts this approver's decisions until the transaction ends."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [approver.handle])


def last_examiners(connection: Connection, approver: Actor, most: int) -> list[str]:
    """Who endorsed the last requests that this person approved, newest first."""
    cursor = connection.execute(
        "SELECT (SELECT a.actor FROM gate.act a WHERE a.handle = c.handle AND a.act = 'endorse'"
        " AND a.at <= c.ended_at ORDER BY a.version DESC LIMIT 1) FROM gate.claim c"
        " WHERE c.actor = %s AND c.outcome = 'approve' ORDER BY c.ended_at DESC, c.id DESC LIMIT %s",
        [approver.handle, most],
    )
    return [str(examiner) for (examiner,) in cursor]


def _states(view: View, filters: Filters) -> list[str]:
    return [state for state in view.states if filters.state in (None, state)]


def _source(filters: Filters) -> tuple[str, str]:
    """Where rows are read in order, and the name of what holds the order there."""
    if filters.code is None:
        return "gate.work w", "w"
    return "gate.work_code k JOIN gate.work w USING (handle)", "k"


def _words(view: View, filters: Filters, stopped: Stops) -> dict[str, object]:
    return {
        "now": view.now,
        "soon": view.now + view.soon,
        "now_at_most": view.now - stopped.longest,
        "soon_at_most": view.now + view.soon - stopped.longest,
        "stopped": list(stopped.scopes),
        "touched": list(stopped.touched),
        "everybody": not {"*", "!", "officer"}.isdisjoint(stopped.touched),
        "viewer": view.viewer,
        "agency": filters.agency,
        "submission": filters.submission,
        "code": filters.code,
    }


_STOPPED = "gate.stopped(w.handle, w.agency_line, w.received_at, %(now)s)"
_DUE = (
    "CASE WHEN %(everybody)s OR w.agency_line && %(touched)s::text[]"
    " OR w.handle IN (SELECT s.scope FROM gate.stop s WHERE s.scope ~ '^WG-')"
    f" THEN w.due_at + {_STOPPED} ELSE w.due_at END"
)
"""The date of a row with its stops; they are added up only where there can be any."""


def _clock(clock: Clock, stopped: Stops) -> str:
    """The condition of a clock: by the bare dates as far as they tell, exactly where they do not."""
    still = "TRUE" if stopped.everybody else "(w.state = 'held' OR w.agency_line && %(stopped)s::text[])"
    if "officer" in stopped.scopes and not stopped.everybody:
        still = f"({still} OR gate.stands_still(w.handle, w.agency_line))"
    if clock == "stopped":
        return f" AND {still}"
    runs = f" AND NOT {still}"
    if not stopped.longest:
        return (
            runs
            + {
                "late": " AND w.due_at < %(now)s",
                "soon": " AND w.due_at >= %(now)s AND w.due_at < %(soon)s",
                "in_time": " AND w.due_at >= %(soon)s",
            }[clock]
        )
    return (
        runs
        + {
            "late": f" AND w.due_at < %(now)s AND (w.due_at < %(now_at_most)s OR {_DUE} < %(now)s)",
            "soon": f" AND w.due_at >= %(now_at_most)s AND w.due_at < %(soon)s"
            f" AND {_DUE} >= %(now)s AND {_DUE} < %(soon)s",
            "in_time": f" AND w.due_at >= %(soon_at_most)s AND (w.due_at >= %(soon)s OR {_DUE} >= %(soon)s)",
        }[clock]
    )


_CLAIMS: dict[Claimed, str] = {
    "me": " AND w.claimed_by = %(viewer)s AND w.claimed_until > %(now)s",
    "others": " AND w.claimed_by IS NOT NULL AND w.claimed_by <> %(viewer)s AND w.claimed_until > %(now)s",
    "nobody": " AND (w.claimed_by IS NULL OR w.claimed_until <= %(now)s)",
}


def _conditions(filters: Filters, stopped: Stops) -> str:
    """The filters as SQL; the values are bound by `_words`."""
    found = ""
    if filters.agency is not None:
        found += " AND w.agency = %(agency)s"
    if filters.submission is not None:
        found += " AND w.submission = %(submission)s"
    if filters.code is not None:
        found += " AND k.code = %(code)s"
    if filters.clock is not None:
        found += _clock(filters.clock, stopped)
    if filters.claimed is not None:
        found += _CLAIMS[filters.claimed]
    if filters.referral is not None:
        found += " AND w.referral" if filters.referral else " AND NOT w.referral"
    if filters.dissent is not None:
        found += " AND w.dissents > 0" if filters.dissent else " AND w.dissents = 0"
    return found
