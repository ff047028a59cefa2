"""What an agency hands in about what it received: notices, reports, plans, certificates, incidents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final

from wicketgate.core.actor import Actor
from wicketgate.core.digest import Canonical, digest
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.flow.agency.door import as_agency
from wicketgate.flow.gate import Gate
from wicketgate.flow.recall import Certificate, accept
from wicketgate.flow.work.refusals import IncompleteError, NotAllowedError, UnknownRequestError
from wicketgate.stages.duties import DayError, Times, require_days
from wicketgate.store import agency as store
from wicketgate.store import duties
from wicketgate.store.acts import ActRefusedError as DutyRefusedError
from wicketgate.store.database import Connection
from wicketgate.store.duties import Document, NewDocument, OpenFinding
from wicketgate.store.services import Service

DOCUMENT, REPLY = "safeguards.document", "safeguards.reply"
_LONGEST = 10_000
PAGE = 50

CONTACT, OFFICER = Role.SAFEGUARDS_CONTACT, Role.RECIPIENT_OFFICER
KINDS: Final[Mapping[str, frozenset[Role]]] = {
    "automated_analysis_notice": frozenset({CONTACT}),
    "practice_notice": frozenset({CONTACT}),
    "safeguards_report": frozenset({CONTACT}),
    "corrective_plan": frozenset({CONTACT}),
    "training": frozenset({CONTACT}),
    "retention": frozenset({CONTACT}),
    "use_ended": frozenset({CONTACT, OFFICER}),
    "destruction": frozenset({OFFICER}),
    "incident": frozenset({CONTACT, OFFICER, Role.CLERK, Role.REQUESTING_OFFICIAL}),
}
"""Who hands in what."""
ABOUT_ONE = frozenset({"use_ended", "destruction"})
"""Kinds that are about one disclosure."""
_PICKED_UP = frozenset({"picked_up", "recall_noticed", "recalled"})


@dataclass(frozen=True, slots=True)
class Handed:
    """A document as it is handed in: its texts by name, and what is dated in it."""

    kind: str
    agency: str
    body: Mapping[str, str] = field(repr=False)
    handle: Handle | None = None
    items: Sequence[tuple[str, date]] = ()
    certificate: Certificate | None = None
    """Of a destruction: what the officer signed is the document."""


def hand_in(gate: Gate, actor: Actor, handed: Handed) -> int:
    """Keep a document and its entry; returns its number. A certificate answers the recall that waits for it.

    Raises `NotAllowedError` for whoever does not hand in such a document, `UnknownRequestError` for a
    disclosure that is not the agency's, and `IncompleteError` for what is missing or does not hold.
    """
    if actor.agency is None or actor.role not in KINDS.get(handed.kind, frozenset()):
        raise NotAllowedError("You do not hand in documents of this kind.")
    line = gate.context.line(handed.agency)
    if actor.agency not in line:
        raise IncompleteError(f"You report for {actor.agency} and its components; choose one of them.")
    body: dict[str, Canonical] = {name: _text(text) for name, text in handed.body.items() if text.strip()}
    signed = _certificate(handed) if handed.kind == "destruction" else None
    if handed.handle is not None:
        _require_disclosed(gate, actor.agency, handed.handle)
        body["handle"] = str(handed.handle)
    if handed.kind == "corrective_plan":
        _require_found(gate, actor.agency, handed)
    if handed.items:
        body["items"] = [{"action": _text(action), "due_on": due.isoformat()} for action, due in handed.items]
    if signed is not None:
        body = signed.document()
    now = gate.clock.now()
    try:
        require_days(body, now)
    except DayError as problem:
        raise IncompleteError(str(problem)) from None
    new = NewDocument(
        line,
        handed.kind,
        handed.handle,
        body,
        digest(body),
        actor.handle,
        handed.items,
        None if signed is None else signed.key_id,
        None if signed is None else signed.jws,
    )
    with gate.acting(Service.PORTAL) as connection:
        number = duties.submit(connection, new, now)
        if signed is not None:
            _accept(gate, connection, signed)
        fields: dict[str, Canonical] = {
            "document": number,
            "agency": handed.agency,
            "kind": handed.kind,
            "document_digest": new.digest,
            "actor": actor.handle,
        }
        gate.record_apart(connection, DOCUMENT, fields)
    return number


def _certificate(handed: Handed) -> Certificate:
    if handed.certificate is None or handed.certificate.handle != handed.handle:
        raise IncompleteError("A destruction is certified by its officer, for the request that is named.")
    return handed.certificate


def _accept(gate: Gate, connection: Connection, certificate: Certificate) -> None:
    try:
        accept(gate, connection, certificate)
    except DutyRefusedError as problem:
        raise IncompleteError(str(problem)) from None


def open_findings(gate: Gate, agency: str) -> list[OpenFinding]:
    """The open findings about the agency and its components, which a corrective plan answers."""
    with as_agency(gate, agency) as connection:
        return duties.open_findings(connection)


def _require_found(gate: Gate, agency: str, handed: Handed) -> None:
    found = [each for each in open_findings(gate, agency) if str(each.number) == handed.body.get("finding")]
    if not found or found[0].agency != handed.agency:
        raise IncompleteError(
            f"A corrective plan answers an open finding about {handed.agency}, by its number; choose one."
        )


def _require_disclosed(gate: Gate, agency: str, handle: Handle) -> None:
    with as_agency(gate, agency) as connection:
        seen = store.one(connection, handle)
    if seen is None or seen.status not in _PICKED_UP:
        raise UnknownRequestError(f"Your agency has picked up no package {handle}.")


def _text(text: str) -> str:
    found = text.strip()
    if "\0" in found:
        raise IncompleteError("A text holds a character that cannot be stored; nothing was done.")
    if len(found) > _LONGEST:
        raise IncompleteError(f"A text is longer than {_LONGEST:,} characters; nothing was done.")
    return found


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document with its dated items, and what its own clock says."""

    document: Document
    items: Sequence[tuple[str, date]]
    times: Times

    @property
    def reported_after(self) -> timedelta | None:
        """How long after its discovery an incident was reported; None for other kinds."""
        found = self.document.body.get("discovered_at")
        if self.document.kind != "incident" or not isinstance(found, str):
            return None
        return self.document.submitted_at - datetime.fromisoformat(found).astimezone(UTC)

    @property
    def in_time(self) -> bool | None:
        """Whether it came as early as it must; None where no time is set."""
        if (after := self.reported_after) is not None:
            return None if self.times.incident is None else after <= self.times.incident
        begins = self.document.body.get("begins_on")
        if self.document.kind == "practice_notice" and isinstance(begins, str) and self.times.notice:
            return date.fromisoformat(begins) - self.document.submitted_at.date() >= self.times.notice
        return None


def _view(gate: Gate, found: Document, items: Sequence[tuple[str, date]] = ()) -> DocumentView:
    return DocumentView(found, items, Times.of(gate.law.authority.parameters))


def documents_of(gate: Gate, agency: str, before: int | None = None) -> tuple[list[DocumentView], int | None]:
    """The agency's newest documents, and where the next page begins."""
    with as_agency(gate, agency) as connection:
        found = duties.documents(connection, before=before, most=PAGE + 1)
    after = found[PAGE - 1].document if len(found) > PAGE else None
    return [_view(gate, each) for each in found[:PAGE]], after


def document(gate: Gate, agency: str, number: int) -> DocumentView:
    """One document of the agency. Raises `UnknownRequestError` for any other."""
    with as_agency(gate, agency) as connection:
        found = duties.document(connection, number)
        if found is None:
            raise UnknownRequestError(f"Your agency has no document {number}.")
        return _view(gate, found, duties.items(connection, number))


def handed_in(
    gate: Gate, actor: Actor, before: int | None = None, *, unanswered: bool = False
) -> tuple[list[DocumentView], int | None]:
    """All agencies' newest documents, or those that wait for a reply, for the Office of Safeguards."""
    _office(actor)
    with gate.acting(Service.OVERSEE) as connection:
        found = duties.documents(connection, before=before, open_only=unanswered, most=PAGE + 1)
    after = found[PAGE - 1].document if len(found) > PAGE else None
    return [_view(gate, each) for each in found[:PAGE]], after


def one_handed_in(gate: Gate, actor: Actor, number: int) -> DocumentView:
    """One document, for the Office of Safeguards. Raises `UnknownRequestError`."""
    _office(actor)
    with gate.acting(Service.OVERSEE) as connection:
        found = duties.document(connection, number)
        if found is None:
            raise UnknownRequestError(f"There is no document {number}.")
        return _view(gate, found, duties.items(connection, number))


def answer(
    gate: Gate, actor: Actor, number: int, outcome: str, words: str, until: date | None = None
) -> None:
    """Accept (acknowledge) a document or return it, once, with its entry.

    A notice of automated analysis counts for element B12 from then on. Raises `DutyRefusedError`.
    """
    _office(actor)
    if outcome != "accepted" and not words.strip():
        raise IncompleteError("Say what is missing in a document that you return.")
    with gate.acting(Service.OVERSEE) as connection:
        duties.reply(connection, number, outcome, _text(words), until, actor.handle, gate.clock.now())
        fields: dict[str, Canonical] = {
            "document": number,
            "outcome": outcome,
            "words": _text(words),
            "counts_until": until.isoformat() if until else None,
            "actor": actor.handle,
        }
        gate.record_apart(connection, REPLY, fields)


def _office(actor: Actor) -> None:
    if actor.role is not Role.SAFEGUARDS_OFFICER:
        raise NotAllowedError("Documents of agencies are answered by the custodian's safeguards officer.")


__all__ = [
    "ABOUT_ONE",
    "KINDS",
    "DocumentView",
    "DutyRefusedError",
    "Handed",
    "OpenFinding",
    "answer",
    "document",
    "documents_of",
    "hand_in",
    "handed_in",
    "one_handed_in",
    "open_findings",
]
