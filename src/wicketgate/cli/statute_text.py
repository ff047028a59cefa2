"""An authority as plain text that a lawyer reads from top to bottom."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final

from wicketgate.law.coverage import CoveredSource
from wicketgate.law.describe import Description, Interpretation, Need, Threshold
from wicketgate.law.element import Element
from wicketgate.law.proof_status import NOT_PROVED, ProofStatus
from wicketgate.law.switches import Position

_WIDTH = 96

HOW_TO_READ: Final = (
    "A request is sufficient when every element that weighs as defect or refer is shown. A defect cannot be "
    "waived by anybody, a referral goes to a person who determines it with reasons, and a note informs. What "
    "is not known shows nothing; an “if” also binds while it is unknown whether its condition holds. What is "
    "needed is told in words made from the rule, with the numbers and switches of the day; the rule counts."
)
NO_ROUTE: Final = "This statute has no way to pass: whatever a request says, it is deficient."
NO_PARAMETERS: Final = "None: no number decides anything here."
NO_SWITCHES: Final = "None: no question is left to the custodian."
NO_COVERAGE: Final = "No clause is mapped."


def as_text(described: Description, proofs: ProofStatus = NOT_PROVED) -> str:
    """The whole authority: sense, elements in order, parameters, switches, coverage and proofs."""
    return "\n".join(_lines(described, proofs)) + "\n"


def in_force(element: Element) -> str:
    """The days on which an element applies, in words."""
    end = f" through {element.effective_to.isoformat()}" if element.effective_to else ""
    return f"since {element.effective_from.isoformat()}{end}"


def rule_of(element: Element) -> str:
    """The rule's text without the line breaks of its file."""
    return " ".join(element.require.split()).replace("( ", "(").replace(" )", ")")


def value_of(threshold: Threshold) -> str:
    """A threshold's value with its unit."""
    return "not in force yet" if threshold.value is None else f"{threshold.value} {threshold.unit}"


def _lines(described: Description, proofs: ProofStatus) -> Iterator[str]:
    yield from (described.title, "=" * len(described.title), "")
    yield f"{described.name}, {described.citation}, as it stands on {described.on.isoformat()}"
    yield f"version {described.digest}"
    yield ""
    if described.route == "none":
        yield from (NO_ROUTE, "")
    yield from _prose(described.sense)
    for overlay in described.overlays:
        yield ""
        yield from _wrapped(f"With the overlay {overlay.name}: {overlay.title} ({overlay.source})")
        yield from _prose(overlay.sense)
    yield from ("", *_wrapped(HOW_TO_READ))
    for part in described.parts:
        yield from _heading(part.title + (f" (overlay {part.origin})" if part.origin else ""))
        for element in part.elements:
            yield from _element(element, described.needs[element.id])
    yield from _heading("Parameters")
    for threshold in described.thresholds:
        yield from _threshold(threshold)
    if not described.thresholds:
        yield from ("", NO_PARAMETERS)
    yield from _heading("Switches")
    for interpretation in described.interpretations:
        yield from _interpretation(interpretation)
    if not described.interpretations:
        yield from ("", NO_SWITCHES)
    yield from _heading("Coverage")
    for source in described.coverage:
        yield from _source(source)
    if not described.coverage:
        yield from ("", NO_COVERAGE)
    yield from _heading("Proofs")
    yield from _proofs(proofs)


def _heading(text: str) -> tuple[str, ...]:
    return "", text, "-" * len(text)


def _element(element: Element, need: Need) -> Iterator[str]:
    yield ""
    yield f"{element.id}  {element.title}"
    code = "" if element.code == element.id else f"  (reported as {element.code})"
    yield f"    [{element.severity}]  {element.citation}  {in_force(element)}{code}"
    yield from _prose(element.sense, "    ")
    if need.known:
        yield from _wrapped("Must be known: " + "; ".join(need.known), "    ")
    yield "    Needed:"
    for condition in need.conditions:
        yield from _item(condition)
    if element.require:
        yield from _wrapped(f"The rule: {rule_of(element)}", "    ")
    yield from _wrapped("If it is not shown: " + element.message, "    ")
    yield from _wrapped("To mend it: " + element.remedy, "    ")


def _threshold(threshold: Threshold) -> Iterator[str]:
    since = f", since {threshold.since.isoformat()}" if threshold.since else ""
    yield ""
    yield f"{threshold.name} = {value_of(threshold)}{since}"
    yield from _wrapped(threshold.sense, "    ")
    yield from _wrapped(threshold.reference, "    ")


def _interpretation(found: Interpretation) -> Iterator[str]:
    yield ""
    yield f"{found.name} = {found.value}" + ("" if found.is_default else "  (not the default)")
    yield from _wrapped(found.question, "    ")
    if found.range is not None:
        yield f"    Any number from {found.range[0]} to {found.range[1]}."
    for choice in found.choices:
        closed = f" Cannot be chosen: {choice.not_selectable}." if choice.not_selectable else ""
        yield from _wrapped(f"{choice.value}: {choice.sense}{closed}", "    ")
        yield from _positions(choice.positions)
    yield from _positions(found.positions)


def _positions(positions: tuple[Position, ...]) -> Iterator[str]:
    for position in positions:
        yield from _wrapped(f"{position.source}: {position.says}", "        ")


def _source(source: CoveredSource) -> Iterator[str]:
    yield ""
    yield from _wrapped(source.title + (f" (overlay {source.overlay})" if source.overlay else ""))
    yield from _wrapped(source.seen)
    for clause in source.clauses:
        tested = f"Tested by {', '.join(clause.elements)}." if clause.elements else "No element."
        yield from _wrapped(f"{clause.cite}: {clause.sense}", "    ")
        yield from _wrapped(f"{tested} {clause.reason}", "        ")


def _proofs(proofs: ProofStatus) -> Iterator[str]:
    yield from ("", *_wrapped(proofs.sentence))
    for line in proofs.lines:
        yield f"    {line.kind}: {line.count}" + (f", {len(line.failures)} not" if line.failures else "")
        for failure in line.failures:
            yield from _item(failure)


def _prose(text: str, indent: str = "") -> Iterator[str]:
    for number, paragraph in enumerate(text.split("\n\n")):
        if number:
            yield ""
        yield from _wrapped(paragraph, indent)


def _item(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="      - ", subsequent_indent="        ")


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=indent)
