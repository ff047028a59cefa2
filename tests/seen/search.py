"""Searches texts for people: by name, number, day of birth and street, however they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import unquote_plus

from tests.seen.kept import kept, logged

WORDS = (
    Path(__file__).parents[2] / "src" / "wicketgate" / "web" / "locale" / "en" / "LC_MESSAGES" / "django.po"
)
_WORD = re.compile(r"[^\W_]+")
_LONGEST = 7
"""Words of a term that is looked for."""
_NUMBER = 9


@dataclass(slots=True)
class Searched:
    """What was searched, and what was found: one line each, with the place."""

    people: int = 0
    texts: dict[str, int] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        looked = ", ".join(f"{number:,} x {kind}" for kind, number in sorted(self.texts.items()))
        return f"{looked} searched for {self.people:,} people: {len(self.found) or 'nothing'} found"


def words(text: str) -> list[str]:
    """The words of a text, letter case and punctuation aside."""
    return _WORD.findall(unescape(unquote_plus(text)).casefold())


def terms(person: Mapping[str, str], ordinary: frozenset[str]) -> Iterator[tuple[str, ...]]:
    """What gives this person away, as words in a row.

    A name of one word is looked for alone only where no page has that word anyway (`ordinary`).
    """
    first = words(person.get("taxpayer_first_name", ""))
    last = words(person.get("taxpayer_last_name", ""))
    if len(last) > 1 or (len("".join(last)) > 3 and last[0] not in ordinary):
        yield tuple(last)
    if len("".join(first)) > 1 and len("".join(last)) > 1:
        yield (*first, *last)
        yield (*last, *first)
    number = re.sub(r"\D", "", person.get("taxpayer_tin", ""))
    if len(number) == _NUMBER:
        yield (number,)
        yield number[:3], number[3:5], number[5:]
    if born := words(person.get("taxpayer_birth_date", "")):
        yield tuple(born)
    street = words(person.get("address_line1", ""))
    if len(street) > 1:
        yield tuple(street[:_LONGEST])
    for named in (person.get("signatory_name", ""), *person.get("engaged_officers", "").split(";")):
        name = words(named.split("|")[0])
        if len(name) > 1 and not ordinary.issuperset(name):
            yield tuple(name)


def matches(text: str, wanted: frozenset[tuple[str, ...]]) -> frozenset[tuple[str, ...]]:
    """The terms that stand in a text."""
    found = words(text)
    rows = (tuple(found[at : at + size]) for at in range(len(found)) for size in range(1, _LONGEST + 1))
    return wanted.intersection(rows)


def ordinary_words() -> frozenset[str]:
    """Every word that the pages themselves are made of."""
    return frozenset(words(WORDS.read_text("utf-8")))


def search(kept_in: Path) -> Searched:
    """Search everything that was kept in a folder."""
    ordinary, wanted, told = ordinary_words(), set[tuple[str, ...]](), Searched()
    texts: dict[tuple[str, str], str] = {}
    for kind, value in kept(kept_in):
        if kind == "person":
            told.people += 1
            wanted.update(terms(value, ordinary))
        else:
            texts.setdefault((kind, value["text"]), value["where"])
    for line in logged(kept_in):
        texts.setdefault(("log", line), "")
    _look(texts, frozenset(wanted), told)
    return told


def _look(texts: Mapping[tuple[str, str], str], wanted: frozenset[tuple[str, ...]], told: Searched) -> None:
    for (kind, text), where in texts.items():
        told.texts[kind] = told.texts.get(kind, 0) + 1
        told.found.extend(_lines(kind, where, matches(text, wanted)))


def _lines(kind: str, where: str, found: Iterable[tuple[str, ...]]) -> Iterator[str]:
    return (f"{kind} {where}: {' '.join(term)!r}" for term in sorted(found))
