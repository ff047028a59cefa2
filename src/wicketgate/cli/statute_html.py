"""An authority as one page of HTML: no script, nothing from elsewhere, readable by everybody and on paper.

The page carries its own content security policy, which allows its one style sheet, by its
hash, and nothing else. Every text is escaped; the only markup in prose is `code`.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Final

from wicketgate.cli.html_shapes import definitions, inline, listed, name, prose, table
from wicketgate.cli.statute_text import (
    HOW_TO_READ,
    NO_COVERAGE,
    NO_PARAMETERS,
    NO_ROUTE,
    NO_SWITCHES,
    in_force,
    rule_of,
    value_of,
)
from wicketgate.law.coverage import Clause
from wicketgate.law.describe import Description, Interpretation, Need
from wicketgate.law.element import Element
from wicketgate.law.proof_status import NOT_PROVED, ProofStatus
from wicketgate.law.switches import Position

_STYLE: Final = "\n" + files("wicketgate.cli").joinpath("statute.css").read_text("utf-8")
_POLICY: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; "
    f"style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'"
)
_SECTIONS: Final = (
    ("sense", "The sense of the statute"),
    ("glance", "All elements at a glance"),
    ("elements", "The elements"),
    ("parameters", "Parameters"),
    ("switches", "Switches"),
    ("coverage", "Coverage"),
    ("proofs", "Proofs"),
)


def as_html(described: Description, proofs: ProofStatus = NOT_PROVED) -> str:
    """The whole authority as a self-contained HTML document."""
    return "\n".join(_document(described, proofs)) + "\n"


def _document(described: Description, proofs: ProofStatus) -> Iterator[str]:
    title = escape(described.title)
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">'
    yield f"<title>{title} – Wicketgate</title>"
    yield f"<style>{_STYLE}</style>"
    yield "</head>"
    yield "<body>"
    yield '<a class="skip" href="#main">Skip to the statute</a>'
    yield "<header>"
    yield f"<h1>{title}</h1>"
    yield from definitions(
        ("Authority", f"<code>{escape(described.name)}</code>, {escape(described.citation)}"),
        ("As it stands on", escape(described.on.isoformat())),
        ("Overlays", ", ".join(f"<code>{escape(each.name)}</code>" for each in described.overlays) or "none"),
        ("Version", f"<code>{escape(described.digest)}</code>"),
    )
    yield "</header>"
    yield '<nav aria-label="Contents">'
    yield "<ol>"
    for anchor, heading in _SECTIONS:
        yield f'<li><a href="#{anchor}">{heading}</a></li>'
    yield "</ol>"
    yield "</nav>"
    yield '<main id="main" tabindex="-1">'
    headings = dict(_SECTIONS)
    for anchor, lines in (
        ("sense", _sense(described)),
        ("glance", _glance(described)),
        ("elements", _elements(described)),
        ("parameters", _parameters(described)),
        ("switches", _switches(described)),
        ("coverage", _coverage(described)),
        ("proofs", _proofs(proofs)),
    ):
        yield f'<section aria-labelledby="{anchor}">'
        yield f'<h2 id="{anchor}">{headings[anchor]}</h2>'
        yield from lines
        yield "</section>"
    yield "</main>"
    yield "<footer>"
    yield (
        f"<p>Made from the files of the authority as they stand on {described.on.isoformat()}. The sense is "
        "told in words of our own. It is no legal advice: counsel of the custodian must approve it before "
        "anybody relies on it.</p>"
    )
    yield "</footer>"
    yield "</body>"
    yield "</html>"


def _sense(described: Description) -> Iterator[str]:
    if described.route == "none":
        yield f'<p class="notice">{escape(NO_ROUTE)}</p>'
    yield from prose(described.sense)
    for overlay in described.overlays:
        yield f"<h3>With the overlay <code>{escape(overlay.name)}</code>: {escape(overlay.title)}</h3>"
        yield from prose(overlay.sense)
        yield f"<p>Source: {inline(overlay.source)}</p>"
    yield "<h3>How to read this page</h3>"
    yield f"<p>{escape(HOW_TO_READ)}</p>"


def _glance(described: Description) -> Iterator[str]:
    elements = [element for part in described.parts for element in part.elements]
    yield from table(
        f"{len(elements)} elements in their order",
        ("Element", "What must be shown", "Weight", "Citation"),
        [(_link(each), inline(each.title), _badge(each), inline(each.citation)) for each in elements],
    )


def _elements(described: Description) -> Iterator[str]:
    for part in described.parts:
        origin = f" <small>(overlay {escape(part.origin)})</small>" if part.origin else ""
        yield f"<h3>{inline(part.title)}{origin}</h3>"
        for element in part.elements:
            yield from _element(element, described.needs[element.id])


def _element(element: Element, need: Need) -> Iterator[str]:
    yield f'<article class="element {element.severity}" aria-labelledby="{_anchor(element.id)}">'
    yield f'<h4 id="{_anchor(element.id)}"><code>{escape(element.id)}</code> {inline(element.title)}</h4>'
    reported = [] if element.code == element.id else [f"reported as <code>{escape(element.code)}</code>"]
    meta = (_badge(element), inline(element.citation), escape(in_force(element)), *reported)
    yield '<p class="meta">' + " ".join(f"<span>{text}</span>" for text in meta) + "</p>"
    yield from prose(element.sense)
    rows = []
    if need.known:
        rows.append(("Must be known", escape("; ".join(need.known))))
    rows.append(("Needed", listed(map(escape, need.conditions))))
    if element.require:
        rows.append(("The rule", f"<pre><code>{escape(rule_of(element))}</code></pre>"))
    rows.append(("What the requester is told when it is not shown", inline(element.message)))
    rows.append(("How to mend it", inline(element.remedy)))
    yield from definitions(*rows)
    yield "</article>"


def _parameters(described: Description) -> Iterator[str]:
    if not described.thresholds:
        yield f"<p>{NO_PARAMETERS}</p>"
        return
    yield from table(
        "Numbers in force on the day, with their dates and references",
        ("Parameter", "Sense", "Value", "Since", "Reference"),
        [
            (
                name(each.name),
                inline(each.sense),
                escape(value_of(each)),
                each.since.isoformat() if each.since else "not yet",
                inline(each.reference),
            )
            for each in described.thresholds
        ],
    )


def _switches(described: Description) -> Iterator[str]:
    if not described.interpretations:
        yield f"<p>{NO_SWITCHES}</p>"
        return
    yield (
        "<p>Questions on which courts or other sources differ, or which the custodian must answer. The "
        "strictest answer stands first.</p>"
    )
    for found in described.interpretations:
        yield f"<h3>{inline(found.question)}</h3>"
        default = "the default" if found.is_default else "not the default"
        value = escape(str(found.value))
        yield f"<p><code>{escape(found.name)}</code> is <code>{value}</code>, {default}.</p>"
        yield from table(
            f"Answers to {found.name}",
            ("Answer", "Sense", "Positions", "Can it be chosen?"),
            list(_answers(found)),
        )


def _answers(found: Interpretation) -> Iterator[Sequence[str]]:
    if found.range is not None:
        low, high = found.range
        yield f"{low} to {high}", "A number.", _positions(found.positions), "Yes"
    for choice in found.choices:
        chosen = " (in force)" if choice.value == found.value else ""
        can = f"No: {inline(choice.not_selectable)}." if choice.not_selectable else f"Yes{chosen}"
        yield name(choice.value), inline(choice.sense), _positions(choice.positions), can
    if found.range is None and found.positions:
        yield "Any", "", _positions(found.positions), ""


def _positions(positions: Sequence[Position]) -> str:
    return listed(f"{inline(each.source)}: {inline(each.says)}" for each in positions) if positions else "–"


def _coverage(described: Description) -> Iterator[str]:
    if not described.coverage:
        yield f"<p>{NO_COVERAGE}</p>"
        return
    yield (
        "<p>Each clause with the elements that test it, or the reason why none does. An element that is "
        "named stands for all under it.</p>"
    )
    linked = {element.id for part in described.parts for element in part.elements}
    for source in described.coverage:
        overlay = f" <small>(overlay {escape(source.overlay)})</small>" if source.overlay else ""
        yield f"<h3>{inline(source.title)}{overlay}</h3>"
        yield f"<p>{inline(source.seen)}</p>"
        yield from table(
            f"Clauses of {source.title}",
            ("Clause", "What it says", "Elements", "Why none, or what they leave out"),
            [_clause(clause, linked) for clause in source.clauses],
        )


def _clause(clause: Clause, linked: set[str]) -> Sequence[str]:
    elements = [
        f'<a href="#{_anchor(each)}">{escape(each)}</a>' if each in linked else escape(each)
        for each in clause.elements
    ]
    return inline(clause.cite), inline(clause.sense), ", ".join(elements) or "none", inline(clause.reason)


def _proofs(proofs: ProofStatus) -> Iterator[str]:
    weight = "good" if proofs.proved else "refer"
    yield f'<p class="badge {weight}">{escape(proofs.sentence)}</p>'
    if proofs.lines:
        yield from table(
            "Obligations by kind",
            ("What must hold", "Obligations", "Those that do not hold"),
            [
                (escape(line.kind), str(line.count), listed(map(escape, line.failures)) or "none")
                for line in proofs.lines
            ],
        )


def _badge(element: Element) -> str:
    return f'<span class="badge {element.severity}">{element.severity}</span>'


def _link(element: Element) -> str:
    return f'<a href="#{_anchor(element.id)}">{escape(element.id)}</a>'


def _anchor(identity: str) -> str:
    return "e-" + re.sub(r"[^A-Za-z0-9]", "-", identity)
