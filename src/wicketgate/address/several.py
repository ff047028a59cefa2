"""Two addresses where one belongs."""

from __future__ import annotations

from collections.abc import Sequence

from wicketgate.address.point import DeliveryPoint
from wicketgate.address.pub28 import CORE_SUFFIXES
from wicketgate.address.streets import BEFORE_NO_HOUSE, ROAD_KINDS, is_number, read_street

_JOINERS = frozenset(("or", "and", "now", "then", "also", "previously", "formerly", "old", "new", "alt"))
"""Between two addresses; a slash and an ampersand are ``or`` and ``and`` by now."""
_BEFORE_ROADS = BEFORE_NO_HOUSE - CORE_SUFFIXES


def states_several(points: Sequence[DeliveryPoint], segments: Sequence[list[str]]) -> bool:
    """True when the pieces hold two different street addresses, or two house numbers for one street.

    A street and a box are one address (dual addressing) and a building's name may hold a number.
    """
    if len(points) > 1:
        places = {point.place for point in points if point.kind == "street" and _is_core(point)}
        if len(places) > 1:
            return True
    return any(len(words) > 4 and _in_one_piece(words) for words in segments)


def _is_core(point: DeliveryPoint) -> bool:
    return point.number[0].isdigit() and not CORE_SUFFIXES.isdisjoint(point.street)


def _in_one_piece(words: list[str]) -> bool:
    if words[1] in ("or", "and") and is_number(words[0]) and is_number(words[2]) and words[2][0].isdigit():
        return True
    if not _JOINERS.isdisjoint(words) and any(
        _joins(words, at) for at in range(3, len(words) - 2) if words[at] in _JOINERS
    ):
        return True
    if len(_places(words)) > 1:
        return True
    for at in range(3, len(words) - 1):
        if not words[at].isdigit() or len(words[at]) > 6:
            continue
        end = at - 1 if words[at - 1] in _JOINERS else at
        if words[end - 1] in _BEFORE_ROADS or words[end - 2] in ROAD_KINDS:
            continue
        left, right = _street(words[:end]), _street(words[at:])
        if left and right and left.place != right.place:
            return True
    return False


def _places(words: list[str]) -> set[tuple[str, ...]]:
    """Every number with a name and a street's type right behind, whatever stands between them."""
    found: set[tuple[str, ...]] = set()
    number: int | None = None
    for at, word in enumerate(words):
        if word.isdigit():
            road = at > 0 and (words[at - 1] in _BEFORE_ROADS or (at > 1 and words[at - 2] in ROAD_KINDS))
            number = None if road or len(word) > 6 else at
        elif word in CORE_SUFFIXES and number is not None and at > number + 1:
            found.add(tuple(words[number : at + 1]))
            number = None
    return found


def _joins(words: list[str], joiner: int) -> bool:
    """True when a street with its number stands right before the joiner, and another right after it."""
    right = _begins(words[joiner + 1 :])
    if right is None:
        return False
    lefts = (_begins(words[at:joiner]) for at in range(joiner - 2) if words[at].isdigit())
    left = next((point for point in lefts if point), None)
    return left is not None and not left.other and left.place != right.place


def _begins(words: list[str]) -> DeliveryPoint | None:
    """The street at the beginning of the words, whatever follows it."""
    if len(words) < 2 or not is_number(words[0]) or not words[0][0].isdigit():
        return None
    point = read_street(words)
    return point if point and point.typed and _is_core(point) else None


def _street(words: list[str]) -> DeliveryPoint | None:
    if len(words) < 3 or not is_number(words[0]):
        return None
    point = read_street(words)
    return point if point and point.typed and _is_core(point) and not point.other else None
