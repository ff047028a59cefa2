"""Proves an authority: writes the questions, asks both solvers, explains what does not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from wicketgate.core.context import SwitchValue
from wicketgate.core.facts import Facts
from wicketgate.law.authority import load
from wicketgate.law.compiled import CompiledLaw, compile_authority
from wicketgate.law.prove.obligations import Kind, Obligation, Obligations, adds
from wicketgate.law.prove.report import Outcome, ProofReport
from wicketgate.law.prove.smt import Space, definitions, element_symbol, literal, space_of
from wicketgate.law.prove.solvers import Decision, ProofError, Solvers, answer, versions
from wicketgate.law.prove.witness import Finder, complete_request, lines, read_values
from wicketgate.law.source import find
from wicketgate.law.switches import Switch

Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Question:
    """Obligations over one script; `laws` are those that it defines, by the version in their symbols."""

    script: str
    space: Space
    laws: Mapping[str, CompiledLaw]
    obligations: tuple[Obligation, ...]


def prove(
    name: str,
    overlays: Sequence[str] = (),
    *,
    on: date,
    switches: Mapping[str, SwitchValue] = MappingProxyType({}),
    root: Path | None = None,
    progress: Progress = lambda step, done, total: None,
) -> ProofReport:
    """Prove the authority `name` as `load` reads it with the same arguments.

    Raises `AuthorityError` when it cannot be read and `ProofError` when a solver is
    missing or contradicts the compiled rules. An obligation that a solver cannot decide
    does not hold.
    """
    variants = _Variants(name, on, switches, root)
    law = variants.law(overlays)
    questions = [alone(law), *_overlays(variants, overlays), *_switches(variants, overlays)]
    base = complete_request(law, root)
    total = sum(len(question.obligations) for question in questions)
    outcomes: list[Outcome] = []
    seconds = {"z3": 0.0, "cvc5": 0.0}
    for question in questions:
        prover = _Prover(question, base)
        for outcome in prover.outcomes():
            outcomes.append(outcome)
            progress(f"prove {name}", len(outcomes), total)
        seconds["z3"] += prover.solvers.z3.seconds
        seconds["cvc5"] += prover.solvers.cvc5.seconds
    authority = law.authority
    return ProofReport(
        authority.name,
        authority.digest,
        on,
        tuple(overlays),
        authority.switches,
        tuple(outcomes),
        versions(),
        seconds,
    )


class _Variants:
    """The authority under other overlays and switches."""

    def __init__(self, name: str, on: date, switches: Mapping[str, SwitchValue], root: Path | None) -> None:
        self.name, self.on, self.switches, self.root = name, on, switches, root

    def law(self, overlays: Sequence[str], **changed: SwitchValue) -> CompiledLaw:
        chosen = {**self.switches, **changed}
        return compile_authority(load(self.name, overlays, on=self.on, switches=chosen, root=self.root))

    def overlays(self) -> tuple[str, ...]:
        return find(self.name, root=self.root).overlays()


def ask(question: Question, base: Facts) -> tuple[Outcome, ...]:
    """Put one question to both solvers; counterexamples stay near `base`."""
    return tuple(_Prover(question, base).outcomes())


def alone(law: CompiledLaw) -> Question:
    """What must hold of one law by itself."""
    space = space_of(law)
    script = space.declarations() + "\n" + definitions(law, space)
    return Question(script, space, {"": law}, tuple(Obligations(law, space).all()))


def _overlays(variants: _Variants, chosen: Sequence[str]) -> Iterator[Question]:
    """Each overlay that there is, and those chosen together, beside the authority without any."""
    base = variants.law(())
    sets = [(overlay,) for overlay in variants.overlays()]
    for overlays in dict.fromkeys([*sets, tuple(chosen)]):
        if overlays:
            subject = " and ".join(overlays)
            laws = {"with the overlay ": variants.law(overlays), "without it ": base}
            yield beside(Kind.OVERLAY, subject, laws)


def _switches(variants: _Variants, overlays: Sequence[str]) -> Iterator[Question]:
    """Each answer of each switch beside the next looser one, the other switches as they are."""
    for switch in variants.law(overlays).authority.switch_table:
        if switch.range is not None:
            yield from _range(variants, overlays, switch, switch.range)
            continue
        for stricter, looser in pairwise(switch.selectable):
            laws = {
                f"with {value} ": variants.law(overlays, **{switch.name: value})
                for value in (stricter, looser)
            }
            if not _same(*laws.values()):
                yield beside(Kind.SWITCH, f"{switch.name}: {stricter} before {looser}", laws)


def _range(
    variants: _Variants, overlays: Sequence[str], switch: Switch, limits: tuple[int, int]
) -> Iterator[Question]:
    """Every lower number beside every higher one, as two numbers of which only the order is known.

    The numbers stand where the rules at both ends of the range differ.
    """
    ends = [variants.law(overlays, **{switch.name: limit}) for limit in limits]
    if _same(*ends):
        return
    space = space_of(*ends)
    low, high = (literal(limit) for limit in limits)
    script = [space.declarations(), "(declare-const stricter Int)(declare-const looser Int)"]
    script.append(f"(assert (<= {low} stricter looser {high}))")
    named = ("with the lower number ", "with the higher number ")
    for version, symbol in zip(named, ("stricter", "looser"), strict=True):
        script.append(_merged(*(definitions(law, space, version) for law in ends), symbol=symbol))
    subject = f"{switch.name}: lower before higher, {limits[0]} to {limits[1]}"
    yield Question("\n".join(script), space, {}, adds(Kind.SWITCH, subject, *named))


def _merged(first: str, second: str, *, symbol: str) -> str:
    """The text in which `symbol` stands wherever the two texts differ by a number."""
    words, others = _spaced(first).split(), _spaced(second).split()
    if len(words) != len(others):
        raise ProofError("A switch whose range crosses zero cannot be proved; divide its range.")
    return " ".join(one if one == other else symbol for one, other in zip(words, others, strict=True))


def _spaced(text: str) -> str:
    return text.replace("(", " ( ").replace(")", " ) ")


def beside(kind: Kind, subject: str, laws: Mapping[str, CompiledLaw]) -> Question:
    """Is the first of two laws at least as strict as the second? The keys name them."""
    space = space_of(*laws.values())
    script = [space.declarations(), *(definitions(law, space, version) for version, law in laws.items())]
    return Question("\n".join(script), space, laws, adds(kind, subject, *laws))


def _same(first: CompiledLaw, second: CompiledLaw) -> bool:
    severities = [[element.severity for element in law.elements] for law in (first, second)]
    return first.rules == second.rules and severities[0] == severities[1]


class _Prover:
    """Asks one question's obligations of both solvers."""

    def __init__(self, question: Question, base: Facts) -> None:
        self.question = question
        self.solvers = Solvers(question.script)
        rules = [rule for law in question.laws.values() for rule in law.rules]
        self.finder = Finder(self.solvers, question.space, base, rules)
        self.wanted = [
            *question.space.symbols(),
            *(element_symbol(e.id, version) for version, law in question.laws.items() for e in law.elements),
        ]

    def outcomes(self) -> Iterator[Outcome]:
        return map(self._outcome, self.question.obligations)

    def _outcome(self, obligation: Obligation) -> Outcome:
        terms = [term.smt for term in obligation.terms]
        before = self.solvers.z3.seconds + self.solvers.cvc5.seconds
        decision, case = self.solvers.decide(terms, self.wanted)
        seconds = self.solvers.z3.seconds + self.solvers.cvc5.seconds - before
        holds = decision.agreed == ("sat" if obligation.possible else "unsat")
        if case:
            self._replay(case)
        why = () if holds else tuple(self._why(obligation, decision))
        return Outcome(obligation.kind, obligation.subject, holds, decision.z3, decision.cvc5, seconds, why)

    def _why(self, obligation: Obligation, decision: Decision) -> Iterator[str]:
        terms = [term.smt for term in obligation.terms]
        if decision.agreed == "unknown":
            said = f"z3 says {decision.z3} and cvc5 says {decision.cvc5}"
            yield f"{said}: what both do not decide alike is not proved."
        elif obligation.possible:
            yield "These can never be true together: " + "; ".join(self._core(obligation)) + "."
        else:
            facts = self.finder.nearest(terms)
            yield "A request for which it fails, like a complete one except for:"
            yield from lines(facts, self.finder.base) or ("nothing: the complete one itself",)

    def _core(self, obligation: Obligation) -> list[str]:
        """The fewest conditions, as dropping one after another finds them, that exclude each other."""
        core = list(obligation.terms)
        for term in obligation.terms:
            rest = [kept for kept in core if kept is not term]
            if answer(self.solvers.z3, [kept.smt for kept in rest]) == "unsat":
                core = rest
        return [term.words for term in core]

    def _replay(self, case: str) -> None:
        """The compiled rules must say of the solver's request what the solver says of it."""
        found = read_values(case, self.question.space)
        request = self.question.space.request(found)
        for version, law in self.question.laws.items():
            mask = law.evaluate(request)
            for index, element in enumerate(law.elements):
                if bool(mask >> index & 1) is not found[element_symbol(element.id, version).strip("|")]:
                    raise ProofError(
                        f"The question and the compiled rules differ about {element.id}; nothing is proved."
                    )
