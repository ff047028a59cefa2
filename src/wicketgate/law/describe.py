"""An authority as a plain description, for whoever renders it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from types import MappingProxyType

from wicketgate.core.context import SwitchValue
from wicketgate.law.authority import Authority, Overlay, Route
from wicketgate.law.compiled import compile_authority
from wicketgate.law.coverage import CoveredSource
from wicketgate.law.element import Element
from wicketgate.law.in_words import conditions, known
from wicketgate.law.switches import Choice, Position


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the authority with its elements in order; `origin` is empty or the overlay's name."""

    title: str
    origin: str
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """What one element needs, in words: what must be known, and what must then hold."""

    known: tuple[str, ...]
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Threshold:
    """A parameter with the value in force (None: not yet)."""

    name: str
    sense: str
    unit: str
    value: int | date | None
    since: date | None
    reference: str


@dataclass(frozen=True, slots=True)
class Interpretation:
    """A switch with the value in force and what the sources say about each answer."""

    name: str
    question: str
    value: SwitchValue
    is_default: bool
    choices: tuple[Choice, ...]
    range: tuple[int, int] | None
    positions: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class Description:
    """Everything that a reader needs to judge an authority."""

    name: str
    title: str
    sense: str
    citation: str
    route: Route
    on: date
    digest: str
    overlays: tuple[Overlay, ...]
    parts: tuple[Part, ...]
    needs: Mapping[str, Need]
    """By the element's id."""
    thresholds: tuple[Threshold, ...]
    interpretations: tuple[Interpretation, ...]
    coverage: tuple[CoveredSource, ...]


def describe(authority: Authority, coverage: Iterable[CoveredSource] = ()) -> Description:
    """The description of a loaded authority, with the sources of `coverage` that it and its overlays state.

    Raises `AuthorityError` when a predicate does not compile.
    """
    law = compile_authority(authority)
    overlays = {overlay.name for overlay in authority.overlays}
    return Description(
        name=authority.name,
        title=authority.title,
        sense=authority.sense,
        citation=str(authority.citation),
        route=authority.route,
        on=authority.on,
        digest=authority.digest,
        overlays=authority.overlays,
        parts=tuple(
            Part(title, origin, tuple(elements))
            for (origin, title), elements in groupby(authority.elements, key=lambda e: (e.origin, e.part))
        ),
        needs=MappingProxyType(
            {
                element.id: Need(known(needs), conditions(predicate))
                for element, (needs, predicate) in zip(law.elements, law.rules, strict=True)
            }
        ),
        thresholds=_thresholds(authority),
        interpretations=tuple(
            Interpretation(
                name=switch.name,
                question=switch.question,
                value=authority.switches[switch.name],
                is_default=authority.switches[switch.name] == switch.default,
                choices=switch.choices,
                range=switch.range,
                positions=switch.positions,
            )
            for switch in authority.switch_table
        ),
        coverage=tuple(source for source in coverage if not source.overlay or source.overlay in overlays),
    )


def _thresholds(authority: Authority) -> tuple[Threshold, ...]:
    found = []
    for parameter in authority.parameter_table:
        dated = parameter.on(authority.on)
        found.append(
            Threshold(
                parameter.name,
                parameter.sense,
                parameter.unit,
                dated.value if dated else None,
                dated.since if dated else None,
                dated.reference if dated else "",
            )
        )
    return tuple(found)
