"""What the inspector sees without opening any request: one by handle, and shapes that warrant a look."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from wicketgate.core.actor import Actor
from wicketgate.core.digest import Canonical
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.flow.gate import Gate
from wicketgate.flow.inspect.opening import OPEN_FOR, OPENED, opening
from wicketgate.flow.work.blind import seen_entry
from wicketgate.flow.work.refusals import NotAllowedError, UnknownRequestError
from wicketgate.store import oversight, work_case
from wicketgate.store.oversight import SHAPES, Group, Member, Outline
from wicketgate.store.services import Service

LEAST: Mapping[str, int] = {"officers": 10, "reasons": 5, "addresses": 3}
"""From how many members on a group is shown; where none is named, from one."""
MOST_GROUPS, MOST_MEMBERS = 200, 1_000
DAYS = 90


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry of the ledger about a request, without its words."""

    index: int
    at: datetime
    kind: str
    act: str
    who: str


@dataclass(frozen=True, slots=True)
class Overview:
    """One request as the inspector sees it before it is opened."""

    handle: Handle
    outline: Outline
    elements: tuple[tuple[str, str, str], ...]
    """Code, title and citation of the elements that were not shown."""
    timeline: tuple[Noted, ...]
    open_until: datetime | None
    """None while this inspector has not opened it."""
    openings: int
    """How often anybody opened it for oversight."""


def overview(gate: Gate, actor: Actor, handle: Handle) -> Overview:
    """One request by its handle. Raises `UnknownRequestError`, and `NotAllowedError` for anybody else."""
    require_inspector(actor)
    with gate.acting(Service.AUDIT) as connection:
        found = oversight.outline(connection, handle)
        entries = work_case.entries(connection, handle)
    if found is None:
        raise UnknownRequestError(f"There is no request {handle}.")
    opened = opening(entries, actor, gate.clock.now())
    steps = (seen_entry(entry, actor, blind=False) for entry in entries)
    known = {element.code: element for element in gate.law.elements}
    return Overview(
        handle,
        found,
        tuple(
            (code, known[code].title, known[code].citation) if code in known else (code, "", "")
            for code in found.findings
        ),
        tuple(Noted(*step[:-1]) for step in steps if step),
        opened.at + OPEN_FOR if opened else None,
        sum(entry.kind == OPENED for entry in entries),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A shape with its filters."""

    shape: str
    days: int = DAYS
    agency: str = ""
    sign: str = ""
    least: int | None = None

    def at_least(self) -> int:
        """From how many members on a group is shown."""
        return LEAST.get(self.shape, 1) if self.least is None else self.least


@dataclass(frozen=True, slots=True)
class Shape:
    """What was found: the groups, and the requests of one of them or of all."""

    asked: Asked
    groups: Sequence[Group]
    members: Sequence[Member]


def shape(gate: Gate, actor: Actor, asked: Asked, *, most: int = MOST_MEMBERS) -> Shape:
    """A shape with its groups and linked requests. Raises `NotAllowedError` for anybody but an inspector."""
    require_inspector(actor)
    since = gate.clock.now() - timedelta(days=asked.days)
    with gate.acting(Service.AUDIT) as connection:
        if oversight.is_of_entries(asked.shape):
            entries = oversight.noted(connection, asked.shape, since, asked.agency, MOST_MEMBERS)
            return _of_entries(asked, entries, most)
        return Shape(
            asked,
            oversight.groups(connection, asked.shape, since, asked.agency, asked.at_least(), MOST_GROUPS),
            oversight.members(connection, asked.shape, since, asked.agency, asked.sign, most),
        )


def counts(gate: Gate, actor: Actor, days: int = DAYS) -> dict[str, int]:
    """How many groups of each shape there are."""
    require_inspector(actor)
    since = gate.clock.now() - timedelta(days=days)
    with gate.acting(Service.AUDIT) as connection:
        found = oversight.numbers(connection, LEAST, since, MOST_GROUPS)
        for name in filter(oversight.is_of_entries, SHAPES):
            noted = oversight.noted(connection, name, since, "", MOST_MEMBERS)
            found[name] = len(_of_entries(Asked(name, days), noted, MOST_MEMBERS).groups)
    return {name: found[name] for name in SHAPES}


def to_look_at(gate: Gate, actor: Actor) -> int:
    """How many groups of requests warrant a look: of every shape that is not made of entries."""
    require_inspector(actor)
    since = gate.clock.now() - timedelta(days=DAYS)
    with gate.acting(Service.AUDIT) as connection:
        found = oversight.numbers(connection, LEAST, since, MOST_GROUPS)
    return sum(number for shape, number in found.items() if shape != "dissents")


def _of_entries(asked: Asked, entries: Sequence[oversight.Noted], most: int) -> Shape:
    """Entries by whoever made them."""
    by_actor: dict[str, list[oversight.Noted]] = {}
    for each in entries:
        by_actor.setdefault(f"{each.body.get('actor', '')} ({each.body.get('role', '')})", []).append(each)
    groups = [
        Group(
            hashlib.sha256(name.encode()).hexdigest()[:16],
            name,
            sorted({each.agency for each in found}),
            len(found),
            min(each.at for each in found),
            max(each.at for each in found),
        )
        for name, found in by_actor.items()
        if len(found) >= asked.at_least()
    ]
    chosen = {group.name for group in groups if asked.sign in ("", group.sign)}
    members = [
        Member(each.handle, each.agency, each.state, each.at, _said(each.body))
        for name, found in by_actor.items()
        if name in chosen
        for each in found
    ]
    members.sort(key=lambda each: each.at, reverse=True)
    return Shape(asked, sorted(groups, key=lambda each: (-each.number, each.sign)), members[:most])


def _said(body: Mapping[str, Canonical]) -> str:
    if "purpose" in body:
        with_address = "with what was disclosed: " if body.get("subject") else ""
        return f"{with_address}{body['purpose']}"
    return f"{body.get('act', '')}: {body.get('reason', '')}"


def agencies(gate: Gate) -> list[str]:
    """The agencies by which shapes are filtered."""
    with gate.acting(Service.AUDIT) as connection:
        return oversight.agencies(connection)


def require_inspector(actor: Actor) -> None:
    """Raises `NotAllowedError` for anybody else."""
    if actor.role is not Role.INSPECTOR:
        raise NotAllowedError(f"You act as {actor.role}; the inspector's desk is for inspectors.")


__all__ = [
    "DAYS",
    "MOST_MEMBERS",
    "Asked",
    "Group",
    "Noted",
    "Overview",
    "Shape",
    "agencies",
    "counts",
    "overview",
    "require_inspector",
    "shape",
    "to_look_at",
]
