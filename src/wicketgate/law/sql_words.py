"""Writes an authority's predicates as SQL words of element bits, for every engine alike.

Most elements are conjunctions, and most of what they join asks for one fact that has few
values. Such a part is not tested but looked up: one CASE for each fact says which bits each
value leaves standing, and everything unknown leaves none of the bits that ask for it. What
remains of an element is a test. A word is the AND of all of them, so no order matters, and an
unknown test can never set a bit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce

from sqlglot import exp

from wicketgate.core.catalogue import CATALOGUE
from wicketgate.core.facts import FactSpec
from wicketgate.law.predicate import All, Constant, Predicate, Present, conjunction, facts_of, known_when_true
from wicketgate.law.python_code import Rule, python_function
from wicketgate.law.sql_conditions import Conditions, Reader, bigint, literal

WORD_BITS = 62
"""Element bits in one BIGINT: never the sign, and one to spare."""


def sql_words(rules: Sequence[Rule], reader: Reader, dialect: str) -> list[str]:
    """SQL expressions; bit *i* of word *w* says that rule ``62 * w + i`` is shown."""
    conditions = Conditions(reader)
    return [
        _word(rules[start : start + WORD_BITS], conditions).sql(dialect=dialect)
        for start in range(0, len(rules), WORD_BITS)
    ]


def _word(rules: Sequence[Rule], conditions: Conditions) -> exp.Expr:
    always = Constant(value=True)
    looked_up: dict[str, list[Predicate]] = {}
    tested: list[Predicate] = []
    for bit, rule in enumerate(rules):
        rest: list[Predicate] = []
        for part in _parts(rule):
            fact = _listed_fact(part)
            if fact is None:
                rest.append(part)
            else:
                table = looked_up.setdefault(fact, [always] * len(rules))
                table[bit] = conjunction((table[bit], part))
        tested.append(conjunction(tuple(rest)))
    words = [_table(fact, parts, conditions) for fact, parts in looked_up.items()]
    untested = sum(1 << bit for bit, rest in enumerate(tested) if rest == always)
    bits = [
        exp.Case().when(conditions.condition(rest), bigint(1 << bit)).else_(bigint(0))
        for bit, rest in enumerate(tested)
        if rest != always
    ]
    words.append(exp.Paren(this=reduce(_bit_or, bits, bigint(untested))))
    return reduce(_bit_and, words)


def _parts(rule: Rule) -> Iterator[Predicate]:
    """What must be TRUE for the rule, one by one."""
    needs, predicate = rule
    said = known_when_true(predicate)
    yield from (Present(fact) for fact in needs if fact not in said)
    yield from predicate.parts if isinstance(predicate, All) else (predicate,)


def _listed_fact(part: Predicate) -> str | None:
    """The one fact that the part asks for, when its values can be listed."""
    facts = set(facts_of(part))
    if len(facts) == 1 and _values(CATALOGUE[min(facts)]):
        return min(facts)
    return None


def _values(spec: FactSpec) -> tuple[str | bool, ...]:
    return (True, False) if spec.type == "boolean" else spec.values


def _table(fact: str, parts: Sequence[Predicate], conditions: Conditions) -> exp.Expr:
    """The bits left standing by each value of the fact, as the Python function works them out."""
    evaluate = python_function([((), part) for part in parts])
    unknown = evaluate({})
    table = exp.Case(this=conditions.value(fact))
    for value in _values(CATALOGUE[fact]):
        standing = evaluate({fact: value})
        if standing != unknown:
            table = table.when(literal(value), bigint(standing), copy=False)
    return exp.Paren(this=table.else_(bigint(unknown), copy=False))


def _bit_and(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.BitwiseAnd(this=left, expression=right)


def _bit_or(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.BitwiseOr(this=left, expression=right)
