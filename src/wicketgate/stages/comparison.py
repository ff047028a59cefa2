"""Comparison keys and levels: how a request and a register record are laid side by side.

The keys are computed here and nowhere else, for a record at load and for a request at
asking. They serve comparison only; what was written is kept beside them and never
corrected or completed. There are levels and no scores.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from functools import lru_cache

from wicketgate.core.identity import UNREADABLE, NameKey, Question
from wicketgate.core.request import Request
from wicketgate.stages.folding import fingerprint, folded_words, near_forms
from wicketgate.stages.nicknames import CLASSES
from wicketgate.stages.place_key import place_key

SUFFIXES: dict[str, str] = {
    "jr": "jr",
    "junior": "jr",
    "sr": "sr",
    "senior": "sr",
    "ii": "ii",
    "2nd": "ii",
    "2d": "ii",
    "iii": "iii",
    "3rd": "iii",
    "3d": "iii",
    "iv": "iv",
    "4th": "iv",
    "v": "v",
    "5th": "v",
}
_INSIDE_SURNAME = frozenset({"jr", "junior", "sr", "senior", "ii", "iii", "iv"})
"""Suffixes that are recognised at the end of the surname field; a lone V may be a name."""

_PARTICLES = frozenset(
    """al ap ben bin bint da das de del den der di do dos du e el la las le lo los mac mc san santa st
    te ten ter van vande vander von y zu""".split()  # noqa: SIM905 - reads as the list of words that it is
)
"""Words shared by unrelated surnames; they count for equality and not for nearness."""

_TIN = re.compile(r"[0-9]{9}")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR = re.compile(r"[0-9]{4}")


class Level(StrEnum):
    """How one field of a request and of a record compare."""

    EQUAL = "equal"
    ABSENT = "absent"
    """At least one side does not state it."""
    NEAR = "near"
    """They could be two spellings of the same; never enough for a match."""
    CONFLICT = "conflict"


@lru_cache(maxsize=4_096)
def name_key(first: str | None, middle: str | None, last: str | None, suffix: str | None) -> NameKey:
    """The comparison key of a natural person's name, given in separate fields."""
    surnames = folded_words(last).split()
    generation = folded_words(suffix)
    if len(surnames) > 1 and not generation and surnames[-1] in _INSIDE_SURNAME:
        generation = surnames.pop()
    given = folded_words(first)
    return NameKey(
        first=given,
        surnames=tuple(surnames),
        middle=folded_words(middle),
        suffix=SUFFIXES.get(generation, generation),
        first_near=_first_near(given),
        surname_near=_surname_near(tuple(surnames)),
    )


def tin_key(text: str | None) -> str:
    """Nine digits, hyphens and spaces apart; never corrected."""
    if not text or not text.strip():
        return ""
    digits = re.sub(r"[\s-]", "", text)
    return digits if _TIN.fullmatch(digits) else UNREADABLE


def birth_date_key(text: str | None) -> str:
    """The ISO 8601 calendar date."""
    if not text or not text.strip():
        return ""
    stated = text.strip()
    if not _ISO_DATE.fullmatch(stated):
        return UNREADABLE
    try:
        return date.fromisoformat(stated).isoformat()
    except ValueError:
        return UNREADABLE


def requested_periods(text: str | None) -> tuple[int, ...]:
    """The stated years, in order and once each; whatever is not a year is left out."""
    parts = (part.strip() for part in (text or "").split(";"))
    return tuple(sorted({int(part) for part in parts if _YEAR.fullmatch(part)}))


def question(request: Request, periods: tuple[int, ...], period_bound: bool) -> Question:
    """The question about one request.

    `period_bound`: the strict reading of the switch that binds the disclosed address to a
    stated period.
    """
    return Question(
        name=name_key(
            request.taxpayer_first_name,
            request.taxpayer_middle_name,
            request.taxpayer_last_name,
            request.taxpayer_suffix,
        ),
        place=place_key(
            request.address_line1,
            request.address_line2,
            request.address_city,
            request.address_state,
            request.address_postal_code,
            request.address_country,
        ),
        tin=tin_key(request.taxpayer_tin),
        birth_date=birth_date_key(request.taxpayer_birth_date),
        periods=periods,
        period_bound=period_bound,
    )


def level(asked: str, held: str) -> Level:
    """Compare one keyed field; for a TIN, a birth date or a suffix there is no near."""
    if asked == UNREADABLE:
        return Level.CONFLICT
    if not asked or not held:
        return Level.ABSENT
    return Level.EQUAL if asked == held else Level.CONFLICT


def middle_level(asked: str, held: str) -> Level:
    """Compare middle names: an initial is at best near, whatever stands on the other side."""
    if not asked or not held:
        return Level.ABSENT
    if asked == held and spelled_out(asked):
        return Level.EQUAL
    initial = min(len(asked), len(held)) == 1 and asked[0] == held[0]
    return Level.NEAR if asked == held or initial else Level.CONFLICT


def spelled_out(name: str) -> bool:
    """True when every word of the folded name is more than an initial."""
    return bool(name) and all(len(word) > 1 for word in name.split())


def confusable(one: NameKey, other: NameKey) -> bool:
    """True when a reader could take one name for the other.

    First names: same initial, a common nickname class, or within one edit. Surnames: a
    common word, or within one edit.
    """
    return not set(one.first_near).isdisjoint(other.first_near) and not set(one.surname_near).isdisjoint(
        other.surname_near
    )


@lru_cache(maxsize=20_000)
def _first_near(first: str) -> tuple[int, ...]:
    words = first.split()
    if not words:
        return ()
    forms = {f"initial {words[0][0]}"}
    for word in words:
        forms |= near_forms(word)
        forms |= {f"class {name}" for name in CLASSES.get(word, ())}
    return _fingerprints(forms | near_forms("".join(words)))


@lru_cache(maxsize=20_000)
def _surname_near(words: tuple[str, ...]) -> tuple[int, ...]:
    telling = [word for word in words if word not in _PARTICLES] or words
    forms = near_forms("".join(words))
    for word in telling:
        forms |= near_forms(word)
    return _fingerprints(forms)


def _fingerprints(forms: set[str]) -> tuple[int, ...]:
    return tuple(sorted({fingerprint(form) for form in forms}))
