"""What waits for a person: filtered, sorted, in pages, with what the filters hide counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from wicketgate.core.actor import Actor
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.core.states import TRANSITIONS, State
from wicketgate.flow.gate import Gate
from wicketgate.flow.work.refusals import IncompleteError, NotAllowedError
from wicketgate.flow.work.rules import HOUSE_RULES, OfficeRules
from wicketgate.store import work
from wicketgate.store.services import Service
from wicketgate.store.work import COUNTED_TO, Row
from wicketgate.store.work_filters import Clock, Filters, Sort, View, stops

__all__ = ["COUNTED_TO", "Case", "Clock", "Facet", "Filters", "Home", "Number", "Page", "Row", "Sort"]

OPEN = tuple(
    state
    for state in State
    if any(t.source is state and t.act in ("withdraw", "resume") for t in TRANSITIONS)
)
"""Every state in which a request is not finished: what an overseer's queue shows."""
_PASSING = frozenset({"withdraw", "hold", "recall"})
_OVERSEERS = frozenset({Role.INSPECTOR, Role.SAFEGUARDS_OFFICER})


@dataclass(frozen=True, slots=True)
class Case:
    """One row of a queue."""

    row: Row
    clock: Clock


@dataclass(frozen=True, slots=True)
class Number:
    """A count; when it is not `exact` there are more than `n`."""

    n: int
    exact: bool = True

    def __str__(self) -> str:
        return f"{self.n:,}" if self.exact else f"more than {self.n:,}"


@dataclass(frozen=True, slots=True)
class Facet:
    """A value that a queue can be narrowed to, and how many requests that leaves."""

    value: str
    n: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a queue."""

    cases: tuple[Case, ...]
    total: int
    """How many wait for this role, filters aside."""
    matching: Number
    hidden: Number
    """How many the filters hide; not exact when `matching` is not: then there are at most `hidden.n`."""
    after: str | None
    """What to ask for the next page; None on the last."""
    suspended: bool
    """True when the clock of one of these cases stands still."""
    states: tuple[Facet, ...]
    """The states in which requests wait for this role, filters aside."""
    agencies: tuple[Facet, ...]
    """The agencies whose requests wait for this role, the busiest first, filters aside."""


def waiting_states(role: Role) -> tuple[str, ...]:
    """The states whose requests wait for a role, from the transition table; for overseers all open ones."""
    if role in _OVERSEERS:
        return tuple(state.value for state in OPEN)
    found = dict.fromkeys(
        t.source.value for t in TRANSITIONS if t.role is role and t.act not in _PASSING and t.source in OPEN
    )
    return tuple(found)


def queue(
    gate: Gate,
    actor: Actor,
    filters: Filters = Filters(),  # noqa: B008 - frozen
    sort: Sort = "due",
    after: str | None = None,
    rules: OfficeRules = HOUSE_RULES,
) -> Page:
    """One page of what waits for this role. Raises `WorkRefusedError` for a role without a queue."""
    view = _view(gate, actor, rules)
    with gate.acting(Service.AUDIT) as connection:
        tallies = work.tallies(connection, view.states)
        stopped = stops(connection, view.now)
        rows = work.page(connection, view, filters, stopped, sort, _cursor(after), rules.page + 1)
        total = sum(tally.n for tally in tallies)
        if filters.summed:
            matching = Number(
                sum(
                    tally.n
                    for tally in tallies
                    if filters.state in (None, tally.state)
                    and filters.agency in (None, tally.agency)
                    and filters.submission in (None, tally.submission)
                )
            )
        else:
            counted = work.count(connection, view, filters, stopped)
            matching = Number(min(counted, COUNTED_TO), counted <= COUNTED_TO)
    shown, more = rows[: rules.page], rows[rules.page :]
    return Page(
        cases=tuple(Case(row, clock_of(row, view)) for row in shown),
        total=total,
        matching=matching,
        hidden=Number(max(total - matching.n, 0), matching.exact),
        after=f"{shown[-1].sorted_by.isoformat()}~{shown[-1].handle}" if more else None,
        suspended=any(row.stopped for row in shown),
        states=_facets((tally.state, tally.n) for tally in tallies),
        agencies=_facets((tally.agency, tally.n) for tally in tallies),
    )


@dataclass(frozen=True, slots=True)
class Home:
    """What a person's day begins with."""

    waiting: int
    late: Number
    soon: Number
    stopped: Number
    mine: Number


def home(gate: Gate, actor: Actor, rules: OfficeRules = HOUSE_RULES) -> Home:
    """How much waits for this role, how much of it is late, stands still, or is claimed by this person."""
    view = _view(gate, actor, rules)
    narrowed = [*(Filters(clock=clock) for clock in ("late", "soon", "stopped")), Filters(claimed="me")]
    with gate.acting(Service.AUDIT) as connection:
        waiting = sum(tally.n for tally in work.tallies(connection, view.states))
        counted = work.counts(connection, view, narrowed, stops(connection, view.now))
    return Home(waiting, *(Number(min(n, COUNTED_TO), n <= COUNTED_TO) for n in counted))


def next_free(
    gate: Gate, actor: Actor, besides: str | None = None, rules: OfficeRules = HOUSE_RULES
) -> Handle | None:
    """The first request that waits for this role, that nobody has taken and this person may judge."""
    view = _view(gate, actor, rules)
    free = Filters(claimed="nobody")
    with gate.acting(Service.AUDIT) as connection:
        stopped, after = stops(connection, view.now), None
        while rows := work.page(connection, view, free, stopped, "due", after, rules.page):
            barred = work.barred(connection, [row.handle for row in rows], actor)
            for row in rows:
                if row.handle not in barred and row.handle != besides:
                    return Handle(row.handle)
            after = rows[-1].sorted_by, rows[-1].handle
    return None


def export(
    gate: Gate,
    actor: Actor,
    filters: Filters = Filters(),  # noqa: B008 - frozen
    rules: OfficeRules = HOUSE_RULES,
) -> Iterator[Case]:
    """Every case of the queue, one after the other, whatever their number."""
    view = _view(gate, actor, rules)
    with gate.acting(Service.AUDIT) as connection:
        for row in work.every(connection, view, filters, stops(connection, view.now)):
            yield Case(row, clock_of(row, view))


def clock_of(row: Row, view: View) -> Clock:
    """How its clock stands: it stands still, or is late, soon due, or in time."""
    if row.stopped:
        return "stopped"
    if row.due_at < view.now:
        return "late"
    return "soon" if row.due_at < view.now + view.soon else "in_time"


def _facets(counted: Iterable[tuple[str, int]]) -> tuple[Facet, ...]:
    sums: dict[str, int] = {}
    for value, n in counted:
        sums[value] = sums.get(value, 0) + n
    return tuple(Facet(value, n) for value, n in sorted(sums.items(), key=lambda each: (-each[1], each[0])))


def _view(gate: Gate, actor: Actor, rules: OfficeRules) -> View:
    states = waiting_states(actor.role)
    if not states:
        raise NotAllowedError(f"Nothing waits here for you as {actor.role}.")
    return View(states, actor.handle, gate.clock.now(), rules.soon)


def _cursor(after: str | None) -> tuple[datetime, str] | None:
    if after is None:
        return None
    moment, _, handle = after.partition("~")
    try:
        return datetime.fromisoformat(moment).astimezone(UTC), Handle(handle).text
    except (ValueError, OverflowError):
        raise IncompleteError(
            "The address of this page is not one of ours; begin at the first page."
        ) from None
