"""Holds, and lists of requests whose retention is over: proposed by one person, confirmed by another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import LiteralString, NamedTuple

from psycopg import errors
from psycopg.rows import class_row

from wicketgate.core.identifiers import Handle
from wicketgate.store.acts import ActRefusedError
from wicketgate.store.database import Connection
from wicketgate.store.log import Recorded


@dataclass(frozen=True, slots=True)
class Scope:
    """What a hold keeps: a request, an agency with its components, a submission, or with none everything."""

    handle: Handle | None = None
    agency: str | None = None
    submission: int | None = None

    def __str__(self) -> str:
        if self.handle is not None:
            return str(self.handle)
        if self.submission is not None:
            return f"submission {self.submission}"
        return self.agency or "everything"


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold, and who lifted it."""

    number: int
    scope: Scope
    matter: str = field(repr=False)
    placed_by: str
    placed_at: datetime
    lifted_by: str | None
    lifted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Disposition:
    """A list of requests to be expunged, and how far it came."""

    number: int
    schedule: str
    authority: str
    before: date
    requests: int
    list_digest: str
    reasons: str = field(repr=False)
    proposed_by: str
    proposed_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    carried_out_at: datetime | None

    @property
    def state(self) -> str:
        """How far it came: ``proposed``, ``withdrawn``, ``confirmed`` or ``carried_out``."""
        if self.carried_out_at is not None:
            return "carried_out"
        if self.confirmed_at is not None:
            return "confirmed"
        return "proposed" if self.withdrawn_at is None else "withdrawn"

    @property
    def waits(self) -> bool:
        """True while it waits for its second person."""
        return self.state == "proposed"


class Due(NamedTuple):
    """Requests whose retention is over, and those of them that a hold keeps."""

    due: int
    held: int


def count_due(connection: Connection, states: Sequence[str], before: date) -> Due:
    """How many requests in these states had their last act before that day, as `gate_audit`."""
    row = connection.execute(
        "SELECT due, held FROM gate.count_due(%s, %s)", [list(states), before]
    ).fetchone()
    return Due(*row) if row else Due(0, 0)


def place_hold(connection: Connection, scope: Scope, matter: str, actor: str, at: datetime) -> int:
    """Place a hold, as `gate_oversee`; returns its number. Raises `ActRefusedError`."""
    handle = None if scope.handle is None else scope.handle.text
    try:
        row = connection.execute(
            "SELECT gate.place_hold(%s, %s, %s, %s, %s, %s)",
            [handle, scope.agency, scope.submission, matter, actor, at],
        ).fetchone()
    except errors.ForeignKeyViolation:
        raise ActRefusedError(f"There is nothing to hold: the gate does not know {scope}.") from None
    return int(row[0]) if row else 0


def lift_hold(connection: Connection, number: int, actor: str, at: datetime) -> bool:
    """Lift a hold, as `gate_oversee`; False when there is none that holds."""
    done = connection.execute(
        "UPDATE gate.hold SET lifted_by = %s, lifted_at = %s WHERE number = %s AND lifted_at IS NULL",
        [actor, at, number],
    )
    return done.rowcount == 1


def holds(connection: Connection) -> list[Hold]:
    """Every hold, in order."""
    cursor = connection.execute(
        "SELECT number, handle, agency, submission, matter, placed_by, placed_at, lifted_by, lifted_at"
        " FROM gate.hold ORDER BY number"
    )
    return [
        Hold(number, Scope(Handle(handle) if handle else None, agency, submission), *rest)
        for number, handle, agency, submission, *rest in cursor
    ]


def propose(
    connection: Connection,
    *,
    schedule: str,
    authority: str,
    states: Sequence[str],
    before: date,
    reasons: str,
    most: int,
    actor: str,
    at: datetime,
) -> int | None:
    """Put the oldest requests that are over on a list, as `gate_oversee`; None when there are none."""
    row = connection.execute(
        "SELECT gate.propose_disposition(%s, %s, %s, %s, %s, %s, %s, %s)",
        [schedule, authority, list(states), before, reasons, most, actor, at],
    ).fetchone()
    return None if row is None or row[0] is None else int(row[0])


def confirm(connection: Connection, number: int, actor: str, at: datetime) -> None:
    """Confirm a list as another person, as `gate_oversee`; raises `ActRefusedError`."""
    try:
        connection.execute("SELECT gate.confirm_disposition(%s, %s, %s)", [number, actor, at])
    except errors.IntegrityError as error:
        raise ActRefusedError(error.diag.message_primary or "The database refused.") from None


def held(connection: Connection, number: int) -> int:
    """How many requests of a list a hold keeps, as `gate_oversee`; until the transaction ends it stays so."""
    row = connection.execute("SELECT gate.count_held(%s)", [number]).fetchone()
    assert row is not None  # noqa: S101  # a SELECT of one value has its row or raises
    return int(row[0])


def withdraw(connection: Connection, number: int, actor: str, at: datetime) -> bool:
    """Give a list up before anybody confirmed it, as `gate_oversee`; False when none waits."""
    done = connection.execute(
        "UPDATE gate.disposition SET withdrawn_by = %s, withdrawn_at = %s"
        " WHERE number = %s AND withdrawn_at IS NULL AND confirmed_at IS NULL",
        [actor, at, number],
    )
    return done.rowcount == 1


def forget(connection: Connection, number: int, at: datetime) -> None:
    """Delete what the destroyed keys do not reach and note that the list was carried out."""
    connection.execute("SELECT gate.forget(%s, %s)", [number, at])


_COLUMNS: LiteralString = (
    "number, schedule, authority, before, requests, list_digest, reasons, proposed_by, proposed_at,"
    " confirmed_by, confirmed_at, withdrawn_by, withdrawn_at, carried_out_at"
)


def dispositions(connection: Connection) -> list[Disposition]:
    """Every list, in order."""
    with connection.cursor(row_factory=class_row(Disposition)) as cursor:
        return cursor.execute(f"SELECT {_COLUMNS} FROM gate.disposition ORDER BY number").fetchall()


def disposition(connection: Connection, number: int) -> Disposition | None:
    """One list."""
    with connection.cursor(row_factory=class_row(Disposition)) as cursor:
        return cursor.execute(
            f"SELECT {_COLUMNS} FROM gate.disposition WHERE number = %s", [number]
        ).fetchone()


def listed(connection: Connection, number: int) -> list[Handle]:
    """The requests on a list."""
    cursor = connection.execute(
        "SELECT handle FROM gate.disposed WHERE disposition = %s ORDER BY handle", [number]
    )
    return [Handle(handle) for (handle,) in cursor]


def confirmation(connection: Connection, number: int) -> Recorded | None:
    """The entry of the log that confirms a list, as `gate_audit`."""
    row = connection.execute(
        "SELECT idx, kind, at, leaf, body, nonces FROM log.entry WHERE kind = 'disposition'"
        " AND body ->> 'number' = %s::text AND body ->> 'act' = 'confirm' ORDER BY idx DESC LIMIT 1",
        [number],
    ).fetchone()
    return Recorded(*row) if row else None


def first_entries(connection: Connection, handles: Sequence[Handle]) -> list[int]:
    """The first entry of the log about each request, as `gate_audit`."""
    cursor = connection.execute(
        "SELECT min(idx) FROM log.entry WHERE handle = ANY (%s) GROUP BY handle ORDER BY 1",
        [[handle.text for handle in handles]],
    )
    return [int(index) for (index,) in cursor]
