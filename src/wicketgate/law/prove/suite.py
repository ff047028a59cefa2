"""Writes the conformance suite: a request that tells each mutant from the law, or a proof that none can."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from wicketgate.core.context import SwitchValue
from wicketgate.core.facts import Facts, FactValue
from wicketgate.law.authority import load
from wicketgate.law.compiled import CompiledLaw, compile_authority
from wicketgate.law.conformance import Row, Setting, Suite, row_of, told_apart
from wicketgate.law.mutants import Mutant, mutants, mutants_of
from wicketgate.law.prove.smt import (
    Writer,
    deficient,
    definitions,
    element_symbol,
    passes,
    space_of,
    space_of_rules,
)
from wicketgate.law.prove.solvers import ProofError, Solvers
from wicketgate.law.prove.witness import Finder, complete_request
from wicketgate.law.source import find

Progress = Callable[[str, int, int | None], None]


def write_suite(
    name: str,
    *,
    on: date,
    root: Path | None = None,
    progress: Progress = lambda step, done, total: None,
) -> Suite:
    """The suite of the authority `name` with its overlays, as it stands on the day `on`.

    Raises `ProofError` when a solver is missing or the two do not decide a mutant alike.
    """
    base = complete_request(compile_authority(load(name, on=on, root=root)), root)
    settings: list[Setting] = []
    unchanging: list[str] = []
    count = 0
    for empty, wanted in plan(name, on=on, root=root):
        teller = Teller(empty.law, base)
        rows: list[Row] = []
        for mutant in wanted:
            count += 1
            progress(f"mutants of {name}", count, None)
            if told_apart(empty.law, mutant, rows):
                continue
            facts = teller.request(mutant)
            if facts is None:
                unchanging.append(described(mutant, empty))
            else:
                rows.append(row_of(empty.law, facts, mutant.change))
        if rows:
            settings.append(replace(empty, rows=tuple(rows)))
    return Suite(name, on, base, tuple(settings), count, tuple(unchanging))


def plan(name: str, *, on: date, root: Path | None = None) -> Iterator[tuple[Setting, list[Mutant]]]:
    """Every setting, without rows, and the mutants to be told apart in it.

    The authority's own elements are tried without overlays and an overlay's with it alone,
    at the default answers; under another answer of a switch, those that it changes.
    """
    for overlay in ("", *find(name, root=root).overlays()):
        chosen = (overlay,) if overlay else ()
        default = compile_authority(load(name, chosen, on=on, root=root))
        for switches in _settings(default):
            law = compile_authority(load(name, chosen, on=on, switches=switches, root=root))
            wanted = [
                mutant
                for mutant in mutants(law)
                if mutant.element.origin == overlay and (not switches or _differs(law, default, mutant.index))
            ]
            if wanted:
                yield Setting(chosen, switches, law, ()), wanted


def described(mutant: Mutant, setting: Setting) -> str:
    """The mistake and where it is made."""
    return mutant.change + "".join(f" (with {name} = {value})" for name, value in setting.switches.items())


def _settings(law: CompiledLaw) -> Iterator[Mapping[str, SwitchValue]]:
    """The default answers, and every other answer of each switch (of a range, both ends)."""
    yield {}
    for switch in law.authority.switch_table:
        for value in switch.range or switch.selectable:
            if value != switch.default:
                yield {switch.name: value}


def _differs(law: CompiledLaw, default: CompiledLaw, index: int) -> bool:
    same = law.rules[index] == default.rules[index]
    return not same or law.elements[index].severity is not default.elements[index].severity


class Teller:
    """Tells the mutants of one law from it, by requests that stay near `base`."""

    def __init__(self, law: CompiledLaw, base: Facts) -> None:
        self.law, self.base = law, base
        self._of_element = lru_cache(maxsize=1)(self._element)
        self._whole = lru_cache(maxsize=1)(self._determination)

    def request(self, mutant: Mutant) -> dict[str, FactValue] | None:
        """A request of which the mutant says something else than the law; None when provably none exists.

        A changed rule shows in its element, a weaker severity in the determination, and a
        dropped element in the missing finding. Raises `ProofError` for what is not decided.
        """
        rule = self.law.rules[mutant.index]
        if mutant.rule is None:
            return self._request(self._whole(), f"(not {element_symbol(mutant.element.id)})")
        if mutant.rule == rule:
            changed = list(self.law.elements)
            changed[mutant.index] = mutant.element
            passing = f"(distinct |passes| {passes(changed)})"
            return self._request(self._whole(), f"(or {passing} (distinct |deficient| {deficient(changed)}))")
        finder = self._of_element(mutant.index)
        writer = Writer(finder.space)
        return self._request(finder, f"(distinct {writer.shown(rule)} {writer.shown(mutant.rule)})")

    def _element(self, index: int) -> Finder:
        rules = [self.law.rules[index], *(m.rule for m in mutants_of(self.law, index) if m.rule)]
        space = space_of_rules(rules, self.law.authority.vocabulary.domains)
        return Finder(Solvers(space.declarations()), space, self.base, rules)

    def _determination(self) -> Finder:
        space = space_of(self.law)
        solvers = Solvers(space.declarations() + "\n" + definitions(self.law, space))
        return Finder(solvers, space, self.base, self.law.rules)

    def _request(self, finder: Finder, term: str) -> dict[str, FactValue] | None:
        decision, _ = finder.solvers.decide([term])
        if decision.agreed == "unknown":
            raise ProofError(f"z3 says {decision.z3} and cvc5 says {decision.cvc5} of a mutant.")
        return None if decision.agreed == "unsat" else {**self.base, **finder.nearest([term])}
