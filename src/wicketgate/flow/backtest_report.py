"""A backtest as one page of HTML: charts, and every number of them in a table.

The page needs nothing from elsewhere and runs no script. Its own content security policy
allows its one style sheet, by its hash, and nothing else. Every text is escaped.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Final

from wicketgate.core.finding import Determination
from wicketgate.flow.backtest_chart import Bar, bars, stacked
from wicketgate.flow.backtest_result import SENSE, Backtest, Blame, Change, Side

_STYLE: Final = "\n" + files("wicketgate.flow").joinpath("backtest_report.css").read_text("utf-8")
_POLICY: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; "
    f"style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'"
)
_SHORT: Final = {
    Change.PASSES: "newly pass",
    Change.RELIEVED: "no longer deficient",
    Change.REFERRED: "newly referred",
    Change.FAILS: "newly fail",
    Change.FINDINGS: "other reasons only",
}


def as_html(found: Backtest, agencies: Mapping[str, Mapping[Change, int]] | None = None) -> str:
    """The whole report as a self-contained HTML document; with `agencies`, the changes of each as well."""
    return "\n".join(_document(found, agencies or {})) + "\n"


def _document(found: Backtest, agencies: Mapping[str, Mapping[Change, int]]) -> Iterator[str]:
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">'
    yield f"<title>Backtest of {escape(found.file)} – Wicketgate</title>"
    yield f"<style>{_STYLE}</style>"
    yield "</head>"
    yield "<body>"
    yield '<a class="skip" href="#main">Skip to the results</a>'
    yield "<header>"
    yield f"<h1>What another version of the law would have made of {escape(found.file)}</h1>"
    yield from _versions(found)
    yield "</header>"
    yield '<main id="main" tabindex="-1">'
    yield from _answer(found)
    yield from _determinations(found)
    if agencies:
        yield from _agencies(agencies)
    for change, blames in found.by_element().items():
        if blames:
            yield from _change(found, change, blames)
    yield "</main>"
    yield "</body>"
    yield "</html>"


def _versions(found: Backtest) -> Iterator[str]:
    yield "<dl>"
    for term, text in (
        ("File", f"<code>{escape(found.file_digest)}</code>" if found.file_digest else escape(found.file)),
        ("Before", _version(found.old)),
        ("Now", _version(found.new)),
        ("Answers and numbers that differ", _each(found.differences()) or "none"),
    ):
        yield f"<dt>{term}</dt><dd>{text}</dd>"
    yield "</dl>"


def _version(side: Side) -> str:
    authority = side.law.authority
    overlays = "".join(f" with {overlay.name}" for overlay in authority.overlays)
    return (
        f"{escape(authority.name + overlays)}, as it stands on {side.context.as_of.isoformat()}, "
        f"<code>{escape(authority.digest)}</code>"
    )


def _answer(found: Backtest) -> Iterator[str]:
    changes = found.changes()
    yield '<ul class="numbers">'
    for change in Change:
        yield f"<li><strong>{changes[change]:,}</strong> {_SHORT[change]}</li>"
    yield "</ul>"
    malformed = f" {found.malformed:,} rows are no requests and count nowhere." if found.malformed else ""
    listed = "Every changed row is in <code>changed.csv</code>."
    yield f"<p>Of {found.requests:,} requests.{malformed} {listed}</p>"


def _determinations(found: Backtest) -> Iterator[str]:
    before, now = found.determinations()
    yield '<section aria-labelledby="determinations">'
    yield '<h2 id="determinations">Determinations before and now</h2>'
    rows = {
        name: [Bar(str(kind), str(kind), counted[kind]) for kind in Determination]
        for name, counted in (("before", before), ("now", now))
    }
    yield from _figure(stacked("chart-determinations", "Determinations before and now", rows))
    yield from _table(
        "Requests by determination",
        ("Determination", "Before", "Now", "Difference"),
        [
            (str(kind), f"{before[kind]:,}", f"{now[kind]:,}", f"{now[kind] - before[kind]:+,}")
            for kind in Determination
        ],
    )
    moved: dict[tuple[str, str], int] = {}
    for pair in found.pairs:
        way = (str(pair.old.determination), str(pair.new.determination))
        moved[way] = moved.get(way, 0) + pair.requests
    yield from _table(
        "From one determination to another",
        ("Before", "Now", "Requests"),
        [(*way, f"{count:,}") for way, count in sorted(moved.items(), key=lambda item: -item[1])],
        words=2,
    )
    yield "</section>"


def _agencies(agencies: Mapping[str, Mapping[Change, int]]) -> Iterator[str]:
    yield '<section aria-labelledby="agencies">'
    yield '<h2 id="agencies">What changes, by agency</h2>'
    for change in Change:
        chart = [
            Bar(agency, str(change), counted[change])
            for agency, counted in agencies.items()
            if counted[change]
        ]
        if chart:
            yield from _figure(bars(f"chart-agencies-{change}", f"{SENSE[change]}, by agency", chart))
    yield from _table(
        "Requests by agency",
        ("Agency", *(_SHORT[change] for change in Change)),
        [
            (escape(agency), *(f"{counted[change]:,}" for change in Change))
            for agency, counted in agencies.items()
        ],
    )
    yield "</section>"


def _change(found: Backtest, change: Change, blames: Mapping[str, Blame]) -> Iterator[str]:
    yield f'<section aria-labelledby="{change}">'
    yield f'<h2 id="{change}">{escape(SENSE[change])}</h2>'
    total = found.changes()[change]
    yield (
        f"<p>{total:,} requests. A request counts at every element that is responsible; “alone” says how "
        "many changed through this one only.</p>"
    )
    chart = [Bar(code, str(change), blame.requests) for code, blame in blames.items()]
    yield from _figure(bars(f"chart-{change}", f"{SENSE[change]}, by element", chart))
    yield from _table(
        "Requests by element",
        ("Element", "Requests", "Alone", "Citation", "What it says"),
        [
            (
                escape(code),
                f"{blame.requests:,}",
                f"{blame.alone:,}",
                _each(finding.citation for finding in blame.findings),
                _each(finding.message for finding in blame.findings),
            )
            for code, blame in blames.items()
        ],
        counts=(1, 2),
    )
    examples = found.examples[change]
    yield from _table(
        "All of these rows" if len(examples) == total else f"The first {len(examples)} of these rows",
        ("Row", "Reference", "Before", "Now", "Elements responsible"),
        [
            (
                f"{each.row:,}",
                escape(each.request_id),
                each.old,
                each.new,
                escape(each.responsible.replace(";", ", ")),
            )
            for each in examples
        ],
        counts=(),
    )
    yield "</section>"


def _each(texts: Iterable[str]) -> str:
    return "<br>".join(map(escape, dict.fromkeys(texts)))


def _figure(svg: Iterable[str]) -> Iterator[str]:
    yield '<figure class="scroll" tabindex="0" aria-label="Chart; the table below has its numbers">'
    yield from svg
    yield "<figcaption>The table below has the same numbers.</figcaption>"
    yield "</figure>"


def _table(
    caption: str,
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    words: int = 1,
    counts: Sequence[int] | None = None,
) -> Iterator[str]:
    """A table that scrolls by itself; the cells are HTML. Columns after the first `words` are counts."""
    numeric = range(words, len(head)) if counts is None else counts
    kinds = [' class="count"' if number in numeric else "" for number in range(len(head))]
    yield f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(caption)}">'
    yield "<table>"
    yield f"<caption>{escape(caption)}</caption>"
    cells = (f'<th scope="col"{kind}>{text}</th>' for kind, text in zip(kinds, head, strict=True))
    yield "<thead><tr>" + "".join(cells) + "</tr></thead>"
    yield "<tbody>"
    for first, *rest in rows:
        cells = (f"<td{kind}>{cell}</td>" for kind, cell in zip(kinds[1:], rest, strict=True))
        yield f'<tr><th scope="row">{first}</th>' + "".join(cells) + "</tr>"
    yield "</tbody>"
    yield "</table>"
    yield "</div>"
