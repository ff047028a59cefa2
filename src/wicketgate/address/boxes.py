"""Mail that goes to a box or a counter: post office boxes, routes, military mail, general delivery."""

from __future__ import annotations

import re

from wicketgate.address.point import DeliveryPoint
from wicketgate.address.units import UNIT_WORDS, take_units

_BOX_NUMBER = re.compile(
    r"(?!0+\Z)(?:\d{1,7}[a-z]{0,2}|[a-z]\d{0,6}|([a-wy])\1|[a-z]{2}\d{1,5}|\d{1,5}-\d{1,5}[a-z]?)\Z"
)
_ROUTE_NUMBER = re.compile(r"(?:\d{1,4}[a-z]?|[a-z])\Z")
_BOX_NAMES = (
    ("post", "ofc", "box"),
    ("post", "office", "box"),
    ("post", "ofc", "drawer"),
    ("p", "o", "box"),
    ("p", "o", "drawer"),
    ("po", "box"),
    ("po", "bx"),
    ("po", "drawer"),
    ("po", "caller"),
    ("apartado", "postal"),
    ("lck", "box"),
    ("firm", "caller"),
    ("pobox",),
    ("pob",),
    ("box",),
    ("bx",),
    ("drawer",),
    ("caller",),
    ("bin",),
    ("lockbox",),
    ("apartado",),
    ("apdo",),
    ("po",),
)
_ROUTE_NAMES = (
    ("rural", "rte"),
    ("r", "r"),
    ("rr",),
    ("rte",),
    ("hwy", "contract", "rte"),
    ("hc",),
    ("h", "c"),
    ("star", "rte"),
    ("r",),
)
BOX_STARTS = frozenset(name[0] for name in _BOX_NAMES)
ROUTE_STARTS = frozenset(name[0] for name in _ROUTE_NAMES)
MILITARY_STARTS = frozenset(("psc", "cmr", "unit", "omc", "umr"))
SHIPS = frozenset(("uss", "usns", "usnv", "uscgc"))
GENERAL = (
    ("general", "delivery"),
    ("gen", "delivery"),
    ("gen", "del"),
    ("general", "del"),
    ("lista", "de", "correos"),
    ("entrega", "general"),
)
GENERAL_STARTS = frozenset(name[0] for name in GENERAL)


def _after(words: list[str], names: tuple[tuple[str, ...], ...]) -> int:
    """How many words the first fitting name takes; 0 for none."""
    for name in names:
        if tuple(words[: len(name)]) == name:
            return len(name)
    return 0


def _skip_mark(words: list[str], at: int) -> int:
    return at + 1 if at < len(words) and words[at] in ("#", "no") else at


def read_box(words: list[str]) -> DeliveryPoint | None:
    """``PO Box 12``, ``Drawer B``, ``Box 12``; the number is required."""
    taken = _after(words, _BOX_NAMES)
    at = _skip_mark(words, taken)
    if not taken or at >= len(words) or not _BOX_NUMBER.match(words[at]):
        return None
    rest = words[at + 1 :]
    if rest and rest[0] in ROUTE_STARTS:
        return read_route([*rest, "box", words[at]])
    return DeliveryPoint("po_box", box=words[at], other=tuple(rest))


def read_route(words: list[str]) -> DeliveryPoint | None:
    """``RR 2 Box 15``, ``HC 1 Box 5``, ``Star Route Box 9``; the box is required."""
    at = _after(words, _ROUTE_NAMES)
    if not at or "box" not in words[at:]:
        return None
    name = "hc" if words[0] in ("hc", "hwy", "star", "h") else "rr"
    number = ""
    mark = _skip_mark(words, at)
    if _ROUTE_NUMBER.match(words[mark]):
        number = words[mark].lstrip("0")
    elif words[0] != "star":
        return None
    box = _skip_mark(words, words.index("box") + 1)
    if box >= len(words) or not _BOX_NUMBER.match(words[box]):
        return None
    rest, unit, other = (
        take_units(words[box + 1 :], 0)
        if not UNIT_WORDS.isdisjoint(words[box:])
        else (words[box + 1 :], (), [])
    )
    route = (name, number) if number else (name,)
    return DeliveryPoint("route", street=route, box=words[box], unit=unit, other=(*rest, *other))


def read_military(words: list[str]) -> DeliveryPoint | None:
    """``PSC 802 Box 74``, ``Unit 2050 Box 4190``, a ship by name."""
    if words[0] in SHIPS and len(words) > 1:
        return DeliveryPoint("military", street=tuple(words))
    if len(words) < 4 or words[0] not in MILITARY_STARTS or not words[1].isdigit():
        return None
    if words[2] != "box" or not _BOX_NUMBER.match(words[3]):
        return None
    return DeliveryPoint("military", street=tuple(words[:2]), box=words[3], other=tuple(words[4:]))


def read_general(words: list[str]) -> DeliveryPoint | None:
    """General delivery at the post office of the city."""
    taken = _after(words, GENERAL)
    if not taken:
        return None
    return DeliveryPoint("general_delivery", street=("general", "delivery"), other=tuple(words[taken:]))
