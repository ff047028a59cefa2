"""The short way for the commonest addresses: a number, a street and perhaps one apartment.

Each street is judged once behind a number of each kind, and each apartment once beside a street. Where
a street shows its type nothing hangs on the digits of its number, and of the last line only what lines
repeat of it at their end.
"""

from __future__ import annotations

import re
from functools import partial
from typing import NamedTuple

from wicketgate.address.judge import judge_parts
from wicketgate.address.last_lines import last_lines
from wicketgate.address.model import Address, Verdict
from wicketgate.address.placeholders import TRIGGERS
from wicketgate.address.point import DeliveryPoint
from wicketgate.address.reading import read_address
from wicketgate.address.units import UNIT_WORDS
from wicketgate.core.remembered import Remembered

_LONGEST = 60
"""Characters of a line that is worth remembering."""
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
    if line1 is None or len(line1) > _LONGEST or not line1.isascii() or (unit and len(unit) > _LONGEST):
        return None
    number, _, name = line1.lower().partition(" ")
    streets = _streets
    if not number.isdigit():
        if not _NUMBER.fullmatch(number):
            return None
        streets = _streets_of_queens if number[0].isdigit() else _streets_of_grids
    elif number[0] == "0" or len(number) > 5:
        return None
    elif name[1:2] == "/" and _FRACTION.match(name):
        number, name = f"{number} {name[:3]}", name[4:]
        streets = _streets_behind_fractions
    judged, apartment = streets.alone, _units[unit or ""]
    if unit:
        judged = streets.above_units
    elif name[-2:].isdigit() or name[-2:-1].isdigit():
        split = _STREET_AND_UNIT.fullmatch(name)
        if split is None:
            return None
        name, judged, apartment = split[1], streets.before_units, _units[split[2]]
    street = None if apartment is None else judged[name]
    if street is None:
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


class _Streets:
    """Streets by their names, as they are judged behind a number like this one."""

    def __init__(self, number: str) -> None:
        self._number = number
        self.alone = Remembered(partial(self._street, "", None), 65_536)
        self.before_units = Remembered(partial(self._street, " Apt 7", None), 32_768)
        self.above_units = Remembered(partial(self._street, "", "Apt 7"), 32_768)

    def _street(self, behind: str, below: str | None, name: str) -> _Street | None:
        """A street that shows its type and has nothing to be said of it; None for all others."""
        if not _NAME.fullmatch(name):
            return None
        unit = ("apt", "7") if behind or below else ()
        point = _cleared(f"{self._number} {name}{behind}", below)
        if point is None or point != DeliveryPoint("street", self._number, point.street, unit):
            return None
        if not TRIGGERS.isdisjoint(point.street):
            return None  # words of a placeholder weigh more when the last line takes those beside them away
        if unit and not UNIT_WORDS.isdisjoint(point.street):
            return None
        return _Street(" ".join(point.street), point.street[-1])


def _unit(text: str) -> str | None:
    """The unit as comparison text, when it is none or one behind any street; None for all others."""
    if not text:
        return ""
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


_streets = _Streets("1")
_streets_behind_fractions = _Streets("1 1/2")
_streets_of_queens = _Streets("11-11")
_streets_of_grids = _Streets("n1w1")
_units = Remembered(_unit, 16_384)
_unit_words = Remembered(_unit_word, 4_096)
