"""May an authority be used? Everything that can be found out without a request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import chain
from pathlib import Path

from wicketgate.core.context import SwitchValue
from wicketgate.law.agreement import Batch, disagreements, typed_columns
from wicketgate.law.authority import load
from wicketgate.law.cases import Case, read_cases, uncovered
from wicketgate.law.compiled import CompiledLaw, compile_authority
from wicketgate.law.coverage import coverage_problems
from wicketgate.law.errors import AuthorityError, Place
from wicketgate.law.source import CASES, find


def check(name: str, *, on: date, root: Path | None = None) -> list[str]:
    """The problems of the authority `name` on the day `on`, one sentence each; empty when it may be used.

    It must load and compile alone, with all its overlays and under every value of every
    switch; every case must come out as written, in Python and in DuckDB; every element
    needs a case in which it is shown and one in which it is not, and a clause of the law
    that it tests; an overlay must leave what the authority itself finds as it is.
    """
    try:
        source = find(name, root=root)
        cases = read_cases(source.read(CASES), Place(name, CASES))
        return list(_Check(name, source.overlays(), cases, on, root).problems())
    except AuthorityError as refusal:
        return [str(refusal)]


class _Check:
    def __init__(
        self, name: str, overlays: tuple[str, ...], cases: tuple[Case, ...], on: date, root: Path | None
    ) -> None:
        self.name, self.overlays, self.cases, self.on, self.root = name, overlays, cases, on, root
        self.compiled: dict[tuple[object, ...], CompiledLaw] = {}

    def problems(self) -> Iterator[str]:
        """All problems, in the order of the docstring of `check`."""
        return chain(
            self._switches(),
            self._cases(),
            self._engines(),
            self._coverage(),
            self._clauses(),
            self._overlays(),
        )

    def law(self, overlays: tuple[str, ...], switches: Mapping[str, SwitchValue]) -> CompiledLaw:
        key = (overlays, *sorted(switches.items()))
        if key not in self.compiled:
            authority = load(self.name, overlays, on=self.on, switches=switches, root=self.root)
            self.compiled[key] = compile_authority(authority)
        return self.compiled[key]

    def _switches(self) -> Iterator[str]:
        for switch in self.law(self.overlays, {}).authority.switch_table:
            for value in switch.range or switch.selectable:
                try:
                    self.law(self.overlays, {switch.name: value})
                except AuthorityError as refusal:
                    yield f"with {switch.name} = {value}: {refusal}"

    def _cases(self) -> Iterator[str]:
        yield from self._strays()
        for case in filter(self._has, self.cases):
            try:
                problem = case.problem(self.law(case.overlays, case.switches))
            except AuthorityError as refusal:
                problem = f"{case.name}: {refusal}"
            if problem:
                yield problem

    def _strays(self) -> Iterator[str]:
        """One sentence for each element that has cases and does not exist, however many they are."""
        stray = Counter(case.element for case in self.cases if not self._has(case))
        for element, cases in stray.items():
            yield f"{CASES}: there is no element {element}, of which it has {cases} case(s)"

    def _has(self, case: Case) -> bool:
        elements = self.law(self.overlays, {}).elements
        return not case.element or any(element.id == case.element for element in elements)

    def _engines(self) -> Iterator[str]:
        law = self.law(self.overlays, {})
        rows = tuple({fact: case.facts.get(fact) for fact in law.facts} for case in self.cases)
        for index in disagreements(law, Batch(typed_columns(law), rows)):
            yield f"{self.cases[index].name}: Python and DuckDB differ"

    def _coverage(self) -> Iterator[str]:
        yield from uncovered(self.cases, self.law(self.overlays, {}).elements)

    def _clauses(self) -> Iterator[str]:
        try:
            yield from coverage_problems(self.name, self.root)
        except AuthorityError as refusal:
            yield str(refusal)

    def _overlays(self) -> Iterator[str]:
        base, full = self.law((), {}), self.law(self.overlays, {})
        own = (1 << len(base.elements)) - 1
        for case in self.cases:
            if full.evaluate(case.facts) & own != base.evaluate(case.facts):
                yield f"{case.name}: the overlays change what the authority itself finds"
