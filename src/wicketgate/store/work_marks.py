"""What people say beside their acts: declarations, dissents, the points an act is about, exercises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from psycopg import errors

from wicketgate.core.actor import Actor
from wicketgate.core.identifiers import Handle
from wicketgate.store.acts import ActRefusedError
from wicketgate.store.database import Connection
from wicketgate.store.vault import open_words, seal_words

_POINT = "reasons of a point"
EXERCISE = "reasons of an exercise"
_DECLARATION = "reasons of a declaration"
DISSENT = "a dissent"
ANSWER = "an answer to a dissent"


@dataclass(frozen=True, slots=True)
class Point:
    """One element that an act was about, with the person's reasons."""

    handle: Handle
    code: str
    actor: str
    reasons: str = field(repr=False)


def add_points(
    connection: Connection, handle: Handle, version: int, points: Sequence[tuple[str, str]]
) -> None:
    """Put the elements (code, reasons) of the act that made `version` on record, as `gate_review`."""
    sealed = seal_words(connection.vault, _POINT, [(handle, reasons) for _, reasons in points])
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO gate.point (handle, version, code, reasons) VALUES (%s, %s, %s, %s)",
            [(handle.text, version, code, said) for (code, _), said in zip(points, sealed, strict=True)],
        )


def resolved(connection: Connection, handles: Sequence[Handle]) -> list[Point]:
    """What counsel resolved since each request last began."""
    cursor = connection.execute(
        "SELECT p.handle, p.code, a.actor, p.reasons"
        " FROM gate.point p JOIN gate.act a USING (handle, version)"
        " WHERE p.handle = ANY (%s) AND a.act = 'resolve referral' AND a.version > coalesce("
        "(SELECT max(b.version) FROM gate.act b WHERE b.handle = p.handle AND b.act = 'resume'), 0)"
        " ORDER BY p.handle, p.version, p.code",
        [_texts(handles)],
    )
    return _points(connection, cursor.fetchall())


def referred(connection: Connection, handle: Handle) -> list[Point]:
    """What an examiner referred since counsel last resolved something or the request last began."""
    cursor = connection.execute(
        "SELECT p.handle, p.code, a.actor, p.reasons"
        " FROM gate.point p JOIN gate.act a USING (handle, version)"
        " WHERE p.handle = %s AND a.act = 'refer' AND a.version > coalesce((SELECT max(b.version)"
        " FROM gate.act b WHERE b.handle = p.handle AND b.act IN ('resolve referral', 'resume')), 0)"
        " ORDER BY p.code",
        [handle.text],
    )
    return _points(connection, cursor.fetchall())


def open_points(connection: Connection, said: Sequence[tuple[Handle, str]]) -> list[str]:
    """The reasons of points as they were given."""
    return [str(text) for text in open_words(connection.vault, _POINT, said)]


def _points(connection: Connection, rows: Sequence[tuple[str, str, str, str]]) -> list[Point]:
    said = open_points(connection, [(Handle(row[0]), row[3]) for row in rows])
    return [Point(Handle(row[0]), row[1], row[2], text) for row, text in zip(rows, said, strict=True)]


def exercises(connection: Connection, handles: Sequence[Handle]) -> frozenset[Handle]:
    """Those of the requests that were planted to be refused."""
    return _named(connection, "SELECT gate.exercises(%s)", handles)


def withheld(connection: Connection, handles: Sequence[Handle]) -> frozenset[Handle]:
    """Those that must not be released: exercises, and late dissents without an answer, as `gate_release`."""
    return _named(connection, "SELECT gate.withheld(%s)", handles)


def plant(
    connection: Connection, handle: Handle, inspector: Actor, reasons: str, among: int | None, at: datetime
) -> None:
    """Mark a new request as an exercise, as `gate_intake`, in the transaction that stores it.

    `among` is the submission in which officers see it; None leaves it in its own.
    """
    sealed = seal_words(connection.vault, EXERCISE, [(handle, reasons)])
    connection.execute(
        "INSERT INTO gate.exercise (handle, inspector, reasons, among, at) VALUES (%s, %s, %s, %s, %s)",
        [handle.text, inspector.handle, *sealed, among, at],
    )


def declare(
    connection: Connection, handle: Handle, actor: Actor, conflict: bool, reasons: str | None, at: datetime
) -> None:
    """Record "no conflict" or a recusal; raises `ActRefusedError`."""
    [sealed] = seal_words(connection.vault, _DECLARATION, [(handle, reasons)])
    _insert(
        connection,
        "INSERT INTO gate.declaration (handle, actor, role, conflict, reasons, at)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        [handle.text, actor.handle, actor.role.value, conflict, sealed, at],
    )


@dataclass(frozen=True, slots=True)
class Declared:
    """What one person declared about one request."""

    nothing: bool
    """True when nothing was declared."""
    recused: bool


def declared(connection: Connection, handle: Handle, actor: Actor) -> Declared:
    """What `actor` has declared; a recusal is for good."""
    row = connection.execute(
        "SELECT count(*) = 0, coalesce(bool_or(conflict), false) FROM gate.declaration"
        " WHERE handle = %s AND actor = %s",
        [handle.text, actor.handle],
    ).fetchone()
    return Declared(*row) if row else Declared(True, False)


def dissent(
    connection: Connection,
    handle: Handle,
    actor: Actor,
    statement: str,
    digest: str,
    signature: str,
    at: datetime,
) -> int:
    """Attach an objection for ever; returns its number. Raises `ActRefusedError`."""
    [sealed] = seal_words(connection.vault, DISSENT, [(handle, statement)])
    row = _insert(
        connection,
        "INSERT INTO gate.dissent (handle, version, actor, role, statement, digest, signature, at)"
        " VALUES (%s, 0, %s, %s, %s, %s, %s, %s) RETURNING id",
        [handle.text, actor.handle, actor.role.value, sealed, digest, signature, at],
    )
    return int(str(row[0])) if row else 0


def answer_dissent(
    connection: Connection, number: int, handle: Handle, actor: Actor, reasons: str, at: datetime
) -> None:
    """Record why the disclosure proceeds against a dissent; raises `ActRefusedError`."""
    [sealed] = seal_words(connection.vault, ANSWER, [(handle, reasons)])
    _insert(
        connection,
        "INSERT INTO gate.dissent_answer (dissent, handle, actor, role, reasons, at)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        [number, handle.text, actor.handle, actor.role.value, sealed, at],
    )


def dissents(connection: Connection, handle: Handle) -> dict[int, str]:
    """The digests of the dissents on a request, by number."""
    return dict(
        connection.execute(
            "SELECT id, digest FROM gate.dissent WHERE handle = %s ORDER BY id", [handle.text]
        ).fetchall()
    )


def _insert(connection: Connection, statement: str, values: list[object]) -> tuple[object, ...] | None:
    try:
        cursor = connection.execute(statement.encode(), values)
    except (errors.IntegrityError, errors.InsufficientPrivilege) as error:
        raise ActRefusedError(error.diag.message_primary or "The database refused.") from None
    return cursor.fetchone() if cursor.description else None


def _named(connection: Connection, statement: str, handles: Sequence[Handle]) -> frozenset[Handle]:
    if not handles:
        return frozenset()
    return frozenset(Handle(h) for (h,) in connection.execute(statement.encode(), [_texts(handles)]))


def _texts(handles: Sequence[Handle]) -> list[str]:
    return [handle.text for handle in handles]
