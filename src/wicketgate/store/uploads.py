"""Files that agencies sent through the server: one row each, from arrival to the last determination."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, LiteralString

from psycopg import errors
from psycopg.rows import class_row

from wicketgate.store.database import Connection

_LOCKS = 0x57475550
"""Beside an upload's number: the advisory lock of whoever reads or finishes it."""


class KnownUploadError(Exception):
    """The agency sent the same bytes before."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it was sent, and how far it is."""

    upload: int
    name: str
    digest: str
    bytes: int
    agency: str
    sent_by: str
    sent_at: datetime
    state: str
    """``waiting``, ``ready``, ``done``, ``cancelled`` or ``unreadable``."""
    paused: bool
    rows: int | None
    submission: int | None
    summary: Mapping[str, Any] | None
    problem: str | None = field(repr=False)

    @property
    def job(self) -> str:
        """The name of its chunks."""
        return job_of(self.upload)

    @property
    def is_open(self) -> bool:
        """True while there is work left."""
        return self.state in ("waiting", "ready")


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that could be read and was not received."""

    row: int
    line: int
    field: str
    problem: str


_COLUMNS: LiteralString = (
    "upload, name, digest, bytes, agency, sent_by, sent_at, state, paused, rows, submission, summary, problem"
)


def job_of(upload: int) -> str:
    """The name of an upload's chunks."""
    return f"upload {upload}"


def take(
    connection: Connection, *, name: str, digest: str, size: int, agency: str, sent_by: str, at: datetime
) -> int:
    """Put a file on record, as `gate_intake`. Raises `KnownUploadError` when the agency sent it before."""
    try:
        with connection.transaction():
            row = connection.execute(
                "INSERT INTO gate.upload (name, digest, bytes, agency, sent_by, sent_at)"
                " VALUES (%s, %s, %s, %s, %s, %s) RETURNING upload",
                [name, digest, size, agency, sent_by, at],
            ).fetchone()
    except errors.UniqueViolation:
        raise KnownUploadError from None
    assert row is not None  # noqa: S101  # an INSERT … RETURNING has its row or raises
    return int(row[0])


def known(connection: Connection, agency: str, digest: str) -> Upload | None:
    """The agency's upload of these bytes that stands."""
    standing: LiteralString = "agency = %s AND digest = %s AND state NOT IN ('cancelled', 'unreadable')"
    return _one(connection, standing, agency, digest)


def get(connection: Connection, upload: int) -> Upload | None:
    """One upload, or None when there is none for this reader."""
    return _one(connection, "upload = %s", upload)


def of_submission(connection: Connection, submission: int) -> Upload | None:
    """The upload that became a submission; None where it came another way."""
    return _one(connection, "submission = %s", submission)


def newest(connection: Connection, agency: str, most: int) -> list[Upload]:
    """The agency's latest uploads."""
    return _many(connection, "agency = %s ORDER BY upload DESC LIMIT %s", agency, most)


def open_ones(connection: Connection) -> list[Upload]:
    """What is to be worked on, the oldest first."""
    return _many(connection, "state IN ('waiting', 'ready') AND NOT paused ORDER BY upload")


def unfinished(connection: Connection) -> list[Upload]:
    """Those that were cancelled on the way and whose submission is not closed yet."""
    where: LiteralString = (
        "state = 'cancelled' AND EXISTS (SELECT FROM gate.submission s"
        " WHERE s.submission = upload.submission AND s.requests IS NULL) ORDER BY upload"
    )
    return _many(connection, where)


def lately_over(connection: Connection) -> list[Upload]:
    """The newest whose submission is closed."""
    where: LiteralString = (
        "state IN ('done', 'cancelled') AND EXISTS (SELECT FROM gate.submission s"
        " WHERE s.submission = upload.submission AND s.requests IS NOT NULL) ORDER BY upload DESC LIMIT 20"
    )
    return _many(connection, where)


def hold(connection: Connection, upload: int) -> bool:
    """Be the only one who reads or finishes it, until this connection ends; False where somebody else is."""
    row = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCKS, upload]).fetchone()
    return row is not None and row[0] is True


def let_go(connection: Connection, upload: int) -> None:
    """Give back what `hold` took."""
    connection.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCKS, upload])


def tell_rows(connection: Connection, upload: int, rows: int) -> None:
    """Say how many rows were read so far."""
    connection.execute("UPDATE gate.upload SET rows = %s WHERE upload = %s", [rows, upload])


def begin(
    connection: Connection, upload: int, submission: int, rows: int, summary: Mapping[str, object]
) -> bool:
    """Its chunks are planned, in the caller's transaction; False when it was cancelled meanwhile."""
    done = connection.execute(
        "UPDATE gate.upload SET state = 'ready', submission = %s, rows = %s, summary = %s, problem = NULL"
        " WHERE upload = %s AND state = 'waiting'",
        [submission, rows, json.dumps(summary), upload],
    )
    return done.rowcount == 1


def end(connection: Connection, upload: int, state: str, problem: str | None = None) -> bool:
    """It is done, or cannot be read; False when it was over already."""
    done = connection.execute(
        "UPDATE gate.upload SET state = %s, problem = %s WHERE upload = %s AND state IN ('waiting', 'ready')",
        [state, problem, upload],
    )
    return done.rowcount == 1


def complain(connection: Connection, upload: int, problem: str | None) -> None:
    """Say why it stands still; None when it no longer does."""
    connection.execute(
        "UPDATE gate.upload SET problem = %s WHERE upload = %s AND problem IS DISTINCT FROM %s",
        [problem, upload, problem],
    )


def steer(
    connection: Connection,
    upload: int,
    actor: str,
    at: datetime,
    *,
    paused: bool | None = None,
    cancel: bool = False,
) -> bool:
    """Pause, go on or cancel; False when it is over. Waits for the chunk at hand and for nothing else."""
    done = connection.execute(
        "UPDATE gate.upload SET paused = coalesce(%s, paused),"
        " state = CASE WHEN %s THEN 'cancelled' ELSE state END,"
        " changed_by = %s, changed_at = %s WHERE upload = %s AND state IN ('waiting', 'ready')",
        [paused, cancel, actor, at, upload],
    )
    return done.rowcount == 1


def may_go_on(connection: Connection, upload: int) -> bool:
    """True for a chunk that begins now: it holds the upload, so that who stops it waits for this chunk."""
    row = connection.execute(
        "SELECT state = 'ready' AND NOT paused FROM gate.upload WHERE upload = %s FOR SHARE", [upload]
    ).fetchone()
    return row is not None and row[0] is True


def refuse_rows(connection: Connection, upload: int, rows: Sequence[RefusedRow]) -> None:
    """Put rows on record that are not received, in the chunk's transaction."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO gate.upload_refusal (upload, row, line, field, problem) VALUES (%s, %s, %s, %s, %s)",
            [(upload, each.row, each.line, each.field, each.problem) for each in rows],
        )


def refused_rows(connection: Connection, upload: int) -> Iterator[RefusedRow]:
    """Those rows, in order."""
    cursor = connection.execute(
        "SELECT row, line, field, problem FROM gate.upload_refusal WHERE upload = %s ORDER BY row", [upload]
    )
    for row in cursor:
        yield RefusedRow(*row)


def determined(connection: Connection, submission: int) -> dict[str, int]:
    """How many requests of a submission were determined how so far, as `gate_audit`."""
    cursor = connection.execute(
        "SELECT determination, count(*) FROM gate.request WHERE submission = %s AND version > 0 GROUP BY 1",
        [submission],
    )
    return {str(found): int(number) for found, number in cursor if found is not None}


def results(connection: Connection, submission: int) -> Iterator[tuple[int, str, str, str, str]]:
    """(row, request_id, handle, determination, findings) of every request in row order, as `gate_audit`."""
    with connection.cursor(name="results") as cursor:
        cursor.itersize = 5_000
        cursor.execute(
            "SELECT row, request_id, handle, coalesce(determination, ''), array_to_string(findings, ';')"
            " FROM gate.request WHERE submission = %s ORDER BY row",
            [submission],
        )
        yield from cursor


def _one(connection: Connection, where: LiteralString, *values: object) -> Upload | None:
    found = _many(connection, where + " LIMIT 1", *values)
    return found[0] if found else None


def _many(connection: Connection, where: LiteralString, *values: object) -> list[Upload]:
    with connection.cursor(row_factory=class_row(Upload)) as cursor:
        return cursor.execute(f"SELECT {_COLUMNS} FROM gate.upload WHERE {where}", values).fetchall()
