"""Chance, deterministic in its seed and quick enough for millions of rows."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Dice:
    """A seeded source of picks; the same seed and purpose give the same picks on every machine."""

    def __init__(self, seed: int, purpose: str) -> None:
        # A text seed is hashed with SHA-512 by the standard library, so purposes do not correlate.
        self._random = Random(f"{seed}:{purpose}").random  # noqa: S311 - synthetic data, no secret

    def chance(self, share: float) -> bool:
        """True with this probability."""
        return self._random() < share

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + int(self._random() * (high - low + 1))

    def pick(self, items: Sequence[T]) -> T:
        """One of the items, all equally likely."""
        return items[int(self._random() * len(items))]

    def digits(self, count: int) -> str:
        """That many random decimal digits."""
        return f"{int(self._random() * 10**count):0{count}d}"

    def weigh(self, table: Weighted[T]) -> T:
        """One of the table's items by its weights."""
        return table.items[bisect(table.cumulative, self._random() * table.total)]

    def shuffle(self, items: list[T]) -> None:
        """Put the items into a random order, in place (Fisher-Yates)."""
        for last in range(len(items) - 1, 0, -1):
            other = int(self._random() * (last + 1))
            items[last], items[other] = items[other], items[last]


class Weighted(Generic[T]):
    """Items with positive weights."""

    def __init__(self, pairs: Sequence[tuple[T, float]]) -> None:
        self.items: list[T] = [item for item, _ in pairs]
        self.cumulative: list[float] = list(accumulate(weight for _, weight in pairs))[:-1]
        self.total: float = sum(weight for _, weight in pairs)
