"""What the judge says of an address: a short way for the commonest ones, the long way for all others.

The short way is for a number, a street and perhaps one apartment. What the judge says of such
lines rests on their words: not on the digits of the number, nor on a last line that shares
none of the words. So the judge is asked about each street, each apartment and each last line
once, and whatever it does not clear goes the long way. Tests compare the two.
"""

from __future__ import annotations

import re
from typing import NamedTuple, TypeAlias

from wicketgate.address.facilities import FacilityList
from wicketgate.address.hygiene import is_ordinary
from wicketgate.address.judge import judge_reading
from wicketgate.address.keys import point_key
from wicketgate.address.lastline import is_foreign, last_line_findings, read_last_line
from wicketgate.address.model import CLEAR, Address, Verdict
from wicketgate.address.point import DeliveryPoint
from wicketgate.address.pub28 import MILITARY_STATES
from wicketgate.address.reading import read_address
from wicketgate.address.units import UNIT_WORDS
from wicketgate.core.remembered import Remembered

Examined: TypeAlias = tuple[Verdict, str]


def judge(address: Address, *, facilities: FacilityList | None = None) -> Verdict:
    """Everything that is wrong, doubtful or notable about an address; `CLEAR` when there is nothing.

    A pure function of the six fields as received (and of the custodian's list of
    custody facilities, where given). Nothing is corrected or completed. AD-14, the
    reuse of one address, is a fact about a set of requests and is not judged here;
    AD-12, deliverability, needs licensed postal data and is never guessed.
    """
    return examine(address, facilities=facilities)[0]


def examine(address: Address, *, facilities: FacilityList | None = None) -> Examined:
    """The verdict of `judge` and the `delivery_point_key`, from one reading of the address."""
    short = short_way(address)
    if short is None or (facilities is not None and _building(short[1]) in facilities.keys):
        return long_way(address, facilities)
    return short


def _building(key: str) -> str:
    """The `building_key` of an address that went the short way, from its delivery point's key."""
    place, _, zip5 = key.split("|")
    return f"{place}||{zip5}"


def long_way(address: Address, facilities: FacilityList | None = None) -> Examined:
    """`examine`, whatever the address is."""
    reading = read_address(address)
    return judge_reading(reading, facilities), point_key(reading)


_LONGEST = 60
_UNIT = re.compile(r"(?:[A-Za-z]{1,9}\.?|#) ?[0-9]{1,4}[A-Za-z]?")
_STREET_AND_UNIT = re.compile(rf"(.+) ({_UNIT.pattern})")
_WORD = r"(?:[a-z]+\.?|[0-9]+(?:st|nd|rd|th))"
_NAME = re.compile(rf"{_WORD}(?: {_WORD})*")
"""Words of letters, and ordinals: nothing that could be a second house number."""


def short_way(address: Address) -> Examined | None:
    """`examine` for an address of a number, a street and perhaps one unit; None for every other."""
    line1, unit, city, state, postal_code, country = address
    if line1 is None or len(line1) > _LONGEST or not line1.isascii():
        return None
    number, _, name = line1.lower().partition(" ")
    if not name or len(number) > 4 or not number.isdigit() or number[0] == "0":
        return None
    if unit is None and not name[-2:].isalpha() and (split := _STREET_AND_UNIT.fullmatch(name)):
        name, unit = split.groups()
    last = _last_lines[city, state, postal_code, country]
    street = _streets[name] if unit is None else _streets_before_units[name]
    apartment = "" if unit is None else _units[unit]
    if street is None or apartment is None or last is None:
        return None
    if number in last.words or not last.words.isdisjoint(street.words):
        return None
    return last.verdict, f"{number} {street.place}|{apartment}|{last.zip5}"


class _Street(NamedTuple):
    words: tuple[str, ...]
    place: str


class _LastLine(NamedTuple):
    words: frozenset[str]
    verdict: Verdict
    zip5: str


def _street(name: str, unit: tuple[str, ...] = ()) -> _Street | None:
    """The street, when it is complete with a number and with (or without) a unit, and nothing is wrong."""
    if not _NAME.fullmatch(name):
        return None
    point = _cleared(" ".join(("1", name, *unit)))
    if point is None or not UNIT_WORDS.isdisjoint(point.street):
        return None
    if point != DeliveryPoint("street", "1", point.street, unit):
        return None
    return _Street(point.street, " ".join(point.street))


def _street_before_unit(name: str) -> _Street | None:
    return _street(name, ("apt", "1"))


def _unit(text: str) -> str | None:
    if len(text) > _LONGEST or not _UNIT.fullmatch(text):
        return None
    inside, below = _cleared(f"1 Main St {text}"), _cleared("1 Main St", text)
    if inside is None or inside != below or len(inside.unit) != 2:
        return None
    return inside.unit_key if inside == DeliveryPoint("street", "1", ("main", "st"), inside.unit) else None


def _cleared(line1: str, line2: str | None = None) -> DeliveryPoint | None:
    """The only delivery point of two lines with which nothing is wrong; None for all others."""
    reading = read_address(Address(line1, line2))
    told = {finding.field for finding in judge_reading(reading).findings}
    return reading.points[0] if len(reading.points) == 1 and told.isdisjoint(("line1", "line2")) else None


def _last_line(fields: tuple[str | None, str | None, str | None, str | None]) -> _LastLine | None:
    city, state, postal_code, country = fields
    last = read_last_line(city, state, postal_code)
    if not last.zip5 or last.state in MILITARY_STATES or is_foreign(country) or not is_ordinary(*fields):
        return None
    found = last_line_findings(city, state, postal_code)
    return _LastLine(last.words, Verdict(found) if found else CLEAR, last.zip5)


_streets = Remembered(_street, 16_384)
_streets_before_units = Remembered(_street_before_unit, 16_384)
_units = Remembered(_unit, 4_096)
_last_lines = Remembered(_last_line, 65_536)
