"""Which counts may be published and which wait, so that no small count follows from all publications.

Counts stand in rows, for instance one agency's answers by outcome. Of a row its total is published first,
once it is large enough; its parts are published only when every part that happened at all is large enough,
each over the same stretch of time. Until then they wait and are added to the next period's. No total over
rows is published but the sum of what was: so nobody can subtract published rows from it to get at one that
waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

LEAST = 10
"""The smallest count that is published, a house rule."""

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
    total_waits: Stretch
    parts_wait: Stretch


def publish(
    before: Row | None, counts: Mapping[str, int], first: date, last: date, least: int = LEAST
) -> Row:
    """Decide what of a row's counts from `first` to `last` may be told, with what waited before.

    Raises `ValueError` for a negative count, and for days that do not follow on those before.
    """
    if any(count < 0 for count in counts.values()):
        raise ValueError("A count is never negative.")
    if last < first or (before is not None and (first - before.total_waits.last).days != 1):
        raise ValueError("A publication begins on the day after the one before.")
    happened = {part: count for part, count in counts.items() if count}
    new = Stretch(first, last, happened)
    total = _due(before.total_waits if before else None, new)
    parts = _due(before.parts_wait if before else None, new)
    # A breakdown tells its total, so it is not told before the total is.
    tells_total = total.total >= least
    tells_parts = tells_total and min(parts.counts.values(), default=0) >= least
    nothing = Stretch(first, last, _NOTHING)
    return Row(
        total if tells_total else None,
        parts if tells_parts else None,
        nothing if tells_total else total,
        nothing if tells_parts else parts,
    )


def _due(waiting: Stretch | None, new: Stretch) -> Stretch:
    """What waited with the new counts; days that waited without any count are as good as told."""
    if waiting is None or not waiting.counts:
        return new
    return waiting.then(new.counts, new.last)
