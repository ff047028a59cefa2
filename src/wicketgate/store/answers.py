"""What requesters are sent, byte for byte, and when: in slots of the clock, in random order within each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from psycopg import errors

from wicketgate.core.identifiers import Handle
from wicketgate.store.acts import ActRefusedError
from wicketgate.store.database import Connection


def give(connection: Connection, bodies: Mapping[Handle, str], decided_at: datetime) -> None:
    """Store one answer per request, for ever; it leaves when the next slot opens.

    Raises `ActRefusedError` for a second answer to one request.
    """
    try:
        connection.execute(
            "SELECT gate.give_answers(%b::text[], %b::text[], %s)",
            [[handle.text for handle in bodies], list(bodies.values()), decided_at],
        )
    except errors.UniqueViolation:
        named = f"Request {next(iter(bodies))}" if len(bodies) == 1 else "One of the requests"
        raise ActRefusedError(f"{named} has been answered already; an answer is given once.") from None


def open_slot(connection: Connection, at: datetime, length: timedelta) -> datetime:
    """Let out all answers of the slots up to `at`, as `gate_release`; returns the latest open slot.

    Slots are counted from 1970 in UTC and are `length` long (a minute to a week) from now on.
    """
    row = connection.execute("SELECT gate.open_slot(%s, %s)", [at, length]).fetchone()
    assert row is not None  # noqa: S101  # a function has its row
    opened: datetime = row[0]
    return opened


def latest_slot(connection: Connection) -> datetime | None:
    """The slot in which the last of all answers leaves, open or not, as `gate_release`."""
    row = connection.execute("SELECT max(ready_at) FROM gate.answer").fetchone()
    return row[0] if row else None


def read(connection: Connection, handle: Handle) -> str | None:
    """The answer, as `gate_portal`, once it has left; None before."""
    row = connection.execute("SELECT body FROM gate.answer WHERE handle = %s", [handle.text]).fetchone()
    return None if row is None else str(row[0])


def left_after(connection: Connection, slot: datetime) -> Iterator[tuple[datetime, Handle, str]]:
    """Slot, request and answer of all that left after `slot`, in the order in which they leave.

    As `gate_portal`. The order within a slot is random and always the same.
    """
    with connection.cursor(name="left") as cursor:
        cursor.itersize = 5000
        cursor.execute(
            "SELECT ready_at, handle, body FROM gate.answer WHERE ready_at > %s ORDER BY ready_at, place",
            [slot],
        )
        for at, handle, body in cursor:
            yield at, Handle(handle), str(body)


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


def opened_until(connection: Connection) -> datetime | None:
    """The latest slot that has opened, as `gate_agency` or `gate_audit`; None before the first."""
    row = connection.execute("SELECT nullif(gate.opened_until(), '-infinity')").fetchone()
    return None if row is None else row[0]
