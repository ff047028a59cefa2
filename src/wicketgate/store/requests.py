"""Submissions and their requests: written once in bulk, read by state."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, LiteralString

from psycopg.rows import class_row

from wicketgate.core.facts import Facts
from wicketgate.core.finding import Determination
from wicketgate.core.identifiers import Handle
from wicketgate.core.request import Request
from wicketgate.core.states import INITIAL, State
from wicketgate.store.database import Connection

_BODY, _FACTS = "request", "facts"
"""What the two sealed columns of a request are."""
_SEPARATOR = "\x1f"  # between the parts of a list, on its way into an array of arrays


@dataclass(frozen=True, slots=True)
class Submission:
    """A file of requests as it was received."""

    submission: int
    name: str
    digest: str
    authority: str
    authority_digest: str
    as_of: date
    received_at: datetime
    requests: int | None
    """How many there are; None until all of them are in."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What the review found about one request, to be stored beside it."""

    facts: Facts = field(repr=False)
    determination: Determination
    findings: tuple[str, ...]
    """Codes of defects and referrals."""
    authority_digest: str
    """The version that was applied; it is known (`versions.know`) before anything is determined under it."""
    on: date


@dataclass(frozen=True, slots=True)
class NewRequest:
    """One request on its way in."""

    handle: Handle
    row: int
    request: Request
    agency_line: tuple[str, ...]
    """The agency's code and its parents'; empty for an unknown agency, which nothing is disclosed to."""
    reviewed: Reviewed
    officer_scopes: Sequence[str]
    """By what orders may call its officers."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one request stands, without what it says."""

    handle: Handle
    row: int
    request_id: str
    state: State
    version: int


@dataclass(frozen=True, slots=True)
class StoredRequest:
    """One request with everything that the gate keeps about it."""

    standing: Standing
    submission: int
    request: Request
    agency_line: tuple[str, ...]
    facts: Facts = field(repr=False)
    determination: Determination | None
    findings: tuple[str, ...]
    authority_digest: str | None
    determined_on: date | None
    received_at: datetime


def open_submission(
    connection: Connection,
    *,
    name: str,
    digest: str,
    authority: str,
    authority_digest: str,
    as_of: date,
    at: datetime,
) -> Submission:
    """Record that a submission has arrived, as `gate_intake`; `digest` is of the bytes received."""
    row = connection.execute(
        "INSERT INTO gate.submission (name, digest, authority, authority_digest, as_of, received_at)"
        " VALUES (%s, %s, %s, %s, %s, %s) RETURNING submission",
        [name, digest, authority, authority_digest, as_of, at],
    ).fetchone()
    assert row is not None  # noqa: S101  # an INSERT … RETURNING has its row or raises
    return Submission(row[0], name, digest, authority, authority_digest, as_of, at, None)


def close_submission(connection: Connection, submission: int, requests: int) -> None:
    """Record that all its requests are in, as `gate_intake`."""
    connection.execute(
        "UPDATE gate.submission SET requests = %s WHERE submission = %s", [requests, submission]
    )


def find_submission(
    connection: Connection, digest: str, authority_digest: str, as_of: date
) -> Submission | None:
    """The latest submission of these bytes under this authority on this day: an interrupted run goes on."""
    with connection.cursor(row_factory=class_row(Submission)) as cursor:
        return cursor.execute(
            "SELECT submission, name, digest, authority, authority_digest, as_of, received_at, requests"
            " FROM gate.submission WHERE digest = %s AND authority_digest = %s AND as_of = %s"
            " ORDER BY submission DESC LIMIT 1",
            [digest, authority_digest, as_of],
        ).fetchone()


def newest_submission(connection: Connection, agency_line: Sequence[str]) -> int | None:
    """The newest whole submission in which the agency sent more than one request, as `gate_intake`."""
    row = connection.execute("SELECT gate.newest_submission(%s)", [next(iter(agency_line), "")]).fetchone()
    return None if row is None or row[0] is None else int(row[0])


def submission(connection: Connection, number: int) -> Submission | None:
    """One submission, or None when there is none."""
    with connection.cursor(row_factory=class_row(Submission)) as cursor:
        return cursor.execute(
            "SELECT submission, name, digest, authority, authority_digest, as_of, received_at, requests"
            " FROM gate.submission WHERE submission = %s",
            [number],
        ).fetchone()


def undetermined(connection: Connection, submission: int) -> tuple[int, int] | None:
    """The first and the last row that is received and not determined; None when there is none."""
    row = connection.execute(
        "SELECT min(row), max(row) FROM gate.request WHERE submission = %s AND state = %s",
        [submission, INITIAL.value],
    ).fetchone()
    return None if row is None or row[0] is None else (row[0], row[1])


def add(
    connection: Connection,
    submission: int,
    requests: Sequence[NewRequest],
    at: datetime,
    *,
    determined: bool = False,
) -> None:
    """Store new requests, as `gate_intake`: one statement whatever their number (best: thousands).

    They begin in the first state, or with `determined` where the review puts them, with the act that
    says so: the database records it by itself. COPY is not allowed where rows are guarded
    one by one, so arrays carry them.
    """
    connection.execute(
        """
        INSERT INTO gate.request (handle, submission, row, request_id, agency_line, agency, officers,
            officer_scopes, body, facts, determination, findings, authority_digest, determined_on, state,
            version, received_at, changed_at)
        SELECT handle, %s, row, request_id, string_to_array(line, %s), agency, string_to_array(officers, ';'),
            string_to_array(scopes, %s), body, facts, determination, string_to_array(findings, %s),
            authority_digest, determined_on, CASE WHEN %s THEN determination ELSE %s END, %s, %s, %s
        FROM unnest(%b::text[], %b::bigint[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[],
            %b::bytea[], %b::bytea[], %b::text[], %b::text[], %b::text[], %b::date[])
            AS new (handle, row, request_id, line, agency, officers, scopes, body, facts, determination,
                findings, authority_digest, determined_on)
        """,
        [
            *(
                submission,
                _SEPARATOR,
                _SEPARATOR,
                _SEPARATOR,
                determined,
                INITIAL.value,
                int(determined),
                at,
                at,
            ),
            [new.handle.text for new in requests],
            [new.row for new in requests],
            [new.request.request_id for new in requests],
            [_SEPARATOR.join(new.agency_line) for new in requests],
            [new.request.requesting_agency or "" for new in requests],
            [new.request.engaged_officers or "" for new in requests],
            [_SEPARATOR.join(new.officer_scopes) for new in requests],
            connection.vault.seal(
                [(new.handle, _BODY, _json(new.request.as_mapping()).encode()) for new in requests]
            ),
            *_reviewed_columns(connection, {new.handle: new.reviewed for new in requests}),
        ],
    )


def determine(connection: Connection, reviewed: Mapping[Handle, Reviewed]) -> None:
    """Replace what an earlier review found, as `gate_review`, while the requests stand at the beginning."""
    connection.execute(
        """
        UPDATE gate.request AS r SET facts = new.facts, determination = new.determination,
            findings = string_to_array(new.findings, %s), authority_digest = new.authority_digest,
            determined_on = new.determined_on
        FROM unnest(%b::text[], %b::bytea[], %b::text[], %b::text[], %b::text[], %b::date[])
            AS new (handle, facts, determination, findings, authority_digest, determined_on)
        WHERE r.handle = new.handle
        """,
        [_SEPARATOR, [handle.text for handle in reviewed], *_reviewed_columns(connection, reviewed)],
    )


def count_received(connection: Connection, submission: int) -> int:
    """How many requests of the submission are in, and so the last row that needs no second look."""
    row = connection.execute(
        "SELECT count(*) FROM gate.request WHERE submission = %s", [submission]
    ).fetchone()
    return int(row[0]) if row else 0


def standings(connection: Connection, submission: int) -> Iterator[Standing]:
    """Where every request of a submission stands, in row order, for a service that sees them all."""
    with connection.cursor(name="standings") as cursor:
        cursor.itersize = 5000
        cursor.execute(
            "SELECT handle, row, request_id, state, version FROM gate.request"
            " WHERE submission = %s ORDER BY row",
            [submission],
        )
        for handle, row, request_id, state, version in cursor:
            yield Standing(Handle(handle), row, request_id, State(state), version)


_COLUMNS: LiteralString = (
    "handle, row, request_id, state, version, submission, body, agency_line, facts, determination, findings,"
    " authority_digest, determined_on, received_at"
)


def in_state(
    connection: Connection, submission: int, state: State, first: int, last: int
) -> list[StoredRequest]:
    """The requests of a submission in `state` between two rows, both inclusive, in row order.

    One that was expunged is in no list.
    """
    cursor = connection.execute(
        f"SELECT {_COLUMNS} FROM gate.request"
        " WHERE submission = %s AND state = %s AND row BETWEEN %s AND %s ORDER BY row",
        [submission, state.value, first, last],
    )
    return _stored(connection, cursor.fetchall())


def handles_in(connection: Connection, submission: int, state: State, first: int, last: int) -> list[Handle]:
    """Which requests of a submission are in `state` between two rows, without what they say."""
    cursor = connection.execute(
        "SELECT handle FROM gate.request"
        " WHERE submission = %s AND state = %s AND row BETWEEN %s AND %s ORDER BY row",
        [submission, state.value, first, last],
    )
    return [Handle(handle) for (handle,) in cursor]


def between(connection: Connection, submission: int, first: int, last: int) -> list[StoredRequest]:
    """The requests of a submission between two rows, both inclusive, in whatever state, as `gate_audit`."""
    cursor = connection.execute(
        f"SELECT {_COLUMNS} FROM gate.request"  # a constant of this file
        " WHERE submission = %s AND row BETWEEN %s AND %s ORDER BY row",
        [submission, first, last],
    )
    return _stored(connection, cursor.fetchall())


def facts_of(connection: Connection, handles: Sequence[Handle]) -> dict[Handle, dict[str, Any]]:
    """What the review looked at of these requests, but for what was expunged, as `gate_audit`."""
    rows = connection.execute(
        "SELECT handle, facts FROM gate.request WHERE handle = ANY (%s)", [[each.text for each in handles]]
    )
    sealed = [(Handle(handle), data) for handle, data in rows]
    found = zip(sealed, opened(connection, sealed, facts=True), strict=True)
    return {handle: facts for (handle, _), facts in found if facts is not None}


def first_handle(connection: Connection, submission: int) -> Handle | None:
    """The first request of a submission; None when it has none."""
    row = connection.execute(
        "SELECT handle FROM gate.request WHERE submission = %s ORDER BY row LIMIT 1", [submission]
    ).fetchone()
    return None if row is None else Handle(row[0])


def submissions(connection: Connection) -> list[int]:
    """All submissions, the oldest first, as `gate_audit`."""
    rows = connection.execute("SELECT submission FROM gate.submission ORDER BY submission")
    return [int(number) for (number,) in rows]


def last_row(connection: Connection, submission: int) -> int:
    """The highest row of a submission; 0 when it has none."""
    row = connection.execute(
        "SELECT max(row) FROM gate.request WHERE submission = %s", [submission]
    ).fetchone()
    return int(row[0]) if row and row[0] is not None else 0


def get(connection: Connection, handle: Handle) -> StoredRequest | None:
    """One request, or None when there is none, when it was expunged, or this service has no work on it."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM gate.request WHERE handle = %s",
        [handle.text],
    ).fetchall()
    return next(iter(_stored(connection, rows)), None)


def lock(connection: Connection, handle: Handle) -> int | None:
    """Wait for whoever acts on the request, keep others waiting, and tell its version; None without one."""
    row = connection.execute("SELECT gate.lock_request(%s)", [handle.text]).fetchone()
    return None if row is None or row[0] is None else int(row[0])


def standing_of(connection: Connection, handle: Handle) -> tuple[Standing, tuple[str, ...]] | None:
    """Where one request stands, and its agency's line, for services that do not read what it says."""
    row = connection.execute(
        "SELECT handle, row, request_id, state, version, agency_line FROM gate.request WHERE handle = %s",
        [handle.text],
    ).fetchone()
    if row is None:
        return None
    return Standing(Handle(row[0]), row[1], row[2], State(row[3]), row[4]), tuple(row[5])


def opened(
    connection: Connection, sealed: Sequence[tuple[Handle, bytes]], *, facts: bool = False
) -> list[dict[str, str] | None]:
    """What requests say, or with `facts` what was found of each; None for one that was expunged."""
    what = _FACTS if facts else _BODY
    found = connection.vault.open([(handle, what, data) for handle, data in sealed])
    return [None if data is None else json.loads(data) for data in found]


def _stored(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> list[StoredRequest]:
    handles = [Handle(row[0]) for row in rows]
    bodies = opened(connection, [(handle, row[6]) for handle, row in zip(handles, rows, strict=True)])
    facts = opened(connection, [(h, row[8]) for h, row in zip(handles, rows, strict=True)], facts=True)
    return [
        StoredRequest(
            Standing(handle, row[1], row[2], State(row[3]), row[4]),
            row[5],
            Request.from_mapping(body),
            tuple(row[7]),
            found,
            None if row[9] is None else Determination(row[9]),
            tuple(row[10]),
            *row[11:],
        )
        for handle, row, body, found in zip(handles, rows, bodies, facts, strict=True)
        if body is not None and found is not None
    ]


def _reviewed_columns(
    connection: Connection, reviewed: Mapping[Handle, Reviewed]
) -> list[list[bytes] | list[str] | list[date]]:
    found = list(reviewed.values())
    facts = [(handle, _FACTS, _json(dict(one.facts)).encode()) for handle, one in reviewed.items()]
    return [
        connection.vault.seal(facts),
        [one.determination.value for one in found],
        [_SEPARATOR.join(one.findings) for one in found],
        [one.authority_digest for one in found],
        [one.on for one in found],
    ]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
