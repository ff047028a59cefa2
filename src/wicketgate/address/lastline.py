"""The last line: city, state and postal code, each alone and together."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from wicketgate.address import sentences as say
from wicketgate.address.findings import DEFECT, NOTE, REFER, Findings
from wicketgate.address.fold import city_words
from wicketgate.address.model import Address, AddressFinding
from wicketgate.address.normalise import abbreviate
from wicketgate.address.placeholders import TRIGGERS, placeholder_code
from wicketgate.address.pub28 import STATES
from wicketgate.address.zips import Zip, look_up

_ZIP = re.compile(r"\d{5}(?:[- ]?\d{4})?\Z", re.ASCII)
_LOST_ZERO = re.compile(r"\d{3,4}(?:-\d{4})?\Z|\d{7,8}\Z", re.ASCII)
_MANY = 16_384
"""Last lines worth remembering: many people live behind each."""
_DOMESTIC = frozenset(
    (
        "us",
        "usa",
        "united states",
        "united states of america",
        "estados unidos",
        "eeuu",
        "eua",
        "america",
        "840",
    )
) | {
    name
    for name, code in STATES.items()
    if code in ("PR", "GU", "VI", "AS", "MP", "FM", "MH", "PW") and len(name) > 2
}


_HERE = ("us", "usa")
_STATE_NAMES = {
    state: [name for name, code in STATES.items() if code == state] for state in ("", *STATES.values())
}
_STATE_WORDS = {state: frozenset(" ".join(names).split()) for state, names in _STATE_NAMES.items()}


class LastLine(NamedTuple):
    """What the last line says, folded: for telling its words from those of the address lines."""

    city: str
    state: str
    zip5: str
    entry: Zip | None
    words: frozenset[str]
    """All words that belong to the last line and not to a street."""
    ends: frozenset[str]
    """Those of them by which address lines show at their end that they repeat the last line."""


def is_foreign(country: str | None) -> bool:
    """True when a country is named and it is not the United States or a territory."""
    return bool(country) and (name := city_words(country or "")) != "" and name not in _DOMESTIC


@lru_cache(maxsize=_MANY)
def read_last_line(city: str | None, state: str | None, postal_code: str | None) -> LastLine:
    """Fold the last line; nothing is judged."""
    named = STATES.get(city_words(state), "") if state else ""
    code = (postal_code or "").strip()
    zip5 = code[:5] if _ZIP.match(code) else ""
    folded = city_words(city) if city else ""
    ends = _STATE_WORDS[named].union((zip5, *_HERE))
    return LastLine(folded, named, zip5, look_up(zip5), ends.union(folded.split()), ends)


def without_last_line(segments: list[list[str]], last: LastLine) -> list[list[str]]:
    """The pieces without city, state and ZIP Code of the last line, where they stand at the end once more.

    The city goes only together with the state or the ZIP Code: ``12 Springfield``
    may name a street.
    """
    end = segments[-1][-1] if segments else ""
    if not end or (end[:5] != last.zip5 and end not in last.ends):
        return segments
    words = [word for piece in segments for word in piece]
    keep = len(words) - (end in _HERE)
    zipped = bool(last.zip5 and keep and words[keep - 1][:5] == last.zip5)
    keep -= zipped
    state = _ends_with(words[:keep], [name.split() for name in _STATE_NAMES[last.state]])
    city = _ends_with(words[: keep - state], [abbreviate(last.city.split())]) if zipped or state else 0
    if city or zipped:  # "Market Ct" alone does not name Connecticut
        keep -= state + city
    return _first(segments, keep)


def _ends_with(words: list[str], names: list[list[str]]) -> int:
    """How many words the longest of the names takes at the end; 0 for none."""
    return max((len(name) for name in names if name and words[-len(name) :] == name), default=0)


def _first(segments: list[list[str]], keep: int) -> list[list[str]]:
    kept = []
    for piece in segments:
        if keep > 0:
            kept.append(piece[:keep])
        keep -= len(piece)
    return kept


@lru_cache(maxsize=_MANY)
def last_line_findings(
    city: str | None, state: str | None, postal_code: str | None
) -> tuple[AddressFinding, ...]:
    """AD-18, AD-19, AD-20, AD-24 and AD-25."""
    found = Findings(Address(city=city, state=state, postal_code=postal_code))
    last = read_last_line(city, state, postal_code)
    _check_city(found, last)
    if not last.state:
        given = (state or "").strip()
        found.add("AD-18", DEFECT, "state", say.NOT_A_STATE if given else say.NO_STATE)
    code = (postal_code or "").strip()
    if not code:
        found.add("AD-18", DEFECT, "postal_code", say.NO_ZIP)
    elif not last.zip5:
        found.add("AD-19", DEFECT, "postal_code", say.LOST_ZERO if _LOST_ZERO.match(code) else say.MALFORMED)
    elif last.entry is None:
        found.add("AD-19", DEFECT, "postal_code", say.UNASSIGNED)
    else:
        _check_agreement(found, last, last.entry)
    return tuple(found.found)


def _check_city(found: Findings, last: LastLine) -> None:
    if not last.city or not any(character.isalpha() for character in last.city):
        found.add("AD-18", DEFECT, "city", say.NO_CITY if not last.city else say.NO_REAL_CITY)
        return
    if last.entry and f"|{last.city}|" in last.entry.cities:
        return
    name = last.city.split()
    if (not TRIGGERS.isdisjoint(name) or len(last.city) < 4) and placeholder_code(name):
        found.add("AD-18", DEFECT, "city", say.NO_REAL_CITY)


def _check_agreement(found: Findings, last: LastLine, entry: Zip) -> None:
    if not entry.in_use:
        found.add("AD-19", REFER, "postal_code", say.RETIRED)
    if last.state and last.state != entry.state:
        found.add("AD-20", DEFECT, "postal_code", say.OTHER_STATE.format(state=entry.state))
    elif entry.kind == "U":
        found.add("AD-24", REFER, "postal_code", say.ONE_ORGANISATION)
    if last.city and f"|{last.city}|" not in entry.cities:
        found.add("AD-25", NOTE, "city", say.OTHER_CITY)
