"""An address read once: what the judge and the comparison texts both rest on."""

from __future__ import annotations

from typing import NamedTuple

from wicketgate.address.delivery import read_points
from wicketgate.address.lastline import LastLine, read_last_line, without_last_line
from wicketgate.address.model import Address
from wicketgate.address.normalise import normalise_segments
from wicketgate.address.point import DeliveryPoint

Segments = list[list[str]]


class Reading(NamedTuple):
    """The address lines in standard words, cut at commas, and the last line; nothing is judged."""

    address: Address
    first: Segments
    second: Segments
    last: LastLine
    own: Segments
    """Both lines without a city, state and ZIP Code that only repeat the last line's."""
    points: list[DeliveryPoint]
    """The delivery points that `own` names completely."""


def read_address(address: Address) -> Reading:
    """Read every field once."""
    last = read_last_line(address.city, address.state, address.postal_code)
    first, second = normalise_segments(address.line1), normalise_segments(address.line2)
    own = without_last_line(first, last)
    if second:
        own = own + without_last_line(second, last)
    return Reading(address, first, second, last, own, read_points(own) if own else [])
