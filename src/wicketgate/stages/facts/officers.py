"""The engaged officers: who they are, whom they belong to, and the keys by which they are counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

from wicketgate.stages.facts.keys import BETWEEN, keyed
from wicketgate.stages.facts.lists import entries
from wicketgate.stages.facts.names import names_a_person
from wicketgate.stages.facts.placeholders import is_badge
from wicketgate.stages.folding import words_of

_MOST = 10_000
_key = keyed("officer")


class Officer(NamedTuple):
    """One entry ``Name|badge|agency``."""

    agency: str
    """As written; empty when it is missing."""
    is_individual: bool
    """A person's name, a badge and an agency: no unit, no mailbox."""
    key: str


class Officers(NamedTuple):
    """Who would receive the answer."""

    number: int | None
    individual: bool | None
    of_agency: bool | None
    keys: tuple[str, ...]
    """Each once."""


@lru_cache(maxsize=65_536)
def read_officer(entry: str) -> Officer:
    """The entry, whatever it is; case, accents and punctuation do not count for the key."""
    parts = [part.strip() for part in entry.split("|")]
    name, badge, agency = (*parts, "", "")[:3]
    key = _key(BETWEEN.join(" ".join(words_of(part)) for part in (name, badge, agency)))
    individual = len(parts) == 3 and bool(agency) and is_badge(badge) and names_a_person(name)
    return Officer(agency, individual, key)


def open_requests(engagements: Mapping[str, int]) -> dict[str, int]:
    """Open requests of each officer by key: those under two spellings of one officer are one officer's."""
    found: Counter[str] = Counter()
    for name, count in engagements.items():
        found[officer_key(name)] += count
    return dict(found)


def read_officers(text: str | None, agency: str | None, line: Callable[[str], tuple[str, ...]]) -> Officers:
    """All entries of the list. With no officer only the count is known.

    An officer belongs to the requesting agency when the officer's agency is it or a component
    of it; `line` gives an agency's code followed by its parents', none for an unknown agency.
    """
    named = list(dict.fromkeys(entries(text)))
    officers = list(map(read_officer, named))
    keys = tuple(dict.fromkeys(officer.key for officer in officers))
    count = len(officers) if len(officers) <= _MOST else None
    if not officers or count is None:
        return Officers(count, None, None, keys)
    individual = all(officer.is_individual for officer in officers)
    of_agency = None
    if agency is not None and line(agency):
        of_agency = all(agency in line(officer.agency) for officer in officers)
    return Officers(count, individual, of_agency, keys)


@lru_cache(maxsize=65_536)
def officer_scopes(entry: str) -> tuple[str, ...]:
    """What an order may call this officer by, the most exact first: badge of an agency, badge, name.

    Case, accents, spaces and punctuation do not count; nor, beside a badge, does the name.
    """
    parts = [" ".join(words_of(part)) for part in entry.split("|")]
    name, badge, agency = (*parts, "", "")[:3]
    found = (
        f"badge {badge} of {agency}" if badge and agency else "",
        f"badge {badge}" if badge else "",
        f"named {name}" if name else "",
    )
    return tuple(filter(None, found))


@lru_cache(maxsize=65_536)
def scopes_of_officers(text: str | None) -> tuple[str, ...]:
    """Those of all officers of a list."""
    return tuple(dict.fromkeys(scope for entry in entries(text) for scope in officer_scopes(entry)))


def officer_key(text: str) -> str:
    """The key of one officer written ``Name|badge|agency``."""
    return read_officer(text).key
