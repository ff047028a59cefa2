"""Finds the request that shows a point with the fewest oddities, and writes it for a lawyer.

The request is moved from a complete one, fact by fact, only as far as the point needs.
Every step is a yes or a no of the solver and the order is fixed, so the same question
has the same answer with every version of the solver.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from wicketgate.core.catalogue import CATALOGUE
from wicketgate.core.facts import Facts, FactValue, day_number
from wicketgate.law.cases import read_cases
from wicketgate.law.compiled import CompiledLaw
from wicketgate.law.errors import AuthorityError, Place
from wicketgate.law.fact_words import CLAIMS, NOUNS
from wicketgate.law.predicate import (
    All,
    Any,
    Arithmetic,
    Compare,
    Day,
    Member,
    Number,
    Predicate,
    Sum,
    facts_of,
)
from wicketgate.law.prove.smt import ANOTHER, Space, definitions, entries, literal, space_of
from wicketgate.law.prove.solvers import ProofError, Solvers, answer
from wicketgate.law.python_code import Rule
from wicketgate.law.source import CASES, find

_TOKEN = re.compile(r"\|[^|]*\||[()]|[^\s()|]+")


class Finder:
    """Finds requests in a space with the first solver; `base` is the request to stay close to."""

    def __init__(self, solvers: Solvers, space: Space, base: Facts, rules: Iterable[Rule]) -> None:
        self.solvers, self.space, self.base = solvers, space, base
        self._numbers = _numbers(rules)

    def nearest(self, terms: Sequence[str]) -> dict[str, FactValue]:
        """The request nearest to the base for which all `terms` hold; `ProofError` when there is none."""
        if answer(self.solvers.z3, terms) != "sat":
            raise ProofError("There is no request to be shown for a question that has none.")
        facts = {fact: self.base.get(fact) for fact in self.space.facts}
        fixed = list(terms)
        for fact in self._apart(list(self.space.facts), fixed):
            facts[fact] = self._value(fact, fixed)
            fixed.append(same(self.space, fact, facts[fact]))
        return facts

    def _apart(self, facts: list[str], fixed: list[str]) -> list[str]:
        """The facts that cannot be as in the base; the others are added to `fixed`."""
        as_base = [same(self.space, fact, self.base.get(fact)) for fact in facts]
        if answer(self.solvers.z3, [*fixed, *as_base]) == "sat":
            fixed.extend(as_base)
            return []
        if len(facts) == 1:
            return facts
        half = len(facts) // 2
        return self._apart(facts[:half], fixed) + self._apart(facts[half:], fixed)

    def _value(self, fact: str, fixed: list[str]) -> FactValue:
        kind = CATALOGUE[fact].type
        if kind == "list":
            return self._list(fact, fixed)
        for value in self._candidates(fact):
            if answer(self.solvers.z3, [*fixed, same(self.space, fact, value)]) == "sat":
                return value
        least = self._least(fact, fixed)
        return date.fromordinal(least).isoformat() if kind == "date" else least

    def _list(self, fact: str, fixed: list[str]) -> FactValue:
        """A list with the entries of the base as far as may be; None when it cannot be known."""
        chosen = [*fixed, f"{fact}.known"]
        if answer(self.solvers.z3, chosen) != "sat":
            return None
        stated = self.base.get(fact)
        base = frozenset(stated) if isinstance(stated, tuple) else frozenset()
        domain = self.space.domains[fact]
        other = self._otherwise(fact, list(domain), base, chosen)
        held = [value for value in domain if (value in base) is not (value in other)]
        return entries(held, self._least(fact, chosen))

    def _otherwise(self, fact: str, values: list[str], base: frozenset[str], chosen: list[str]) -> list[str]:
        """The values that cannot be in the list, or out of it, as in the base; `chosen` grows by all."""
        terms = [self._held(fact, value, value in base) for value in values]
        if answer(self.solvers.z3, [*chosen, *terms]) == "sat":
            chosen.extend(terms)
            return []
        if len(values) == 1:
            chosen.append(self._held(fact, values[0], values[0] not in base))
            return values
        half = len(values) // 2
        first = self._otherwise(fact, values[:half], base, chosen)
        return first + self._otherwise(fact, values[half:], base, chosen)

    def _held(self, fact: str, value: str, held: bool) -> str:
        symbol = self.space.has(fact, value)
        return symbol if held else f"(not {symbol})"

    def _least(self, fact: str, fixed: list[str]) -> int:
        low, high = CATALOGUE[fact].minimum, CATALOGUE[fact].maximum
        while low < high:
            middle = (low + high) // 2
            below = f"(and {fact}.known (<= {fact} {literal(middle)}))"
            low, high = (
                (low, middle) if answer(self.solvers.z3, [*fixed, below]) == "sat" else (middle + 1, high)
            )
        return low

    def _candidates(self, fact: str) -> Iterator[FactValue]:
        spec = CATALOGUE[fact]
        if spec.type == "boolean":
            yield from (False, True)
        elif spec.type == "text":
            yield from self.space.domains[fact]
        else:
            near = {n + step for n in self._numbers.get(fact, ()) for step in (-1, 0, 1)} | {0, 1}
            if spec.type == "date":
                near |= self._beside_days()
            for number in sorted(n for n in near if spec.minimum <= n <= spec.maximum):
                yield date.fromordinal(number).isoformat() if spec.type == "date" else number
        yield None

    def _beside_days(self) -> set[int]:
        """The days of the base and their neighbors."""
        days = {
            day_number(self.base.get(fact)) for fact in self.space.facts if CATALOGUE[fact].type == "date"
        }
        return {day + step for day in days if day for step in (-1, 0, 1)}


def same(space: Space, fact: str, value: FactValue) -> str:
    """A term: the fact has this value (None: it is unknown); false when it can never have it."""
    if value is None:
        return f"(not {fact}.known)"
    if isinstance(value, tuple):
        domain = space.domains[fact]
        if ANOTHER not in domain and not set(value) <= set(domain):
            return "false"
        held = {each if each in domain else ANOTHER for each in value}
        has = [space.has(fact, each) if each in held else f"(not {space.has(fact, each)})" for each in domain]
        return f"(and {fact}.known (= {fact} {len(value)}) {' '.join(has)})"
    if CATALOGUE[fact].type == "date":
        return f"(and {fact}.known (= {fact} {day_number(value)}))"
    if isinstance(value, str) and value not in (domain := space.domains[fact]) and ANOTHER not in domain:
        return "false"
    if isinstance(value, bool):
        return f"(and {fact}.known {fact if value else f'(not {fact})'})"
    text = literal(value) if isinstance(value, int) else space.symbol(fact, value)
    return f"(and {fact}.known (= {fact} {text}))"


def read_values(said: str, space: Space) -> dict[str, FactValue]:
    """The values in a solver's ``get-value`` answer, by symbol."""
    texts = {space.symbol(fact, v): v for fact in space.facts for v in space.domains.get(fact, ())}
    tokens = _TOKEN.findall(said)[1:-1]
    read: dict[str, FactValue] = {}
    while tokens:
        end = tokens.index(")")
        if tokens[2] == "(":  # (symbol (- 5))
            read[tokens[1]] = -int(tokens[4])
            end += 1
        else:
            word = tokens[2]
            quoted = word if word.startswith("|") else f"|{word}|"
            read[tokens[1].strip("|")] = (
                word == "true"
                if word in ("true", "false")
                else texts[quoted]
                if quoted in texts
                else int(word)
            )
        tokens = tokens[end + 1 :]
    return read


def lines(facts: Facts, base: Facts) -> tuple[str, ...]:
    """The request as a lawyer reads it: every fact in which it differs from the base."""
    return tuple(
        said(fact, facts[fact]) for fact in CATALOGUE if fact in facts and facts[fact] != base.get(fact)
    )


def said(fact: str, value: FactValue) -> str:
    """One fact in words; None is a fact that is not known."""
    if fact in CLAIMS:
        when_true, when_false = CLAIMS[fact]
        return f"it is not known whether {when_true}" if value is None else when_true if value else when_false
    if CATALOGUE[fact].type == "list":
        return f"{NOUNS[fact]} are {', '.join(value) if isinstance(value, tuple) else 'not known'}"
    return f"{NOUNS[fact]} is {'not known' if value is None else value}"


def _numbers(rules: Iterable[Rule]) -> Mapping[str, set[int]]:
    """The numbers with which each fact is compared anywhere."""
    numbers: dict[str, set[int]] = {}
    for _, predicate in rules:
        for leaf in _leaves(predicate):
            if isinstance(leaf, Compare):
                constants = {*_constants(leaf.left), *_constants(leaf.right)}
                for fact in facts_of(leaf):
                    numbers.setdefault(fact, set()).update(constants)
            elif isinstance(leaf, Member):
                numbers.setdefault(leaf.fact, set()).update(v for v in leaf.values if isinstance(v, int))
    return numbers


def _leaves(node: Predicate) -> Iterator[Predicate]:
    if isinstance(node, All | Any):
        for part in node.parts:
            yield from _leaves(part)
    else:
        yield node


def _constants(node: Arithmetic) -> Iterator[int]:
    match node:
        case Number(value):
            yield value
        case Day(value):
            yield value.toordinal()
        case Sum(left, right, _):
            yield from _constants(left)
            yield from _constants(right)
        case _:
            pass


def complete_request(law: CompiledLaw, root: Path | None = None) -> Facts:
    """The case beside the rules for which most elements are shown; without cases, a request that passes.

    Empty when there is neither. Raises `ProofError` when it needs a solver that is missing.
    """
    name = law.authority.name
    try:
        cases = read_cases(find(name, root=root).read(CASES), Place(name, CASES))
    except AuthorityError:
        cases = ()
    if cases:
        return max((case.facts for case in cases), key=lambda facts: law.evaluate(facts).bit_count())
    space = space_of(law)
    finder = Finder(Solvers(space.declarations() + "\n" + definitions(law, space)), space, {}, law.rules)
    return finder.nearest(["|passes|"]) if answer(finder.solvers.z3, ["|passes|"]) == "sat" else {}
