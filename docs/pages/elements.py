"""The elements of every installed authority, as a requester and a lawyer read them."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from docs.pages.markdown import code, page, table
from wicketgate.law import Authority, Element, authorities, load
from wicketgate.law.source import find

DAY = date(2026, 3, 1)
"""Fixed, so that the page is the same on every day; also the day of the examples in the docs."""
_INTRODUCTION = (
    f"As in force on {DAY.isoformat()} with the default switches. A request is sufficient when every element "
    "that weighs *defect* or *refer* is shown. The files themselves, with the statute's sense in prose and "
    "each rule, are under `src/wicketgate/authorities/`. This is engineering research, not legal advice."
)


def elements() -> str:
    """`reference/elements.md`."""
    parts = []
    for name in authorities():
        overlays = find(name).overlays()
        parts += _authority(load(name, overlays, on=DAY))
    return page("Elements", _INTRODUCTION, *parts)


def _authority(authority: Authority) -> list[str]:
    parts = [
        f"## {authority.name}",
        f"{authority.title}. {authority.sense}",
    ]
    for (origin, part), found in groupby(authority.elements, lambda e: (e.origin, e.part)):
        heading = f"Overlay {origin}: {part}" if origin else part
        parts += [
            f"### {heading}",
            table(("element", "citation", "weight", "said", "remedy"), map(_row, found)),
        ]
    parts += ["### Parameters", _parameters(authority), "### Switches", *_switches(authority)]
    return parts


def _row(element: Element) -> tuple[str, ...]:
    named = f"{code(element.id)} {element.title}"
    if element.code != element.id:
        named += f" (code {code(element.code)})"
    return named, element.citation, str(element.severity), element.message, element.remedy


def _parameters(authority: Authority) -> str:
    return table(
        ("parameter", "sense", "value", "unit", "from", "reference"),
        [
            (code(p.name), p.sense, str(value.value), p.unit, value.since.isoformat(), value.reference)
            for p in authority.parameter_table
            for value in p.values
        ],
    )


def _switches(authority: Authority) -> list[str]:
    parts = []
    for switch in authority.switch_table:
        answers = [(code(c.value), c.sense, c.not_selectable or "yes") for c in switch.choices]
        if switch.range is not None:
            answers.append((f"{switch.range[0]} to {switch.range[1]}", "an integer", "yes"))
        parts += [
            f"**{code(switch.name)}** {switch.question} Default: {code(str(switch.default))}.",
            table(("answer", "sense", "can be chosen"), answers),
        ]
        held = [
            (p.source, p.says) for p in (*switch.positions, *(p for c in switch.choices for p in c.positions))
        ]
        if held:
            parts.append(table(("source", "position"), held))
    return parts
