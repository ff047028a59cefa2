"""The short way for the commonest addresses: a number, a street and perhaps one apartment.

Each street is judged once, behind the number 1, and each apartment once, beside a street. Behind a
house number of the customary kinds nothing hangs on its digits where the street shows its type, and
of the last line only what lines repeat of it at their end.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from wicketgate.address.judge import judge_parts
from wicketgate.address.last_lines import last_lines
from wicketgate.address.model import Address, Verdict
from wicketgate.address.placeholders import TRIGGERS, close_up
from wicketgate.address.point import DeliveryPoint
from wicketgate.address.reading import read_address
from wicketgate.address.units import UNIT_WORDS
from wicketgate.core.remembered import Remembered

_LONGEST = 60
_NUMBER = re.compile(r"[1-9][0-9]{0,2}-[1-9][0-9]{0,2}|[nsew][1-9][0-9]{0,4}[nsew][1-9][0-9]{0,4}")
"""House numbers of Queens and of Wisconsin."""
_FRACTION = re.compile(r"[1-9]/[2-9] ")
_UNIT = re.compile(r"((?:[A-Za-z]{1,9}\.?|#) ?)([0-9]{1,4})([A-Za-z]?)")
_STREET_AND_UNIT = re.compile(r"(.+) ((?:[a-z]{1,9}\.?|#) ?[0-9]{1,4}[a-z]?)")
_WORD = r"(?:[a-z]+\.?|[0-9]+(?:st|nd|rd|th))"
_NAME = re.compile(rf"{_WORD}(?: {_WORD})*")
"""Words of letters, and ordinals: nothing that could be a second house number."""


def find(address: Address) -> tuple[Verdict, str] | None:
    """The verdict and the delivery point's key; None for what must go another way."""
    line1, unit, city, state, postal_code, country = address
    if line1 is None or not line1.isascii():
        return None
    number, _, name = line1.lower().partition(" ")
    if not number.isdigit():
        if not _NUMBER.fullmatch(number):
            return None
    elif number[0] == "0" or len(number) > 5:
        return None
    elif name[1:2] == "/" and _FRACTION.match(name):
        number, name = f"{number} {name[:3]}", name[4:]
    apartment: str | None = ""
    if unit is not None:
        street, apartment = _before_units[name], _units[unit]
    elif not name[-2:].isdigit() and not name[-2:-1].isdigit():
        street = _streets[name]
    elif split := _STREET_AND_UNIT.fullmatch(name):
        street, apartment = _before_units[split[1]], _units[split[2]]
    else:
        return None
    if street is None or apartment is None:
        return None
    last = last_lines[city, state, postal_code, country]
    if last is None or last.kind or street.end in last.ends:
        return None
    return last.verdict, f"{number} {street.place}|{apartment}|{last.where}"


class _Street(NamedTuple):
    place: str
    """Its standard words."""
    end: str
    """The last of them."""


def _street(name: str) -> _Street | None:
    """A street that shows its type and has nothing to be said of it; None for all others."""
    if len(name) > _LONGEST or not _NAME.fullmatch(name):
        return None
    return _plain(_cleared(f"1 {name}"), "")


def _street_before_unit(name: str) -> _Street | None:
    """The same, where it does not matter on which line the apartment stands."""
    if len(name) > _LONGEST or not _NAME.fullmatch(name):
        return None
    behind = _cleared(f"1 {name} Apt 7")
    if behind is None or not UNIT_WORDS.isdisjoint(behind.street):
        return None
    return _plain(behind, "7") if behind == _cleared(f"1 {name}", "Apt 7") else None


def _plain(point: DeliveryPoint | None, apartment: str) -> _Street | None:
    if point is None or point != DeliveryPoint("street", "1", point.street, point.unit):
        return None
    if point.unit_key != apartment or not TRIGGERS.isdisjoint(point.street):
        return None  # words of a placeholder weigh more when the last line takes those beside them away
    if len(close_up(list(point.street))) < len(point.street):
        return None  # letters set apart are looked at behind some numbers only
    return _Street(" ".join(point.street), point.street[-1])


def _unit(text: str) -> str | None:
    """The unit as comparison text, when it is one behind any street; None for all others."""
    parts = _UNIT.fullmatch(text)
    if parts is None:
        return None
    before = _unit_words[parts[1], len(parts[2]), parts[3]]
    return None if before is None else f"{before}{parts[2]}{parts[3].lower()}"


def _unit_word(kind: tuple[str, int, str]) -> str | None:
    """What stands before the value in the unit's comparison text, whichever digits the value has."""
    word, digits, letter = kind
    value = "7" * digits + letter
    inside, below = _cleared(f"1 Main St {word}{value}"), _cleared("1 Main St", f"{word}{value}")
    if inside is None or inside != below or len(inside.unit) != 2 or inside.unit[1] != value.lower():
        return None
    if inside != DeliveryPoint("street", "1", ("main", "st"), inside.unit):
        return None
    return inside.unit_key.removesuffix(inside.unit[1])


def _cleared(line1: str, line2: str | None = None) -> DeliveryPoint | None:
    """The only delivery point of two lines with which nothing is wrong; None for all others."""
    reading = read_address(Address(line1, line2))
    parts = judge_parts(reading)
    return reading.points[0] if len(reading.points) == 1 and not parts.lines + parts.characters else None


_streets = Remembered(_street, 65_536)
_before_units = Remembered(_street_before_unit, 32_768)
_units = Remembered(_unit, 16_384)
_unit_words = Remembered(_unit_word, 4_096)
