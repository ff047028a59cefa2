"""Delivery points: what in one or two address lines names exactly one place where mail goes.

Forms are read in a fixed order, chosen by the first word: post office box, rural or
contract route, military, general delivery, street, island forms, and last a
description in words. An incomplete form (a route without its box, a street without
its number) is no delivery point.
"""

from __future__ import annotations

from wicketgate.address import boxes, islands, rural
from wicketgate.address.lexicon import listed
from wicketgate.address.normalise import normalise_segments
from wicketgate.address.point import DeliveryPoint
from wicketgate.address.pub28 import NUMBER_WORDS, SHORT_DIRECTIONALS, UNITS_ALONE
from wicketgate.address.streets import find_street, is_number, read_street
from wicketgate.address.units import UNIT_WORDS, is_bare_value, take_units

Segments = list[list[str]]


def parse_delivery_point(line1: str | None, line2: str | None = None) -> DeliveryPoint | None:
    """The delivery point of two lines, or None when they name none completely.

    With a street and a box both given, the one nearer the city line counts, as
    for the carrier (Publication 28, dual addresses).
    """
    points = read_points([*normalise_segments(line1), *normalise_segments(line2)])
    return points[-1] if points else None


def read_points(segments: Segments) -> list[DeliveryPoint]:
    """Every complete delivery point in the pieces of an address; words around them go to the last."""
    if len(segments) == 1:
        point = read_segment(segments[0])
        return [point] if point else []
    return _read_several(_joined(segments))


def read_segment(words: list[str]) -> DeliveryPoint | None:
    """The delivery point of one piece, or None."""
    first = words[0]
    if (first[0].isdigit() and is_number(first)) or first in NUMBER_WORDS:
        return read_street(words) or rural.read_description(words)
    if first in boxes.BOX_STARTS:
        return boxes.read_box(words) or _read_words_first(words)
    if first in boxes.ROUTE_STARTS and (point := boxes.read_route(words)):
        return point
    if (first in boxes.MILITARY_STARTS or first in boxes.SHIPS) and (point := boxes.read_military(words)):
        return point
    if first in boxes.GENERAL_STARTS and (point := boxes.read_general(words)):
        return point
    return _read_words_first(words)


def _read_words_first(words: list[str]) -> DeliveryPoint | None:
    first = words[0]
    if (first in UNIT_WORDS or first in _HOUSE_MARKS) and (point := _unit_first(words)):
        return point
    if is_number(first) and (point := read_street(words)):
        return point
    if first in SHORT_DIRECTIONALS and len(words) > 2 and words[1].isdigit():
        point = read_street([first + words[1], *words[2:]])
        if point:
            return point
    if (point := islands.read_kilometre(words)) is not None:
        return point
    if point := _box_after_words(words):
        return point
    found = find_street(words)
    if found and rural.RELATIONS.isdisjoint(words[: found[0]]):
        at, point = found
        if first in islands.AREAS:
            return point._replace(area=tuple(words[:at]))
        return point._replace(other=(*words[:at], *point.other))
    if first in islands.TYPES and (point := islands.read_typed_first(words)):
        return point
    if first in islands.AREAS and (point := islands.read_area(words)):
        return point
    return rural.read_description(words)


def _unit_first(words: list[str]) -> DeliveryPoint | None:
    """``Apt 4 123 Main St``; and ``No 7 Estate Diamond``, where the first number is the house's."""
    if words[0] in UNITS_ALONE and len(words) > 2 and is_number(words[1]):
        point = read_street(words[1:])
        return point._replace(unit=("", words[0], *point.unit)) if point else None
    if words[0] in UNIT_WORDS:
        before, unit, rest = take_units(words, 0)
        if before or not rest:
            return None
        if rest[0] in islands.AREAS and len(rest) > 1 and words[0] not in _HOUSE_MARKS:
            # "Edif 5 Apt 48 Residencial Sabana"
            return DeliveryPoint("building", area=tuple(rest), unit=unit)
    else:
        unit, rest = ("house", words[1]) if len(words) > 1 and is_number(words[1]) else (), words[2:]
        if not unit or not rest:
            return None
    if is_number(rest[0]):
        point = read_street(rest)
        return point._replace(unit=(*unit, *point.unit)) if point else None
    if unit[0] in _HOUSE_MARKS and len(unit) == 2 and unit[1]:
        point = read_street([unit[1], *rest])
        return point if point and point.typed else None
    return None


def _box_after_words(words: list[str]) -> DeliveryPoint | None:
    """``Smith Ranch PO Box 12``."""
    if _LATER_STARTS.isdisjoint(words):
        return None
    for at in range(1, len(words) - 1):
        for starts, read in _LATER_FORMS:
            if words[at] == "box" and _REFERENCES.issuperset(words[:at]):
                continue  # "see box 12": a box of a form
            if words[at] in starts and (point := read(words[at:])):
                return point._replace(other=(*words[:at], *point.other))
    return None


def _joined(segments: Segments) -> Segments:
    """Pieces that only a comma or a line break parts: a number and its street, a route and its box."""
    joined: Segments = []
    for words in segments:
        if joined and _belongs(joined[-1], words):
            joined[-1] = [*joined[-1], *words]
        else:
            joined.append(words)
    return joined


def _belongs(before: list[str], words: list[str]) -> bool:
    if len(before) == 1 and is_number(before[0]):
        return words[0] not in UNIT_WORDS
    if words[0] == "box":
        return before[0] in boxes.ROUTE_STARTS or before[0] in boxes.MILITARY_STARTS
    if len(words) == 1 and words[0] in SHORT_DIRECTIONALS:
        return True
    if before[0] == "box":
        return words[0] in boxes.ROUTE_STARTS
    return words[0] == "km" and before[0] == "carr"


def _read_several(segments: Segments) -> list[DeliveryPoint]:
    points: list[DeliveryPoint] = []
    unit: tuple[str, ...] = ()
    area: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    for words in segments:
        alone = _unit_alone(words)
        if alone:
            unit += alone
            continue
        point = read_segment(words)
        if point is None or point.kind == "descriptive":
            if words[0] in islands.AREAS:
                area += tuple(words)
            else:
                other += tuple(words)
        elif point.kind == "building":
            area, unit, other = area + point.area, unit + point.unit, other + point.other
        else:
            points.append(point)
    if any(point.typed for point in points):
        other += tuple(word for point in points if not point.typed for word in (point.number, *point.street))
        points = [point for point in points if point.typed]
    if not points:
        if area and any(unit[1::2]):
            return [DeliveryPoint("building", area=area, unit=unit, other=other)]
        whole = rural.read_description([word for words in segments for word in words])
        return [whole] if whole else []
    last = points[-1]
    points[-1] = last._replace(area=area + last.area, unit=last.unit + unit, other=last.other + other)
    return points


def _unit_alone(words: list[str]) -> tuple[str, ...]:
    """The units of a piece that holds nothing else; none otherwise."""
    if len(words) == 2 and words[1] == "fl":
        return ("fl", words[0])
    if len(words) == 1 and is_bare_value(words[0]):
        return ("", words[0])
    if words[0] not in UNIT_WORDS:
        return ()
    before, unit, rest = take_units(words, 0)
    return () if before or rest else unit


_REFERENCES = listed(
    "see refer ref reference check per from to in under note notes form field page line item the"
)
_HOUSE_MARKS = listed("# no house plot parc lot")
_LATER_FORMS = (
    (frozenset(("po", "pob", "pobox", "box")), boxes.read_box),
    (frozenset(("rr", "rural", "hc", "star")), boxes.read_route),
    (frozenset(("psc", "cmr", "unit")), boxes.read_military),
)
_LATER_STARTS = frozenset(start for starts, _ in _LATER_FORMS for start in starts)
