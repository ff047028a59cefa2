"""A court's order goes into the book on its document, holds at once, and is lifted by two people."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from wicketgate.core.actor import Actor
from wicketgate.core.digest import Canonical
from wicketgate.core.roles import Role
from wicketgate.flow.gate import GATE, Gate
from wicketgate.ledger import commit, public_leaf
from wicketgate.stages.facts.officers import officer_scopes
from wicketgate.store import order_book
from wicketgate.store.database import Connection
from wicketgate.store.log import Entry
from wicketgate.store.order_book import NewOrder, RecordedOrder
from wicketgate.store.services import Service

RECORDERS = frozenset({Role.COUNSEL, Role.INSPECTOR})
"""Whoever may stop the gate on a court's word, and whoever may lift such a stop, each of two people."""
LARGEST_DOCUMENT = 20 * 2**20
"""Bytes of an order's document."""

_ACTS = frozenset({"record", "propose lifting", "lift"})
"""What people do; that an order begins or ends follows from it."""
_PUBLIC = re.compile(r"[A-Za-z0-9 .,:;/()§_-]{1,200}")


class OrderRefusedError(Exception):
    """The act on the order book was not done; the message is one sentence."""


def record_order(gate: Gate, actor: Actor, order: NewOrder) -> int:
    """Record an order and, if its day has come, suspend at the next step of every process.

    Returns its number. When this returns, nothing that the order forbids is under way. The entry in the
    ledger is public and names no person. Raises `OrderRefusedError`; then nothing was done.
    """
    require_keeper(actor)
    _check(gate, order)
    found = replace(order, recipient_scope=_scope(order.recipient))
    with gate.acting(Service.OVERSEE) as connection:
        number = order_book.record(connection, found, actor.handle, gate.clock.now())
        _apply(gate, connection, actor.handle, done=(actor, number, "record"))
    return number


def propose_lifting(gate: Gate, actor: Actor, number: int, document: bytes) -> None:
    """Ask for an order to be lifted on a document; it holds on until another person confirms.

    Raises `OrderRefusedError` for an unknown order, and for one whose lifting was proposed before.
    """
    require_keeper(actor)
    _check_document(document)
    with gate.acting(Service.OVERSEE) as connection:
        order = _known(connection, number)
        if order.lifting_proposed_by is not None:
            raise OrderRefusedError(f"The lifting of order {number} was proposed before; confirm that one.")
        order_book.propose_lifting(connection, number, document, actor.handle, gate.clock.now())
        _write(gate, connection, actor, [(number, "propose lifting")])


def confirm_lifting(gate: Gate, actor: Actor, number: int) -> None:
    """Lift an order on the document that another person proposed; other orders hold on.

    Requests that were held stay held until counsel resumes each. Raises `OrderRefusedError`.
    """
    require_keeper(actor)
    with gate.acting(Service.OVERSEE) as connection:
        order = _known(connection, number)
        if order.lifting_proposed_by is None:
            raise OrderRefusedError(f"Nobody has proposed to lift order {number} on a document yet.")
        if order.lifting_proposed_by.lower() == actor.handle.lower():
            raise OrderRefusedError(f"You proposed to lift order {number}; another person confirms it.")
        if not order_book.confirm_lifting(connection, number, actor.handle, gate.clock.now()):
            raise OrderRefusedError(f"Order {number} is lifted already.")
        _apply(gate, connection, actor.handle, done=(actor, number, "lift"))


def apply_orders(gate: Gate) -> int:
    """Begin and end what is due today, for a timer and for whoever opens a gate; returns how many changed."""
    with gate.acting(Service.OVERSEE) as connection:
        return _apply(gate, connection, GATE)


def adopt_orders(gate: Gate) -> None:
    """Put the orders of the custodian's context that hold today into the book, each once."""
    today = gate.context.as_of
    with gate.acting(Service.OVERSEE) as connection:
        known = {(o.court, o.docket, o.agency, o.begins) for o in order_book.orders(connection)}
        recorded = []
        for order in gate.context.orders:
            key = (order.court, order.docket, order.agency, order.effective_from)
            if order.effective_from <= today and key not in known:
                new = NewOrder(
                    order.court, order.docket, order.binds, order.effective_from, agency=order.agency
                )
                recorded.append((order_book.record(connection, new, GATE, gate.clock.now()), "record"))
        _write(gate, connection, None, recorded)
    apply_orders(gate)


def orders(gate: Gate) -> list[RecordedOrder]:
    """The whole book, for overseers and the public page; a recipient's name is not for the public."""
    with gate.acting(Service.AUDIT) as connection:
        return order_book.orders(connection)


def document(gate: Gate, number: int, *, of_lifting: bool) -> bytes | None:
    """An order's document, or that of its lifting; None where there is none."""
    with gate.acting(Service.AUDIT) as connection:
        return order_book.document(connection, number, of_lifting=of_lifting)


def _apply(gate: Gate, connection: Connection, by: str, *, done: tuple[Actor, int, str] | None = None) -> int:
    """Make the suspensions follow the book and record what changed; what a person did is said first."""
    changed = order_book.apply(connection, by, gate.clock.now())
    steps = [(number, "begin" if began else "end") for number, began in changed]
    if done is not None:
        steps.insert(0, done[1:])
    _write(gate, connection, done[0] if done else None, steps)
    return len(changed)


def _write(gate: Gate, connection: Connection, actor: Actor | None, steps: Sequence[tuple[int, str]]) -> None:
    """Each step for everybody; and what a person did, with who did it, for the custodian's own account."""
    if not steps:
        return
    book, now = {order.number: order for order in order_book.orders(connection)}, gate.clock.now()
    entries = []
    for number, act in steps:
        entries.append(_entry(book[number], act, now.date()))
        if actor is not None and act in _ACTS:
            entries.append(_personal(book[number], act, actor, now))
    gate.append(connection, entries)


def _personal(order: RecordedOrder, act: str, actor: Actor, now: datetime) -> Entry:
    fields: dict[str, Canonical] = {
        "number": order.number,
        "act": act,
        "actor": actor.handle,
        "role": actor.role.value,
        "recipient": order.recipient,
        "document_digest": order.document_digest if act == "record" else order.lifting_digest,
        "at": now.isoformat(),
    }
    return Entry.of(None, fields, commit("order.act", fields))


def _entry(order: RecordedOrder, act: str, on: date) -> Entry:
    lifting = act in ("propose lifting", "lift")
    fields: dict[str, Canonical] = {
        "number": order.number,
        "act": act,
        "on": on.isoformat(),
        "court": order.court,
        "docket": order.docket,
        "binds": order.binds,
        "agency": order.agency or "all agencies",
        "recipients": "one officer" if order.recipient else "all recipients",
        "from": order.begins.isoformat(),
        "to": order.ends.isoformat() if order.ends else "lifted",
        "document": (order.lifting_digest if lifting else order.document_digest) or "in the context",
    }
    return Entry("order", public_leaf("order", fields), None, fields)


def require_keeper(actor: Actor) -> None:
    """Raises `OrderRefusedError` unless this person keeps the order book."""
    if actor.role not in RECORDERS:
        raise OrderRefusedError(f"You act as {actor.role}; the order book is counsel's and the inspector's.")


def _check(gate: Gate, order: NewOrder) -> None:
    for name in ("court", "docket"):
        text: str = getattr(order, name)
        if not _PUBLIC.fullmatch(text) or text != text.strip():
            raise OrderRefusedError(
                f"The {name} is published: write 1 to 200 letters, digits, spaces and . , : ; / ( ) § _ -"
            )
    if order.binds not in ("custodian", "recipient"):
        raise OrderRefusedError("Say whom the order binds: the custodian or the recipient.")
    if order.agency is not None and order.agency not in gate.context.agencies:
        raise OrderRefusedError(f"{order.agency!a} is not in the directory; name no agency for all of them.")
    if order.recipient is not None and _scope(order.recipient) is None:
        raise OrderRefusedError("Name the recipient officer as requests do, or leave the name out for all.")
    if order.ends is not None and order.ends < order.begins:
        raise OrderRefusedError("The order ends before it begins; correct one of the dates.")
    _check_document(order.document)


def _scope(recipient: str | None) -> str | None:
    """By what requests know the officer; None where none is named."""
    scopes = officer_scopes(recipient or "")
    return scopes[0] if scopes else None


def _check_document(document: bytes | None) -> None:
    if not document:
        raise OrderRefusedError("Attach the document: nothing is suspended or lifted on hearsay.")
    if len(document) > LARGEST_DOCUMENT:
        raise OrderRefusedError(
            f"The document exceeds {LARGEST_DOCUMENT // 2**20} MiB; attach the order alone."
        )


def _known(connection: Connection, number: int) -> RecordedOrder:
    found = [order for order in order_book.orders(connection) if order.number == number]
    if not found:
        raise OrderRefusedError(f"There is no order {number} in the book.")
    return found[0]


__all__ = [
    "NewOrder",
    "OrderRefusedError",
    "RecordedOrder",
    "adopt_orders",
    "apply_orders",
    "confirm_lifting",
    "document",
    "orders",
    "propose_lifting",
    "record_order",
    "require_keeper",
]
