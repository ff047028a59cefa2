"""How alike two texts are: by their stretches of words, names and numbers aside. No model, no meaning."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from random import Random

from wicketgate.stages.folding import folded_words

STRETCH = 4
"""Words to a stretch."""
_WORD = re.compile(r"[^\W_]+(?:['’`][^\W_]+)*")
_MOST_WORDS = 2_000
_BANDS, _ROWS = 6, 3
"""Texts that share 80 % of their stretches share a band with 98 % probability, at 30 % with 15 %."""
_PRIME = (1 << 61) - 1
_ORDERS = tuple(
    (draw.randrange(1, _PRIME), draw.randrange(_PRIME))
    for draw in (Random(number) for number in range(_BANDS * _ROWS))  # noqa: S311 - the same orders for ever
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much of two texts is shared, and where: (start, end) in characters, in order."""

    percent: int
    one: tuple[tuple[int, int], ...]
    other: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A text's words that count, with their places, and the stretches that they make."""

    spans: list[tuple[int, int]]
    stretches: list[tuple[str, ...]]


def sketch(text: str, names: str = "") -> tuple[int, ...]:
    """A few numbers of which nearly equal texts share one; none for a text shorter than a stretch."""
    words, aside = _words(text), _folded(names)
    return _sketched(words if aside.isdisjoint(words) else tuple([w for w in words if w not in aside]))


@lru_cache(maxsize=256)
def _words(text: str) -> tuple[str, ...]:
    return tuple([word for found in _WORD.findall(text) if (word := _counted(found))])


@lru_cache(maxsize=256)
def _sketched(words: tuple[str, ...]) -> tuple[int, ...]:
    following = [words[start:_MOST_WORDS] for start in range(STRETCH)]
    placed = [_places(stretch) for stretch in set(zip(*following, strict=False))]
    if not placed:
        return ()
    least = [min(places) for places in zip(*placed, strict=True)]
    return tuple(
        _hash((str(band), *map(str, least[band * _ROWS : (band + 1) * _ROWS]))) for band in range(_BANDS)
    )


@lru_cache(maxsize=32_768)
def _places(stretch: tuple[str, ...]) -> tuple[int, ...]:
    """Where a stretch stands in each of the orders; agencies write the same sentences again and again."""
    number = _hash(stretch)
    return tuple([(a * number + b) % _PRIME for a, b in _ORDERS])


def likeness(one: str, other: str, names_of_one: str = "", names_of_other: str = "") -> Likeness:
    """The share of stretches that stand in both texts among those that stand in either (Jaccard)."""
    return compared(reading(one, names_of_one), reading(other, names_of_other))


def compared(left: Reading, right: Reading) -> Likeness:
    """`likeness` of texts that were read before: for one text beside many."""
    common = set(left.stretches) & set(right.stretches)
    return Likeness(common_percent(left, right), _covered(left, common), _covered(right, common))


def common_percent(left: Reading, right: Reading) -> int:
    """`Likeness.percent` alone, which tells whether the rest is worth its time."""
    one, other = set(left.stretches), set(right.stretches)
    either = len(one | other)
    return 100 * len(one & other) // either if either else 0


@lru_cache(maxsize=1_024)
def _folded(names: str) -> frozenset[str]:
    return frozenset(folded_words(names).split())


def reading(text: str, names: str = "") -> Reading:
    """Read a text; `names` tell nothing when two are compared."""
    aside = _folded(names)
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    for found in _WORD.finditer(text):
        word = _counted(found.group())
        if word and word not in aside:
            words.append(word)
            spans.append(found.span())
        if len(words) == _MOST_WORDS:
            break
    return Reading(spans, [tuple(words[at : at + STRETCH]) for at in range(len(words) - STRETCH + 1)])


@lru_cache(maxsize=16_384)
def _counted(word: str) -> str:
    """A word as it counts; empty for a number."""
    plain = word.isascii() and word.isalpha()
    word = word.lower() if plain else folded_words(word).replace(" ", "")
    return word if word.isalpha() else ""


def _covered(read: Reading, common: set[tuple[str, ...]]) -> tuple[tuple[int, int], ...]:
    """The passages made of shared stretches; what stands between two shared words belongs to them."""
    passages: list[tuple[int, int]] = []
    last = -2
    for at, stretch in enumerate(read.stretches):
        if stretch not in common:
            continue
        start, end = read.spans[at][0], read.spans[at + STRETCH - 1][1]
        if passages and at <= last + STRETCH:
            passages[-1] = (passages[-1][0], end)
        else:
            passages.append((start, end))
        last = at
    return tuple(passages)


def _hash(parts: Sequence[str]) -> int:
    return int.from_bytes(blake2b("\x1f".join(parts).encode(), digest_size=7).digest(), "big")
