"""Mailing addresses of every form that the mail knows, on real ZIP, city and state combinations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from wicketgate.synthetic.dice import Dice, Weighted
from wicketgate.synthetic.names import read_table

STREETS: tuple[str, ...] = tuple(
    """Main Oak Maple Cedar Pine Elm Walnut Washington Lincoln Jefferson Madison Monroe Jackson Adams Franklin
    Chestnut Spruce Willow Birch Hickory Sycamore Magnolia Dogwood Laurel Cherry Poplar Park Lake River Hill
    Ridge Valley Meadow Forest Spring Mill Church School College Market Water Bridge Union Liberty Highland
    Prospect Pleasant Grove Center Central Front Broad Court State Canal Harrison Cleveland Grant Sherman
    Sheridan Douglas Logan Wilson Roosevelt Kennedy Columbia Delaware Virginia Georgia Pennsylvania Michigan
    Ohio Colorado Dakota Montana Cumberland Shenandoah Mohawk Seneca Cherokee Arapahoe Sunset Sunrise
    Vista Mesa Canyon Prairie Orchard Vineyard Clover Heather Lavender Juniper Aspen Cottonwood Mesquite
    Sagebrush Saguaro Palm Bay Harbor Ocean Seaview Cypress Bayou Pecan Live+Oak Stone+Creek Fox+Run Deer+Path
    Old+Mill Peach+Tree Rock+Island Martin+Luther+King+Jr Cesar+Chavez San+Jacinto Santa+Fe La+Paloma
    1st 2nd 3rd 4th 5th 6th 7th 8th 9th 10th 12th 15th 18th 21st 33rd 42nd 56th 79th 104th""".replace(
        "\n", " "
    ).split()
)
SUFFIXES = Weighted(
    list(
        zip(
            ("St", "Ave", "Rd", "Dr", "Ln", "Blvd", "Ct", "Way", "Pl"),
            (30, 22, 14, 14, 7, 5, 4, 2, 2),
            strict=True,
        )
    )
)
DIRECTIONALS = ("N", "S", "E", "W", "NE", "NW", "SE", "SW")
_URBANIZATIONS = ("Las Gladiolas", "Villa Carolina", "Santa Rosa", "El Paraiso", "Los Angeles", "Monte Sol")
_FORMS: Weighted[str] = Weighted(
    [
        ("street", 88.0),
        ("box", 4.5),
        ("rural", 3.0),
        ("highway", 1.5),
        ("grid", 0.7),
        ("queens", 0.7),
        ("half", 0.6),
    ]
)
_PLACES = Weighted([("city", 55.0), ("town", 42.0), ("puerto_rico", 2.0), ("military", 1.0)])


@dataclass(frozen=True, slots=True)
class Place:
    """A real combination of ZIP, city and state."""

    postal_code: str
    city: str
    state: str
    kind: str


@dataclass(frozen=True, slots=True)
class Dwelling:
    """One delivery point, written as a register holds it."""

    line1: str
    line2: str
    place: Place


@cache
def places() -> dict[str, list[Place]]:
    """All places by kind: city, town, puerto_rico, military."""
    by_kind: dict[str, list[Place]] = {}
    for row in read_table("places.tsv"):
        place = Place(*row)
        by_kind.setdefault(place.kind, []).append(place)
    return by_kind


def street(dice: Dice) -> str:
    """A street's name with its suffix and, for one in five, a directional."""
    name = dice.pick(STREETS).replace("+", " ") + " " + dice.weigh(SUFFIXES)
    if dice.chance(0.16):
        return f"{dice.pick(DIRECTIONALS[:4])} {name}"
    return f"{name} {dice.pick(DIRECTIONALS)}" if dice.chance(0.04) else name


def dwellings(dice: Dice) -> Iterator[Dwelling]:
    """An endless stream of homes, about three in ten of them in buildings with units.

    The homes of one building follow each other.
    """
    while True:
        home = _single(dice)
        if home.place.kind in ("city", "town") and home.line1[0].isdigit() and dice.chance(0.026):
            yield from _building(dice, home)
        else:
            yield home


def _building(dice: Dice, home: Dwelling) -> Iterator[Dwelling]:
    size = dice.between(3, 12) if dice.chance(0.6) else dice.between(13, 60)
    designator = dice.pick(("Apt", "Apt", "Apt", "Unit", "#"))
    letters = dice.chance(0.3)
    in_line1 = dice.chance(0.35)
    for number in range(size):
        floor, door = divmod(number, 6)
        unit = (
            f"{designator} {floor + 1}{'ABCDEF'[door]}"
            if letters
            else f"{designator} {(floor + 1) * 100 + door + 1}"
        )
        line1 = f"{home.line1} {unit}" if in_line1 else home.line1
        yield replace(home, line1=line1, line2="" if in_line1 else unit)


def _single(dice: Dice) -> Dwelling:
    place = dice.pick(places()[dice.weigh(_PLACES)])
    if place.kind == "military":
        base = dice.pick(
            (
                f"PSC {dice.between(1, 1500)}",
                f"CMR {dice.between(400, 490)}",
                f"UNIT {dice.between(2000, 9999)}",
            )
        )
        return Dwelling(f"{base} BOX {dice.between(100, 9999)}", "", place)
    if place.kind == "puerto_rico":
        return _puerto_rico(dice, place)
    form = dice.weigh(_FORMS)
    if form == "box":
        return Dwelling(f"PO Box {dice.between(1, 9999)}", "", place)
    if form == "rural":
        return Dwelling(f"RR {dice.between(1, 9)} Box {dice.between(1, 700)}", "", place)
    if form == "highway":
        return Dwelling(f"HC {dice.between(1, 80)} Box {dice.between(10, 900)}", "", place)
    number = str(dice.between(1, 99) if dice.chance(0.15) else dice.between(100, 9999))
    if form == "grid":
        number = f"N{dice.between(10, 99)}W{dice.between(1000, 29999)}"
    elif form == "queens":
        number = f"{dice.between(20, 179)}-{dice.between(10, 89)}"
    elif form == "half":
        number = f"{number} 1/2"
    return Dwelling(f"{number} {street(dice)}", "", place)


def _puerto_rico(dice: Dice, place: Place) -> Dwelling:
    if dice.chance(0.5):
        calle = dice.pick(
            ("Calle A", "Calle 7", "Calle Luna", "Calle del Sol", "Calle Robles", "Ave Central")
        )
        return Dwelling(f"URB {dice.pick(_URBANIZATIONS)}", f"{dice.between(1, 999)} {calle}", place)
    if dice.chance(0.5):
        return Dwelling(f"HC {dice.between(1, 9)} Box {dice.between(1000, 29999)}", "", place)
    return Dwelling(f"PO Box {dice.between(1, 9999)}", "", place)
