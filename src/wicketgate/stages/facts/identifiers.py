"""Taxpayer numbers and birth dates, judged by their form alone."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, TypeAlias

Form: TypeAlias = Literal["absent", "plausible", "implausible"]

_TIN = re.compile(r"([0-9]{3})[- ]?([0-9]{2})[- ]?([0-9]{4})")
_ITIN_GROUPS = frozenset((*range(50, 66), *range(70, 89), *range(90, 93), *range(94, 100)))
_INVENTED = frozenset({"123456789", "078051120", "219099999", *(str(digit) * 9 for digit in range(1, 9))})
"""Numbers of advertisements and keyboards."""
_OLDEST = 120


def tin_digits(text: str | None) -> str | None:
    """The nine digits of a number that could be a person's; None for anything else.

    Social Security numbers: area 000, 666 and from 900, group 00 and serial 0000 are never assigned
    (Social Security Administration, randomization of 2011). Individual taxpayer numbers: 9 and a group
    that the Internal Revenue Service assigns (50-65, 70-88, 90-92, 94-99).
    """
    match = _TIN.fullmatch(text.strip()) if text is not None else None
    if match is None:
        return None
    area, group, serial = match.groups()
    digits = area + group + serial
    if area[0] == "9":
        return digits if int(group) in _ITIN_GROUPS else None
    if area in ("000", "666") or group == "00" or serial == "0000" or digits in _INVENTED:
        return None
    return digits


def tin_form(text: str | None, digits: str | None) -> Form:
    """Whether a taxpayer number is given and could be one; `digits` are its `tin_digits`."""
    if text is None:
        return "absent"
    return "plausible" if digits else "implausible"


def birth_date_form(text: str | None, born: date | None, as_of: date) -> Form:
    """Whether a birth date is given and could be one: a real day, past, at most 120 years ago."""
    if text is None:
        return "absent"
    if born is None or born > as_of:
        return "implausible"
    years = as_of.year - born.year - ((as_of.month, as_of.day) < (born.month, born.day))
    return "plausible" if years <= _OLDEST else "implausible"
