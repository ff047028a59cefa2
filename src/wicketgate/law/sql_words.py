"""Writes an authority's predicates as SQL words of element bits, for every engine alike.

A bit is set only by ``CASE WHEN predicate THEN bit ELSE 0 END``, so an unknown predicate can
never set it. How an engine reads a fact out of a column, or finds it unknown, is the one
thing that the engines do not share.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, reduce
from typing import TypeAlias

from sqlglot import exp

from wicketgate.core.catalogue import CATALOGUE
from wicketgate.core.facts import FactSpec
from wicketgate.law.predicate import (
    All,
    Any,
    Arithmetic,
    Compare,
    Constant,
    Flag,
    Member,
    Number,
    Predicate,
    Present,
    Quantity,
    Sum,
)
from wicketgate.law.python_code import Rule

WORD_BITS = 62
"""Element bits in one BIGINT: never the sign, and one to spare."""

Reader: TypeAlias = Callable[[FactSpec], exp.Expr]
"""SQL for a fact: its column when type and bounds hold, else NULL."""

_COMPARISONS: dict[str, type[exp.Binary]] = {
    "=": exp.EQ,
    "<>": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}


def sql_words(rules: Sequence[Rule], reader: Reader, dialect: str) -> list[str]:
    """SQL expressions; bit *i* of word *w* says that rule ``62 * w + i`` is shown."""
    write = _Writer(reader)
    return [
        reduce(_bit_or, [write.bit(rule, i) for i, rule in enumerate(rules[start : start + WORD_BITS])]).sql(
            dialect=dialect
        )
        for start in range(0, len(rules), WORD_BITS)
    ]


class _Writer:
    def __init__(self, reader: Reader) -> None:
        self._read = cache(lambda fact: reader(CATALOGUE[fact]))

    def bit(self, rule: Rule, bit: int) -> exp.Expr:
        needs, predicate = rule
        known: list[exp.Expr] = [self._known(fact) for fact in needs]
        condition = exp.and_(*known, self._condition(predicate), copy=False)
        return exp.Case().when(condition, bigint(1 << bit), copy=False).else_(bigint(0), copy=False)

    def _condition(self, node: Predicate) -> exp.Expr:
        match node:
            case Constant(value):
                return exp.Boolean(this=value)
            case Flag(fact, wanted):
                return self._value(fact) if wanted else exp.Not(this=self._value(fact))
            case Present(fact):
                return self._known(fact)
            case Member(fact, values, negated):
                literals = [text(v) if isinstance(v, str) else exp.Literal.number(v) for v in values]
                inside = exp.In(this=self._value(fact), expressions=literals)
                return exp.Not(this=inside) if negated else inside
            case Compare(left, operator, right):
                return _COMPARISONS[operator](this=self._number(left), expression=self._number(right))
            case All(parts):
                return exp.and_(*(self._condition(part) for part in parts), copy=False)
            case Any(parts):
                return exp.or_(*(self._condition(part) for part in parts), copy=False)

    def _number(self, node: Arithmetic) -> exp.Expr:
        match node:
            case Number(value):
                return bigint(value)
            case Quantity(fact):
                return self._value(fact)
            case Sum(left, right, minus):
                kind = exp.Sub if minus else exp.Add
                total = kind(this=self._number(left), expression=exp.Paren(this=self._number(right)))
                return exp.Paren(this=total)

    def _known(self, fact: str) -> exp.Expr:
        return exp.Not(this=exp.Is(this=self._value(fact), expression=exp.Null()))

    def _value(self, fact: str) -> exp.Expr:
        return self._read(fact).copy()


def column(spec: FactSpec) -> exp.Expr:
    """The column that is named like the fact."""
    return exp.column(spec.name, quoted=True)


def bounded(spec: FactSpec, value: exp.Expr) -> exp.Expr:
    """The test that an integer or a text lies within the fact's bounds."""
    if spec.type == "integer":
        return exp.Between(this=value.copy(), low=bigint(spec.minimum), high=bigint(spec.maximum))
    if spec.values:
        return exp.In(this=value.copy(), expressions=[text(allowed) for allowed in spec.values])
    return exp.Between(this=exp.func("LENGTH", value.copy()), low=bigint(1), high=bigint(spec.longest))


def when(condition: exp.Expr, value: exp.Expr) -> exp.Expr:
    """The value where the condition holds, else NULL."""
    return exp.Paren(this=exp.Case().when(condition, value, copy=False))


def one_of(value: exp.Expr, texts: Sequence[str]) -> exp.Expr:
    """The test that a text is one of several."""
    return exp.In(this=value, expressions=[text(each) for each in texts])


def collated(value: exp.Expr, collation: str) -> exp.Expr:
    """The text under a collation that makes only equal code points equal."""
    return exp.Collate(this=exp.Paren(this=value), expression=exp.to_identifier(collation, quoted=True))


def text(value: str) -> exp.Expr:
    """A text literal."""
    return exp.Literal.string(value)


def bigint(value: int) -> exp.Expr:
    """An integer literal of 64 bits."""
    return exp.cast(exp.Literal.number(value), "BIGINT")


def _bit_or(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.BitwiseOr(this=left, expression=right)
