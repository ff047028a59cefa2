"""SQL text of the tests that predicates make, for every engine alike.

What the engines do not share is an `Engine`: how a fact is read out of a column, or found
unknown, and how the entries of a list are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlglot import exp

from wicketgate.core.catalogue import CATALOGUE
from wicketgate.core.facts import FactSpec
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
    Operator,
    Predicate,
    Present,
    Quantity,
    Sum,
    facts_of,
)

ENTRY = "entry"
"""The name of a list's entry in a condition about it."""
DAY_ONE = date(1, 1, 1)
"""The day whose number is 1."""


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine that reads SQL: the name of its dialect and what no other engine shares.

    `read` gives a fact's column when its type is the fact's, else NULL, and a date as the
    number of its day; bounds are tested here. `collation` makes only equal code points equal.
    `count` counts the entries of a list for which a condition about `ENTRY` is TRUE.
    """

    dialect: str
    read: Callable[[FactSpec], exp.Expr]
    collation: str
    count: Callable[[exp.Expr, exp.Expr], exp.Expr]


_COMPARISONS: dict[Operator, type[exp.Binary]] = {
    "=": exp.EQ,
    "<>": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}


class Conditions:
    """Writes a predicate as a condition that is TRUE exactly when the predicate is.

    Negation stands at the leaves and only TRUE counts, so a leaf may be FALSE where it is
    unknown. That lets each leaf test bounds and value at once: `x <> 'a'` of a listed fact is
    the list without `a`.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._read = cache(lambda fact: engine.read(CATALOGUE[fact]))

    def condition(self, node: Predicate, known: frozenset[str] = frozenset()) -> exp.Expr:
        """The condition; it may be NULL or FALSE where the predicate is not TRUE.

        It is joined by AND with tests that the facts in `known` are known.
        """
        match node:
            case Constant(value):
                return exp.Boolean(this=value)
            case Flag(fact, wanted):
                return self.value(fact) if wanted else exp.Not(this=self.value(fact))
            case Present(fact):
                return self._known(fact)
            case Member(fact, values, negated):
                return self._without(fact, values, known) if negated else self._among(fact, values)
            case Entries(fact, values, every, negated):
                return self._entries(fact, values, every=every, negated=negated)
            case Compare(Quantity(fact), operator, Number(limit)) if operator not in ("=", "<>"):
                return self._within(fact, operator, limit)
            case Compare(Quantity(fact), operator, Day(day)) if operator not in ("=", "<>"):
                return self._within(fact, operator, day.toordinal())
            case Compare(left, operator, right):
                terms = [self._known(fact) for fact in dict.fromkeys(facts_of(node))]
                compared = _COMPARISONS[operator](this=self._number(left), expression=self._number(right))
                # No sum is worked out before its terms are known to be small enough.
                return when(exp.and_(*terms, copy=False), compared) if terms else compared
            case All(parts):
                known |= {part.fact for part in parts if isinstance(part, Present)}
                return exp.and_(*(self.condition(part, known) for part in parts), copy=False)
            case Any(parts):
                return exp.or_(*(self.condition(part, known) for part in parts), copy=False)

    def value(self, fact: str) -> exp.Expr:
        """The fact's column, NULL when its type is not the fact's."""
        return self._read(fact).copy()

    def _known(self, fact: str) -> exp.Expr:
        spec = CATALOGUE[fact]
        if spec.type == "boolean":
            return exp.Not(this=exp.Is(this=self.value(fact), expression=exp.Null()))
        if spec.type in ("integer", "date"):
            return _between(self.value(fact), spec.minimum, spec.maximum)
        if spec.type == "list":
            return exp.and_(
                _between(self._count(fact), spec.minimum, spec.maximum),
                exp.EQ(this=self._count(fact, self._possible(spec)), expression=self._count(fact)),
                copy=False,
            )
        if spec.values:
            return self._among(fact, spec.values)
        return _between(exp.func("LENGTH", self.value(fact)), 1, spec.longest)

    def _among(self, fact: str, values: Sequence[str | int]) -> exp.Expr:
        literals = [literal(value) for value in values if CATALOGUE[fact].admit(value) is not None]
        if not literals:
            return exp.Boolean(this=False)
        # OR, not IN: DuckDB then looks only at the rows that no earlier value has settled.
        return exp.or_(*(exp.EQ(this=self.value(fact), expression=each) for each in literals), copy=False)

    def _without(self, fact: str, values: Sequence[str | int], known: frozenset[str]) -> exp.Expr:
        listed = CATALOGUE[fact].values
        if listed:
            return self._among(fact, [value for value in listed if value not in values])
        outside = [exp.NEQ(this=self.value(fact), expression=literal(value)) for value in values]
        return exp.and_(*(() if fact in known else (self._known(fact),)), *outside, copy=False)

    def _within(self, fact: str, operator: Operator, limit: int) -> exp.Expr:
        low, high = CATALOGUE[fact].minimum, CATALOGUE[fact].maximum
        if operator in (">", ">="):
            low = max(low, limit + (operator == ">"))
        else:
            high = min(high, limit - (operator == "<"))
        return _between(self.value(fact), low, high)

    def _entries(self, fact: str, values: Sequence[str], *, every: bool, negated: bool) -> exp.Expr:
        among: exp.Expr = one_of(self._entry(), values)
        counted = self._count(fact, exp.Not(this=among) if negated else among)
        meets: exp.Expr = exp.EQ(this=counted, expression=self._count(fact))
        if not every:
            meets = exp.GTE(this=counted, expression=bigint(1))
        return exp.and_(self._known(fact), meets, copy=False)

    def _possible(self, spec: FactSpec) -> exp.Expr:
        """The condition that an entry is one that the fact may have."""
        if spec.values:
            return one_of(self._entry(), spec.values)
        return _between(exp.func("LENGTH", self._entry()), 1, spec.longest)

    def _entry(self) -> exp.Expr:
        return collated(exp.column(ENTRY), self._engine.collation)

    def _count(self, fact: str, condition: exp.Expr | None = None) -> exp.Expr:
        return self._engine.count(self.value(fact), condition or exp.Boolean(this=True))

    def _number(self, node: Arithmetic) -> exp.Expr:
        match node:
            case Number(value):
                return bigint(value)
            case Day(day):
                return bigint(day.toordinal())
            case Quantity(fact):
                return self.value(fact)
            case Count(fact):
                return self._count(fact)
            case Sum(left, right, minus):
                kind = exp.Sub if minus else exp.Add
                total = kind(this=self._number(left), expression=exp.Paren(this=self._number(right)))
                return exp.Paren(this=total)


def column(spec: FactSpec) -> exp.Expr:
    """The column that is named like the fact."""
    return exp.column(spec.name, quoted=True)


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


def day_one() -> exp.Expr:
    """The day from which days are counted; it has the number 1."""
    return exp.cast(text(DAY_ONE.isoformat()), "DATE")


def numbered(days: exp.Expr) -> exp.Expr:
    """The number of a day that lies so many days after `day_one`."""
    return exp.Paren(this=exp.Add(this=exp.cast(days, "BIGINT"), expression=bigint(1)))


def _between(value: exp.Expr, low: int, high: int) -> exp.Expr:
    return exp.Between(this=value, low=bigint(low), high=bigint(high))


def literal(value: str | int | bool) -> exp.Expr:
    """A literal of a fact's value."""
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    return text(value) if isinstance(value, str) else bigint(value)
