"""Cells that hold lists: periods and items, separated by ``;``."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from wicketgate.core.catalogue import CATALOGUE
from wicketgate.core.facts import FactValue
from wicketgate.law import Vocabulary
from wicketgate.stages.facts.words import UNBOUNDED
from wicketgate.stages.folding import words_of

_YEAR = re.compile(r"(?:19|2[0-9])[0-9]{2}")
_MOST_PERIODS = 1_000


def entries(text: str | None) -> list[str]:
    """The entries of a list, blanks around them removed, empty ones left out."""
    return [entry for part in text.split(";") if (entry := part.strip())] if text else []


def period_facts(text: str | None) -> dict[str, FactValue]:
    """Years and nothing else are stated periods; words such as "all" leave them unbounded."""
    return dict(_periods(text))


@lru_cache(maxsize=4_096)
def _periods(text: str | None) -> tuple[tuple[str, FactValue], ...]:
    years = entries(text)
    form = "stated"
    if not years:
        form = "missing"
    elif not all(map(_YEAR.fullmatch, years)):
        form = "unbounded" if UNBOUNDED.search(" ".join(words_of(text))) else "not_a_year"
    elif len(set(years)) > _MOST_PERIODS:
        form = "unbounded"
    stated = form == "stated"
    return (
        ("periods_form", form),
        ("periods_count", len(set(years)) if stated else None),
        ("period_earliest", min(map(int, years)) if stated else None),
        ("period_latest", max(map(int, years)) if stated else None),
    )


_ITEM_COUNTS = {
    "items_of_return": "return",
    "items_outside_identity": "outside_identity",
    "items_beyond_profile": "beyond_profile",
    "items_unknown": "unknown",
}
_MOST_ITEMS = 1_000


def item_facts(text: str | None, vocabulary: Vocabulary) -> dict[str, FactValue]:
    """How many different items are asked for, and of which class. With no item only the count is known."""
    items = dict.fromkeys(entries(text))
    facts: dict[str, FactValue] = {
        "items": CATALOGUE["items"].admit(sorted(set(map(vocabulary.item, items)))),
        "items_count": len(items) if len(items) <= _MOST_ITEMS else None,
    }
    classes = Counter(map(vocabulary.item_class, items))
    for fact, kind in _ITEM_COUNTS.items():
        count = classes[kind]
        facts[fact] = count if items and count <= _MOST_ITEMS else None
    return facts
