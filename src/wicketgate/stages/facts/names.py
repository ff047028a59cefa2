"""Names, judged by their form alone."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from wicketgate.stages.facts import words as lists
from wicketgate.stages.folding import words_of

NameForm: TypeAlias = Literal["complete", "initial_only", "placeholder", "wildcard", "missing", "not_a_name"]

_ORDINARY = re.compile(r"[A-Za-z][A-Za-z'. -]*")
_PUNCTUATION = frozenset("'’‘ʼ`´-‐‑–. ,&/;")
"""What may stand in a name. The last four may join several people: see `names_one_person`."""
_WILD = re.compile(r"[*?%]|_{2,}")
_ORDINAL = re.compile(r"(?:2nd|3rd|4th|5th|6th)\.?", re.IGNORECASE)


class NameText(NamedTuple):
    """One name field, read once: the same names are written again and again."""

    words: tuple[str, ...] = ()
    telling: tuple[str, ...] = ()
    """The words that are no initials."""
    folded: str = ""
    is_wild: bool = False
    is_placeholder: bool = False
    is_name: bool = True
    is_ordinal: bool = False
    several: bool | None = None
    """Whether the field joins several people, aliases or a household; None when nothing is given."""


_ABSENT = NameText()


@lru_cache(maxsize=16_384)
def read_name(text: str | None) -> NameText:
    """What one field shows by itself."""
    if text is None:
        return _ABSENT
    words = tuple(words_of(text))
    folded = " ".join(words)
    return NameText(
        words,
        tuple(word for word in words if len(word) > 1),
        folded,
        _WILD.search(text) is not None,
        _is_placeholder(folded),
        _is_name(text),
        _ORDINAL.fullmatch(text.strip()) is not None,
        lists.SEVERAL_PEOPLE.search(text) is not None,
    )


def name_form(first: NameText, middle: NameText, last: NameText, suffix: NameText) -> NameForm:
    """What the four name fields amount to; the worst of what they show."""
    if first.is_wild or middle.is_wild or last.is_wild or suffix.is_wild:
        return "wildcard"
    one, two = first.folded, last.folded
    if first.is_placeholder or last.is_placeholder or _is_nobody(one, two):
        return "placeholder"
    if not (first.is_name and middle.is_name and last.is_name and (suffix.is_name or suffix.is_ordinal)):
        return "not_a_name"
    if not one or not two:
        return "missing"
    return "initial_only" if _is_initial(one) or _is_initial(two) else "complete"


def names_one_person(*names: NameText) -> bool | None:
    """False when a field joins several people, aliases or a household; None when no name is given."""
    several = [name.several for name in names]
    return None if several == [None] * len(several) else True not in several


@lru_cache(maxsize=8_192)
def names_a_person(text: str) -> bool:
    """True for one natural person, at least an initial and a surname; no unit, office or mailbox."""
    folded = " ".join(words_of(text))
    if lists.UNIT.search(folded) or lists.SEVERAL_PEOPLE.search(text) or _WILD.search(text):
        return False
    named = [word for word in folded.split() if word not in lists.TITLES]
    if len(named) < 2 or not _is_name(text) or _is_placeholder(folded) or _is_nobody(named[0], named[-1]):
        return False
    return not all(map(_is_initial, named))


def _is_placeholder(folded: str) -> bool:
    return bool(folded) and (
        not lists.NEVER_A_NAME.isdisjoint(folded.split())
        or lists.NO_NAME_GIVEN.fullmatch(folded) is not None
        or (len(folded) > 2 and len(set(folded)) == 1)
    )


def _is_nobody(first: str, last: str) -> bool:
    if first in lists.NOBODYS_FIRST_NAME:
        return True
    if last == "doe":
        return first in lists.EVERYMAN or first in lists.SOMETIMES_A_NAME
    return first in lists.SOMETIMES_A_NAME and last in lists.SOMETIMES_A_NAME


def _is_name(text: str) -> bool:
    """Letters of any script with apostrophes, hyphens, periods and spaces, and no company."""
    if lists.COMPANY.search(text):
        return False
    if _ORDINARY.fullmatch(text):
        return True
    letters = False
    for character in text:
        category = unicodedata.category(character)
        if category[0] == "L":
            letters = True
        elif category[0] != "M" and category not in ("Zs", "Cf") and character not in _PUNCTUATION:
            return False
    return letters


def _is_initial(folded: str) -> bool:
    """One letter of a script with capitals; a single Han or Hangul character is a whole name."""
    return len(folded) == 1 and folded.upper() != folded.lower()
