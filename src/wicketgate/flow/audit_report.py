"""The register's risk report as JSON and as one page that needs nothing else: no script, no other file."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from html import escape
from math import log10
from pathlib import Path

from wicketgate.flow.register_audit import Audit
from wicketgate.stages.twins import CONFIDENCE, TwinRate

COUNT_TITLES = {
    "persons": "people",
    "persons_answerable": "people whom a complete and correct request could verify",
    "persons_ambiguous": "people who are ambiguous: confusable, or with a shared number",
    "persons_confusable": "people confusable with somebody at one of their addresses",
    "persons_sharing_a_tin": "people who share a taxpayer number",
    "tins_shared": "taxpayer numbers that several people share",
    "persons_without_comparable_name": "people without a first name in full",
    "persons_without_second_field": "people without number, birth date, and full middle name with suffix",
    "persons_without_verifiable_address": "people without an address at which they could be verified",
    "addresses": "addresses on file",
    "addresses_without_delivery_point": "addresses without a delivery point",
    "addresses_with_unit": "addresses with a unit",
    "addresses_without_unit_in_building": "addresses without a unit in a building that has units",
}

_STYLE = """
:root{color-scheme:light dark;--ink:#1b1b1b;--paper:#fff;--line:#767676;--mark:#005ea2;--bad:#b50909}
@media(prefers-color-scheme:dark){
:root{--ink:#f0f0f0;--paper:#1b1b1b;--line:#a9aeb1;--mark:#73b3e7;--bad:#fd8ba0}}
body{font:1rem/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);
max-width:52rem;margin:auto;padding:1rem}
table{border-collapse:collapse;margin:1rem 0}caption{text-align:left;font-weight:bold}
th,td{border:1px solid var(--line);padding:.25rem .6rem;text-align:left;vertical-align:top}
td.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.verdict{border-left:.4rem solid var(--mark);padding:.5rem 1rem}.refused{border-color:var(--bad)}
.wide{overflow-x:auto}svg{max-width:100%;height:auto}
text{fill:var(--ink);font:14px system-ui,sans-serif}.bar{fill:var(--mark)}.over{fill:var(--bad)}
.dot{fill:var(--paper);stroke:var(--ink);stroke-width:2}.axis{stroke:var(--line)}
.limit{stroke:var(--bad);stroke-width:2;stroke-dasharray:6 4}
"""


def write_report(audit: Audit, folder: Path) -> None:
    """Write `audit.json` and `audit.html` into the folder, which is made if missing."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "audit.json").write_text(json.dumps(as_json(audit), indent=2) + "\n", encoding="utf-8")
    (folder / "audit.html").write_text(as_html(audit), encoding="utf-8")


def as_json(audit: Audit) -> dict[str, object]:
    """All numbers of an audit; rates and bounds are per record."""
    return {
        "accepted": audit.refusal is None,
        "refusal": audit.refusal,
        "population_share": audit.population_share,
        "limit": audit.limit,
        "confidence": CONFIDENCE,
        "weakest": audit.weakest.fields.name if audit.weakest else None,
        "field_sets": [
            {
                "name": rate.fields.name,
                "title": rate.fields.title,
                "accepted": rate.fields.accepted,
                "holders": rate.holders,
                "twins": rate.twins,
                "rate": rate.rate,
                "rate_upper": rate.upper_rate,
                "expected": rate.expected(audit.population_share),
                "bound": rate.bound(audit.population_share),
            }
            for rate in audit.rates
        ],
        "counts": dict(audit.counts),
        "people_per_delivery_point": [{"people": title, "points": n} for title, n in audit.crowds],
    }


def as_html(audit: Audit) -> str:
    """One page with plots and, for each plot, the same numbers as a table."""
    style = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    refusal = audit.refusal
    verdict = refusal or "The profile is within its limit."
    share = audit.population_share
    rates = _table(
        "Twins by field set",
        ("Field set", "Enough to verify", "People who have it", "With a twin", "t", "t at most", "Bound"),
        [
            (
                rate.fields.title,
                "yes" if rate.fields.accepted else "never alone",
                f"{rate.holders:,}",
                f"{rate.twins:,}",
                f"{rate.rate:.2e}",
                f"{rate.upper_rate:.2e}" if rate.holders else "–",
                f"{rate.bound(share):.2e}" if rate.holders else "–",
            )
            for rate in audit.rates
        ],
    )
    counts = _table(
        "Counts",
        ("What", "How many"),
        [(COUNT_TITLES[name], f"{count:,}") for name, count in audit.counts.items()],
    )
    crowds = _table(
        "People at one delivery point, any unit, any year",
        ("People", "Delivery points"),
        [(title, f"{points:,}") for title, points in audit.crowds],
    )
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{style}'">
<meta name="viewport" content="width=device-width">
<title>Register audit</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>Register audit</h1>
<p class="verdict{" refused" if refusal else ""}">{escape(verdict)}</p>
<h2>Could somebody else be meant?</h2>
<p>A disclosure is about the wrong person only when the person meant is not on file and a twin on file
agrees in every field that was compared. Let t be the share of people on file who have such a twin on file,
and c = {share:g} the share of the population that is on file (stated by the custodian, not counted here). For
every twin on file there are (1 − c) / c who are not, so about t × (1 − c) / c unseen twins stand beside a
record. The bound uses the {CONFIDENCE:.0%} upper limit of the share of all records that have a twin, and
never less than t: no twin among n people shows that the share is below 3 / n, not that it is nothing. The
limit is {audit.limit:.1e} for the weakest field set that is enough to verify.</p>
{_bounds_plot(audit)}
{rates}
<h2>Whom can the gate not answer about?</h2>
{counts}
<h2>How crowded are delivery points?</h2>
{_crowds_plot(audit.crowds)}
{crowds}
</main>
</body>
</html>
"""


def _bounds_plot(audit: Audit) -> str:
    """A bar to each bound, a ring at the rate as counted, a line at the limit, on a logarithmic scale."""
    low, left, width, step = -8, 400, 340, 34

    def x(value: float) -> float:
        return left + width * (min(max(log10(value), low), 0) - low) / -low if value > 0 else left

    rates = [rate for rate in audit.rates if rate.holders]
    bottom = step * len(rates) + 10
    parts = [
        f'<line class="axis" x1="{x(10.0**n):.0f}" y1="5" x2="{x(10.0**n):.0f}" y2="{bottom}"/>'
        f'<text x="{x(10.0**n):.0f}" y="{bottom + 18}" text-anchor="middle">1e{n}</text>'
        for n in range(low, 1, 2)
    ]
    for row, rate in enumerate(rates):
        parts.append(_bound_bar(rate, audit, x, left, 10 + row * step))
    parts.append(
        f'<line class="limit" x1="{x(audit.limit):.1f}" y1="5" x2="{x(audit.limit):.1f}" y2="{bottom}"/>'
        f'<text x="{x(audit.limit):.1f}" y="{bottom + 36}" text-anchor="middle">'
        f"limit {audit.limit:.0e}</text>"
    )
    return _figure(
        "bounds",
        "Unseen twins per record, by field set",
        "Bars reach to the bound, rings stand at the rate as counted, the dashed line is the limit. "
        "The table below has the numbers.",
        parts,
        bottom + 44,
    )


def _bound_bar(rate: TwinRate, audit: Audit, x: Callable[[float], float], left: int, y: int) -> str:
    bound, expected = rate.bound(audit.population_share), rate.expected(audit.population_share)
    over = rate.fields.accepted and bound > audit.limit
    ring = f'<circle class="dot" cx="{x(expected):.1f}" cy="{y + 11}" r="5"/>' if expected else ""
    return (
        f'<text x="{left - 10}" y="{y + 16}" text-anchor="end">{escape(rate.fields.title)}</text>'
        f'<rect class="{"over" if over else "bar"}" x="{left}" y="{y}" width="{max(x(bound) - left, 1):.1f}" '
        f'height="22"/>{ring}'
    )


def _crowds_plot(crowds: Sequence[tuple[str, int]]) -> str:
    left, width, step = 140, 520, 26
    most = max((points for _, points in crowds), default=0) or 1
    parts = [
        f'<text x="{left - 10}" y="{step * row + 17}" text-anchor="end">{title}</text>'
        f'<rect class="bar" x="{left}" y="{step * row + 3}" width="{width * points / most:.1f}" height="18"/>'
        f'<text x="{left + width * points / most + 8:.1f}" y="{step * row + 17}">{points:,}</text>'
        for row, (title, points) in enumerate(crowds)
    ]
    return _figure(
        "crowds",
        "Delivery points by the number of people at each",
        "One bar for each class of people at one delivery point. The table below has the numbers.",
        parts,
        step * len(crowds) + 6,
    )


def _figure(name: str, title: str, description: str, parts: Iterable[str], height: int) -> str:
    return (
        f'<svg role="img" aria-labelledby="{name}-title {name}-text" viewBox="0 0 780 {height}" width="780">'
        f'<title id="{name}-title">{title}</title><desc id="{name}-text">{description}</desc>'
        f"{''.join(parts)}</svg>"
    )


def _table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f'<td class="n">{escape(cell)}</td>' for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="wide"><table><caption>{caption}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )
