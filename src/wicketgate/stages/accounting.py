"""The figures of the yearly reports, counted from entries of the ledger and from nothing else.

The public report tells requests, instances, taxpayers and purposes of each agency; the confidential one
everything that happened; the one on safeguards what became of what recipients hold. A year is a calendar
year in UTC. Requests that were planted by the inspector count nowhere.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, Protocol

from wicketgate.stages.published import LEAST

OPENED: Mapping[str, tuple[str, ...]] = {
    "request.received": ("handle", "agency", "at"),
    "request.determined": ("handle", "determination", "findings", "at"),
    "request.endorsed": ("handle", "act", "at"),
    "request.held": ("handle", "act", "at"),
    "request.withdrawn": ("handle", "at"),
    "referral.determined": ("handle", "act", "at"),
    "decision": ("handle", "decision", "at"),
    "disclosure.released": ("handle", "taxpayer", "at"),
    "pickup": ("handle", "purpose", "at"),
    "disclosure.expired": ("handle", "at"),
    "disclosure.recalled": ("handle", "act", "due", "campaign", "at"),
    "destruction.certified": ("handle", "at"),
    "access.denied": ("handle", "act", "at"),
    "access.opened": ("handle", "at"),
    "dissent": ("handle", "at"),
    "exercise": ("handle", "act"),
    "recall.act": ("number", "act", "agency", "at"),
}
"""The fields that a count needs, by kind: no name, no reasons, no address."""
_SOMETIMES = frozenset({"findings", "taxpayer", "purpose", "due", "campaign"})
"""Fields that not every entry of their kind states; each other one is counted only where it is open."""

_OF_A_WHOLE = frozenset({"propose", "start", "import"})
"""Acts on a recall of many as a whole: they name no agency, and each disclosure has entries of its own."""

_CODE = re.compile(r"[A-Z][A-Z0-9-]{1,19}")
"""An agency's code; what else stood there is counted as unknown."""
UNKNOWN = "unknown"
_ACTS: Mapping[str, tuple[str, str]] = {
    "request.determined": ("determinations", "determination"),
    "request.endorsed": ("examinations", "act"),
    "referral.determined": ("referrals", "act"),
    "decision": ("decisions", "decision"),
    "request.withdrawn": ("withdrawn", ""),
    "disclosure.released": ("packages sealed", ""),
    "disclosure.expired": ("packages destroyed unopened", ""),
    "disclosure.recalled": ("recalls", ""),
    "destruction.certified": ("destructions certified", ""),
    "access.denied": ("acts refused", "act"),
    "access.opened": ("opened for oversight", ""),
    "dissent": ("dissents", ""),
}
"""Of each kind the figure and the field that details it."""
_HELD: Mapping[object, str] = {"resume": "resumed", "import": "imported, answered elsewhere before"}
"""What an entry of the kind `request.held` tells by its act; an order and a reason inside share one line, so
that nobody learns which it was."""
HELD = "held by order or for a reason inside"
CERTIFIED_ELSEWHERE = "certificates for what was imported"
_ABOUT_SAFEGUARDS = frozenset({"recalls", "destructions certified", "packages destroyed unopened"}) | {
    "acts refused",
    "opened for oversight",
}


class Entry(Protocol):
    """An entry of the ledger with the fields that are open."""

    @property
    def kind(self) -> str:
        """Its kind."""

    @property
    def fields(self) -> Mapping[str, Any]:
        """The open fields."""


class Figure(NamedTuple):
    """What is counted: of an agency, under a name, in detail (empty where there is none)."""

    agency: str
    name: str
    detail: str


class _AskedBack(NamedTuple):
    """Until when something is to be destroyed, and by which recall of many; None for a recall of one."""

    due: datetime
    campaign: object


@dataclass(slots=True)
class Counts:
    """The counts of one year, by figure."""

    confidential: Counter[Figure] = field(default_factory=Counter)
    """Everything that happened."""
    safeguards: Counter[Figure] = field(default_factory=Counter)
    """What recipients hold, what was called back, what was refused."""
    told: Counter[Figure] = field(default_factory=Counter)
    """What the quarterly publications of the year told: answered and disclosed, by agency."""
    closed: bool = False
    """True once the last quarter of the year was published."""
    entries: int = 0
    """Over how many entries of the log it was counted."""

    @property
    def standing(self) -> str:
        """Whether the year is whole, in words; a partial one says up to where it was counted."""
        if self.closed:
            return "closed: the last quarter of the year is published"
        return f"partial: counted over the first {self.entries} entries of the log, the year is not closed"


def agency_code(written: object) -> str:
    """The agency as reports name it."""
    return written if isinstance(written, str) and _CODE.fullmatch(written) else UNKNOWN


def count(entries: Callable[[], Iterable[Entry]], year: int) -> Counts:
    """Count one year; `entries` is read twice, in the order of the log. What was expunged counts no more.

    Raises `ValueError` for an entry whose time is none, and for one that keeps closed what is to be counted:
    nothing is counted as if it stood there.
    """
    planted = {each.fields.get("handle") for each in entries() if each.kind == "exercise"}
    imported: set[object] = set()
    found = Counts()
    agencies: dict[object, str] = {}
    taxpayer: dict[object, str] = {}
    people: dict[str, set[str]] = defaultdict(set)
    holding: Counter[str] = Counter()
    due: dict[object, _AskedBack] = {}
    end = datetime(year + 1, 1, 1, tzinfo=UTC)
    for each in entries():
        found.entries += 1
        if each.kind in ("answers", "order", "closure"):
            _public(found, each.kind, each.fields, year)
            continue
        if each.kind not in OPENED or not each.fields:
            continue
        if each.kind == "recall.act" and each.fields.get("act") in _OF_A_WHOLE:
            continue
        fields = _open(each)
        if (handle := fields.get("handle")) in planted:
            continue
        at = datetime.fromisoformat(fields["at"])
        if at >= end:
            continue
        if each.kind == "request.received":
            agencies[handle] = agency_code(fields.get("agency"))
        if each.kind == "recall.act":
            agency = agency_code(fields["agency"])
            if fields["act"] == "certify":
                # One certificate is for all that an agency got elsewhere and this recall asked back by then.
                due = {
                    one: asked
                    for one, asked in due.items()
                    if one not in imported
                    or (agencies.get(one), asked.campaign) != (agency, fields["number"])
                }
        else:
            agency = agencies.get(handle, UNKNOWN)
        if each.kind == "request.held" and fields["act"] == "import":
            imported.add(handle)
        if each.kind == "disclosure.released" and "taxpayer" in fields:
            taxpayer[handle] = fields["taxpayer"]
        elif each.kind == "pickup":
            holding[agency] += 1
        elif each.kind == "disclosure.recalled" and "due" in fields:
            due[handle] = _AskedBack(datetime.fromisoformat(fields["due"]), fields.get("campaign"))
        elif each.kind == "destruction.certified":
            holding[agency] -= 1
            due.pop(handle, None)
        if at.astimezone(UTC).year == year:
            _add(found, each.kind, fields, agency)
            if each.kind == "pickup":
                people[agency].add(taxpayer.get(handle, f"unnamed:{handle}"))
    for agency, persons in people.items():
        found.confidential[Figure(agency, "taxpayers", "")] = len(persons)
    for agency, held in holding.items():
        found.safeguards[Figure(agency, "disclosures held by recipients at the end", "")] = held
    for handle, asked in due.items():
        if asked.due < end:
            found.safeguards[
                Figure(agencies.get(handle, UNKNOWN), "certificates overdue at the end", "")
            ] += 1
    return found


def _open(entry: Entry) -> Mapping[str, Any]:
    """The fields that are counted, and no others; raises `ValueError` where one of them is closed."""
    wanted = OPENED[entry.kind]
    if missing := [name for name in wanted if name not in entry.fields and name not in _SOMETIMES]:
        raise ValueError(f"{missing[0]} of an entry of the kind {entry.kind} is not open")
    return {name: entry.fields[name] for name in wanted if name in entry.fields}


def _add(found: Counts, kind: str, fields: Mapping[str, Any], agency: str) -> None:
    if kind == "request.received":
        found.confidential[Figure(agency, "requests", "")] += 1
    elif kind == "pickup":
        found.confidential[Figure(agency, "instances", "")] += 1
        found.safeguards[Figure(agency, "instances", "")] += 1
        found.confidential[Figure(agency, "purposes", str(fields.get("purpose") or "not stated"))] += 1
    elif kind == "request.held":
        found.confidential[Figure(agency, _HELD.get(fields["act"], HELD), "")] += 1
    elif kind == "recall.act" and fields["act"] == "certify":
        found.confidential[Figure(agency, CERTIFIED_ELSEWHERE, "")] += 1
        found.safeguards[Figure(agency, CERTIFIED_ELSEWHERE, "")] += 1
    elif kind in _ACTS:
        name, detail = _ACTS[kind]
        figure = Figure(agency, name, str(fields.get(detail) or "") if detail else "")
        found.confidential[figure] += 1
        if name in _ABOUT_SAFEGUARDS:
            found.safeguards[figure] += 1
        if kind == "request.determined" and fields.get("determination") == "deficient":
            for code in fields.get("findings", ()):
                found.confidential[Figure(agency, "not shown, by element", str(code))] += 1


def _public(found: Counts, kind: str, fields: Mapping[str, Any], year: int) -> None:
    if kind == "answers" and date.fromisoformat(fields["to"]).year == year:
        found.closed |= fields["to"] == date(year, 12, 31).isoformat()
        for name, number in fields["counts"].items():
            match name.split(" / "):
                case ["agency", agency, *rest] if rest in ([], ["disclosed"]):
                    found.told[Figure(agency, "instances" if rest else "requests", "")] += number
    elif kind == "closure" and date.fromisoformat(fields["on"]).year == year:
        done = "closed" if fields["act"] == "close" else "opened again"
        name = f"doors {done} by what is overdue"
        found.safeguards[Figure(agency_code(fields["agency"]), name, str(fields["cause"]))] += 1
    elif kind == "order" and date.fromisoformat(fields["on"]).year == year:
        name = {"begin": "suspensions begun", "end": "suspensions ended"}.get(fields["act"])
        if name:
            written = fields["agency"]
            agency = written if written == "all agencies" else agency_code(written)
            found.safeguards[Figure(agency, name, "")] += 1


class Line(NamedTuple):
    """A figure as a report prints it: `number` is a count, or says why there is none."""

    agency: str
    name: str
    detail: str
    number: str


WAITS = f"fewer than {LEAST}, or not yet told"


def public_lines(found: Counts) -> list[Line]:
    """The public report: the sums of what the quarters told, so that it tells nothing beside them.

    Taxpayers are told where neither they nor what is left of the instances are few; purposes only those
    that are not few. Agencies in order; one that sent few requests and was told nothing has no line.
    """
    disclosed = (figure.agency for figure in found.confidential if figure.name == "instances")
    agencies = sorted({*(figure.agency for figure in found.told), *disclosed} - {UNKNOWN})
    lines = []
    for agency in agencies:
        requests = found.told[Figure(agency, "requests", "")]
        instances = found.told[Figure(agency, "instances", "")]
        persons = found.confidential[Figure(agency, "taxpayers", "")]
        few = persons < LEAST or not (persons == instances or instances - persons >= LEAST)
        lines += [
            Line(agency, "requests", "", str(requests) if requests else WAITS),
            Line(agency, "instances", "", str(instances) if instances else WAITS),
            Line(agency, "taxpayers", "", WAITS if few else str(persons)),
        ]
        told = instances > 0
        lines += [
            Line(agency, "purposes", figure.detail, "stated")
            for figure, number in sorted(found.confidential.items())
            if told and figure[:2] == (agency, "purposes") and number >= LEAST
        ]
    return lines


def confidential_lines(found: Counts) -> list[Line]:
    """The confidential report: every figure of every agency."""
    return _lines(found.confidential)


def safeguards_lines(found: Counts) -> list[Line]:
    """The report on safeguards."""
    return _lines(found.safeguards)


def _lines(counts: Counter[Figure]) -> list[Line]:
    return [Line(*figure, str(number)) for figure, number in sorted(counts.items())]


LINES: Mapping[str, Callable[[Counts], list[Line]]] = {
    "public": public_lines,
    "confidential": confidential_lines,
    "safeguards": safeguards_lines,
}
"""The reports by name."""
