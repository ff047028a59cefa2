"""What one agency may read, as `gate_agency`: policies of the database leave out everything else."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from psycopg.rows import class_row

from wicketgate.core.identifiers import Handle
from wicketgate.core.request import Request
from wicketgate.store import requests
from wicketgate.store.database import Connection

STATUSES = (
    *("in_progress", "withdrawn", "deficient", "no_disclosure", "suspended"),
    *("disclosed", "picked_up", "expired", "recall_noticed", "recalled"),
)
"""Where a request stands as its agency may know it."""
_COLUMNS = (
    "handle, submission, row, request_id, agency_line, received_at, due_at, withdrawn_at, answered_at,"
    " answer, key_id, package_digest, expires_at, picked_up_at, noticed_at, certificate_due_at, certified_at,"
    " status"
)


@dataclass(frozen=True, slots=True)
class Outward:
    """One request as its agency may know it."""

    handle: str
    submission: int
    row: int
    request_id: str = field(repr=False)
    agency_line: Sequence[str]
    received_at: datetime
    due_at: datetime
    """Before any stop of the clock."""
    withdrawn_at: datetime | None
    answered_at: datetime | None
    answer: str | None = field(repr=False)
    """Exactly what was sent, once it has left."""
    key_id: str | None
    package_digest: str | None
    expires_at: datetime | None
    picked_up_at: datetime | None
    noticed_at: datetime | None
    certificate_due_at: datetime | None
    certified_at: datetime | None
    status: str

    @property
    def told(self) -> Mapping[str, Any]:
        """The answer that has left; empty before."""
        found = json.loads(self.answer) if self.answer else {}
        return found if isinstance(found, dict) else {}


class Key(NamedTuple):
    """Where a page of a list goes on: newest submission first, then by row."""

    submission: int
    row: int


@dataclass(frozen=True, slots=True)
class SubmissionSeen:
    """A submission that holds requests of the agency."""

    submission: int
    name: str
    digest: str
    authority: str
    authority_digest: str
    as_of: date
    received_at: datetime


def enter(connection: Connection, agency: str, codes: Sequence[str]) -> None:
    """Say for the rest of the transaction whose requests may be read: the agency's, its components' too."""
    connection.execute(
        "SELECT set_config('gate.agency', %s, true), set_config('gate.codes', %s, true)",
        [agency, ",".join(codes)],
    )


_AFTER = " AND (submission < %(submission)s OR (submission = %(submission)s AND row > %(row)s))"


def page(
    connection: Connection,
    *,
    after: Key | None,
    submission: int | None,
    most: int,
) -> list[Outward]:
    """The next requests in order, at most `most`, read from the index of each of the agency's codes."""
    asked = {"most": most, "only": submission}
    if after is not None:
        asked |= after._asdict()
    one = " AND submission = %(only)s" if submission is not None else ""
    with connection.cursor(row_factory=class_row(Outward)) as cursor:
        return cursor.execute(
            f"""WITH found AS (
                SELECT one.* FROM unnest(gate.the_codes()) AS code, LATERAL (
                    SELECT handle, submission, row FROM gate.request
                    WHERE agency_line[1] = code{one}{_AFTER if after else ""}
                    ORDER BY submission DESC, row LIMIT %(most)s
                ) AS one ORDER BY submission DESC, row LIMIT %(most)s
            )
            SELECT {_COLUMNS} FROM found JOIN gate.outward USING (handle, submission, row)
            ORDER BY submission DESC, row""".encode(),
            asked,
        ).fetchall()


def one(connection: Connection, handle: Handle) -> Outward | None:
    """One request of the agency; None for any other, whether or not there is one."""
    with connection.cursor(row_factory=class_row(Outward)) as cursor:
        return cursor.execute(
            f"SELECT {_COLUMNS} FROM gate.outward WHERE handle = %s".encode(), [handle.text]
        ).fetchone()


def written(connection: Connection, handle: Handle) -> Request | None:
    """What the agency wrote; None for another agency's request, and for one that was expunged."""
    row = connection.execute("SELECT body FROM gate.request WHERE handle = %s", [handle.text]).fetchone()
    (body,) = (None,) if row is None else requests.opened(connection, [(handle, row[0])])
    return None if body is None else Request.from_mapping(body)


def stopped(connection: Connection, line: Sequence[str], since: datetime, now: datetime) -> float:
    """Seconds that a clock stood still by orders."""
    row = connection.execute(
        "SELECT extract(epoch FROM gate.stopped_by_orders(%s, %s, %s))", [list(line), since, now]
    ).fetchone()
    return 0.0 if row is None else float(row[0])


def submissions(connection: Connection, *, before: int | None, most: int) -> list[SubmissionSeen]:
    """The newest submissions that hold requests of the agency, by a loose scan of the index."""
    with connection.cursor(row_factory=class_row(SubmissionSeen)) as cursor:
        return cursor.execute(
            """WITH RECURSIVE found AS (
                SELECT (SELECT max(newest.submission) FROM unnest(gate.the_codes()) AS code, LATERAL (
                    SELECT r.submission FROM gate.request r
                    WHERE r.agency_line[1] = code
                        AND (%(before)s::bigint IS NULL OR r.submission < %(before)s)
                    ORDER BY r.submission DESC, r.row LIMIT 1) AS newest) AS submission, 1 AS n
                UNION ALL
                SELECT (SELECT max(newest.submission) FROM unnest(gate.the_codes()) AS code, LATERAL (
                    SELECT r.submission FROM gate.request r
                    WHERE r.agency_line[1] = code AND r.submission < found.submission
                    ORDER BY r.submission DESC, r.row LIMIT 1) AS newest), n + 1
                FROM found WHERE found.submission IS NOT NULL AND n < %(most)s
            )
            SELECT s.submission, s.name, s.digest, s.authority, s.authority_digest, s.as_of, s.received_at
            FROM found JOIN gate.submission s USING (submission) ORDER BY s.submission DESC""",
            {"before": before, "most": most},
        ).fetchall()


def submission(connection: Connection, number: int) -> SubmissionSeen | None:
    """One submission that holds requests of the agency; None for any other."""
    with connection.cursor(row_factory=class_row(SubmissionSeen)) as cursor:
        return cursor.execute(
            "SELECT submission, name, digest, authority, authority_digest, as_of, received_at"
            " FROM gate.submission WHERE submission = %s",
            [number],
        ).fetchone()


def counts(connection: Connection, number: int) -> dict[str, int]:
    """How many of the agency's requests in a submission stand where."""
    cursor = connection.execute(
        "SELECT status, count(*) FROM gate.outward WHERE submission = %s GROUP BY status", [number]
    )
    return dict(cursor.fetchall())


def elements(connection: Connection, number: int) -> list[tuple[dict[str, str], int]]:
    """Each finding that the agency was told of in a submission, and how often; the most frequent first."""
    cursor = connection.execute(
        "SELECT finding, count(*) AS n FROM gate.outward o,"
        " jsonb_array_elements(o.answer::jsonb -> 'findings') AS finding"
        " WHERE o.submission = %s GROUP BY finding ORDER BY n DESC, finding ->> 'code'",
        [number],
    )
    return [(finding, n) for finding, n in cursor]


_WAITS = "o.status = 'disclosed'"
"""Of a package: it can be picked up."""


class Turn(NamedTuple):
    """Where a page of an officer's packages goes on: those that wait first, then as `Key` says."""

    waits: bool
    submission: int
    row: int


def sealed_to(connection: Connection, officer: str, *, after: Turn | None, most: int) -> list[Outward]:
    """The next packages that were sealed to an officer, at most `most`."""
    waits, submission, row = after or Turn(True, 0, 0)
    with connection.cursor(row_factory=class_row(Outward)) as cursor:
        return cursor.execute(
            f"SELECT {', '.join('o.' + name for name in _COLUMNS.split(', '))} FROM gate.recipient_key k"
            " JOIN gate.outward o ON o.key_id = k.key_id WHERE k.officer = %s"
            f" AND (%s OR (({_WAITS})::integer, o.submission, -o.row) < (%s, %s, %s))"
            f" ORDER BY {_WAITS} DESC, o.submission DESC, o.row LIMIT %s".encode(),
            [officer, after is None, int(waits), submission, -row, most],
        ).fetchall()


def count_waiting(connection: Connection, officer: str) -> int:
    """How many packages wait for an officer."""
    row = connection.execute(
        "SELECT count(*) FROM gate.recipient_key k JOIN gate.outward o ON o.key_id = k.key_id"
        f" WHERE k.officer = %s AND {_WAITS}".encode(),
        [officer],
    ).fetchone()
    return 0 if row is None else int(row[0])


def officer_of(connection: Connection, key_id: str) -> str | None:
    """Whose a recipient's key is; None where it is none of the agency's."""
    row = connection.execute("SELECT officer FROM gate.recipient_key WHERE key_id = %s", [key_id]).fetchone()
    return None if row is None else str(row[0])


def newest_key(connection: Connection, officer: str) -> str | None:
    """The newest key of an officer of the agency that is confirmed and not revoked."""
    row = connection.execute(
        "SELECT key_id FROM gate.recipient_key"
        " WHERE officer = %s AND confirmed_at IS NOT NULL AND revoked_at IS NULL"
        " ORDER BY registered_at DESC, key_id LIMIT 1",
        [officer],
    ).fetchone()
    return None if row is None else str(row[0])


def noticed(connection: Connection, *, after: Key | None, most: int) -> list[Outward]:
    """The next disclosures that were called back after their pick-up, at most `most`; see `page`."""
    asked = {"most": most} | ({} if after is None else after._asdict())
    with connection.cursor(row_factory=class_row(Outward)) as cursor:
        return cursor.execute(
            f"SELECT {_COLUMNS} FROM gate.outward WHERE noticed_at IS NOT NULL{_AFTER if after else ''}"
            " ORDER BY submission DESC, row LIMIT %(most)s".encode(),
            asked,
        ).fetchall()
