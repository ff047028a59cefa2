"""The short way for the commonest addresses: a number, a street and perhaps one apartment.

Streets are learned from addresses that went the long way and were clear; apartments are judged
once each, beside a street that is.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from wicketgate.address.judge import Parts, judge_parts
from wicketgate.address.last_lines import last_lines
from wicketgate.address.model import Address, Verdict
from wicketgate.address.point import DeliveryPoint
from wicketgate.address.pub28 import SHORT_DIRECTIONALS, STANDARD_SUFFIXES, STATES
from wicketgate.address.reading import Reading, read_address
from wicketgate.address.units import UNIT_WORDS
from wicketgate.core.remembered import Kept, Remembered

_LONGEST = 60
_UNIT = re.compile(r"(?:[A-Za-z]{1,9}\.?|#) ?[0-9]{1,4}[A-Za-z]?")
_STREET_AND_UNIT = re.compile(rf"(.+) ({_UNIT.pattern})")
_WORD = r"(?:[a-z]+\.?|[0-9]+(?:st|nd|rd|th))"
_NAME = re.compile(rf"{_WORD}(?: {_WORD})*")
"""Words of letters, and ordinals: nothing that could be a second house number."""


def find(address: Address) -> tuple[Verdict, str] | None:
    """The verdict and the delivery point's key; None for what must go another way."""
    line1, unit, city, state, postal_code, country = address
    if line1 is None or not line1.isascii():
        return None
    number, _, name = line1.lower().partition(" ")
    if not _is_plain_number(number):
        return None
    if unit is not None:
        street, apartment = _before_units.get(name), _units[unit]
    elif (street := _streets.get(name)) is not None:
        apartment = ""
    elif not name[-2:].isalpha() and (split := _STREET_AND_UNIT.fullmatch(name)):
        street, apartment = _before_units.get(split[1]), _units[split[2]]
    else:
        return None
    if street is None or apartment is None:
        return None
    last = last_lines[city, state, postal_code, country]
    if last is None or last.kind or number in last.words or not last.words.isdisjoint(street.words):
        return None
    return last.verdict, f"{number} {street.place}|{apartment}|{last.where}"


def _is_plain_number(number: str) -> bool:
    """A house number whose digits tell the judge nothing before a street that shows its type."""
    return number.isdigit() and len(number) < 6 and number[0] != "0"


_ANYWHERE = (STANDARD_SUFFIXES | SHORT_DIRECTIONALS) - {word for name in STATES for word in name.split()}
"""Words that say the same of a street whether or not its city bears them: the ``st`` of Saint Louis."""


class _Street(NamedTuple):
    words: tuple[str, ...]
    """Those that must not stand in the last line."""
    place: str


def learn(reading: Reading, parts: Parts) -> bool:
    """True when the next address with this street goes the short way, if its last line lets it."""
    if parts.lines or parts.characters or len(reading.points) != 1:
        return False
    line1, unit, *_ = reading.address
    if line1 is None or len(line1) > _LONGEST or not line1.isascii():
        return False
    last = last_lines[reading.address[2:]]
    if last is None or last.kind:
        return False  # foreign lines are not looked at closely, military ones differently
    number, _, name = line1.lower().partition(" ")
    point = reading.points[0]
    if not _is_plain_number(number) or point != DeliveryPoint("street", number, point.street, point.unit):
        return False
    words = tuple(word for word in point.street if word not in _ANYWHERE)
    if not UNIT_WORDS.isdisjoint(point.street) or not last.words.isdisjoint((number, *words)):
        return False
    streets = _streets
    if unit is not None or point.unit:
        if unit is None:
            split = _STREET_AND_UNIT.fullmatch(name)
            if split is None:
                return False
            name, unit = split.groups()
        if len(point.unit) != 2 or point.unit_key != _units[unit]:
            return False
        streets = _before_units
    if not _NAME.fullmatch(name):
        return False
    streets.keep(name, _Street(words, " ".join(point.street)))
    return True


def _unit(text: str) -> str | None:
    """The unit as comparison text, when it is one behind any street; None for all others."""
    if len(text) > _LONGEST or not _UNIT.fullmatch(text):
        return None
    inside, below = _cleared(f"1 Main St {text}"), _cleared("1 Main St", text)
    if inside is None or inside != below or len(inside.unit) != 2:
        return None
    return inside.unit_key if inside == DeliveryPoint("street", "1", ("main", "st"), inside.unit) else None


def _cleared(line1: str, line2: str | None = None) -> DeliveryPoint | None:
    """The only delivery point of two lines with which nothing is wrong; None for all others."""
    reading = read_address(Address(line1, line2))
    parts = judge_parts(reading)
    return reading.points[0] if len(reading.points) == 1 and not parts.lines + parts.characters else None


_streets: Kept[str, _Street] = Kept(16_384)
_before_units: Kept[str, _Street] = Kept(16_384)
_units = Remembered(_unit, 4_096)
