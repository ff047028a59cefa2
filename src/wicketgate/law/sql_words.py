"""Writes an authority's predicates as SQL words of element bits, for every engine alike.

An element is a conjunction of clauses, and a clause mostly asks for one fact that has few
values, or says "this fact is not such, or that one is so". What asks for one fact is not
tested but looked up: one CASE for each fact says which bits each value sets, and nothing
unknown sets any. What remains of a clause is a test. A clause's bits are joined by OR, the
clauses by AND, so no order matters and an unknown test can never set a bit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce

from sqlglot import exp

from wicketgate.core.catalogue import CATALOGUE
from wicketgate.law.predicate import (
    All,
    Any,
    Constant,
    Member,
    Predicate,
    Present,
    disjunction,
    facts_of,
    known_when_true,
)
from wicketgate.law.python_code import Rule, python_function
from wicketgate.law.sql_conditions import Conditions, Engine, bigint, literal

WORD_BITS = 62
"""Element bits in one BIGINT: never the sign, and one to spare."""
_NEVER = Constant(value=False)


def sql_words(rules: Sequence[Rule], engine: Engine) -> list[str]:
    """SQL expressions; bit *i* of word *w* says that rule ``62 * w + i`` is shown."""
    conditions = Conditions(engine)
    return [
        _word(rules[start : start + WORD_BITS], conditions).sql(dialect=engine.dialect)
        for start in range(0, len(rules), WORD_BITS)
    ]


@dataclass
class _Clauses:
    """At most one clause of each rule, joined by OR: what is looked up of it and what is tested."""

    looked_up: dict[str, dict[int, Predicate]] = field(default_factory=dict)
    tested: list[tuple[int, exp.Expr]] = field(default_factory=list)
    bits: int = 0
    """The rules that have a clause here."""

    def add(self, bit: int, clause: Predicate, known: frozenset[str], conditions: Conditions) -> None:
        """Take one rule's clause, which other clauses of the rule join with `known` facts."""
        self.bits |= 1 << bit
        for part in clause.parts if isinstance(clause, Any) else (clause,):
            fact = _looked_up(part, known)
            if fact is None:
                self.tested.append((bit, conditions.condition(part, known)))
            else:
                parts = self.looked_up.setdefault(fact, {})
                parts[bit] = disjunction((parts.get(bit, _NEVER), part))

    def word(self, every: int, conditions: Conditions) -> exp.Expr:
        """The bits of the rules whose clause is TRUE, and of all that have none."""
        bits = [_table(fact, parts, conditions) for fact, parts in self.looked_up.items()]
        bits += [exp.Case().when(test, bigint(1 << bit)).else_(bigint(0)) for bit, test in self.tested]
        others = every & ~self.bits
        return exp.Paren(this=reduce(_bit_or, [*bits, bigint(others)] if others else bits))


def _word(rules: Sequence[Rule], conditions: Conditions) -> exp.Expr:
    every = (1 << len(rules)) - 1
    joined: dict[str | int, _Clauses] = {}
    for bit, rule in enumerate(rules):
        clauses = tuple(_clauses(rule))
        known = frozenset(clause.fact for clause in clauses if isinstance(clause, Present))
        for place, clause in enumerate(clauses):
            facts = frozenset(facts_of(clause))
            # Clauses about the same one fact share its look-up; the others stand in their order.
            key = min(facts) if len(facts) == 1 else place
            together = joined.setdefault(key, _Clauses())
            while together.bits >> bit & 1:
                place += len(clauses)
                together = joined.setdefault(place, _Clauses())
            together.add(bit, clause, known, conditions)
    return reduce(_bit_and, [each.word(every, conditions) for each in joined.values()])


def _clauses(rule: Rule) -> Iterator[Predicate]:
    """What must be TRUE for the rule, one by one."""
    needs, predicate = rule
    said = known_when_true(predicate)
    yield from (Present(fact) for fact in needs if fact not in said)
    yield from predicate.parts if isinstance(predicate, All) else (predicate,)


def _looked_up(part: Predicate, known: frozenset[str]) -> str | None:
    """The one fact that the part asks for, when what it says of each value can be listed."""
    facts = set(facts_of(part))
    if len(facts) != 1:
        return None
    (fact,) = facts
    spec = CATALOGUE[fact]
    named = spec.type == "text" and isinstance(part, Member) and (fact in known or not part.negated)
    listed = spec.type == "boolean" or (spec.type == "text" and bool(spec.values))
    return fact if listed or named else None


def _table(fact: str, parts: dict[int, Predicate], conditions: Conditions) -> exp.Expr:
    """The bits set by each value of the fact, as the Python function works them out."""
    bits = sorted(parts)
    evaluate = python_function([((), parts[bit]) for bit in bits])

    def standing(value: str | bool | None) -> int:
        shown = evaluate({fact: value})
        return sum(1 << bit for place, bit in enumerate(bits) if shown >> place & 1)

    values, other = _values(fact, parts)
    otherwise = standing(other)
    table = exp.Case(this=conditions.value(fact))
    for value in values:
        if standing(value) != otherwise:
            table = table.when(literal(value), bigint(standing(value)), copy=False)
    return exp.Paren(this=table.else_(bigint(otherwise), copy=False))


def _values(fact: str, parts: dict[int, Predicate]) -> tuple[tuple[str | bool, ...], str | None]:
    """The values to look up, and one for all others.

    Of a text that is not listed, every other value is like any other known one: where that
    matters, another clause asks whether the fact is known.
    """
    spec = CATALOGUE[fact]
    if spec.type == "boolean":
        return (True, False), None
    if spec.values:
        return spec.values, None
    named = {str(value) for part in parts.values() for value in _named(part)}
    other = next(text for text in map(str, range(len(named) + 1)) if text not in named)
    return tuple(sorted(value for value in named if spec.admit(value))), other


def _named(part: Predicate) -> Iterator[str | int]:
    match part:
        case Member(_, values, _):
            yield from values
        case Any(parts):
            for each in parts:
                yield from _named(each)
        case _:
            pass


def _bit_and(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.BitwiseAnd(this=left, expression=right)


def _bit_or(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.BitwiseOr(this=left, expression=right)
