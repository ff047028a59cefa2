"""What anybody may know of the gate: its law, the orders in force, what it answered, and its checkpoint."""

from __future__ import annotations

from dataclasses import dataclass

from wicketgate.flow import orders, statistics
from wicketgate.flow.gate import Gate
from wicketgate.flow.orders import RecordedOrder
from wicketgate.flow.statistics import Figure
from wicketgate.store import log
from wicketgate.store.services import Service


@dataclass(frozen=True, slots=True)
class PublicView:
    """All of it is in the public ledger too, or follows from it."""

    law: str
    citation: str
    digest: str
    switches: tuple[tuple[str, str], ...]
    orders: tuple[RecordedOrder, ...]
    """Those in force; the page names no officer."""
    figures: tuple[Figure, ...]
    """The newest first."""
    entries: int
    checkpoint: str
    """The signed note; empty while the log is."""


def public_view(gate: Gate) -> PublicView:
    """What anybody may know now. Raises what makes the gate closed."""
    authority = gate.law.authority
    with gate.acting(Service.AUDIT) as connection:
        latest = log.latest_checkpoint(connection)
    entries, note = latest or (0, "")
    return PublicView(
        law=authority.title,
        citation=str(authority.citation),
        digest=authority.digest,
        switches=tuple((name, str(value)) for name, value in sorted(authority.switches.items())),
        orders=tuple(order for order in orders.orders(gate) if order.in_force),
        figures=tuple(statistics.figures(gate)),
        entries=entries,
        checkpoint=note,
    )
