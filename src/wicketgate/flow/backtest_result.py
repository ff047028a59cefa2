"""What a backtest found: how many requests changed, which way, and through which elements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from wicketgate.core.context import Context
from wicketgate.core.finding import Determination, Finding
from wicketgate.flow.outputs import Signature
from wicketgate.law import CompiledLaw

EXAMPLES = 20
"""Rows of each kind of change that a report shows; all of them are in the list."""


class Change(StrEnum):
    """What becomes of a request under the new version; the first two let more through."""

    PASSES = "newly_pass"
    RELIEVED = "no_longer_deficient"
    REFERRED = "newly_referred"
    FAILS = "newly_fail"
    FINDINGS = "other_findings"


SENSE: Mapping[Change, str] = {
    Change.PASSES: "Newly pass: sufficient now, and deficient or referred before",
    Change.RELIEVED: "No longer deficient: a person would decide now",
    Change.REFERRED: "Newly referred: sufficient before, and a person would decide now",
    Change.FAILS: "Newly fail: deficient now, and sufficient or referred before",
    Change.FINDINGS: "The same determination for other reasons",
}


@dataclass(frozen=True, slots=True)
class Side:
    """One version of the law and the custodian's context under which it is applied."""

    law: CompiledLaw
    context: Context

    def same_facts(self, other: Side) -> bool:
        """True when both read the same facts from every request: only the rules differ."""
        same_context = replace(self.context, switches={}) == replace(other.context, switches={})
        return same_context and self.law.authority.vocabulary == other.law.authority.vocabulary


@dataclass(frozen=True, slots=True)
class Pair:
    """Requests with the same outcome under each version; `responsible` are the findings that decide."""

    requests: int
    old: Signature
    new: Signature
    change: Change | None
    responsible: tuple[Finding, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the elements responsible, each once."""
        return tuple(dict.fromkeys(finding.code for finding in self.responsible))


@dataclass(slots=True)
class Blame:
    """How many requests changed through an element, and how many through it alone."""

    requests: int = 0
    alone: int = 0
    findings: dict[Finding, None] = field(default_factory=dict)
    """What the element says, each once: one code may stand for several conditions."""


@dataclass(frozen=True, slots=True)
class Example:
    """One changed row."""

    row: int
    request_id: str
    old: str
    new: str
    responsible: str


@dataclass(frozen=True, slots=True)
class Backtest:
    """What a report is made of."""

    file: str
    file_digest: str
    rows: int
    requests: int
    malformed: int
    old: Side
    new: Side
    pairs: Sequence[Pair]
    examples: Mapping[Change, Sequence[Example]] = field(repr=False)

    def determinations(self) -> tuple[Mapping[Determination, int], Mapping[Determination, int]]:
        """How many requests have each determination before and now."""
        before, now = dict.fromkeys(Determination, 0), dict.fromkeys(Determination, 0)
        for pair in self.pairs:
            before[pair.old.determination] += pair.requests
            now[pair.new.determination] += pair.requests
        return before, now

    def changes(self) -> Mapping[Change, int]:
        """How many requests each change concerns."""
        counted = dict.fromkeys(Change, 0)
        for pair in self.pairs:
            if pair.change is not None:
                counted[pair.change] += pair.requests
        return counted

    def by_element(self) -> Mapping[Change, Mapping[str, Blame]]:
        """For each change the elements responsible, most requests first."""
        found: dict[Change, dict[str, Blame]] = {change: {} for change in Change}
        for pair in self.pairs:
            if pair.change is None:
                continue
            for code in pair.codes:
                blame = found[pair.change].setdefault(code, Blame())
                blame.requests += pair.requests
                blame.alone += pair.requests if len(pair.codes) == 1 else 0
                blame.findings |= {finding: None for finding in pair.responsible if finding.code == code}
        return {
            change: dict(sorted(blames.items(), key=lambda item: (-item[1].requests, item[0])))
            for change, blames in found.items()
        }

    def differences(self) -> Iterator[str]:
        """The parameters and switches that differ, in words."""
        old, new = self.old.law.authority, self.new.law.authority
        for before, now in ((old.parameters, new.parameters), (old.switches, new.switches)):
            for name in dict.fromkeys((*before, *now)):
                first, second = before.get(name, "not there"), now.get(name, "not there")
                if first != second:
                    yield f"{name}: {first} before, {second} now"


def summary(found: Backtest) -> dict[str, object]:
    """What `backtest.json` says."""
    before, now = found.determinations()
    return {
        "file": found.file,
        "file_digest": found.file_digest,
        "rows": found.rows,
        "requests": found.requests,
        "malformed": found.malformed,
        "old": _version(found.old) | {"by_determination": {str(d): n for d, n in before.items()}},
        "new": _version(found.new) | {"by_determination": {str(d): n for d, n in now.items()}},
        **{str(change): count for change, count in found.changes().items()},
        "by_element": {
            str(change): {
                code: {"requests": blame.requests, "alone": blame.alone} for code, blame in blames.items()
            }
            for change, blames in found.by_element().items()
        },
    }


def _version(side: Side) -> dict[str, object]:
    authority = side.law.authority
    return {
        "authority": authority.name,
        "overlays": [overlay.name for overlay in authority.overlays],
        "authority_digest": authority.digest,
        "switches": dict(authority.switches),
        "as_of": side.context.as_of.isoformat(),
    }
