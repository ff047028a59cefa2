"""An authority on one day under the custodian's switches: read, checked, resolved, digested."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Literal, TypeAlias

from wicketgate.core.citation import Citation
from wicketgate.core.context import SwitchValue
from wicketgate.core.digest import Canonical, canonical, digest
from wicketgate.law.element import Element, read_element
from wicketgate.law.errors import AuthorityError, Place
from wicketgate.law.literate import Document, read
from wicketgate.law.parameters import Parameter, plain, read_parameters
from wicketgate.law.source import FILES, find
from wicketgate.law.switches import Switch, read_switches, resolve
from wicketgate.law.vocabulary import Vocabulary, read_vocabulary

Route: TypeAlias = Literal["some", "none"]


@dataclass(frozen=True, slots=True)
class Overlay:
    """Conditions that an agreement or an order adds to an authority."""

    name: str
    title: str
    sense: str
    source: str


@dataclass(frozen=True, slots=True)
class Authority:
    """A statute as data, resolved for one day.

    `elements` are those in force on `on`, the overlays' after the authority's own;
    `parameters` and `switches` are the resolved values, `parameter_table` and
    `switch_table` the whole tables with their references. `changes` are all days on which
    the text itself changes: an element or a number begins or ends. `route` is ``none`` when the
    statute allows no request at all: an element in force is declared never to be shown.
    """

    name: str
    title: str
    sense: str
    citation: Citation
    route: Route
    on: date
    elements: tuple[Element, ...]
    vocabulary: Vocabulary
    parameters: Mapping[str, int | date]
    switches: Mapping[str, SwitchValue]
    parameter_table: tuple[Parameter, ...]
    switch_table: tuple[Switch, ...]
    overlays: tuple[Overlay, ...]
    changes: tuple[date, ...]
    digest: str


def load(
    name: str,
    overlays: Sequence[str] = (),
    *,
    on: date,
    switches: Mapping[str, SwitchValue] = MappingProxyType({}),
    root: Path | None = None,
) -> Authority:
    """Read the authority `name` with `overlays` as it stands on the day `on`.

    `root` is a folder of authorities to read instead of the installed ones.
    Raises `AuthorityError` with one sentence for anything that the whitelist does not allow.
    """
    source = find(name, overlays, root)
    texts = {file: source.read(file) for file in FILES} | {
        _overlay_file(overlay): source.read(_overlay_file(overlay)) for overlay in overlays
    }
    parameter_table = read_parameters(texts[FILES[1]], Place(name, FILES[1]))
    switch_table = read_switches(texts[FILES[2]], Place(name, FILES[2]))
    chosen = resolve(switch_table, switches, name)
    table = {switch.name: switch for switch in switch_table}

    base = read(texts[FILES[0]], "authority", Place(name, FILES[0]))
    citation, route = _front(base, name)
    elements = [read_element(section, rule, table, chosen, "") for section, rule in base.rules]
    _check_unique(elements, (), Place(name, FILES[0]))
    added: list[Overlay] = []
    for overlay in overlays:
        place = Place(name, _overlay_file(overlay))
        document = read(texts[place.file], "overlay", place)
        added.append(_overlay(document, overlay, name))
        more = [read_element(section, rule, table, chosen, overlay) for section, rule in document.rules]
        _check_unique(more, elements, place)
        elements += more

    in_force = tuple(element for element in elements if element.in_force(on))
    if not any(not element.origin for element in in_force):
        raise AuthorityError(
            f"authority {name}: no element is in force on {on}, so nothing can be shown under it."
        )
    if (route == "none") is not any(element.never for element in in_force):
        raise Place(name, FILES[0], "title").error(
            "`route` is `none` exactly when an element in force says `never = true`: a statute without a way "
            "to pass is declared as one."
        )
    resolved = {p.name: value.value for p in parameter_table if (value := p.on(on)) is not None}
    return Authority(
        name=name,
        title=base.title,
        sense=base.sense,
        citation=citation,
        route=route,
        on=on,
        elements=in_force,
        vocabulary=read_vocabulary(texts[FILES[3]], Place(name, FILES[3])),
        parameters=MappingProxyType(resolved),
        switches=MappingProxyType(chosen),
        parameter_table=parameter_table,
        switch_table=switch_table,
        overlays=tuple(added),
        changes=_changes(elements, parameter_table),
        digest=_digest(name, texts, in_force, resolved, chosen),
    )


def _digest(
    name: str,
    texts: Mapping[str, str],
    in_force: Iterable[Element],
    parameters: Mapping[str, int | date],
    switches: Mapping[str, SwitchValue],
) -> str:
    """One name for all that can change a determination: texts, numbers, switches, elements in force."""
    return digest(_content(name, texts, in_force, parameters, switches))


def _content(
    name: str,
    texts: Mapping[str, str],
    in_force: Iterable[Element],
    parameters: Mapping[str, int | date],
    switches: Mapping[str, SwitchValue],
) -> Canonical:
    return {
        "authority": name,
        "files": dict(texts),
        "elements": [[element.id, element.effective_from.isoformat()] for element in in_force],
        "parameters": plain(parameters),
        "switches": dict(switches),
    }


def version_document(authority: Authority, root: Path | None = None) -> bytes:
    """The version as one document, with all its texts: its SHA-256 is the version's digest.

    Raises `AuthorityError` when the files are not those of this version.
    """
    overlays = tuple(overlay.name for overlay in authority.overlays)
    source = find(authority.name, overlays, root)
    texts = {file: source.read(file) for file in (*FILES, *map(_overlay_file, overlays))}
    written = canonical(
        _content(authority.name, texts, authority.elements, authority.parameters, authority.switches)
    )
    if "sha256:" + hashlib.sha256(written).hexdigest() != authority.digest:
        raise AuthorityError(f"authority {authority.name}: its files are not those of this version.")
    return written


def _front(document: Document, name: str) -> tuple[Citation, Route]:
    front = document.front
    citation, stated = front.text("cite", 120), front.text("name", 60)
    route: Route = "some"
    if front.has("route"):
        if front.text("route", 10) != "none":
            raise front.place.error("`route` can only be 'none'; without it, some request can pass.")
        route = "none"
    front.close(("route",))
    if stated != name:
        raise front.place.error(f"`name` is {stated!r}, but the folder is that of {name!r}.")
    try:
        return Citation.parse(citation), route
    except ValueError as problem:
        raise front.place.error(f"`cite` is {problem}.") from None


def _overlay(document: Document, overlay: str, authority: str) -> Overlay:
    front = document.front
    stated, base, source = front.text("name", 60), front.text("authority", 60), front.text("source")
    front.close()
    if (stated, base) != (overlay, authority):
        raise front.place.error(f"must say name {overlay!r} and authority {authority!r}.")
    return Overlay(overlay, document.title, document.sense, source)


def _check_unique(elements: Sequence[Element], before: Sequence[Element], place: Place) -> None:
    """Ids are unique on every day, and an overlay's codes are its own: it cannot stand in for anything."""
    ids = {element.id for element in before}
    codes = {element.code for element in before}
    by_id = sorted(elements, key=lambda element: (element.id, element.effective_from))
    for identity, group in groupby(by_id, key=lambda element: element.id):
        where = place.at(identity)
        versions = list(group)
        if identity in ids:
            raise where.error("the id is used twice; every element has its own.")
        if shared := codes.intersection(version.code for version in versions):
            raise where.error(f"an overlay only adds, so it cannot use the code {min(shared)} again.")
        _check_dates(versions, where)


def _check_dates(versions: Sequence[Element], place: Place) -> None:
    """Versions of one element, oldest first, follow each other day by day."""
    for earlier, later in pairwise(versions):
        if earlier.effective_to is None or earlier.effective_to >= later.effective_from:
            raise place.error(
                f"the id is used twice on {later.effective_from}; every element has its own, and an earlier "
                "version ends with `effective_to` on the day before the next begins."
            )
        day = timedelta(days=1)
        if earlier.effective_to + day < later.effective_from:
            raise place.error(
                f"no version is in force from {earlier.effective_to + day} through "
                f"{later.effective_from - day}; a version begins on the day after the one before it ends."
            )


def _changes(elements: Sequence[Element], parameters: Sequence[Parameter]) -> tuple[date, ...]:
    starts = {element.effective_from for element in elements}
    ends = {element.effective_to or date.max for element in elements} - {date.max}
    after = {end + timedelta(days=1) for end in ends}
    return tuple(sorted(starts | after | {value.since for each in parameters for value in each.values}))


def _overlay_file(overlay: str) -> str:
    return f"overlays/{overlay}.md"
