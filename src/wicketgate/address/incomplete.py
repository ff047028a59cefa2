"""Why address lines name no delivery point: the defect that says what is missing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wicketgate.address import sentences as say
from wicketgate.address.boxes import BOX_STARTS, MILITARY_STARTS, ROUTE_STARTS
from wicketgate.address.findings import DEFECT, REFER, Findings
from wicketgate.address.islands import AREAS
from wicketgate.address.lastline import LastLine
from wicketgate.address.lexicon import listed
from wicketgate.address.placeholders import placeholder_code
from wicketgate.address.places import named_places
from wicketgate.address.pub28 import NUMBER_WORDS, SHORT_DIRECTIONALS, STANDARD_SUFFIXES, STATES
from wicketgate.address.several import states_several
from wicketgate.address.streets import NUMBERED, ROAD_KINDS, is_number
from wicketgate.address.zips import all_cities, table

_ZIP_LIKE = re.compile(r"\d{5}(?:-?\d{4})?\Z")
_ZIP_LENGTHS = (5, 9, 10)
_ZIP_NAMES = listed("zip zipcode code codigo postal")
_BOX_WORDS = (BOX_STARTS | ROUTE_STARTS | MILITARY_STARTS) - listed("rte hwy r h p post unit")
_REGIONS = listed("county parish municipio borough")
_COUNTRIES = listed("""
mexico canada guatemala honduras salvador cuba haiti venezuela colombia ecuador peru nicaragua brazil brasil
china india philippines usa us america
""") | {
    "el salvador",
    "estados unidos",
    "united states",
    "united states of america",
    "dominican republic",
    "republica dominicana",
    "costa rica",
}


def is_zip_like(word: str) -> bool:
    """True for five or nine digits."""
    return len(word) in _ZIP_LENGTHS and _ZIP_LIKE.match(word) is not None


def zips_among(words: Sequence[str]) -> list[str]:
    """The words that are five or nine digits."""
    return [word for word in words if len(word) in _ZIP_LENGTHS and _ZIP_LIKE.match(word)]


def explain(found: Findings, segments: list[list[str]], last: LastLine) -> None:
    """Add what the pieces of the lines, in standard words, lack."""
    words = [word for piece in segments for word in piece]
    line = found.stated_line
    last_words = last.words
    code = placeholder_code(words, last_words)
    if code:
        found.add(code, DEFECT, line, say.PLACEHOLDER[code])
        if zips_among(words):
            found.add("AD-09", DEFECT, line, say.DIGITS_AS_ZIP)
    elif states_several((), segments):
        found.add("AD-21", DEFECT, line, say.SEVERAL)
    elif not _names_a_place(found, words):
        code, sentence = _missing(words, last, last_words)
        found.add(code, REFER if sentence is say.NUMBER_LAST else DEFECT, line, sentence)


def _names_a_place(found: Findings, words: list[str]) -> bool:
    """True when the only thing wrong is that a place of custody or an office has no location."""
    names = {named.code: named.words for named in named_places(words)}
    if not names:
        return False
    if "AD-28" in names:
        found.add_words("AD-28", REFER, say.THROUGH, names["AD-28"])
    if "AD-07" in names:
        found.add_words("AD-07", DEFECT, say.CUSTODY_ONLY, names["AD-07"])
        return True
    if "AD-15" in names:
        found.add_words("AD-15", DEFECT, say.AGENCY_ONLY, names["AD-15"])
        return True
    if "AD-13" in names:
        found.add_words("AD-13", REFER, say.BUSINESS, names["AD-13"])
    return False


def _missing(words: list[str], last: LastLine, last_words: frozenset[str]) -> tuple[str, str]:
    told = [word for word in words if word not in _ZIP_NAMES]
    if told and told[0][0].isdigit() and (digits := "".join(told).replace("-", "")).isdigit():
        if len(digits) not in (5, 9):
            return "AD-05", say.NO_NAME
        known = digits[:5] == last.zip5 or digits[:5] in table()
        return ("AD-08", say.ZIP_ONLY) if known else ("AD-09", say.DIGITS_AS_ZIP)
    if words[0] in _BOX_WORDS or "box" in words:
        return "AD-27", say.NO_BOX
    if _is_region(words, last_words):
        return "AD-10", say.CITY_ONLY
    if zips_among(words):
        return "AD-09", say.DIGITS_AS_ZIP
    if is_number(words[0]) or words[0] in NUMBER_WORDS:
        return "AD-05", say.NO_NAME
    return "AD-06", say.NUMBER_LAST if _number_last(words) else say.NO_NUMBER


def _number_last(words: list[str]) -> bool:
    """``Main St 123``, ``Alturas del Mar 12``; the number of a numbered road is none."""
    if words[0] in AREAS and len(words) > 2:
        return words[-1].isdigit()
    if len(words) < 3 or not words[-1].isdigit() or words[-2] in NUMBERED or words[-3] in ROAD_KINDS:
        return False
    return words[-2] in STANDARD_SUFFIXES or words[-2] in SHORT_DIRECTIONALS


def _is_region(words: list[str], last_words: frozenset[str]) -> bool:
    """True when nothing but cities, counties, states, countries and their ZIP Codes is named."""
    zips = [word for word in zips_among(words) if len(word) != 9]
    rest = [word for word in words if word not in last_words and word not in zips]
    if not rest or rest[-1] in _REGIONS or " ".join(rest) in STATES or " ".join(rest) in _COUNTRIES:
        return True
    if len(rest) > 1 and (rest[-1] in STATES or rest[-1] in _COUNTRIES):
        rest = rest[:-1]
    return " ".join(rest) in all_cities() and all(digits[:5] in table() for digits in zips)
