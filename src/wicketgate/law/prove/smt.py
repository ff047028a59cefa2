"""Writes compiled rules as SMT-LIB, the text that every solver reads, and both of ours do.

A fact is two symbols: ``fact.known`` and ``fact``. A text fact is one of finitely many
values: those that its declaration or the vocabulary allows, or else the texts that the
rules name and one that stands for all others. An integer keeps its declared bounds, and a
date is the number of its day. Of a list, ``fact`` is how many entries it has, and one more
symbol for each value says whether it is among them.
`truth` holds exactly when the predicate is TRUE in three-valued logic; negation stands
only at the leaves, so AND and OR of TRUE parts is all there is to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from wicketgate.core.catalogue import CATALOGUE
from wicketgate.core.facts import FactValue
from wicketgate.core.finding import Severity
from wicketgate.law.compiled import CompiledLaw
from wicketgate.law.element import Element
from wicketgate.law.predicate import (
    All,
    Any,
    Arithmetic,
    Compare,
    Constant,
    Count,
    Day,
    Entries,
    Flag,
    Member,
    Number,
    Predicate,
    Present,
    Quantity,
    Sum,
    facts_of,
)
from wicketgate.law.python_code import Rule

ANOTHER = "another text"
"""Stands for every text that no rule names."""
_PLAIN = re.compile(r"[\w .:/§-]+", re.ASCII)
_OPERATORS = {"=": "=", "<>": "distinct"}


@dataclass(frozen=True, slots=True)
class Space:
    """All requests that a question is about: the facts, and the values of the text facts."""

    facts: tuple[str, ...]
    domains: Mapping[str, tuple[str, ...]]

    def symbol(self, fact: str, value: str) -> str:
        """The symbol of one value of a text fact; a text that no rule names is another text."""
        return f"|{fact} is {self._name(fact, value)}|"

    def has(self, fact: str, value: str) -> str:
        """The symbol that holds when the value is among the entries of a list fact."""
        return f"|{fact} has {self._name(fact, value)}|"

    def symbols(self) -> Iterator[str]:
        """Every symbol whose value tells something of a request."""
        for fact in self.facts:
            yield from (fact, f"{fact}.known")
            if CATALOGUE[fact].type == "list":
                yield from (self.has(fact, value) for value in self.domains[fact])

    def request(self, found: Mapping[str, FactValue]) -> dict[str, FactValue]:
        """The facts that a solver's values of the `symbols` stand for; None where unknown."""
        return {fact: self._fact(fact, found) if found[f"{fact}.known"] else None for fact in self.facts}

    def _fact(self, fact: str, found: Mapping[str, FactValue]) -> FactValue:
        value = found[fact]
        if CATALOGUE[fact].type == "date" and isinstance(value, int):
            return date.fromordinal(value).isoformat()
        if CATALOGUE[fact].type == "list" and isinstance(value, int):
            held = [each for each in self.domains[fact] if found[self.has(fact, each).strip("|")]]
            return entries(held, value)
        return value

    def _name(self, fact: str, value: str) -> str:
        domain = self.domains[fact]
        value = value if value in domain else ANOTHER
        return value if _PLAIN.fullmatch(value) else f"value {domain.index(value)}"

    def declarations(self) -> str:
        """SMT-LIB that declares every fact with its type and bounds."""
        return "\n".join(line for fact in self.facts for line in self._declared(fact))

    def _declared(self, fact: str) -> Iterator[str]:
        spec = CATALOGUE[fact]
        yield f"(declare-const {fact}.known Bool)"
        if spec.type == "text":
            values = " ".join(f"({self.symbol(fact, value)})" for value in self.domains[fact])
            yield f"(declare-datatype {fact}.value ({values}))"
            yield f"(declare-const {fact} {fact}.value)"
        elif spec.type == "boolean":
            yield f"(declare-const {fact} Bool)"
        else:
            yield f"(declare-const {fact} Int)"
            yield f"(assert (<= {literal(spec.minimum)} {fact} {literal(spec.maximum)}))"
        if spec.type == "list":
            held = [self.has(fact, value) for value in self.domains[fact]]
            yield from (f"(declare-const {each} Bool)" for each in held)
            yield f"(assert {some(held)})"
            yield f"(assert (<= (+ 0 {' '.join(f'(ite {each} 1 0)' for each in held)}) {fact}))"


def entries(held: Sequence[str], count: int) -> tuple[str, ...]:
    """A list of so many entries, in which each of `held` stands and nothing else."""
    return (*held, *([held[0]] * (count - len(held))))


def space_of(*laws: CompiledLaw) -> Space:
    """The requests that the laws can tell apart."""
    rules = [rule for law in laws for rule in law.rules]
    return space_of_rules(rules, *(law.authority.vocabulary.domains for law in laws))


def space_of_rules(rules: Iterable[Rule], *domains: Mapping[str, tuple[str, ...]]) -> Space:
    """The requests that the rules can tell apart; `domains` are the values that vocabularies allow."""
    facts: set[str] = set()
    named: dict[str, dict[str, None]] = {}
    for needs, predicate in rules:
        facts.update(needs, facts_of(predicate))
        for member in _members(predicate):
            texts = (value for value in member.values if isinstance(value, str))
            named.setdefault(member.fact, {}).update(dict.fromkeys(texts))
    decided: dict[str, dict[str, None]] = {}
    for domain in domains:
        for fact, values in domain.items():
            decided.setdefault(fact, {}).update(dict.fromkeys(values))
    return Space(
        tuple(fact for fact in CATALOGUE if fact in facts),
        {
            fact: spec.values or tuple(decided.get(fact, ())) or (*named.get(fact, ()), ANOTHER)
            for fact, spec in CATALOGUE.items()
            if spec.type in ("text", "list") and fact in facts
        },
    )


def _members(node: Predicate) -> Iterator[Member | Entries]:
    match node:
        case All(parts) | Any(parts):
            for part in parts:
                yield from _members(part)
        case Member() | Entries():
            yield node
        case _:
            pass


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes terms over a space; the fact `silent`, if any, is taken to be unknown."""

    space: Space
    silent: str = ""

    def shown(self, rule: Rule) -> str:
        """Holds when the rule is shown: every needed fact known and the predicate TRUE."""
        needs, predicate = rule
        return every([*(self.known(fact) for fact in needs), self.truth(predicate)])

    def known(self, fact: str) -> str:
        """Holds when the fact is known."""
        return "false" if fact == self.silent else f"{fact}.known"

    def truth(self, node: Predicate) -> str:
        """Holds when the predicate is TRUE."""
        match node:
            case Constant(value):
                return "true" if value else "false"
            case Flag(fact, wanted):
                return every([self.known(fact), fact if wanted else f"(not {fact})"])
            case Present(fact):
                return self.known(fact)
            case Member(fact, values, negated):
                listed = some([f"(= {fact} {self._value(fact, value)})" for value in values])
                return every([self.known(fact), f"(not {listed})" if negated else listed])
            case Entries(fact, values, every_entry, negated):
                domain = self.space.domains[fact]
                right = [self.space.has(fact, v) for v in domain if (v in values) is not negated]
                wrong = [self.space.has(fact, v) for v in domain if (v in values) is negated]
                return every([self.known(fact), f"(not {some(wrong)})" if every_entry else some(right)])
            case Compare(left, operator, right):
                guards = [self.known(fact) for fact in dict.fromkeys(facts_of(node))]
                test = f"({_OPERATORS.get(operator, operator)} {number(left)} {number(right)})"
                return every([*guards, test])
            case All(parts):
                return every([self.truth(part) for part in parts])
            case Any(parts):
                return some([self.truth(part) for part in parts])

    def _value(self, fact: str, value: str | int) -> str:
        return self.space.symbol(fact, value) if isinstance(value, str) else literal(value)


def element_symbol(identity: str, version: str = "") -> str:
    """The symbol that holds when the element is shown; `version` tells two laws apart."""
    return f"|{version}{identity} shown|"


def definitions(law: CompiledLaw, space: Space, version: str = "") -> str:
    """SMT-LIB that defines each element, ``passes`` and ``deficient`` of one law."""
    writer = Writer(space)
    lines = [
        f"(define-fun {element_symbol(element.id, version)} () Bool {writer.shown(rule)})"
        for element, rule in zip(law.elements, law.rules, strict=True)
    ]
    lines.append(f"(define-fun |{version}passes| () Bool {passes(law.elements, version)})")
    lines.append(f"(define-fun |{version}deficient| () Bool {deficient(law.elements, version)})")
    return "\n".join(lines)


def passes(elements: Iterable[Element], version: str = "") -> str:
    """Holds when the request is sufficient: every element that weighs more than a note is shown."""
    return every([element_symbol(e.id, version) for e in elements if e.severity is not Severity.NOTE])


def deficient(elements: Iterable[Element], version: str = "") -> str:
    """Holds when some element that weighs as a defect is not shown."""
    return some([f"(not {element_symbol(e.id, version)})" for e in elements if e.severity is Severity.DEFECT])


def number(node: Arithmetic) -> str:
    """An integer term."""
    match node:
        case Number(value):
            return literal(value)
        case Day(value):
            return literal(value.toordinal())
        case Quantity(fact) | Count(fact):
            return fact
        case Sum(left, right, minus):
            return f"({'-' if minus else '+'} {number(left)} {number(right)})"


def literal(value: int) -> str:
    """An integer; SMT-LIB has no negative numerals."""
    return str(value) if value >= 0 else f"(- {-value})"


def every(terms: Sequence[str]) -> str:
    """AND; true of no terms at all."""
    return _joined("and", terms, "true")


def some(terms: Sequence[str]) -> str:
    """OR; false of no terms at all."""
    return _joined("or", terms, "false")


def _joined(word: str, terms: Sequence[str], none: str) -> str:
    distinct = list(dict.fromkeys(terms))
    if not distinct:
        return none
    return distinct[0] if len(distinct) == 1 else f"({word} {' '.join(distinct)})"
