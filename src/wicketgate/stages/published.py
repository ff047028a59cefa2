"""Which counts may be published and which wait, so that no small count follows from all publications.

Counts stand in rows, for instance one agency's answers by outcome. A row is published with its parts once
every part that happened at all is large enough; until then all of it waits and is added to the next period's,
and after a year its total is told alone, when that is large enough, and its parts never. So every day is in
one published stretch of a row and in no other: there are no two figures to subtract from each other. No
total over rows is published but what anybody can add up. What else is told of the same requests, how long
they took or which elements they lack, is told over the very stretch of their row, and where no small count is
left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

LEAST = 10
"""The smallest count that is published, a house rule."""
PATIENCE = timedelta(days=350)
"""How long a row waits for its parts, a house rule; then its total is told without them."""

_NOTHING: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Stretch:
    """Counts over whole days, the first and the last included."""

    first: date
    last: date
    counts: Mapping[str, int]
    """By part; parts in which nothing happened are left out."""

    @property
    def total(self) -> int:
        """All parts together."""
        return sum(self.counts.values())

    def then(self, counts: Mapping[str, int], last: date) -> Stretch:
        """This stretch and the days after it up to `last`."""
        parts = sorted({*self.counts, *counts})
        both = {part: self.counts.get(part, 0) + counts.get(part, 0) for part in parts}
        return Stretch(self.first, last, both)


@dataclass(frozen=True, slots=True)
class Row:
    """What is told of a row in one publication, and what waits for a later one."""

    total: Stretch | None
    """Its counts are for their sum only, `Stretch.total`."""
    parts: Stretch | None
    """The same stretch by its parts; None where they are not told."""
    waits: Stretch


def publish(
    before: Row | None,
    counts: Mapping[str, int],
    first: date,
    last: date,
    least: int = LEAST,
    patience: timedelta = PATIENCE,
) -> Row:
    """Decide what of a row's counts from `first` to `last` may be told, with what waited before.

    Raises `ValueError` for a negative count, and for days that do not follow on those before.
    """
    if any(count < 0 for count in counts.values()):
        raise ValueError("A count is never negative.")
    if last < first or (before is not None and (first - before.waits.last).days != 1):
        raise ValueError("A publication begins on the day after the one before.")
    new = Stretch(first, last, {part: count for part, count in counts.items() if count})
    due = _due(before.waits if before else None, new)
    large = due.total >= least
    tells_parts = large and min(due.counts.values()) >= least
    if tells_parts or (large and due.last - due.first >= patience):
        return Row(due, due if tells_parts else None, Stretch(first, last, _NOTHING))
    return Row(None, None, due)


def divided(stretch: Stretch, counts: Mapping[str, int], least: int = LEAST) -> Stretch | None:
    """Another division of what a told stretch counts, where all its parts are large enough; else None.

    Raises `ValueError` when the parts do not add up to the stretch.
    """
    happened = {name: count for name, count in counts.items() if count}
    if sum(happened.values()) != stretch.total:
        raise ValueError("The parts of a division add up to what they divide.")
    large = min(happened.values(), default=0) >= least
    return Stretch(stretch.first, stretch.last, happened) if large else None


def within(part: int, counts: Mapping[str, int], least: int = LEAST) -> dict[str, int]:
    """Those counts of some of a told part that may be told beside it: neither they nor the rest are small.

    The sums of several such counts say nothing of each other, since one request may stand in each of them.
    """
    return {
        name: count
        for name, count in counts.items()
        if count >= least and (count == part or part - count >= least)
    }


def _due(waiting: Stretch | None, new: Stretch) -> Stretch:
    """What waited with the new counts; days that waited without any count are as good as told."""
    if waiting is None or not waiting.counts:
        return new
    return waiting.then(new.counts, new.last)
