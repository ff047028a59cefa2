"""Comparison texts of an address: for counting reuse and for lists of known places, never for acceptance."""

from __future__ import annotations

from wicketgate.address.fold import city_words
from wicketgate.address.model import Address
from wicketgate.address.pub28 import STATES
from wicketgate.address.reading import Reading, read_address


def delivery_point_key(address: Address) -> str:
    """Equal for two spellings of one delivery point, its unit included; empty for an empty address."""
    return point_key(read_address(address))


def building_key(address: Address) -> str:
    """Equal for all units of one building."""
    return reading_key(read_address(address), "")


def point_key(reading: Reading) -> str:
    """The delivery point's key, of an address that was read before."""
    return reading_key(reading, reading.points[-1].unit_key if reading.points else "")


def reading_key(reading: Reading, unit: str) -> str:
    """The key of the delivery point that was read, with this unit; without one, the building's."""
    if reading.points:
        place = reading.points[-1].place
    else:
        place = " ".join([word for piece in (*reading.first, *reading.second) for word in piece])
    where = reading.last.zip5 or place_name(reading.address)
    return f"{place}|{unit}|{where}" if place or where else ""


def place_name(address: Address) -> str:
    """Where the last line is no better: five digits, however they are written; else city and state."""
    digits = "".join(
        character for character in address.postal_code or "" if character.isascii() and character.isdigit()
    )
    if len(digits) in (5, 9):
        return digits[:5]
    state = city_words(address.state or "")
    return f"{city_words(address.city or '')} {STATES.get(state, state)}".strip()
