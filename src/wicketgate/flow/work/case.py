"""Everything of one request for the page of one person, and what this person may do with it now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, TypeAlias

from wicketgate.core.actor import Actor
from wicketgate.core.digest import digest
from wicketgate.core.facts import Facts
from wicketgate.core.identifiers import Handle
from wicketgate.core.request import COLUMNS, Request
from wicketgate.core.roles import Role
from wicketgate.core.states import State
from wicketgate.flow.gate import Gate
from wicketgate.flow.inspect.opening import require_open
from wicketgate.flow.work.blind import BLIND_FIELDS, is_blind, masked, seen_entry
from wicketgate.flow.work.kin import Kin, names_of
from wicketgate.flow.work.possible import Possible, possible_acts, rotation
from wicketgate.flow.work.refusals import ExpungedError, NotAllowedError, UnknownRequestError
from wicketgate.flow.work.rules import HOUSE_RULES, OfficeRules
from wicketgate.flow.work.signature import Signer, Terms, logged_signatures, signer
from wicketgate.law import CompiledLaw
from wicketgate.stages.likeness import common_percent, compared, reading
from wicketgate.store import suspension, work_case, work_kin
from wicketgate.store.services import Service
from wicketgate.store.work_case import Entry, Kept, Objection, Spoken
from wicketgate.store.work_filters import Clock
from wicketgate.store.work_kin import Other, Worded

Standing: TypeAlias = Literal["met", "defect", "refer", "note", "resolved"]

LIKE = 60
"""From this share (in percent) of common stretches on, two reasons are shown side by side."""
SHOWN_ALIKE = 5
_OUTSIDE = frozenset({Role.CLERK, Role.RECIPIENT_OFFICER, Role.GATE})


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the law and how it stands for this request."""

    id: str
    code: str
    part: str
    title: str
    citation: str
    sense: str
    """The statute's sense, from the authority's text: paragraphs parted by an empty line."""
    standing: Standing
    message: str
    remedy: str
    spoken: tuple[Spoken, ...]
    """What people said about it, as far as the viewer may read it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of the ledger; `index` is its place there, by which a receipt is made."""

    index: int
    at: datetime
    kind: str
    act: str
    who: str
    reasons: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Alike:
    """Another request with nearly the same reasons; the passages are (start, end) in characters."""

    handle: str
    state: str
    agency: str
    percent: int
    reasons: str = field(repr=False)
    here: tuple[tuple[int, int], ...]
    there: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Dissent:
    """An officer's objection, who signed it, and why the disclosure proceeds against it if it does."""

    number: int
    officer: str
    role: str
    at: datetime
    statement: str = field(repr=False)
    digest: str
    signer: Signer
    terms: str
    """The lines that were signed."""
    signature: str | None = field(repr=False)
    answer: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class CaseView:
    """What one person is shown of one request."""

    handle: Handle
    version: int
    """To be handed back with an act: whoever acted meanwhile was first."""
    state: State
    row: int
    submission: int
    submission_name: str
    agency: str
    safeguards: str | None
    """The agency's safeguard state, as the custodian's directory says; None for an unknown agency."""
    received_at: datetime
    due_at: datetime
    clock: Clock
    fields: Mapping[str, str] = field(repr=False)
    """The request as it was written; for a blind viewer without what is withheld."""
    withheld: tuple[str, ...]
    """The fields that a blind viewer is not shown."""
    elements: tuple[Element, ...] = field(repr=False)
    same_law: bool
    """False when another version of the law is in force than the one under which it was determined."""
    same_person: tuple[Other, ...]
    same_officer: tuple[Other, ...]
    alike: tuple[Alike, ...] = field(repr=False)
    officer_load: int
    """Open requests of the busiest engaged officer, counted among that officer's newest."""
    timeline: tuple[Step, ...] = field(repr=False)
    dissents: tuple[Dissent, ...] = field(repr=False)
    claimed_by: str | None
    claimed_until: datetime | None
    declared: bool
    """True when the viewer has said whether there is a conflict of interest."""
    acts: tuple[Possible, ...]
    exercise: str | None = field(repr=False)
    """For the inspector alone: why this planted request is to be refused."""


def case(gate: Gate, actor: Actor, handle: Handle, kin: Kin, rules: OfficeRules = HOUSE_RULES) -> CaseView:
    """The page of one request for `actor`, in at most nine questions to the database.

    An approver is blind: no address ever, and none of the examiner's words before the decision.
    An inspector has opened it before, for a stated purpose. Raises `UnknownRequestError` for a request that
    is not there, `NotAllowedError` for outsiders, and `UnopenedError`.
    """
    if actor.role in _OUTSIDE:
        raise NotAllowedError(f"As {actor.role} you read no case; the answer is what is meant for you.")
    now = gate.clock.now()
    with gate.acting(Service.AUDIT) as connection:
        kept = work_case.kept(connection, handle, actor, now, rules.consecutive_approvals)
        if kept is None:
            raise UnknownRequestError(f"There is no request {handle}.")
        if kept.body is None:
            raise ExpungedError(handle)
        entries = work_case.entries(connection, handle)
        spoken = work_case.spoken(connection, handle)
        if actor.role is Role.INSPECTOR:
            require_open(entries, actor, handle, now)
        dissents = work_case.objections(connection, handle)
        body, facts = kept.body, kept.facts or {}
        request = Request.from_mapping(body)
        persons, officers = kin.persons(request), kin.officers(request)
        others = work_kin.sharing(connection, handle, [*persons, *officers])
        worded = work_kin.worded(connection, handle, kin.texts(request))
        load = work_kin.open_under(connection, officers)
        held = actor.role is Role.COUNSEL and State(kept.state) is State.HELD
        closed = held and not suspension.open_among(connection, [handle])
    blind = is_blind(actor, State(kept.state), entries)
    hidden = BLIND_FIELDS if actor.role is Role.APPROVER else frozenset()

    def shown(text: str) -> str:
        return masked(text, body) if hidden else text

    agency = gate.context.agencies.get(kept.agency_line[0]) if kept.agency_line else None
    seen = tuple(
        replace(each, reasons=shown(each.reasons))
        for each in spoken
        if not (blind and each.role == Role.EXAMINER)
    )
    steps = (seen_entry(entry, actor, blind) for entry in entries)
    return CaseView(
        handle=handle,
        version=kept.version,
        state=State(kept.state),
        row=kept.row,
        submission=kept.submission,
        submission_name=kept.submission_name,
        agency=body.get("requesting_agency", ""),
        safeguards=agency.safeguards if agency else None,
        received_at=kept.received_at,
        due_at=kept.due_at,
        clock=_clock(kept, now, rules),
        fields={name: shown(body[name]) for name in COLUMNS if name in body and name not in hidden},
        withheld=tuple(name for name in COLUMNS if name in body and name in hidden),
        elements=_elements(gate.law, facts, seen, {each.code: each.act for each in spoken if each.current}),
        same_law=kept.authority_digest == gate.law.authority.digest,
        same_person=_each_once(others, persons),
        same_officer=_each_once(others, officers),
        alike=_alike(request, worded, masked if hidden else lambda text, _: text),
        officer_load=load,
        timeline=tuple(
            Step(*step[:-1], None if step[-1] is None else shown(step[-1])) for step in steps if step
        ),
        dissents=tuple(_dissent(gate, handle, each, logged_signatures(entries), shown) for each in dissents),
        claimed_by=kept.claimed_by,
        claimed_until=kept.claimed_until,
        declared=kept.declared,
        acts=possible_acts(actor, kept, dissents, _rotated(kept, entries, rules), still_closed=closed),
        exercise=kept.exercise,
    )


def _dissent(
    gate: Gate, handle: Handle, each: Objection, logged: Set[str | None], shown: Callable[[str], str]
) -> Dissent:
    """The objection for this viewer; its signature is checked over the statement as it is kept now."""
    said = Terms(gate.key.vkey, handle, each.officer, each.role, digest(each.statement))
    return Dissent(
        each.number,
        each.officer,
        each.role,
        each.at,
        shown(each.statement),
        each.digest,
        signer(said, each.signature, logged),
        said.text(),
        each.signature,
        None if each.answer is None else shown(each.answer),
    )


def _rotated(kept: Kept, entries: list[Entry], rules: OfficeRules) -> str | None:
    """Why this approver is not to approve one more of the same examiner's endorsements."""
    endorsed = [entry.body.get("examiner") for entry in entries if entry.body.get("act") == "endorse"]
    return rotation(str(endorsed[-1]), kept.approved_of, rules) if endorsed else None


def _clock(kept: Kept, now: datetime, rules: OfficeRules) -> Clock:
    if kept.stopped:
        return "stopped"
    if kept.due_at < now:
        return "late"
    return "soon" if kept.due_at < now + rules.soon else "in_time"


def _elements(
    law: CompiledLaw, facts: Facts, spoken: tuple[Spoken, ...], said: Mapping[str, str]
) -> tuple[Element, ...]:
    """`said` is the last act of a person about an element since the request last began."""
    shown = law.evaluate(facts)
    found = []
    for number, element in enumerate(law.elements):
        standing: Standing = "met" if shown >> number & 1 else element.severity.value
        act = said.get(element.code)
        if act in ("return", "reject referral"):
            standing = "defect"
        elif act == "refer":
            standing = "refer"
        elif act == "resolve referral" and standing == "refer":
            standing = "resolved"
        found.append(
            Element(
                element.id,
                element.code,
                element.part,
                element.title,
                element.citation,
                element.sense,
                standing,
                element.message,
                element.remedy,
                tuple(each for each in spoken if each.code == element.code),
            )
        )
    return tuple(found)


def _each_once(others: list[Other], keys: list[int]) -> tuple[Other, ...]:
    return tuple({each.handle: each for each in others if each.key in keys}.values())


def _alike(
    request: Request, worded: list[Worded], shown: Callable[[str, Mapping[str, str]], str]
) -> tuple[Alike, ...]:
    """Those that are really alike, the most alike first, then the newest."""
    own = request.as_mapping()
    mine = reading(request.reasons or "", names_of(request))
    near = []
    for each in worded:
        other = Request.from_mapping(each.body)
        theirs = reading(other.reasons or "", names_of(other))
        if (percent := common_percent(mine, theirs)) >= LIKE:
            near.append((percent, each, theirs))
    near.sort(key=lambda each: -each[0])
    found = []
    for percent, each, theirs in near[:SHOWN_ALIKE]:
        said = shown(shown(each.body.get("reasons") or "", each.body), own)
        shared = compared(mine, theirs)
        found.append(Alike(each.handle, each.state, each.agency, percent, said, shared.one, shared.other))
    return tuple(found)
