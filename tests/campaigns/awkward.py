"""Complete addresses in every form that Publication 28 and local custom know, made by a grammar.

None may be refused as a defect. Some kinds only a person can judge; for these a referral is right, and
`ASKED` names them.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

from wicketgate.address import Address

Draw = random.Random
Made = tuple[str, str | None, tuple[str, str, str]]

_CITIES = (
    *(
        ("Houston", "TX", "77002"),
        ("Dayton", "OH", "45402"),
        ("Miami", "FL", "33125"),
        ("Salem", "OR", "97301"),
    ),
    *(("Newark", "NJ", "07102"), ("El Paso", "TX", "79901"), ("San Diego", "CA", "92154")),
)
_QUEENS = (("Jamaica", "NY", "11432"), ("Flushing", "NY", "11354"), ("Astoria", "NY", "11103"))
_UTAH = (("Salt Lake City", "UT", "84101"), ("Provo", "UT", "84601"), ("Ogden", "UT", "84401"))
_WISCONSIN = (("Waukesha", "WI", "53186"), ("Menomonee Falls", "WI", "53051"))
_ISLAND = (("San Juan", "PR", "00926"), ("Ponce", "PR", "00716"), ("Bayamon", "PR", "00961"))
_OTHER_ISLANDS = (
    *(("St Thomas", "VI", "00802"), ("Christiansted", "VI", "00820"), ("Kingshill", "VI", "00850")),
    *(("Hagatna", "GU", "96910"), ("Saipan", "MP", "96950"), ("Pago Pago", "AS", "96799")),
)
_MILITARY = (("APO", "AE", "09012"), ("FPO", "AP", "96349"), ("DPO", "AE", "09498"), ("APO", "AA", "34038"))
_RURAL = (("Window Rock", "AZ", "86515"), ("Chinle", "AZ", "86503"), ("Pine Ridge", "SD", "57770"))


_WORDS = {
    name: text.replace("\n", "").split("|")
    for name, text in tomllib.loads(Path(__file__).with_name("awkward.toml").read_text("utf-8")).items()
}


def _number(draw: Draw) -> str:
    n, m = draw.randint(1, 9999), draw.randint(1, 99)
    return draw.choice(
        (
            str(n),
            str(n),
            str(n),
            f"{n}A",
            f"{n}-B",
            f"{n} 1/2",
            f"{n}½",
            f"{n} 3/4",
            f"{n}-{m}",
            f"0{n}",
            f"{m}.{m % 9}",
        )
    )


def _street(draw: Draw) -> Made:
    before = draw.choice(("", "", "N ", "North ", "S. ", "SW ", "E "))
    after = draw.choice(("", "", "", " N", " SE", " West"))
    name, suffix = draw.choice(_WORDS["names"]), draw.choice(_WORDS["suffixes"])
    line = f"{_number(draw)} {before}{name} {suffix}{after}"
    return line, None, draw.choice(_CITIES)


def _with_unit(draw: Draw) -> Made:
    line, _, city = _street(draw)
    unit = draw.choice(_WORDS["units"])
    where = draw.randrange(4)
    if where == 0:
        return line, unit, city
    if where == 1 and unit[0].isalpha():
        return unit, line, city
    return line + (", " if where == 2 else " ") + unit, None, city


def _alone(draw: Draw) -> Made:
    return " ".join((str(draw.randint(1, 9999)), draw.choice(_WORDS["alone"]))), None, draw.choice(_CITIES)


def _road(draw: Draw) -> Made:
    return " ".join((str(draw.randint(1, 39999)), draw.choice(_WORDS["roads"]))), None, draw.choice(_CITIES)


def _queens(draw: Draw) -> Made:
    street = draw.choice(
        ("103rd St", "Northern Blvd", "37th Ave", "Queens Blvd", "Roosevelt Avenue", "65th Pl")
    )
    number = f"{draw.randint(10, 260)}-{draw.randint(1, 99):02}"
    return f"{number} {street}" + draw.choice(("", " Apt 2R", " #4", " Fl 1")), None, draw.choice(_QUEENS)


def _grid(draw: Draw) -> Made:
    a, b = draw.randint(1, 9999), draw.randint(1, 120) * 100
    ways = ("N", "S"), ("E", "W")
    one, other = draw.sample(ways, 2)
    line = f"{a} {draw.choice(one)} {b} {draw.choice(other)}"
    long = {"N": "North", "S": "South", "E": "East", "W": "West"}
    if draw.random() < 0.3:
        line = " ".join(long.get(word, word) for word in line.split())
    return line + draw.choice(("", "", " Apt 4", " #12")), None, draw.choice(_UTAH)


def _wisconsin(draw: Draw) -> Made:
    a, b = draw.randint(1, 300), draw.randint(1000, 29999)
    number = draw.choice((f"N{a}W{b}", f"W{a}N{b}", f"N{a} W{b}", f"W{a}S{b}", f"S{a}W{b}"))
    return (
        f"{number} {draw.choice(('Bluemound Rd', 'Main St', 'Lisbon Road', 'County Road Q'))}",
        None,
        draw.choice(_WISCONSIN),
    )


def _box(draw: Draw) -> Made:
    n = draw.randint(1, 99999)
    name = draw.choice(
        (
            "PO Box",
            "P.O. Box",
            "P O BOX",
            "Post Office Box",
            "POB",
            "PO Drawer",
            "Box",
            "p.o. box #",
            "PO Box No.",
        )
    )
    value = draw.choice((str(n), f"{n}A", f"{chr(65 + n % 26)}", f"{chr(65 + n % 26)}{n % 99}"))
    return f"{name} {value}", None, draw.choice(_CITIES)


def _route(draw: Draw) -> Made:
    r, b = draw.randint(1, 40), draw.randint(1, 999)
    name = draw.choice(
        ("RR", "R.R.", "Rural Route", "RFD", "HC", "HCR", "Highway Contract", "Rt", "Route", "Star Route")
    )
    box = draw.choice((f"Box {b}", f"BOX {b}A", f"Bx {b}", f"Box {b}-{r}"))
    return f"{name} {r} {box}", None, draw.choice(_CITIES)


def _military(draw: Draw) -> Made:
    a, b = draw.randint(1, 9999), draw.randint(1, 9999)
    line = draw.choice(
        (
            f"PSC {a} Box {b}",
            f"CMR {a} Box {b}",
            f"Unit {a} Box {b}",
            f"UNIT {a} BOX {b}",
            f"PSC {a}, Box {b}",
        )
    )
    return line, None, draw.choice(_MILITARY)


def _puerto_rico(draw: Draw) -> Made:
    n, m = draw.randint(1, 999), draw.randint(1, 40)
    return (
        *draw.choice(
            (
                (f"URB Las Gladiolas {n} Calle A", None),
                (f"{n} Calle Luna", "Urb Villa Carolina"),
                (f"Calle {m} B-{n}", "Urb. Santa Juanita"),
                ("Urb Royal Oak", f"{n} Calle Roble"),
                (f"COND Miraflores Apt {n}", f"{m} Calle B"),
                (f"Cond. Las Torres Apto {n}", None),
                (f"HC {m} Box {n}", None),
                (f"HC {m:02} BOX {n}", "Bo Guavate"),
                (f"PO Box {n}", None),
                (f"Carr {m} Km {n % 60}.{m % 10}", "Bo Pueblo"),
                (f"Carretera 152 Km 4.{m % 10} Int", None),
                (f"RES Luis Llorens Torres Edif {m} Apt {n}", None),
                (f"Avenida Ashford {n}", None),
                (f"{n} Ave Ponce de Leon", f"Apt {m}"),
                (f"Parcelas Falu {n} Calle {m}", None),
                (f"Bda Israel {n} Calle Cuba", None),
                (f"Ext Villa Rica {n} Calle {m}", None),
            )
        ),
        draw.choice(_ISLAND),
    )


def _islands(draw: Draw) -> Made:
    n = draw.randint(1, 999)
    line = draw.choice(
        (
            *(
                f"{n} Estate Diamond",
                f"Estate Thomas {n}",
                f"{n}A Estate Nazareth",
                f"RR 1 Box {n}",
                f"PO Box {n}",
            ),
            *(
                f"No. {n} Estate La Grange",
                f"{n} Kronprindsens Gade",
                f"{n} Marine Corps Dr",
                f"{n} Chalan San Antonio",
            ),
        )
    )
    return line, None, draw.choice(_OTHER_ISLANDS)


def _counter(draw: Draw) -> Made:
    return (
        draw.choice(("General Delivery", "GENERAL DELIVERY", "Gen Delivery", "Lista de Correos")),
        None,
        draw.choice(_CITIES),
    )


def _told(draw: Draw) -> Made:
    n = draw.randint(1, 60)
    line = draw.choice(
        (
            *(
                f"{n} miles north of Chapter House",
                f"House {n} NHA Housing",
                f"Mile Post {n} Navajo Route 12",
            ),
            *(
                f"BIA Route {n} Milepost 4",
                f"Hogan {n} near Chinle Chapter",
                f"{n} mi W of Trading Post, blue house",
            ),
            *(
                f"Cluster housing unit {n}, Wanblee village",
                f"NHS House #{n}",
                f"Tribal housing block {n} house 4",
            ),
        )
    )
    return line, None, draw.choice(_RURAL)


def _named_building(draw: Draw) -> Made:
    line, _, city = _street(draw)
    above = draw.choice(
        (
            "Sunset Towers",
            "Rose Garden Apartments Apt 4",
            "Oak Hill Mobile Home Park Lot 9",
            "The Pines",
            "Smith Residence",
        )
    )
    return above, line, city


KINDS: dict[str, Callable[[Draw], Made]] = {
    "street": _street,
    "with unit": _with_unit,
    "alone": _alone,
    "road": _road,
    "queens": _queens,
    "grid": _grid,
    "wisconsin": _wisconsin,
    "box": _box,
    "route": _route,
    "military": _military,
    "puerto rico": _puerto_rico,
    "islands": _islands,
    "building": _named_building,
    "counter": _counter,
    "told in words": _told,
}
ASKED = frozenset(("counter", "told in words"))
"""Kinds that always go to a person."""


def awkward(number: int, seed: int) -> Iterator[tuple[str, Address]]:
    """`number` complete addresses, each with its kind."""
    draw = random.Random(seed)
    names = list(KINDS)
    for _ in range(number):
        kind = draw.choice(names)
        line1, line2, (city, state, code) = KINDS[kind](draw)
        dress = draw.choice((str, str, str.upper, str.lower))
        again = f", {city}, {state} {code}" if line2 is None and draw.random() < 0.05 else ""
        yield kind, Address(dress(line1) + again, line2 and dress(line2), city, state, code, None)
