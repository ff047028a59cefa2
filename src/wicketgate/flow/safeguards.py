"""Safeguards of agencies that receive: what is owed, findings, visits; what is missing closes the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from wicketgate.core.actor import Actor
from wicketgate.core.digest import Canonical, digest
from wicketgate.core.roles import Role
from wicketgate.flow.closing import close_doors
from wicketgate.flow.gate import Gate
from wicketgate.store import safeguards as book
from wicketgate.store.database import Connection
from wicketgate.store.safeguards import Duty, Finding, Visit
from wicketgate.store.services import Service

LONGEST = 2_000


class SafeguardsRefusedError(Exception):
    """The act was not done; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class AgencyStanding:
    """How an agency stands: what it owes, until when that is met, and whether its door is closed for it."""

    code: str
    name: str
    kept_since: date | None
    """None: it is not kept in the book, and the custodian's context speaks for it."""
    duties: tuple[Duty, ...]
    plans_due: tuple[date, ...]
    """Of each open finding the day by which a corrective plan is accepted."""
    closed: str | None
    """Why its door is closed; None while it is open."""
    asks: bool
    """True for an agency that has sent requests."""
    context: str
    """How it stands by the custodian's context."""

    @property
    def watched(self) -> bool:
        """True for an agency that is in the book, or that asks."""
        return self.kept_since is not None or self.asks or self.closed is not None

    @property
    def next_due(self) -> tuple[date, str] | None:
        """The first day on which something runs out, and which duty that is."""
        days = [(each.met_until, each.kind) for each in self.duties if each.met_until]
        return min((*days, *((day, "corrective_plan") for day in self.plans_due)), default=None)


@dataclass(frozen=True, slots=True)
class AgencyFile:
    """One agency with its findings and visits."""

    standing: AgencyStanding
    findings: tuple[Finding, ...]
    visits: tuple[Visit, ...]


def standings(gate: Gate) -> list[AgencyStanding]:
    """All agencies of the directory: closed doors first, then by what runs out next."""
    with gate.acting(Service.AUDIT) as connection:
        return _standings(gate, connection)


def agency_file(gate: Gate, code: str) -> AgencyFile:
    """One agency. Raises `SafeguardsRefusedError` when the directory has none of this code."""
    with gate.acting(Service.AUDIT) as connection:
        found = [each for each in _standings(gate, connection) if each.code == code]
        if not found:
            raise SafeguardsRefusedError(f"{code!a} is not in the directory.")
        return AgencyFile(
            found[0], tuple(book.findings(connection, code)), tuple(book.visits(connection, code))
        )


def keep(gate: Gate, actor: Actor, code: str, since: date) -> None:
    """Keep an agency in the book: from that day on, what is missing or overdue closes its door.

    Raises `SafeguardsRefusedError`.
    """
    _may(actor)
    if code not in gate.context.agencies:
        raise SafeguardsRefusedError(f"{code!a} is not in the directory.")
    with gate.acting(Service.OVERSEE) as connection:
        if not book.keep(connection, code, since, actor.handle, gate.clock.now()):
            raise SafeguardsRefusedError(f"{code} is kept in the book already.")
        _record(gate, connection, actor, "keep", code, since.isoformat())
    close_doors(gate)


def find(gate: Gate, actor: Actor, code: str, finding: str, plan_due_on: date) -> int:
    """Record a finding; after the day, the door is closed until a corrective plan is accepted.

    Returns its number. Raises `SafeguardsRefusedError`.
    """
    _may(actor)
    today = gate.clock.now().date()
    if plan_due_on < today:
        raise SafeguardsRefusedError("The day by which a plan is due lies in the past; name a later one.")
    with gate.acting(Service.OVERSEE) as connection:
        _require_kept(connection, code)
        text = _text(finding)
        number = book.find(connection, code, text, today, plan_due_on, actor.handle, gate.clock.now())
        _record(gate, connection, actor, "find", code, text, number)
    close_doors(gate)
    return number


def open_finding(gate: Gate, number: int) -> Finding:
    """A finding that nobody closed yet. Raises `SafeguardsRefusedError`."""
    with gate.acting(Service.OVERSEE) as connection:
        return _open_finding(connection, number)


def _open_finding(connection: Connection, number: int) -> Finding:
    for each in book.findings(connection):
        if each.number == number and each.closed_at is None:
            return each
    raise SafeguardsRefusedError(f"There is no open finding {number}.")


def close_finding(gate: Gate, actor: Actor, number: int, words: str) -> None:
    """Close a finding that somebody else recorded, and say why. Raises `SafeguardsRefusedError`."""
    _may(actor)
    with gate.acting(Service.OVERSEE) as connection:
        found = _open_finding(connection, number)
        if found.recorded_by.lower() == actor.handle.lower():
            raise SafeguardsRefusedError(f"You recorded finding {number}; another person closes it.")
        book.close_finding(connection, number, _text(words), actor.handle, gate.clock.now())
        _record(gate, connection, actor, "close", found.agency, words, number)
    close_doors(gate)


def visited(gate: Gate, actor: Actor, code: str, on: date, report: str) -> int:
    """Record a review visit; returns its number. Raises `SafeguardsRefusedError`."""
    _may(actor)
    if on > gate.clock.now().date():
        raise SafeguardsRefusedError("A visit is recorded when it has taken place.")
    with gate.acting(Service.OVERSEE) as connection:
        _require_kept(connection, code)
        text = _text(report)
        number = book.visit(connection, code, on, text, actor.handle, gate.clock.now())
        _record(gate, connection, actor, "visit", code, text, number)
    close_doors(gate)
    return number


def _standings(gate: Gate, connection: Connection) -> list[AgencyStanding]:
    now = gate.clock.now()
    kept, closed = book.kept(connection), book.closures(connection, now)
    owed: dict[str, list[Duty]] = {}
    for duty in book.duties(connection, now):
        owed.setdefault(duty.agency, []).append(duty)
    asking = book.asking(connection)
    plans: dict[str, list[date]] = {}
    for each in book.findings(connection):
        if each.closed_at is None:
            plans.setdefault(each.agency, []).append(each.plan_due_on)
    found = [
        AgencyStanding(
            code,
            agency.name,
            kept.get(code),
            tuple(owed.get(code, ())),
            tuple(sorted(plans.get(code, ()))),
            closed.get(code),
            code in asking,
            agency.safeguards,
        )
        for code, agency in gate.context.agencies.items()
    ]
    return sorted(found, key=_urgency)


def _urgency(each: AgencyStanding) -> tuple[bool, bool, date, str]:
    due = each.next_due
    return each.closed is None, each.kept_since is None, due[0] if due else date.max, each.code


def _require_kept(connection: Connection, code: str) -> None:
    if code not in book.kept(connection):
        raise SafeguardsRefusedError(f"{code} is not kept in the book yet; keep it first.")


def _record(
    gate: Gate, connection: Connection, actor: Actor, act: str, code: str, words: str, number: int = 0
) -> None:
    fields: dict[str, Canonical] = {
        "agency": code,
        "act": act,
        "number": number,
        "actor": actor.handle,
        "words_digest": digest(words),
    }
    gate.record_apart(connection, "safeguards.act", fields)


def _text(words: str) -> str:
    text = words.strip()
    if not text or len(text) > LONGEST or "\0" in text:
        raise SafeguardsRefusedError(f"Write 1 to {LONGEST:,} characters.")
    return text


def _may(actor: Actor) -> None:
    if actor.role is not Role.SAFEGUARDS_OFFICER:
        raise SafeguardsRefusedError(f"You act as {actor.role}; the book is the safeguards officer's.")
