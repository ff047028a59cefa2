"""Characters without a place in an address: invisible, look-alike, markup, formulas; fields too long."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from wicketgate.address import sentences as say
from wicketgate.address.findings import DEFECT, Findings
from wicketgate.address.fold import fold_character
from wicketgate.address.model import FIELDS, Address
from wicketgate.address.normalise import LONGEST_LINE

LIMITS = {
    "line1": LONGEST_LINE,
    "line2": LONGEST_LINE,
    "city": 60,
    "state": 40,
    "postal_code": 20,
    "country": 60,
}
"""Longest text of each field, in characters."""
_LAST_LIMITS = tuple(LIMITS[field] for field in FIELDS[2:])

_ORDINARY = r"A-Za-z0-9 .,#/'&()\-:;\"%`+"
_NOT_PLAIN = re.compile(rf"[^{_ORDINARY}]")
_ORDINARY_TEXT = re.compile(rf"(?:[A-Za-z0-9#(][{_ORDINARY}]*)?\Z")
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_FORMULA = "=+-@"
_ALLOWED = frozenset("’‘ʻʼ´“”‐‑‒–—−½⅓⅔¼¾⅛⁄№°ºª·¿¡")


def all_ordinary(a: Address) -> bool:
    """True for nearly all addresses, in which no character needs a closer look."""
    return (
        (a.line1 is None or (len(a.line1) <= LONGEST_LINE and _ORDINARY_TEXT.match(a.line1) is not None))
        and (a.line2 is None or (len(a.line2) <= LONGEST_LINE and _ORDINARY_TEXT.match(a.line2) is not None))
        and is_ordinary(a.city, a.state, a.postal_code, a.country)
    )


def is_clean_last_line(fields: tuple[str | None, ...], foreign: bool) -> bool:
    """True when no AD-22 is about the city, the state, the postal code or the country."""
    if is_ordinary(*fields):
        return True
    found = Findings(Address(None, None, *fields))
    check_characters(found, foreign)
    return not found.found


def check_characters(found: Findings, foreign: bool) -> None:
    """AD-22 for every field with a character or a length that no address has."""
    for field, text in zip(FIELDS, found.address, strict=True):
        if text:
            _check_field(found, field, text, foreign)


@lru_cache(maxsize=16_384)
def is_ordinary(*last_line: str | None) -> bool:
    """True for the last fields of nearly all addresses, in which nothing needs a closer look."""
    return all(
        text is None or (len(text) <= limit and _ORDINARY_TEXT.match(text) is not None)
        for text, limit in zip(last_line, _LAST_LIMITS, strict=True)
    )


def _check_field(found: Findings, field: str, text: str, foreign: bool) -> None:
    inner = text.strip()
    if len(text) > LIMITS[field]:
        found.add("AD-22", DEFECT, field, say.TOO_LONG)
    if inner and inner[0] in _FORMULA and len(inner.strip("+-=@. ")):
        at = text.index(inner)
        found.add("AD-22", DEFECT, field, say.FORMULA, (at, at + 1))
    lead = len(text) - len(text.lstrip())
    for match in _NOT_PLAIN.finditer(text):
        at, character = match.start(), match[0]
        problem = _problem(character)
        if problem is None or (problem == say.LOOKALIKE and foreign):
            continue
        if character in "\t\r\n" and not lead <= at < lead + len(inner):
            continue
        found.add("AD-22", DEFECT, field, problem, (at, at + 1))
        return


@lru_cache(maxsize=4096)
def _problem(character: str) -> str | None:
    if character in _ALLOWED:
        return None
    category = unicodedata.category(character)
    if category in _UNSEEN:
        return say.INVISIBLE
    if category == "Zs" or "\u0300" <= character <= "\u036f":
        return None
    if category[0] == "L":
        return None if _is_latin(character, category) else say.LOOKALIKE
    return say.LOOKALIKE if category == "Nd" or category[0] == "M" else say.SYMBOL


def _is_latin(character: str, category: str) -> bool:
    """An ordinary Latin letter with or without marks, not a phonetic, full-width or mathematical one."""
    ordinary = character < "\u0250" or "\u1e00" <= character <= "\u1eff"
    plain = unicodedata.normalize("NFKC", character) == character
    return category in ("Lu", "Ll") and ordinary and plain and fold_character(character).isascii()


_LOOKS_LIKE = str.maketrans(
    "аеорсухіјѕԁһкмтвнАВЕКМНОРСТУХІЈЅԛԝαεικνορτυχωΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdhkmtbhABEKMHOPCTYXIJSqwaeiknoptuxwABEZHIKMNOPTYX",
)


def unmask(text: str) -> str:
    """The text as it looks: look-alike letters as Latin ones, invisible characters gone."""
    if text.isascii() and text.isprintable():
        return text
    shown = unicodedata.normalize("NFKC", text.translate(_LOOKS_LIKE))
    return "".join(character for character in shown if unicodedata.category(character) not in _UNSEEN)
