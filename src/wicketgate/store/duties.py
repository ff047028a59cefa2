"""Documents that agencies hand in about what they received, and the custodian's replies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from psycopg import errors
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from wicketgate.core.digest import Canonical
from wicketgate.core.identifiers import Handle
from wicketgate.store.acts import ActRefusedError
from wicketgate.store.database import Connection

_COLUMNS = (
    "document, agency, kind, handle, body, digest, submitted_by, submitted_at,"
    " outcome, words, counts_until, answered_by, answered_at"
)


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document on its way in; `key_id` and `jws` of one that is signed."""

    agency_line: Sequence[str]
    kind: str
    handle: Handle | None
    body: Mapping[str, Canonical] = field(repr=False)
    digest: str
    submitted_by: str
    items: Sequence[tuple[str, date]] = ()
    key_id: str | None = None
    jws: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Document:
    """A document with the reply, where there is one."""

    document: int
    agency: str
    kind: str
    handle: str | None
    body: Mapping[str, Any] = field(repr=False)
    digest: str
    submitted_by: str
    submitted_at: datetime
    outcome: str | None
    words: str | None
    counts_until: date | None
    answered_by: str | None
    answered_at: datetime | None


def submit(connection: Connection, new: NewDocument, at: datetime) -> int:
    """Keep a document, as `gate_portal`; returns its number."""
    row = connection.execute(
        "INSERT INTO gate.safeguard_document"
        " (agency, agency_line, kind, handle, body, digest, key_id, jws, submitted_by, submitted_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING document",
        [
            new.agency_line[0],
            list(new.agency_line),
            new.kind,
            None if new.handle is None else new.handle.text,
            Jsonb(dict(new.body)),
            new.digest,
            new.key_id,
            new.jws,
            new.submitted_by,
            at,
        ],
    ).fetchone()
    assert row is not None  # noqa: S101  # an INSERT … RETURNING has its row or raises
    number = int(row[0])
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO gate.safeguard_item (document, item, action, due_on) VALUES (%s, %s, %s, %s)",
            [(number, item, action, due) for item, (action, due) in enumerate(new.items, 1)],
        )
    return number


def reply(
    connection: Connection, document: int, outcome: str, words: str, until: date | None, by: str, at: datetime
) -> None:
    """Answer a document once, as `gate_oversee`. Raises `ActRefusedError`."""
    try:
        connection.execute(
            "INSERT INTO gate.safeguard_reply"
            " (document, outcome, words, counts_until, answered_by, answered_at)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            [document, outcome, words, until, by, at],
        )
    except errors.UniqueViolation:
        raise ActRefusedError(f"Document {document} has been answered already.") from None
    except errors.ForeignKeyViolation:
        raise ActRefusedError(f"There is no document {document}.") from None
    except errors.CheckViolation as error:
        raise ActRefusedError(error.diag.message_primary or "The reply is not complete.") from None


def documents(
    connection: Connection,
    *,
    kind: str | None = None,
    before: int | None = None,
    open_only: bool = False,
    most: int,
) -> list[Document]:
    """The newest documents that the reader may see, the newest first."""
    with connection.cursor(row_factory=class_row(Document)) as cursor:
        return cursor.execute(
            f"SELECT {_COLUMNS} FROM gate.safeguard_document LEFT JOIN gate.safeguard_reply USING (document)"
            " WHERE (%(kind)s::text IS NULL OR kind = %(kind)s)"
            " AND (%(before)s::bigint IS NULL OR document < %(before)s)"
            " AND (NOT %(open)s OR outcome IS NULL) ORDER BY document DESC LIMIT %(most)s".encode(),
            {"kind": kind, "before": before, "open": open_only, "most": most},
        ).fetchall()


def document(connection: Connection, number: int) -> Document | None:
    """One document that the reader may see."""
    with connection.cursor(row_factory=class_row(Document)) as cursor:
        return cursor.execute(
            f"SELECT {_COLUMNS} FROM gate.safeguard_document LEFT JOIN gate.safeguard_reply USING (document)"
            " WHERE document = %s".encode(),
            [number],
        ).fetchone()


def items(connection: Connection, number: int) -> list[tuple[str, date]]:
    """What a corrective plan promises, each with its day."""
    cursor = connection.execute(
        "SELECT action, due_on FROM gate.safeguard_item WHERE document = %s ORDER BY item", [number]
    )
    return [(action, due) for action, due in cursor]


class OpenFinding(NamedTuple):
    """What a review found wanting at an agency, as the agency reads it."""

    number: int
    agency: str
    finding: str
    plan_due_on: date


def open_findings(connection: Connection) -> list[OpenFinding]:
    """The open findings about the agency and its components, the oldest first, as `gate_agency`."""
    rows = connection.execute(
        "SELECT number, agency, finding, plan_due_on FROM gate.safeguard_finding"
        " WHERE closed_at IS NULL ORDER BY number"
    )
    return [OpenFinding(*row) for row in rows]


def acknowledged_notices(connection: Connection) -> dict[str, date]:
    """Since when each agency's notice of automated analysis is acknowledged, as `gate_intake`."""
    return dict(
        connection.execute("SELECT agency, acknowledged_on FROM gate.acknowledged_notices()").fetchall()
    )


def acknowledge(
    connection: Connection, handle: Handle, digest: str, officer: str, by: str, at: datetime
) -> bool:
    """Keep an officer's word that a package came, as `gate_portal`; False when it is kept already.

    Raises `ActRefusedError` for another package than the one that this officer picked up.
    """
    try:
        done = connection.execute(
            "INSERT INTO gate.acknowledgement (handle, digest, officer, by, at) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [handle.text, digest, officer, by, at],
        )
    except (errors.CheckViolation, errors.ForeignKeyViolation):
        raise ActRefusedError(f"This is not the package of {handle} that you picked up.") from None
    return done.rowcount == 1


def acknowledged(connection: Connection, handles: Iterable[str]) -> dict[str, datetime]:
    """When officers acknowledged these packages, for those that they did, as `gate_agency`."""
    rows = connection.execute(
        "SELECT handle, at FROM gate.acknowledgement WHERE handle = ANY (%s)", [list(handles)]
    )
    return dict(rows.fetchall())
