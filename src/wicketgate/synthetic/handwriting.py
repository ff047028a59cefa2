"""How an agency's clerks write what a register holds: the same name and address in other clothes."""

from __future__ import annotations

import re
import unicodedata

from wicketgate.synthetic.dice import Dice
from wicketgate.synthetic.roll import Held

Address = tuple[str, str, str, str, str]
"""line 1, line 2, city, state, postal code."""

_LONG = {
    "St": "Street",
    "Ave": "Avenue",
    "Rd": "Road",
    "Dr": "Drive",
    "Ln": "Lane",
    "Blvd": "Boulevard",
    "Ct": "Court",
    "Pl": "Place",
}
_DIRECTIONS = {
    "N": "North",
    "S": "South",
    "E": "East",
    "W": "West",
    "NE": "Northeast",
    "NW": "Northwest",
    "SE": "Southeast",
    "SW": "Southwest",
}
_UNIT = re.compile(r"^(?P<base>.*?)\s*(?P<unit>(?:Apt|Unit|#) ?\S+)$")
_LETTERS = str.maketrans({"ł": "l", "Ł": "L", "đ": "d", "Đ": "D"})


def plain(text: str) -> str:
    """The text without diacritics, as many systems store it."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def as_held(held: Held) -> Address:
    """Exactly as the register writes it."""
    return (held.line1, held.line2, held.city, held.state, held.postal_code)


def rewritten(dice: Dice, held: Held) -> Address:
    """The same delivery point, written differently in one or two ways."""
    line1, line2, city, state, postal_code = as_held(held)
    if dice.chance(0.4):
        line1 = _spelled_out(line1)
    if dice.chance(0.3):
        line1, line2 = _other_unit(dice, line1, line2)
    if line2 and dice.chance(0.3) and line1[0].isdigit():
        line1, line2 = f"{line1} {line2}", ""
    if dice.chance(0.15):
        postal_code = f"{postal_code}-{dice.between(1, 9998):04d}"
    if dice.chance(0.4):
        line1, line2, city = line1.upper(), line2.upper(), city.upper()
    return (line1, line2, city, state, postal_code)


def without_unit(held: Held) -> Address | None:
    """The address with its unit left out; None when it has none."""
    if _UNIT.match(held.line2):
        return (held.line1, "", held.city, held.state, held.postal_code)
    match = _UNIT.match(held.line1)
    return (match["base"], "", held.city, held.state, held.postal_code) if match else None


def _spelled_out(line: str) -> str:
    """Street types and directionals in full: ``12 N Oak St`` becomes ``12 North Oak Street``."""
    if not line[0].isdigit() and not re.match(r"N\d+W\d+ ", line):
        return line
    match = _UNIT.match(line)
    base, unit = (match["base"], f" {match['unit']}") if match else (line, "")
    words = base.split(" ")
    last = len(words) - 1
    for position in range(1, len(words)):
        word = words[position]
        if word in _DIRECTIONS and position in (1, last):
            words[position] = _DIRECTIONS[word]
        elif word in _LONG and position >= last - 1 and position > 1:
            words[position] = _LONG[word]
    return " ".join(words) + unit


def _other_unit(dice: Dice, line1: str, line2: str) -> tuple[str, str]:
    """Another way to write the designator; ``Apt`` and ``Unit`` stay themselves, since they may differ."""
    whole = line2 or line1
    match = _UNIT.match(whole)
    if match is None:
        return line1, line2
    designator, _, number = match["unit"].partition(" ")
    if designator == "Apt":
        designator = dice.pick(("APT", "Apartment", "apt", "Apt."))
    elif designator == "Unit":
        designator = dice.pick(("UNIT", "unit"))
    written = f"{match['base']} {designator} {number}".strip()
    return (line1, written) if line2 else (written, line2)
