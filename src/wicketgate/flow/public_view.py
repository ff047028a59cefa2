"""What anybody may know of the gate: its law, the orders in force, what it answered, and its checkpoint."""

from __future__ import annotations

from dataclasses import dataclass

from wicketgate.flow import orders, reports, statistics
from wicketgate.flow.gate import Gate
from wicketgate.flow.orders import RecordedOrder
from wicketgate.flow.statistics import Figure
from wicketgate.law.proof_status import ProofFileError, ProofStatus, read_proofs
from wicketgate.ledger.verifier_app import verifier_app
from wicketgate.store import cosignatures, log
from wicketgate.store.cosignatures import Seen
from wicketgate.store.services import Service


@dataclass(frozen=True, slots=True)
class PublicView:
    """All of it is in the public ledger too, or follows from it."""

    name: str
    law: str
    citation: str
    digest: str
    switches: tuple[tuple[str, str], ...]
    orders: tuple[RecordedOrder, ...]
    """Those in force; the page names no officer."""
    figures: tuple[Figure, ...]
    """The newest first."""
    reports: tuple[int, ...]
    """The years whose public report is there."""
    witnesses: tuple[Seen, ...]
    vkey: str
    """The log's key, as people exchange it."""
    entries: int
    checkpoint: str
    """The signed note; empty while the log is."""


def public_view(gate: Gate) -> PublicView:
    """What anybody may know now. Raises what makes the gate closed."""
    authority = gate.law.authority
    with gate.acting(Service.AUDIT) as connection:
        latest = log.latest_checkpoint(connection)
    with gate.acting(Service.WITNESS) as connection:
        witnesses = cosignatures.seen(connection)
    entries, note = latest or (0, "")
    return PublicView(
        name=authority.name,
        law=authority.title,
        citation=str(authority.citation),
        digest=authority.digest,
        switches=tuple((name, str(value)) for name, value in sorted(authority.switches.items())),
        orders=tuple(order for order in orders.orders(gate) if order.in_force),
        figures=tuple(statistics.figures(gate)),
        reports=tuple(reports.closed_years(gate)),
        witnesses=tuple(witnesses),
        vkey=gate.key.vkey,
        entries=entries,
        checkpoint=note,
    )


@dataclass(frozen=True, slots=True)
class LawPart:
    """A part of the law with its elements: code, title, citation, sense, and what a request is told."""

    name: str
    elements: tuple[tuple[str, str, str, str, str], ...]


def law_in_force(gate: Gate) -> tuple[LawPart, ...]:
    """The elements of the law in force, in its order."""
    parts: dict[str, list[tuple[str, str, str, str, str]]] = {}
    for each in gate.law.elements:
        told = (each.code, each.title, each.citation, each.sense, each.message)
        parts.setdefault(each.part, []).append(told)
    return tuple(LawPart(name, tuple(found)) for name, found in parts.items())


def proofs_of_law(gate: Gate) -> ProofStatus:
    """Whether the law in force is proved, by the report that is kept here."""
    if gate.proofs is None:
        return ProofStatus("No report of its proofs is kept here.")
    try:
        return read_proofs(gate.proofs, gate.law.authority)
    except ProofFileError as problem:
        return ProofStatus(f"Not shown to be proved: the report {problem}")


def verifier() -> bytes:
    """The stand-alone verifier as one runnable file."""
    return verifier_app()


def checkpoint(gate: Gate) -> str:
    """The newest signed checkpoint; empty while the log is."""
    with gate.acting(Service.AUDIT) as connection:
        latest = log.latest_checkpoint(connection)
    return latest[1] if latest else ""
