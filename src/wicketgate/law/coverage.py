"""Coverage: every clause of a source is mapped to the elements that test it, or says why none does.

`coverage.toml` decides nothing about a request, so it is no part of the digest. It lets a
reader go through the law clause by clause and see that nothing was left out unseen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wicketgate.core.citation import Citation
from wicketgate.law.errors import Place
from wicketgate.law.literate import read
from wicketgate.law.source import FILES, find
from wicketgate.law.strict import Table, parse

COVERAGE = "coverage.toml"


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: what it says, the elements that test it, and why none does or what they leave out.

    An element that is named stands for all under it: ``B2`` for ``B2:AD-08`` and ``B2/other`` too.
    """

    cite: str
    sense: str
    elements: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class CoveredSource:
    """A statute, a regulation or an agreement with its clauses.

    `seen` says in what form its text was read; `overlay` is empty or the overlay that states it.
    """

    title: str
    seen: str
    overlay: str
    clauses: tuple[Clause, ...]


def read_coverage(name: str, root: Path | None = None) -> tuple[CoveredSource, ...]:
    """The coverage of an authority, all its overlays included.

    Raises `AuthorityError` when the file is missing or not of its form; see `coverage_problems`
    for whether it is complete.
    """
    source = find(name, root=root)
    table = parse(source.read(COVERAGE), Place(name, COVERAGE))
    covered = tuple(_source(entry) for entry in table.tables("sources"))
    table.close()
    for entry in covered:
        if entry.overlay and entry.overlay not in source.overlays():
            raise table.place.error(
                f"{entry.title!r} belongs to the overlay {entry.overlay!r}; there is none."
            )
    return covered


def coverage_problems(name: str, root: Path | None = None) -> Iterator[str]:
    """Sentences about elements that no clause names, and clauses that name none that exists."""
    covered = read_coverage(name, root)
    ids = _ids(name, root)
    named: set[str] = set()
    for entry in covered:
        known = {one for origin in ("", entry.overlay) for one in ids.get(origin, ())}
        for clause in entry.clauses:
            for element in clause.elements:
                meant = {one for one in known if _stands_for(element, one)}
                if not meant:
                    where = f"{name} or {entry.overlay}" if entry.overlay else name
                    yield f"{COVERAGE}: {clause.cite} names {element}, which is no element of {where}"
                named |= meant
    for origin, own in ids.items():
        for element in own:
            if element not in named:
                where = f" of the overlay {origin}" if origin else ""
                yield f"{COVERAGE}: no clause names the element {element}{where}"


def _source(table: Table) -> CoveredSource:
    overlay = table.text("overlay", 60) if table.has("overlay") else ""
    title, seen = table.text("title", 200), table.text("seen")
    clauses = tuple(_clause(entry) for entry in table.tables("clauses"))
    table.close(("overlay",))
    if len({(clause.cite, clause.sense) for clause in clauses}) != len(clauses):
        raise table.place.error(f"{title!r} lists a clause twice.")
    return CoveredSource(title, seen, overlay, clauses)


def _clause(table: Table) -> Clause:
    cite = _cite(table)
    elements = table.texts("elements", 40) if table.has("elements") else ()
    reason = table.text("reason") if table.has("reason") else ""
    clause = Clause(cite, table.text("sense"), elements, reason)
    table.close(("elements", "reason"))
    if not elements and not reason:
        raise table.place.error(f"{cite} needs `elements` that test it, or a `reason` why none does.")
    return clause


def _cite(table: Table) -> str:
    """A citation of a code in its canonical form, or a plain text where the source has none."""
    text = table.text("cite", 200)
    if not text[0].isdigit():
        return text
    try:
        return str(Citation.parse(text))
    except ValueError as problem:
        raise table.place.error(f"`cite` {text!r} is {problem}.") from None


def _ids(name: str, root: Path | None) -> dict[str, tuple[str, ...]]:
    """The ids of all elements, in force or not, by the overlay in which they stand ("" for none)."""
    source = find(name, root=root)
    files = {"": FILES[0]} | {overlay: f"overlays/{overlay}.md" for overlay in source.overlays()}
    return {
        origin: tuple(
            dict.fromkeys(
                section.title.split()[0]
                for section, _ in read(
                    source.read(file), "overlay" if origin else "authority", Place(name, file)
                ).rules
            )
        )
        for origin, file in files.items()
    }


def _stands_for(named: str, element: str) -> bool:
    return element == named or element.startswith((f"{named}:", f"{named}/"))
