"""Streets: a number, then a name that may have a type and directionals."""

from __future__ import annotations

import re

from wicketgate.address.lexicon import listed
from wicketgate.address.point import DeliveryPoint
from wicketgate.address.pub28 import (
    CORE_SUFFIXES,
    LONG_DIRECTIONALS,
    NUMBER_WORDS,
    SHORT_DIRECTIONALS,
    SPANISH_TYPES,
    STANDARD_SUFFIXES,
    STATES,
)
from wicketgate.address.units import UNIT_WORDS, is_bare_value, is_value, take_units

_NUMBER = re.compile(
    r"""(?:\d{1,6}(?:(?!st|nd|rd|th)[a-z]{1,2})?  # 123, 123a
      | \d{1,5}-\d{1,5}[a-z]{0,2}                 # 120-55
      | \d{1,3}-\d{1,3}-\d{1,3}[a-z]?            # 9-1-4, of an estate
      | \d{1,5}/\d{1,5}                           # 12/14
      | \d{1,5}\.\d{1,3}                          # 39.2
      | [nsew]\d{1,5}[nsew]\d{1,6}                # n6w23001
      | \d{1,3}[nsew]\d{1,5}[a-z]?                # 39w450
      | [a-z]{1,2}\d{1,5}[a-z]?                   # w204, a12
      | \d{1,3}[a-z]{1,2}-?\d{1,4}[a-z]{0,2}      # 3b-17
      )\Z""",
    re.VERBOSE,
)
_FRACTION = re.compile(r"[1-9]/[2-9]\d?\Z")
_ORDINAL_ENDINGS = frozenset(("st", "nd", "rd", "th"))
_MAY_STAND_ALONE = listed("plz cir loop ter mall park oval cmn grn cres walk row sq")
NUMBERED = listed("hwy rte fm rm cr sr us i spur loop sh fr fs nf bia th cth sth tr")
ROAD_KINDS = listed("""
county co state ranch us farm market forest bia township old private indian navajo
""")
_FORMER = listed("old historic business bus alt alternate")
_NOT_A_STREET = listed("miles mile mi feet yards blocks block blk blks minutes or and")
BEFORE_NO_HOUSE = (
    NUMBERED
    | UNIT_WORDS
    | listed("box mile milepost mp mm marker km block blk tract rd ave calle psc cmr rr hc")
)
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)\Z")
_NUMBERED_EAST_OR_WEST = re.compile(r"\d{1,3}[ew]\Z")
"""``450 9W``: a highway with two branches."""
_GRID = re.compile(r"\d+(?:st|nd|rd|th)?\Z")
_STATE_NAMES = frozenset(name for name in STATES if len(name) > 2)
_VOWEL = re.compile(r"[aeiouy]|[^a-z]")


def is_number(word: str) -> bool:
    """True for a house number in any of the customary forms, ordinals excepted."""
    return _NUMBER.match(word) is not None


def read_street(words: list[str]) -> DeliveryPoint | None:
    """A street whose first word is the house number."""
    number = NUMBER_WORDS.get(words[0], words[0])
    body = words[1:]
    if body and _FRACTION.match(body[0]):
        number = f"{number} {body.pop(0)}"
    if not body or body[0] in _NOT_A_STREET:
        return None
    if len(body) == 2 and body[0] == "rm" and body[1].isdigit():
        return DeliveryPoint("street", number, tuple(body), typed=False)  # a ranch road, or a room
    unit: tuple[str, ...] = ()
    other: list[str] = []
    if not UNIT_WORDS.isdisjoint(body):
        body, unit, other = take_units(body, 0 if _starts_with_unit(body) else 1)
        if not body:
            return None
    end = _suffix_at(body)
    if end > 0:
        return _typed(number, body, end, unit, other)
    if len(body) > 1 and (body[0] in STANDARD_SUFFIXES or body[0] in SPANISH_TYPES or _is_highway(body)):
        return DeliveryPoint("street", number, tuple(body), unit, other=tuple(other))
    return _untyped(number, body, unit, other)


def _starts_with_unit(body: list[str]) -> bool:
    return body[0] in UNIT_WORDS and len(body) > 1 and is_value(body[1])


def _suffix_at(body: list[str]) -> int:
    """Place of the suffix that ends the street's name; 0 when none does."""
    for suffixes in (CORE_SUFFIXES, STANDARD_SUFFIXES):
        for place in range(len(body) - 1, 0, -1):
            if body[place] in suffixes:
                return place
    return 0


def _typed(
    number: str, body: list[str], end: int, unit: tuple[str, ...], other: list[str]
) -> DeliveryPoint | None:
    if body[:end] == ["th"] or (end == 1 and body[0] in _ORDINAL_ENDINGS and body[0] != "st"):
        return None  # "45 th St": the street's own number is missing
    stop = end + 1
    size = len(body)
    numbered = body[end] in NUMBERED or body[end - 1] in ROAD_KINDS
    if stop < size and numbered and body[stop][0].isdigit():
        stop += 1
    if stop < size and body[stop] in SHORT_DIRECTIONALS:
        stop += 1
    rest = body[stop:]
    if rest and len(rest) < 3 and not unit and is_bare_value("".join(rest)):
        unit, rest = ("", "".join(rest)), []
    return DeliveryPoint("street", number, tuple(body[:stop]), unit, other=(*rest, *other))


def _untyped(number: str, body: list[str], unit: tuple[str, ...], other: list[str]) -> DeliveryPoint | None:
    """A name alone (``123 Broadway``) or a grid pair (``1350 E 200 S``)."""
    name = [word for word in body if word not in SHORT_DIRECTIONALS]
    if not name or number.count("-") > 1:  # a date
        return None
    grid = len(name) < len(body) and all(map(_GRID.match, name))
    if len(name) == 1 and not grid and not _is_name(name[0]):
        return None
    if (
        not grid
        and not any(map(_says_a_name, name))
        and not (len(name) == 1 and _NUMBERED_EAST_OR_WEST.match(name[0]))
    ):
        return None
    return DeliveryPoint("street", number, tuple(body), unit, other=tuple(other), typed=grid)


def _says_a_name(word: str) -> bool:
    """Letters, or an ordinal: ``45n`` and ``22w`` are a place on the globe."""
    return word.isalpha() or _ORDINAL.match(word) is not None or not word[0].isdigit()


def _is_name(word: str) -> bool:
    if word in STANDARD_SUFFIXES:
        return word in _MAY_STAND_ALONE or word not in CORE_SUFFIXES
    return (
        len(word) > 1
        and word not in LONG_DIRECTIONALS
        and not word.isdigit()
        and word not in _ORDINAL_ENDINGS
        and _VOWEL.search(word) is not None
    )


def _is_highway(body: list[str]) -> bool:
    """``FM 2972``, ``N US 12``, ``California 116``."""
    if body[-1].isdigit() and len(body[-1]) < 4 and " ".join(body[:-1]) in _STATE_NAMES:
        return True
    at = 1 if body[0] in SHORT_DIRECTIONALS or body[0] in _FORMER else 0
    return body[at] in NUMBERED and len(body) > at + 1 and body[at + 1][0].isdigit()


def find_street(words: list[str]) -> tuple[int, DeliveryPoint] | None:
    """A street that begins after other words, and where: ``Sunset Towers 123 Main St`` at 2."""
    for at in range(1, len(words) - 1):
        spanish = words[at + 1] in SPANISH_TYPES
        if (
            not (words[at][0].isdigit() or (spanish and words[at][-1].isdigit()))
            or words[at + 1][0].isdigit()
        ):
            continue
        if is_number(words[at]) and (spanish or not _belongs_to_word_before(words, at)):
            point = read_street(words[at:])
            if point is not None and point.typed:
                return at, point
    return None


def _belongs_to_word_before(words: list[str], at: int) -> bool:
    """``Box 12``, ``Floor 3``; the storey of ``3rd Floor 12 Main St`` stands before its word."""
    if words[at - 1] == "fl" and at > 1 and words[at - 2][0].isdigit():
        return False
    return words[at - 1] in BEFORE_NO_HOUSE
