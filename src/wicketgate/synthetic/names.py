"""Names by naming custom, from the tables in `data/` (see its SOURCES.md)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Literal

from wicketgate.synthetic.dice import Dice, Weighted

Sex = Literal["female", "male"]

CUSTOMS: Weighted[str] = Weighted(
    [
        ("anglo", 66.0),
        ("hispanic", 19.0),
        ("slavic", 3.0),
        ("arabic", 3.0),
        ("vietnamese", 2.0),
        ("chinese", 3.0),
        ("indian", 2.0),
        ("african", 2.0),
    ]
)
"""Naming customs of households, with their shares in percent."""

NICKNAMES: dict[str, tuple[str, ...]] = {
    "William": ("Bill", "Will"),
    "Robert": ("Bob", "Rob"),
    "Richard": ("Rick", "Dick"),
    "James": ("Jim", "Jimmy"),
    "John": ("Jack", "Johnny"),
    "Michael": ("Mike",),
    "Thomas": ("Tom",),
    "Charles": ("Chuck", "Charlie"),
    "Joseph": ("Joe",),
    "Edward": ("Ed", "Ted"),
    "Daniel": ("Dan", "Danny"),
    "Anthony": ("Tony",),
    "Kenneth": ("Ken",),
    "Ronald": ("Ron",),
    "Steven": ("Steve",),
    "Matthew": ("Matt",),
    "Timothy": ("Tim",),
    "Jeffrey": ("Jeff",),
    "Gregory": ("Greg",),
    "Patricia": ("Pat", "Trish"),
    "Elizabeth": ("Liz", "Beth", "Betty"),
    "Margaret": ("Peggy", "Maggie"),
    "Barbara": ("Barb",),
    "Susan": ("Sue",),
    "Jennifer": ("Jen", "Jenny"),
    "Deborah": ("Deb", "Debbie"),
    "Katherine": ("Kate", "Kathy"),
    "Kathleen": ("Kathy",),
    "Christine": ("Chris", "Tina"),
    "Cynthia": ("Cindy",),
    "Rebecca": ("Becky",),
    "Francisco": ("Paco", "Pancho"),
    "José": ("Pepe",),
    "Guadalupe": ("Lupe",),
    "Guillermo": ("Memo",),
    "Dolores": ("Lola",),
    "Roberto": ("Beto",),
    "Ignacio": ("Nacho",),
}
"""Short forms that a submission may use where the register holds the full name."""

_SPELT = """Mohammed Muhammad Mohamed Mohammad|Omar Umar|Yusuf Yousef|Aisha Ayesha|Mariam Maryam|Zainab Zeinab
Leila Layla|Noor Nour|Yasmin Yasmine|Dmitriy Dmitri|Sergey Sergei|Yuri Yuriy|Aleksandr Oleksandr|Deepak Dipak
Natalia Nataliya|Tatiana Tetiana|Wei Wai|Li-Ming Liming"""
SPELLINGS: dict[str, tuple[str, ...]] = {
    name: tuple(other for other in names.split() if other != name)
    for names in _SPELT.replace("\n", "|").split("|")
    for name in names.split()
}
"""Given names by the other ways to transliterate them."""


def read_table(name: str) -> Iterator[list[str]]:
    """The rows of a tab-separated table in `data/`."""
    text = (files("wicketgate.synthetic") / "data" / name).read_text(encoding="utf-8")
    return (line.split("\t") for line in text.splitlines())


@cache
def _tables() -> dict[tuple[str, str], Weighted[str]]:
    pairs: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for kind, name in (("surname", "surnames"), ("female", "given_female"), ("male", "given_male")):
        pairs["anglo", kind] = [(text, float(weight)) for text, weight in read_table(f"{name}.tsv")]
    for custom, kind, text in read_table("world_names.tsv"):
        pairs.setdefault((custom, kind), []).append((text, 1.0))
    return {key: Weighted(rows) for key, rows in pairs.items()}


def surname(dice: Dice, custom: str) -> str:
    """One surname of the custom."""
    return dice.weigh(_tables()[custom, "surname"])


def given_name(dice: Dice, custom: str, sex: Sex) -> str:
    """One given name of the custom, which may have two words."""
    return dice.weigh(_tables()[custom, sex])


def middle_name(dice: Dice, custom: str, sex: Sex) -> str:
    """A full middle name, an initial, or nothing, as registers hold them."""
    if dice.chance(0.30):
        return ""
    name = given_name(dice, custom, sex)
    return name[0] if dice.chance(0.25) else name


def two_surnames(dice: Dice, custom: str) -> str:
    """The surnames of a person who founds a family: two in order in the Spanish custom, mostly."""
    first = surname(dice, custom)
    if custom == "hispanic" and dice.chance(0.65):
        second = surname(dice, custom)
        return first if second == first else f"{first} {second}"
    return first


def first_surname(full: str) -> str:
    """The inheritable part of a surname field: ``de la Cruz`` of ``de la Cruz Peña``."""
    words = full.split(" ")
    end = 1
    while end < len(words) and words[end - 1] in _PARTICLES:
        end += 1
    return " ".join(words[:end])


_PARTICLES = frozenset({"de", "la", "del", "los", "El"})
