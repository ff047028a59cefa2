"""Forms of Puerto Rico and the Virgin Islands: the type first, roads by kilometre, named buildings."""

from __future__ import annotations

import re

from wicketgate.address.lexicon import listed
from wicketgate.address.point import DeliveryPoint
from wicketgate.address.pub28 import SPANISH_TYPES
from wicketgate.address.streets import is_number
from wicketgate.address.units import UNIT_WORDS, take_units

TYPES = SPANISH_TYPES | {"ave", "blvd", "est", "via", "parc", "plot", "solar"}
AREAS = listed("""
urb cond res bo ext sector repto villa villas jardines jard alturas mansiones hacienda est vista valle
comunidad com barriada bda edif quintas colinas
""")
_KILOMETRE = re.compile(r"\d{1,3}(?:\.\d{1,2})?\Z")


def read_typed_first(words: list[str]) -> DeliveryPoint | None:
    """``Calle Luna 5``, ``Estate Thomas 12``: the number stands after the name."""
    for at in range(2, len(words)):
        if words[at][-1].isdigit() and is_number(words[at]) and words[at - 1] not in ("blq", "blk"):
            mark = at - 1 if words[at - 1] in ("#", "no") else at
            name = words[:mark]
            if len(name) < 2 or UNIT_WORDS & set(name):
                continue
            rest, unit, other = take_units(words[at + 1 :], 0)
            return DeliveryPoint("street", words[at], tuple(name), unit, other=(*rest, *other))
    return None


def read_kilometre(words: list[str]) -> DeliveryPoint | None:
    """``Carr 152 Km 4.5``, ``Km 4.5 Carr 152``."""
    if words[0] == "km" and "carr" in words[2:-1]:
        road = words.index("carr")
        words = [*words[road : road + 2], *words[:2], *words[2:road], *words[road + 2 :]]
    if "km" not in words[1:-1]:
        return None
    at = words.index("km", 1)
    if not _KILOMETRE.match(words[at + 1]):
        return None
    return DeliveryPoint("kilometre", words[at + 1], tuple(words[: at + 1]), other=tuple(words[at + 2 :]))


def read_area(words: list[str]) -> DeliveryPoint | None:
    """A named building with a unit (``Cond Las Torres Apt 5B``) or a numbered plot of a named area."""
    if UNIT_WORDS.isdisjoint(words):
        return None
    name, unit, other = take_units(words)
    if len(name) < 2 or not any(unit[1::2]):
        return None
    return DeliveryPoint("building", area=tuple(name), unit=unit, other=tuple(other))
