"""Proofs and comparisons as plain text for a terminal and a pipe."""

from __future__ import annotations

from collections.abc import Iterator

from wicketgate.law.compare import LOOSER, Change, Comparison, Witness
from wicketgate.law.prove import Outcome, ProofReport

_SAYS = {
    "equal": "Both versions come to the same determination for every request.",
    "stricter": "The new version is strictly stricter: nothing newly passes, and some requests newly fail.",
    "looser": "The new version is strictly looser: some requests newly get through, and none newly fails.",
    "neither": "The new version lets some requests through that the old one stops, and stops others.",
}


def report_text(report: ProofReport) -> str:
    """The whole report in one table."""
    return "\n".join(_report(report))


def failure_text(outcome: Outcome) -> str:
    """One obligation that does not hold, and why."""
    first, *rest = outcome.why or ("No reason is known.",)
    subject = f" ({outcome.subject})" if outcome.subject else ""
    return "\n".join([f"\nNot so: {outcome.kind}{subject}.", f"  {first}", *(f"    {line}" for line in rest)])


def comparison_text(found: Comparison) -> str:
    """The verdict, the requests that are treated otherwise, and what else differs."""
    return "\n".join(_comparison(found))


def _report(report: ProofReport) -> Iterator[str]:
    added = "".join(f" with {overlay}" for overlay in report.overlays)
    yield f"{report.authority}{added}, as it stands on {report.on.isoformat()}"
    yield f"version {report.digest}"
    yield ""
    yield f"{'obligation':<52}{'count':>6}  {'result':<12}{'seconds':>7}"
    for line in report.lines():
        result = f"{line.failed} not so" if line.failed else "holds"
        yield f"{line.kind:<52}{line.count:>6}  {result:<12}{line.seconds:>7.2f}"
    yield ""
    solvers = ", ".join(
        f"{name} {version} ({report.seconds[name]:.1f} s)" for name, version in report.solvers.items()
    )
    failed = len(report.failures)
    verdict = f"{failed} of {len(report.obligations)} do not hold" if failed else "All hold"
    yield f"{len(report.obligations)} obligations, each decided by {solvers}. {verdict}."


def _comparison(found: Comparison) -> Iterator[str]:
    yield _SAYS[found.relation]
    if found.relation == "equal" and found.elements:
        yield f"Some findings differ all the same: {', '.join(found.elements)}."
    for change in Change:
        told = [witness for witness in found.witnesses if witness.change is change]
        if told:
            yield ""
            yield f"A request {change}" + (" (looser):" if change in LOOSER else " (stricter):")
        for witness in told:
            yield from _witness(witness)
    if found.readings:
        yield ""
        yield "Besides the rules, these differ; the same request may then have other facts:"
        yield from (f"  {reading}" for reading in found.readings)


def _witness(witness: Witness) -> Iterator[str]:
    yield f"  because of {', '.join(witness.elements)}: {witness.old} before, {witness.new} now"
    yield "  like a complete request, except for"
    yield from (f"    {line}" for line in witness.text or ("nothing: the complete request itself",))
