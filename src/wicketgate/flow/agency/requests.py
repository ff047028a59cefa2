"""An agency's own requests and submissions: where each stands, as far as the agency may know it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from wicketgate.core.identifiers import Handle
from wicketgate.core.request import Request
from wicketgate.flow.agency.door import as_agency
from wicketgate.flow.closures import EVERYBODY, closures
from wicketgate.flow.gate import Gate
from wicketgate.flow.work.refusals import UnknownRequestError
from wicketgate.flow.work.rules import HOUSE_RULES
from wicketgate.store import agency as store
from wicketgate.store import duties
from wicketgate.store.agency import STATUSES, Key, Outward, SubmissionSeen
from wicketgate.store.database import Connection

PAGE = 50
_READ = 250
"""Rows read at a time while looking for those that a filter lets through."""
_FARTHEST = 5_000
"""Rows looked through for one page; then the page says how far it looked and goes on from there."""
_AT_ONCE = 2_000
"""Rows read at a time for an export."""
OPEN = "in_progress"
Clock = Literal["late", "soon", "in_time", "stopped", "ended"]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; None: everything."""

    status: str | None = None
    agency: str | None = None
    submission: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One request of the list, with its clock: when an answer is due, and how that stands."""

    seen: Outward
    due_at: datetime
    clock: Clock


@dataclass(frozen=True, slots=True)
class Page:
    """Some requests in order, and where the next page begins; None when there is no more."""

    lines: Sequence[Line]
    after: Key | None
    looked_through: int


def listed(gate: Gate, agency: str, filters: Filters, after: Key | None = None) -> Page:
    """The agency's requests that the filters let through, the newest submission first."""
    found: list[Line] = []
    looked = 0
    at = after
    with as_agency(gate, agency) as connection:
        clocks = _Clocks(gate, connection)
        while looked < _FARTHEST:
            part = store.page(connection, after=at, submission=filters.submission, most=_READ)
            for each in part:
                looked += 1
                at = Key(each.submission, each.row)
                if _passes(each, filters):
                    found.append(clocks.line(each))
                    if len(found) == PAGE:
                        return Page(found, at, looked)
            if len(part) < _READ:
                return Page(found, None, looked)
    return Page(found, at, looked)


def exported(gate: Gate, agency: str, filters: Filters) -> Iterator[Line]:
    """All of the agency's requests that the filters let through, in the order of the pages."""
    at: Key | None = None
    while True:
        with as_agency(gate, agency) as connection:
            clocks = _Clocks(gate, connection)
            part = store.page(connection, after=at, submission=filters.submission, most=_AT_ONCE)
            lines = [clocks.line(each) for each in part if _passes(each, filters)]
        yield from lines
        if len(part) < _AT_ONCE:
            return
        at = Key(part[-1].submission, part[-1].row)


def _passes(seen: Outward, filters: Filters) -> bool:
    return filters.status in (None, seen.status) and filters.agency in (None, seen.agency_line[0])


class _Clocks:
    """When answers are due: orders stop a clock for everybody to see, and nothing else does here."""

    def __init__(self, gate: Gate, connection: Connection) -> None:
        self._connection, self._now = connection, gate.clock.now()
        self._closed = {each.scope for each in closures(gate)}
        self._late: dict[tuple[object, ...], float] = {}

    def line(self, seen: Outward) -> Line:
        if seen.status != OPEN:
            return Line(seen, seen.due_at, "ended")
        line = seen.agency_line
        received = (*line, seen.received_at)  # one file's requests came in together
        if received not in self._late:
            self._late[received] = store.stopped(self._connection, line, seen.received_at, self._now)
        due = seen.due_at + timedelta(seconds=self._late[received])
        if self._closed & {*line, EVERYBODY}:
            return Line(seen, due, "stopped")
        if due < self._now:
            return Line(seen, due, "late")
        return Line(seen, due, "soon" if due < self._now + HOUSE_RULES.soon else "in_time")


@dataclass(frozen=True, slots=True)
class RequestView:
    """One request: what was written, what was answered, and when an answer leaves."""

    line: Line
    written: Request = field(repr=False)
    acknowledged_at: datetime | None

    @property
    def findings(self) -> Sequence[Mapping[str, str]]:
        """What was found in a request that was returned, with citation and remedy."""
        return tuple(self.line.seen.told.get("findings", ()))


def request_view(gate: Gate, agency: str, handle: Handle) -> RequestView:
    """One request of the agency. Raises `UnknownRequestError` for any other, whether or not there is one."""
    with as_agency(gate, agency) as connection:
        seen = store.one(connection, handle)
        written = None if seen is None else store.written(connection, handle)
        if seen is None or written is None:
            raise UnknownRequestError(f"Your agency has no request {handle}.")
        line = _Clocks(gate, connection).line(seen)
        return RequestView(line, written, duties.acknowledged(connection, [handle.text]).get(handle.text))


@dataclass(frozen=True, slots=True)
class SubmissionView:
    """A submission summed up as far as the agency was told about it."""

    seen: SubmissionSeen
    counts: Mapping[str, int]
    elements: Sequence[tuple[Mapping[str, str], int]]

    @property
    def requests(self) -> int:
        """How many of its requests are the agency's."""
        return sum(self.counts.values())


def listed_submissions(
    gate: Gate, agency: str, before: int | None = None
) -> tuple[list[SubmissionSeen], int | None]:
    """The newest submissions with requests of the agency, and where the next page begins."""
    with as_agency(gate, agency) as connection:
        found = store.submissions(connection, before=before, most=PAGE + 1)
    return found[:PAGE], found[PAGE - 1].submission if len(found) > PAGE else None


def submission_view(gate: Gate, agency: str, number: int) -> SubmissionView:
    """One submission of the agency. Raises `UnknownRequestError` for any other."""
    with as_agency(gate, agency) as connection:
        seen = store.submission(connection, number)
        if seen is None:
            raise UnknownRequestError(f"Your agency has no submission {number}.")
        counted = store.counts(connection, number)
        ordered = {status: counted[status] for status in STATUSES if status in counted}
        return SubmissionView(seen, ordered, store.elements(connection, number))


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one row, as far as the agency was told."""

    row: int
    request_id: str = field(repr=False)
    handle: str
    status: str
    answered_at: datetime | None
    codes: Sequence[str]
    """Of the elements that the answer names."""


def results_of(gate: Gate, agency: str, number: int) -> Iterator[Result]:
    """What came of every request of the agency in a submission, in row order."""
    for each in _requests_of(gate, agency, number):
        codes = [str(found["code"]) for found in each.told.get("findings", ())]
        yield Result(each.row, each.request_id, each.handle, each.status, each.answered_at, codes)


def _requests_of(gate: Gate, agency: str, number: int) -> Iterator[Outward]:
    after: Key | None = None
    while True:
        with as_agency(gate, agency) as connection:
            part = store.page(connection, after=after, submission=number, most=1_000)
        yield from part
        if len(part) < 1_000:
            return
        after = Key(part[-1].submission, part[-1].row)


def home(gate: Gate, agency: str) -> Mapping[str, int]:
    """How many of the newest requests stand where, among the last few hundred."""
    with as_agency(gate, agency) as connection:
        newest = store.page(connection, after=None, submission=None, most=_READ)
    counted: dict[str, int] = {}
    for each in newest:
        counted[each.status] = counted.get(each.status, 0) + 1
    return counted


__all__ = [
    "STATUSES",
    "Filters",
    "Key",
    "home",
    "listed",
    "listed_submissions",
    "request_view",
    "results_of",
    "submission_view",
]
