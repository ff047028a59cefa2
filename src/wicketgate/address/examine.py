"""What the judge says of an address: two short ways for what was read before, the long way for the rest.

What the judge says of lines rests on their words: not on the digits of a house number or a box,
nor on a last line that shares none of the words. So whatever went the long way is remembered
without both, and the next address that differs only in them goes a short way. Tests compare.
"""

from __future__ import annotations

from typing import TypeAlias

from wicketgate.address import shapes, short_way
from wicketgate.address.facilities import FacilityList
from wicketgate.address.judge import judge_parts, verdict_of, with_facilities
from wicketgate.address.keys import point_key
from wicketgate.address.model import Address, Verdict
from wicketgate.address.reading import read_address
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
    if not address.line1 and not address.line2:
        return _blank[address[2:]]
    known = short_way.find(address)
    if known is None:
        shape = shapes.shape_of(address)
        known = shapes.find(shape, address) if shape else None
        if known is None:
            return _read(address, shape, facilities)
    if facilities is not None and _building(known[1]) in facilities.keys:
        return long_way(address, facilities)
    return known


def _without_lines(last: tuple[str | None, ...]) -> Examined:
    return long_way(Address(None, None, *last))


_blank = Remembered(_without_lines, 4_096)


def _building(key: str) -> str:
    """The `building_key` of an address that went a short way, from its delivery point's key."""
    place, _, zip5 = key.split("|")
    return f"{place}||{zip5}"


def long_way(address: Address, facilities: FacilityList | None = None) -> Examined:
    """`examine`, whatever was read before."""
    return _read(address, None, facilities)


def _read(address: Address, shape: shapes.Shape | None, facilities: FacilityList | None) -> Examined:
    reading = read_address(address)
    parts = judge_parts(reading)
    key = point_key(reading)
    if shape is not None:
        shapes.learn(shape, reading, parts, key)
    return with_facilities(verdict_of(parts), reading, facilities), key
