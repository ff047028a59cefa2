"""The order book: courts' orders, the documents they stand on, and their lifting by two people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from psycopg.rows import class_row

from wicketgate.store.database import Connection


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order as a court made it. `document` is None only for one that stands in the custodian's context."""

    court: str
    docket: str
    binds: str
    """`custodian` or `recipient`; disclosure stops either way."""
    begins: date
    ends: date | None = None
    """The last day; None: until it is lifted."""
    agency: str | None = None
    """The agency concerned with its components; None: all."""
    recipient: str | None = None
    """One officer, as requests name him; None: every recipient."""
    document: bytes | None = None
    recipient_scope: str | None = None
    """By what requests know this officer; `flow.orders` finds it."""


@dataclass(frozen=True, slots=True)
class RecordedOrder:
    """An order in the book, and how far its lifting has come."""

    number: int
    court: str
    docket: str
    binds: str
    agency: str | None
    recipient: str | None
    begins: date
    ends: date | None
    document_digest: str | None
    recorded_by: str
    recorded_at: datetime
    in_force: bool
    lifting_digest: str | None
    lifting_proposed_by: str | None
    lifting_confirmed_by: str | None


def record(connection: Connection, order: NewOrder, actor: str, at: datetime) -> int:
    """Put an order into the book, as `gate_oversee`, and return its number; `apply` makes it hold."""
    row = connection.execute(
        "SELECT gate.record_order(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            order.court,
            order.docket,
            order.binds,
            order.agency,
            order.recipient,
            order.recipient_scope,
            order.begins,
            order.ends,
            order.document,
            actor,
            at,
        ],
    ).fetchone()
    if row is None:
        raise RuntimeError("The database gave the order no number.")
    return int(row[0])


def apply(connection: Connection, actor: str, at: datetime) -> list[tuple[int, bool]]:
    """Make the suspensions follow the book, as `gate_oversee`: (number, True: began or False: ended).

    Returns when what was under way has ended; from the commit on everything else heeds it.
    """
    rows = connection.execute("SELECT number, began FROM gate.apply_orders(%s, %s)", [actor, at]).fetchall()
    return [(int(number), bool(began)) for number, began in rows]


def propose_lifting(connection: Connection, number: int, document: bytes, actor: str, at: datetime) -> None:
    """Keep the document on which an order is to be lifted, as `gate_oversee`; a second one is refused."""
    connection.execute(
        "INSERT INTO gate.order_lifting (number, document, document_digest, proposed_by, proposed_at)"
        " VALUES (%s, %s, 'sha256:' || encode(sha256(%s), 'hex'), %s, %s)",
        [number, document, document, actor, at],
    )


def confirm_lifting(connection: Connection, number: int, actor: str, at: datetime) -> bool:
    """Confirm a lifting that another person proposed, as `gate_oversee`; False when there is none."""
    done = connection.execute(
        "UPDATE gate.order_lifting SET confirmed_by = %s, confirmed_at = %s"
        " WHERE number = %s AND confirmed_by IS NULL",
        [actor, at, number],
    )
    return done.rowcount == 1


def orders(connection: Connection) -> list[RecordedOrder]:
    """The whole book in the order of its numbers, as `gate_oversee` or `gate_audit`."""
    with connection.cursor(row_factory=class_row(RecordedOrder)) as cursor:
        return cursor.execute(
            "SELECT o.number, court, docket, binds, agency, recipient, begins, ends, o.document_digest,"
            " recorded_by, recorded_at, in_force, l.document_digest AS lifting_digest,"
            " l.proposed_by AS lifting_proposed_by, l.confirmed_by AS lifting_confirmed_by"
            " FROM gate.court_order o LEFT JOIN gate.order_lifting l USING (number) ORDER BY o.number"
        ).fetchall()


def document(connection: Connection, number: int, *, of_lifting: bool) -> bytes | None:
    """The document on which an order stands, or on which it is to be lifted; None where there is none."""
    table = "order_lifting" if of_lifting else "court_order"
    row = connection.execute(
        f"SELECT document FROM gate.{table} WHERE number = %s".encode(), [number]
    ).fetchone()
    return None if row is None or row[0] is None else bytes(row[0])
