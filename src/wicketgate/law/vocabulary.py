"""What citations, items and phrases mean under one authority. The words themselves are data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from wicketgate.core.catalogue import CATALOGUE
from wicketgate.core.citation import Citation
from wicketgate.law.errors import Place
from wicketgate.law.strict import Table, parse

ITEM_CLASSES: Final = ("profile", "beyond_profile", "return", "outside_identity")
PHRASE_KINDS: Final = ("locate", "general", "civil", "willfulness", "other_document")
SPECIAL_PHRASE_KINDS: Final = ("necessity", "role")
"""Kinds that an authority may leave out; then no request has such a phrase."""
NO_FAMILY: Final = "none"
SEVERAL: Final = "several"
UNLISTED: Final = "unlisted"
_FAMILY = re.compile(r"[a-z0-9][a-z0-9_]*")
_SECTION = re.compile(r"(\d+)(.*)")


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in a code, a range of sections up to `last`, or a whole title (`cite` None), and its class."""

    title: int
    cite: Citation | None
    last: Citation | None
    kind: str
    family: str

    def covers(self, citation: Citation) -> bool:
        """True when the citation lies inside."""
        if self.cite is None:
            return citation.code == "U.S.C." and citation.title == self.title
        if self.last is None:
            return self.cite.covers(citation)
        same_title = (citation.title, citation.code) == (self.cite.title, self.cite.code)
        return same_title and _order(self.cite) <= _order(citation) <= _order(self.last)

    @property
    def precision(self) -> tuple[int, int]:
        """The more precise of two entries that cover a citation decides."""
        if self.cite is None:
            return 0, 0
        return (1, 0) if self.last else (2, len(self.cite.path))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The authority's own reading of citations, items and phrases."""

    scope: tuple[Citation, ...]
    """The places in the law on which a request may rest."""
    statutes: tuple[Entry, ...]
    grounds: tuple[Entry, ...]
    items: Mapping[str, str]
    phrases: Mapping[str, tuple[str, ...]]
    """Lower-case phrases by kind: locate, general, civil, willfulness, other_document, necessity, role."""
    provisions: tuple[Entry, ...] = ()
    """Places within the scope that have names, since different things must be shown under each."""

    def statute(self, citation: Citation | None) -> tuple[str, str]:
        """Class (criminal, civil, tax, not_specific, unlisted) and family of a cited statute."""
        if citation is None:
            return "not_specific", NO_FAMILY
        entry = _most_precise(self.statutes, citation)
        return (entry.kind, entry.family) if entry else (UNLISTED, NO_FAMILY)

    def provision(self, citations: Iterable[Citation]) -> str:
        """The name of the provision in which the citations lie, ``none``, or ``several``."""
        found = {entry.kind for cited in citations if (entry := _most_precise(self.provisions, cited))}
        return SEVERAL if len(found) > 1 else found.pop() if found else NO_FAMILY

    def ground_class(self, citation: Citation) -> str:
        """The vocabulary's class of a ground's citation, or ``unlisted``."""
        entry = _most_precise(self.grounds, citation)
        return entry.kind if entry else UNLISTED

    def item_class(self, name: str) -> str:
        """profile, beyond_profile, return, outside_identity, or ``unknown`` for an item nobody listed."""
        return self.items.get(_item(name), "unknown")

    def item(self, name: str) -> str:
        """The item by its name in this vocabulary, or ``unlisted``."""
        return item if (item := _item(name)) in self.items else UNLISTED

    @property
    def domains(self) -> dict[str, tuple[str, ...]]:
        """The values of the facts whose values this vocabulary decides."""
        families = {entry.family for entry in self.statutes} | {NO_FAMILY}
        grounds = {entry.kind for entry in self.grounds} | {UNLISTED}
        provisions = {entry.kind for entry in self.provisions} | {NO_FAMILY, SEVERAL}
        return {
            "statute_family": tuple(sorted(families)),
            "order_ground_class": tuple(sorted(grounds)),
            "authority_provision": tuple(sorted(provisions)),
            "items": tuple(sorted({*self.items, UNLISTED})),
        }


def read_vocabulary(text: str, place: Place) -> Vocabulary:
    """The vocabulary of the file; raises `AuthorityError` for unknown classes, citations and kinds."""
    root = parse(text, place)
    scope = tuple(_citation(cite, root.place) for cite in root.texts("scope", 120))
    classes = CATALOGUE["statute_class"].values
    statutes = tuple(_statute(table, classes) for table in _optional(root, "statutes"))
    grounds = tuple(_named(table, "class") for table in _optional(root, "grounds"))
    provisions = tuple(_named(table, "name") for table in _optional(root, "provisions"))
    items, phrases = _items(root.table("items")), _phrases(root.table("phrases"))
    vocabulary = Vocabulary(scope, statutes, grounds, items, phrases, provisions)
    root.close(("statutes", "grounds", "provisions"))
    if not scope:
        raise place.error("`scope` must name at least one citation.")
    for entries in (statutes, grounds, provisions):
        keys = [(entry.title, entry.cite, entry.last) for entry in entries]
        if len(set(keys)) != len(keys):
            raise place.error("a citation is listed twice.")
    for entry in provisions:
        if not any(entry.cite is not None and allowed.covers(entry.cite) for allowed in scope):
            raise place.error(f"the provision {entry.kind!r} lies outside `scope`.")
    return vocabulary


def _optional(root: Table, name: str) -> tuple[Table, ...]:
    return root.tables(name) if root.has(name) else ()


def _statute(table: Table, classes: tuple[str, ...]) -> Entry:
    title, cite, last = _where(table)
    kind = table.text("class", 60)
    if kind not in classes or kind == UNLISTED:
        raise table.place.error(
            f"the class {kind!r} is none of: {', '.join(classes)} (what is unlisted is not listed)."
        )
    family = table.text("family", 60) if table.has("family") else NO_FAMILY
    if not _FAMILY.fullmatch(family):
        raise table.place.error("a family is written in lower-case letters, digits and underscores.")
    table.text("sense")
    table.close(("cite", "to", "title", "family"))
    return Entry(title, cite, last, kind, family)


def _named(table: Table, key: str) -> Entry:
    cite = _citation(table.text("cite", 120), table.place)
    kind = table.text(key, 60)
    if not _FAMILY.fullmatch(kind) or kind in (UNLISTED, NO_FAMILY, SEVERAL):
        raise table.place.error(
            f"`{key}` is written in lower-case letters, digits and underscores, and is none of: "
            f"{UNLISTED}, {NO_FAMILY}, {SEVERAL}."
        )
    table.text("sense")
    table.close()
    return Entry(cite.title, cite, None, kind, NO_FAMILY)


def _where(table: Table) -> tuple[int, Citation | None, Citation | None]:
    if table.has("title"):
        return table.integer("title"), None, None
    cite = _citation(table.text("cite", 120), table.place)
    last = _citation(table.text("to", 120), table.place) if table.has("to") else None
    if last is not None:
        same = (cite.title, cite.code) == (last.title, last.code) and not cite.path and not last.path
        if not same or _order(cite) >= _order(last):
            raise table.place.error("a range runs from one section to a later section of the same title.")
    return cite.title, cite, last


def _items(table: Table) -> dict[str, str]:
    items: dict[str, str] = {}
    for kind in ITEM_CLASSES:
        for name in table.texts(kind, 60):
            if not _FAMILY.fullmatch(name) or name in items or name == UNLISTED:
                raise table.place.error(f"the item {name!r} is listed twice or is not in lower_case.")
            items[name] = kind
    table.close()
    return items


def _phrases(table: Table) -> dict[str, tuple[str, ...]]:
    special = [kind for kind in SPECIAL_PHRASE_KINDS if table.has(kind)]
    phrases = dict.fromkeys(SPECIAL_PHRASE_KINDS, ()) | {
        kind: table.texts(kind, 80) for kind in (*PHRASE_KINDS, *special)
    }
    table.close(SPECIAL_PHRASE_KINDS)
    for kind, texts in phrases.items():
        for text in texts:
            if text != " ".join(text.lower().split()):
                raise table.place.error(
                    f"the {kind} phrase {text!r} must be in lower case with single spaces."
                )
    return phrases


def _item(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.strip().lower())


def _citation(text: str, place: Place) -> Citation:
    try:
        return Citation.parse(text)
    except ValueError as problem:
        raise place.error(f"{text!r} is {problem}.") from None


def _order(citation: Citation) -> tuple[int, str]:
    match = _SECTION.match(citation.section)
    return (int(match[1]), match[2].lower()) if match else (0, "")


def _most_precise(entries: tuple[Entry, ...], citation: Citation) -> Entry | None:
    covering = [entry for entry in entries if entry.covers(citation)]
    return max(covering, key=lambda entry: entry.precision) if covering else None
