"""What a person should look at although the lines name a complete delivery point."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wicketgate.address import sentences as say
from wicketgate.address.findings import DEFECT, NOTE, REFER, Findings
from wicketgate.address.lastline import LastLine
from wicketgate.address.lexicon import listed
from wicketgate.address.placeholders import (
    LOUD_SPELLINGS,
    TRIGGERS,
    close_up,
    is_doubtful_name,
    is_gibberish,
    placeholder_code,
)
from wicketgate.address.places import MULTI_UNIT, named_places
from wicketgate.address.point import DeliveryPoint
from wicketgate.address.pub28 import (
    MILITARY_STATES,
    NUMBER_WORDS,
    SHORT_DIRECTIONALS,
    STANDARD_SUFFIXES,
)
from wicketgate.address.several import states_several
from wicketgate.address.units import take_units

Lines = tuple[list[list[str]], list[list[str]]]

_MILD = listed("no not without addr name")
_NUMBER_OF_A_PERSON = re.compile(r"\d{3}-\d{3}-\d{4}\Z|\d{3}-\d{2}-\d{4}\Z|\d{10}\Z")
"""Telephone and taxpayer numbers."""
_BESIDE_A_NAME = STANDARD_SUFFIXES | SHORT_DIRECTIONALS | {"or", "and"}
_ENDS_A_NAME = STANDARD_SUFFIXES | SHORT_DIRECTIONALS | {"mile"}
_NAMES_WITH_CODE = {
    "AD-07": say.CUSTODY,
    "AD-15": say.AGENCY,
    "AD-13": say.BUSINESS,
    "AD-28": say.THROUGH,
    "AD-22": say.NO_PART,
}


def remark(found: Findings, points: Sequence[DeliveryPoint], lines: Lines, last: LastLine) -> None:
    """Add everything notable about lines that name at least one delivery point."""
    segments = lines[0] + lines[1]
    words = [word for piece in segments for word in piece]
    point = points[-1]
    if states_several(points, segments):
        found.add("AD-21", DEFECT, found.stated_line, say.SEVERAL)
    _kind(found, point, last)
    if point.kind == "street":
        _street(found, points, words, last)
    _placeholder_line(found, lines, last)
    _units(found, point, words)
    _names(found, points, words, last)


def _kind(found: Findings, point: DeliveryPoint, last: LastLine) -> None:
    if point.kind == "general_delivery":
        found.add_words("AD-29", REFER, say.COUNTER, point.street)
    elif point.kind == "descriptive":
        found.add("AD-23", REFER, found.stated_line, say.DESCRIBED)
    elif last.state and point.kind != "po_box" and _is_military(point) != (last.state in MILITARY_STATES):
        found.add("AD-27", REFER, found.stated_line, say.MILITARY)


def _is_military(point: DeliveryPoint) -> bool:
    return point.kind == "military"


def _street(found: Findings, points: Sequence[DeliveryPoint], words: list[str], last: LastLine) -> None:
    point = points[-1]
    spelled = words[0] in NUMBER_WORDS and (words[0] != "one" or words[1] == "hundred")
    if spelled and len(points) == 1:
        found.add_words("AD-06", REFER, say.NUMBER_IN_WORDS, words[:1])
    if not point.number.strip("0"):
        found.add_words("AD-06", REFER, say.ZERO, (point.number,))
    name = close_up(list(point.street))
    if point.street[0].isdigit() and len(name) > 2 and name[1] not in _ENDS_A_NAME:
        found.add("AD-21", REFER, found.stated_line, say.TWO_NUMBERS)
    if not LOUD_SPELLINGS.isdisjoint(name) or any(map(_looks_odd, name)):
        body = [w for w in name if w not in _BESIDE_A_NAME and w not in last.words and not w.isdigit()]
        if body and is_doubtful_name(body):
            found.add_words("AD-17", REFER, say.DOUBTFUL, body)


def _looks_odd(word: str) -> bool:
    return word[0].isdigit() != word[-1].isdigit() or is_gibberish(word)


def _placeholder_line(found: Findings, lines: Lines, last: LastLine) -> None:
    """One line a placeholder, the other an address."""
    if not lines[0] or not lines[1]:
        return
    for field, line in (("line1", lines[0]), ("line2", lines[1])):
        words = [word for piece in line for word in piece]
        if TRIGGERS.isdisjoint(words) and len(close_up(words)) == len(words):
            continue
        if any(word[0].isdigit() for word in words):
            continue
        code = placeholder_code(words, last.words)
        if code and field == "line1":
            found.add("AD-17", REFER, field, say.BESIDE)
        elif code:
            found.add(code, NOTE, field, say.EMPTY_LINE)


def _units(found: Findings, point: DeliveryPoint, words: list[str]) -> None:
    marks, values = point.unit[::2], point.unit[1::2]
    bare = any(mark and not value for mark, value in zip(marks, values, strict=True))
    building_only = bool(marks) and all(mark == "bldg" for mark in marks)
    houses = not point.unit and point.kind == "street" and not MULTI_UNIT.isdisjoint(point.other)
    houses = houses and not any(take_units(point.other)[1][1::2])  # "Rose Garden Apartments Apt 4"
    if bare or building_only or houses:
        found.add_words("AD-11", REFER, say.NO_UNIT, {mark for mark in marks if mark} or MULTI_UNIT)


def _names(found: Findings, points: Sequence[DeliveryPoint], words: list[str], last: LastLine) -> None:
    """Words beside the delivery point; and the name of a street that does not show its type."""
    last_words = last.words
    beside = [word for point in points for word in (*point.other, *(() if point.typed else point.street))]
    beside = [word for word in beside if word not in last_words]
    seen = set()
    for named in named_places(beside):
        if named.code not in seen:
            seen.add(named.code)
            found.add_words(named.code, REFER, _NAMES_WITH_CODE[named.code], named.words)
    numbers = [word for word in beside if _NUMBER_OF_A_PERSON.match(word)]
    if numbers and "AD-22" not in seen:
        found.add_words("AD-22", REFER, say.NO_PART, numbers)
    if "AD-28" not in seen and ("pmb" in words or "c/o" in words):
        found.add_words("AD-28", REFER, say.THROUGH, ("pmb", "c/o"))
    custody = points[-1].kind == "descriptive" or not points[-1].typed
    if "AD-07" in seen and custody:
        found.add("AD-07", DEFECT, found.stated_line, say.CUSTODY_ONLY)
    loose = [word for word in beside if word in LOUD_SPELLINGS and word not in _MILD]
    told = {finding.code for finding in found.found}
    if not loose and "AD-21" not in told and placeholder_code(beside):
        loose = beside
    if loose and told.isdisjoint(("AD-17", *say.PLACEHOLDER)):
        found.add_words("AD-17", REFER, say.BESIDE, loose)
