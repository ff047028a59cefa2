"""What a proof report says about the authority that is shown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from wicketgate.law import Authority

_FORMAT: Final = "wicketgate-proof/1"
_LARGEST: Final = 64 * 1024 * 1024


class ProofFileError(ValueError):
    """A file that is no proof report; one sentence says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """All obligations of one kind, and those of them that do not hold, in words."""

    kind: str
    count: int
    failures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProofStatus:
    """Whether this very version was proved; `lines` is empty when it was not, or by another report."""

    sentence: str
    proved: bool = False
    lines: tuple[Line, ...] = ()


NOT_PROVED: Final = ProofStatus("Not proved in this run.")


def read_proofs(file: Path, authority: Authority) -> ProofStatus:
    """The status of `authority` by the report in `file`, which is JSON as `authority prove` writes it.

    A report of another version, day, overlay or switch says nothing about this one.
    Raises `ProofFileError` for a file that is no such report.
    """
    report = _report(file)
    try:
        about, digest = str(report["authority"]), str(report["authority_digest"])
        lines = tuple(
            _line(kind, list(group))
            for kind, group in groupby(report["obligations"], key=lambda outcome: str(outcome["kind"]))
        )
        solvers = " and ".join(f"{name} {version}" for name, version in report["solvers"].items())
        holds = report["all_hold"] is True
    except (AttributeError, KeyError, TypeError):
        raise _not_a_report(file) from None
    if digest != authority.digest:
        return ProofStatus(
            f"Not proved: the report is about {about} in the version {digest}, and says nothing about the "
            "version shown here."
        )
    count = sum(line.count for line in lines)
    failed = sum(len(line.failures) for line in lines)
    if holds and count and not failed:
        return ProofStatus(f"Proved: all {count} obligations hold, decided by {solvers}.", True, lines)
    return ProofStatus(
        f"Not proved: {failed} of {count} obligations do not hold or are not decided ({solvers}).",
        lines=lines,
    )


def _report(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as handle:
            data = handle.read(_LARGEST + 1)
    except OSError as problem:
        raise ProofFileError(f"{file.name!a} cannot be read: {problem.strerror}.") from None
    try:
        found = json.loads(data) if len(data) <= _LARGEST else None
    except (ValueError, RecursionError):
        raise _not_a_report(file) from None
    if not isinstance(found, dict) or found.get("format") != _FORMAT:
        raise _not_a_report(file)
    return found


def _not_a_report(file: Path) -> ProofFileError:
    return ProofFileError(f"{file.name!a} is not a proof report of the form {_FORMAT}.")


def _line(kind: str, outcomes: list[dict[str, Any]]) -> Line:
    failures = tuple(
        "; ".join((outcome["subject"] or "the whole", *outcome["why"]))
        for outcome in outcomes
        if outcome["holds"] is not True
    )
    return Line(kind, len(outcomes), failures)
