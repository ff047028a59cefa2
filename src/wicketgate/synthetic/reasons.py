"""Individual reasons, put together from the parts in `data/reasons.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from wicketgate.synthetic.dice import Dice

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
COUNTS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "eleven", "fourteen")


@cache
def _parts() -> dict[str, dict[str, list[str]]]:
    text = (files("wicketgate.synthetic") / "data" / "reasons.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def reasons(dice: Dice, family: str, city: str, year: int) -> str:
    """Four sentences about one person's act, what the address proves and why it is asked for now."""
    parts = _parts()
    common = parts["common"]
    slots = (parts[family]["act"], common["relevance"], common["trail"], common["closing"])
    return " ".join(_filled(dice, dice.pick(slot), city, year) + "." for slot in slots)


def _filled(dice: Dice, text: str, city: str, year: int) -> str:
    literals = text.split("{")
    for at in range(1, len(literals)):
        name, _, rest = literals[at].partition("}")
        literals[at] = _fact(dice, name, city, year) + rest
    return "".join(literals)


def _fact(dice: Dice, name: str, city: str, year: int) -> str:
    if name == "city":
        return city.title()
    if name == "year":
        return str(year - dice.between(0, 2))
    return dice.pick(_LISTS[name])


_LISTS = {"month": MONTHS, "weekday": WEEKDAYS, "count": COUNTS}
