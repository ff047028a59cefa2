"""Claims: who took a request, gave it back, and decided before; one person at a time on each."""

from __future__ import annotations

from datetime import datetime

from psycopg import errors

from wicketgate.core.actor import Actor
from wicketgate.core.identifiers import Handle
from wicketgate.store.acts import ActRefusedError, StaleError
from wicketgate.store.database import Connection
from wicketgate.store.vault import seal_words


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
    [sealed] = seal_words(connection.vault, "reasons of a claim", [(handle, reasons)])
    row = connection.execute(
        "SELECT gate.give_back(%s, %s, %s, %s)", [handle.text, actor.handle, at, sealed]
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
