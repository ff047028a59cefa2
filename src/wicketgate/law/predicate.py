"""The typed form of a rule's predicate.

Negation exists only at the leaves, and ``present`` cannot be negated at all.
So a fact that becomes unknown can turn TRUE into unknown and never the other
way round: silence cannot help a request, whatever a rule says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from wicketgate.core.catalogue import CATALOGUE

Operator: TypeAlias = Literal["=", "<>", "<", "<=", ">", ">="]
NEGATED: dict[Operator, Operator] = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


@dataclass(frozen=True, slots=True)
class Number:
    """An integer literal, a resolved parameter or a resolved switch."""

    value: int


@dataclass(frozen=True, slots=True)
class Day:
    """A resolved parameter that is a day."""

    value: date


@dataclass(frozen=True, slots=True)
class Quantity:
    """An integer fact, or a date fact as the number of its day."""

    fact: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many entries a list fact has."""

    fact: str


@dataclass(frozen=True, slots=True)
class Sum:
    """`left` plus `right`, or `left` minus `right`; a date and a number of days make a date."""

    left: Arithmetic
    right: Arithmetic
    minus: bool


Arithmetic: TypeAlias = Number | Day | Quantity | Count | Sum


@dataclass(frozen=True, slots=True)
class Constant:
    """What is left of a comparison with a switch once the switch is resolved."""

    value: bool


@dataclass(frozen=True, slots=True)
class Flag:
    """A boolean fact that must be known and equal to `wanted`."""

    fact: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class Present:
    """The fact is known."""

    fact: str


@dataclass(frozen=True, slots=True)
class Member:
    """The fact is known and is (or, negated, is not) one of the literals."""

    fact: str
    values: tuple[str, ...] | tuple[int, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Entries:
    """The list is known, and `every` entry (else: some entry) is, or negated is not, one of the literals.

    A list without entries is unknown, so nothing is true of every entry of none.
    """

    fact: str
    values: tuple[str, ...]
    every: bool
    negated: bool


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison of integers or of dates; unknown when a fact in it is."""

    left: Arithmetic
    operator: Operator
    right: Arithmetic


@dataclass(frozen=True, slots=True)
class All:
    """Every part is TRUE."""

    parts: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part is TRUE."""

    parts: tuple[Predicate, ...]


Predicate: TypeAlias = Constant | Flag | Present | Member | Entries | Compare | All | Any


def facts_of(node: Predicate | Arithmetic) -> Iterator[str]:
    """The facts that are read, in the order of their first reading, possibly repeated."""
    match node:
        case All(parts) | Any(parts):
            for part in parts:
                yield from facts_of(part)
        case Compare(left, _, right) | Sum(left, right, _):
            yield from facts_of(left)
            yield from facts_of(right)
        case Flag() | Present() | Member() | Entries() | Quantity() | Count():
            yield node.fact
        case Constant() | Number() | Day():
            pass


def known_when_true(node: Predicate) -> frozenset[str]:
    """The facts that are known whenever the predicate is TRUE, because some leaf must have read them."""
    match node:
        case All(parts):
            return frozenset[str]().union(*map(known_when_true, parts))
        case Any(parts):
            return frozenset.intersection(*map(known_when_true, parts))
        case _:
            return frozenset(facts_of(node))


def interval(node: Arithmetic) -> tuple[int, int]:
    """The least and the greatest value that the declared bounds allow."""
    match node:
        case Number(value):
            return value, value
        case Day(value):
            return value.toordinal(), value.toordinal()
        case Quantity(fact) | Count(fact):
            return CATALOGUE[fact].minimum, CATALOGUE[fact].maximum
        case Sum(left, right, minus):
            low, high = interval(left)
            right_low, right_high = interval(right)
            return (low - right_high, high - right_low) if minus else (low + right_low, high + right_high)


def is_date(node: Arithmetic) -> bool:
    """True when the value is a day, false when it is a number."""
    match node:
        case Day():
            return True
        case Quantity(fact):
            return CATALOGUE[fact].type == "date"
        case Sum(left, right, _):
            return is_date(left) is not is_date(right)
        case Number() | Count():
            return False


def conjunction(parts: tuple[Predicate, ...]) -> Predicate:
    """AND, with resolved switches folded away."""
    return _folded(parts, All, neutral=True)


def disjunction(parts: tuple[Predicate, ...]) -> Predicate:
    """OR, with resolved switches folded away."""
    return _folded(parts, Any, neutral=False)


def _folded(parts: tuple[Predicate, ...], kind: type[All] | type[Any], *, neutral: bool) -> Predicate:
    if Constant(not neutral) in parts:
        return Constant(not neutral)
    flat: list[Predicate] = []
    for part in parts:
        if isinstance(part, kind):
            flat.extend(part.parts)
        elif part != Constant(neutral):
            flat.append(part)
    if not flat:
        return Constant(neutral)
    return flat[0] if len(flat) == 1 else kind(tuple(flat))
