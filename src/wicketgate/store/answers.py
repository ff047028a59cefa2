"""What requesters are sent, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from psycopg import errors

from wicketgate.core.identifiers import Handle
from wicketgate.store.acts import ActRefusedError
from wicketgate.store.database import Connection


def give(connection: Connection, bodies: Mapping[Handle, str], ready_at: datetime) -> None:
    """Store one answer per request, for ever; raises `ActRefusedError` for a second."""
    try:
        connection.execute(
            "INSERT INTO gate.answer (handle, body, ready_at)"
            " SELECT handle, body, %s FROM unnest(%b::text[], %b::text[]) AS new (handle, body)",
            [ready_at, [handle.text for handle in bodies], list(bodies.values())],
        )
    except errors.UniqueViolation:
        named = f"Request {next(iter(bodies))}" if len(bodies) == 1 else "One of the requests"
        raise ActRefusedError(f"{named} has been answered already; an answer is given once.") from None


def read(connection: Connection, handle: Handle, at: datetime) -> str | None:
    """The answer, as `gate_portal`, once it is ready; None before."""
    row = connection.execute(
        "SELECT body FROM gate.answer WHERE handle = %s AND ready_at <= %s", [handle.text, at]
    ).fetchone()
    return None if row is None else str(row[0])


def of_submission(connection: Connection, submission: int) -> Iterator[tuple[Handle, str | None]]:
    """Every request of a submission with its answer, in row order, as `gate_audit`."""
    with connection.cursor(name="answers") as cursor:
        cursor.itersize = 5000
        cursor.execute(
            "SELECT r.handle, a.body FROM gate.request r LEFT JOIN gate.answer a USING (handle)"
            " WHERE r.submission = %s ORDER BY r.row",
            [submission],
        )
        for handle, body in cursor:
            yield Handle(handle), body


def given(connection: Connection, handles: Sequence[Handle]) -> dict[Handle, str]:
    """The answers of those of the requests that have one, as `gate_audit`."""
    cursor = connection.execute(
        "SELECT handle, body FROM gate.answer WHERE handle = ANY (%s)", [[handle.text for handle in handles]]
    )
    return {Handle(handle): str(body) for handle, body in cursor}
