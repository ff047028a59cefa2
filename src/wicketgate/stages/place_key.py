"""The comparison key of an address: one delivery point, its unit, and the town it lies in."""

from __future__ import annotations

import re

from wicketgate.address.delivery import parse_delivery_point
from wicketgate.address.fold import city_words, words
from wicketgate.address.pub28 import STATES
from wicketgate.core.identity import PlaceKey

_ZIP = re.compile(r"([0-9]{5})(?:-?[0-9]{4})?")
_HOME = frozenset({"", "us", "usa", "united states", "united states of america"})


def place_key(
    line1: str | None,
    line2: str | None,
    city: str | None,
    state: str | None,
    postal_code: str | None,
    country: str | None,
) -> PlaceKey:
    """Fold and abbreviate (Publication 28), nothing more: directionals and units are kept and compared.

    An address abroad, or one without a complete delivery point, has the point ``""`` and
    equals nothing.
    """
    at_home = " ".join(words(country or "")) in _HOME
    point = parse_delivery_point(line1, line2) if at_home else None
    zip5 = _ZIP.fullmatch((postal_code or "").strip())
    return PlaceKey(
        point=f"{point.kind} {point.place}" if point and point.place else "",
        unit=point.unit_key if point else "",
        city=city_words(city or ""),
        state=STATES.get(" ".join(words(state or "")), ""),
        zip5=zip5[1] if zip5 else "",
    )
