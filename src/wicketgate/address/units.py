"""Secondary units: the apartment, suite or building behind a street (Publication 28, appendix C2)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wicketgate.address.lexicon import listed
from wicketgate.address.pub28 import STANDARD_SUFFIXES, UNITS_ALONE, UNITS_WITH_VALUE

_VALUE = re.compile(
    r"(?:\d{1,5}[a-z]{0,2}|[a-z]{1,2}|[a-z]{1,2}\d{1,4}[a-z]?|\d{1,4}-\d{1,4}[a-z]?|\d{1,4}[a-z]\d{1,3}|\d{1,3}/\d{1,2})\Z"
)
_STOREY = re.compile(r"\d{1,3}(?:st|nd|rd|th)?\Z")
_BARE = listed("apt unit ste # bldg rm trlr spc")
"""Designators that show, even without a value, that a unit was meant."""
UNIT_WORDS = UNITS_WITH_VALUE | UNITS_ALONE


def is_value(word: str) -> bool:
    """True for what can follow a designator: ``4``, ``4b``, ``b``, ``12-3``."""
    return _VALUE.match(word) is not None and word not in STANDARD_SUFFIXES


def is_bare_value(word: str) -> bool:
    """True for what is a unit without a designator: ``4b``, ``12``, one letter; no state, no ZIP Code."""
    return len(word) < 5 and is_value(word) and (len(word) == 1 or not word.isalpha())


def take_units(words: Sequence[str], start: int = 1) -> tuple[list[str], tuple[str, ...], list[str]]:
    """Words before the first unit, the units, and words after them. Units are sought from `start` on."""
    unit: list[str] = []
    other: list[str] = []
    first = len(words)
    at = start
    while at < len(words):
        word = words[at]
        taken = 0
        if word in UNITS_WITH_VALUE:
            begin, pair, taken = _with_value(words, at)
            if taken:
                unit += pair
                first = min(first, begin)
        elif word in UNITS_ALONE and at == len(words) - 1 and (at >= 2 or not start):
            unit += ("", word)
            first = min(first, at)
            taken = 1
        if not taken and at > first:
            other.append(word)
        at += taken or 1
    return list(words[:first]), tuple(unit), other


def _with_value(words: Sequence[str], at: int) -> tuple[int, tuple[str, str], int]:
    """Where the unit begins, the unit, and how many words from `at` on it takes (none: no unit)."""
    word = words[at]
    after = words[at + 1] if at + 1 < len(words) else ""
    if word == "#" and after in UNITS_WITH_VALUE:
        _, unit, taken = _with_value(words, at + 1)
        return at, unit, taken + 1 if taken else 0
    step = 2 if after == "#" else 1
    value = words[at + step] if at + step < len(words) else ""
    if word == "fl":
        if _STOREY.match(value):
            return at, ("fl", value), step + 1
        if at > 1 and _STOREY.match(words[at - 1]):
            return at - 1, ("fl", words[at - 1]), 1
        return at, ("", ""), 0
    if value and is_value(value):
        letter = words[at + step + 1] if at + step + 1 < len(words) else ""
        if value.isdigit() and len(letter) == 1 and letter.isalpha():
            return at, (word, value + letter), step + 2
        return at, (word, value), step + 1
    if word in _BARE and (not value or value not in STANDARD_SUFFIXES):
        return at, (word, ""), step
    return at, ("", ""), 0


def split_unit(words: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Standard words of a line without its units, and the units (designator, value, …)."""
    before, unit, after = take_units(words)
    return (*before, *after), unit
