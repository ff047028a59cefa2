"""Incidents: who is told within which time, with which words, and what people decide about those affected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from wicketgate.core.actor import Actor
from wicketgate.core.digest import digest
from wicketgate.core.roles import Role
from wicketgate.flow.gate import Gate
from wicketgate.law.incident_words import IncidentWords, incident_words
from wicketgate.stages.duties import Times
from wicketgate.store import safeguards as book
from wicketgate.store.database import Connection
from wicketgate.store.safeguards import Incident, Step
from wicketgate.store.services import Service

DECIDED = "affected people decided"
TOLD = "affected people told"
CHOICES = ("notify", "do not notify")
REPORTED = ("inspector general told", "office of safeguards told")
"""Steps that are due as soon as a recipient must report."""
STEPS: Mapping[str, Role] = {
    **dict.fromkeys(REPORTED, Role.SAFEGUARDS_OFFICER),
    "contained": Role.SAFEGUARDS_OFFICER,
    DECIDED: Role.COUNSEL,
    TOLD: Role.SAFEGUARDS_OFFICER,
    "reviewed": Role.SAFEGUARDS_OFFICER,
}
"""Each step and who takes it. When it is due, and what a statute says of it, stands in the authority."""
LONGEST = 10_000


class IncidentRefusedError(Exception):
    """The act was not done; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Clock:
    """One step of an incident: when it is due, whether it was taken, and whose it is."""

    step: str
    due_at: datetime | None
    """None where the authority sets no time."""
    role: Role
    taken: Step | None
    waits_for: str
    """What must come first; empty when nothing does."""
    overdue: bool


@dataclass(frozen=True, slots=True)
class IncidentView:
    """An incident with its clocks, in order."""

    incident: Incident
    clocks: tuple[Clock, ...]

    @property
    def overdue(self) -> int:
        """How many of its clocks have run out."""
        return sum(each.overdue for each in self.clocks)


def begin(
    gate: Gate, actor: Actor, agency: str, what: str, discovered_at: datetime, document: int | None = None
) -> int:
    """Record an incident as soon as it is suspected; returns its number. Raises `IncidentRefusedError`.

    `document` is the number of the agency's own report, where there is one.
    """
    if actor.role not in (Role.SAFEGUARDS_OFFICER, Role.COUNSEL, Role.INSPECTOR):
        raise IncidentRefusedError(f"You act as {actor.role}, who records no incident; tell Safeguards.")
    now = gate.clock.now()
    if agency not in gate.context.agencies:
        raise IncidentRefusedError(f"{agency!a} is not in the directory.")
    if discovered_at > now:
        raise IncidentRefusedError("An incident is discovered before it is recorded; correct the time.")
    text = _text(what)
    with gate.acting(Service.OVERSEE) as connection:
        if document is not None and not book.is_report(connection, document, agency):
            raise IncidentRefusedError(f"Document {document} is no report of an incident by {agency}.")
        number = book.begin_incident(connection, agency, document, text, discovered_at, actor.handle, now)
        _record(gate, connection, actor, number, "begin", agency, text)
    return number


def take(gate: Gate, actor: Actor, number: int, step: str, words: str, choice: str | None = None) -> None:
    """Take one step, once, and say what was done or why it is decided so. Raises `IncidentRefusedError`.

    Whether affected people are told is counsel's decision and nobody's default.
    """
    view = one(gate, number)
    clock = next((each for each in view.clocks if each.step == step), None)
    if clock is None:
        raise IncidentRefusedError("There is no such step.")
    if actor.role is not clock.role:
        raise IncidentRefusedError(
            f"This step is for {clock.role.replace('_', ' ')}; you act as {actor.role}."
        )
    if clock.taken is not None:
        raise IncidentRefusedError("This step was taken before; it is on record once.")
    if clock.waits_for:
        raise IncidentRefusedError(f"This step waits: {clock.waits_for}.")
    if (step == DECIDED) != (choice in CHOICES):
        raise IncidentRefusedError("Decide whether the affected people are told: notify or do not notify.")
    text = _text(words)
    with gate.acting(Service.OVERSEE) as connection:
        done = Step(step, choice, text, actor.handle, gate.clock.now())
        if not book.take_step(connection, number, done):
            raise IncidentRefusedError("This step was taken before; it is on record once.")
        _record(gate, connection, actor, number, step, view.incident.agency, text)


def one(gate: Gate, number: int) -> IncidentView:
    """One incident. Raises `IncidentRefusedError` when there is none of this number."""
    for each in all_of(gate):
        if each.incident.number == number:
            return each
    raise IncidentRefusedError(f"There is no incident {number}.")


def all_of(gate: Gate) -> list[IncidentView]:
    """Every incident with its clocks, the newest first."""
    now, times = gate.clock.now(), _times(gate)
    with gate.acting(Service.AUDIT) as connection:
        found, taken = book.incidents(connection), book.steps(connection)
    return [IncidentView(each, _clocks(each, taken.get(each.number, {}), times, now)) for each in found]


def _times(gate: Gate) -> dict[str, timedelta]:
    """How long after its discovery each step of an incident is due, as far as the authority says."""
    authority = gate.law.authority
    found = {
        step: timedelta(days=words.days)
        for step, words in incident_words(authority.name).items()
        if words.days is not None
    }
    at_once = Times.of(authority.parameters).incident
    return found if at_once is None else found | dict.fromkeys(REPORTED, at_once)


def _clocks(
    incident: Incident, taken: Mapping[str, Step], times: Mapping[str, timedelta], now: datetime
) -> tuple[Clock, ...]:
    found = []
    decided = taken.get(DECIDED)
    for step, role in STEPS.items():
        if step == TOLD and decided is not None and decided.choice == "do not notify":
            continue
        waits = ""
        if step == TOLD and decided is None:
            waits = "counsel has not decided yet"
        elif step == TOLD and "office of safeguards told" not in taken:
            waits = "the Office of Safeguards is told first, with the text"
        due = incident.discovered_at + times[step] if step in times else None
        done = taken.get(step)
        overdue = done is None and due is not None and due < now
        found.append(Clock(step, due, role, done, waits, overdue))
    return tuple(found)


def texts(gate: Gate, view: IncidentView) -> dict[str, IncidentWords]:
    """Words to begin with, by step, as the authority has them; nobody's name is in them."""
    incident = view.incident
    filled = {
        "number": incident.number,
        "agency": incident.agency,
        "discovered": f"{incident.discovered_at:%d %B %Y at %H:%M} UTC",
    }
    return {
        step: words._replace(text=words.text.format_map(filled))
        for step, words in incident_words(gate.law.authority.name).items()
    }


def _record(
    gate: Gate, connection: Connection, actor: Actor, number: int, act: str, agency: str, words: str
) -> None:
    gate.record_apart(
        connection,
        "incident.act",
        {
            "number": number,
            "act": act,
            "agency": agency,
            "actor": actor.handle,
            "role": actor.role.value,
            "words_digest": digest(words),
        },
    )


def _text(words: str) -> str:
    text = words.strip()
    if not text or len(text) > LONGEST or "\0" in text:
        raise IncidentRefusedError(f"Write 1 to {LONGEST:,} characters; name no taxpayer.")
    return text
