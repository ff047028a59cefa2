"""A predicate in words: what a request must show, with the numbers of the day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from wicketgate.core.catalogue import CATALOGUE
from wicketgate.law.fact_words import CLAIMS, NOUNS
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
    is_date,
)

_IS: Final[dict[Operator, str]] = {
    "=": "is",
    "<>": "is not",
    "<": "is less than",
    "<=": "is at most",
    ">": "is more than",
    ">=": "is at least",
}
_FALLS: Final[dict[Operator, str]] = {
    "=": "is",
    "<>": "is not",
    "<": "is before",
    "<=": "is not after",
    ">": "is after",
    ">=": "is not before",
}
"""The same of days."""


def conditions(node: Predicate) -> tuple[str, ...]:
    """The conditions that must all hold, one text each; an unknown fact shows none of them."""
    return tuple(_words(part) for part in (node.parts if isinstance(node, All) else (node,)))


def known(needs: Sequence[str]) -> tuple[str, ...]:
    """What must be known of the request before anything is looked at."""
    return tuple(NOUNS[fact] if fact in NOUNS else f"whether {CLAIMS[fact][0]}" for fact in needs)


def _words(node: Predicate) -> str:
    match node:
        case Constant(value):
            return "always" if value else "never, whatever the request says"
        case Flag(fact, wanted):
            return CLAIMS[fact][0 if wanted else 1]
        case Present(fact):
            return f"{_noun(fact)} {'are' if CATALOGUE[fact].type == 'list' else 'is'} stated"
        case Member(fact, values, negated):
            return f"{_noun(fact)} is {_one_of(values, negated=negated)}"
        case Compare(left, operator, right):
            said = _FALLS if is_date(left) else _IS
            return f"{_amount(left)} {said[operator]} {_amount(right)}"
        case Entries(fact, values, every, negated):
            return f"{_entries(fact, every=every, negated=negated)} {_one_of(values, negated=False)}"
        case All(parts):
            return ", and ".join(_inner(part) for part in parts)
        case Any(parts):
            return _either(parts)


def _either(parts: Sequence[Predicate]) -> str:
    """An alternative; where one part only says to whom the rest applies, it is told as that."""
    for part in parts:
        if isinstance(part, Member) and part.negated:
            rest = [_inner(other) for other in parts if other is not part]
            applies = f"{_noun(part.fact)} is {_one_of(part.values, negated=False)}"
            return f"if {applies}, then {', or '.join(rest)}"
    return "either " + ", or ".join(_inner(part) for part in parts)


def _inner(node: Predicate) -> str:
    return f"({_words(node)})" if isinstance(node, All | Any) else _words(node)


def _one_of(values: Sequence[str | int], *, negated: bool) -> str:
    texts = [f"“{value.replace('_', ' ')}”" if isinstance(value, str) else str(value) for value in values]
    if len(texts) == 1:
        return f"known and not {texts[0]}" if negated else texts[0]
    listed = f"{', '.join(texts[:-1])} or {texts[-1]}"
    return f"known and none of {listed}" if negated else listed


def _entries(fact: str, *, every: bool, negated: bool) -> str:
    if every:
        return f"{'none' if negated else 'every one'} of {NOUNS[fact]} is"
    return f"at least one of {NOUNS[fact]} is" + (" other than" if negated else "")


def _noun(fact: str) -> str:
    return NOUNS[fact] if fact in NOUNS else f"whether {CLAIMS[fact][0]}"


def _amount(node: Arithmetic) -> str:
    match node:
        case Number(value):
            return str(value)
        case Day(value):
            return f"{value.day} {value:%B %Y}"
        case Quantity(fact):
            return NOUNS[fact]
        case Count(fact):
            return f"the number of {NOUNS[fact].removeprefix('the ')}"
        case Sum(left, right, minus) if is_date(node):
            return f"{_amount(right)} days {'before' if minus else 'after'} {_amount(left)}"
        case Sum(left, right, _) if is_date(right):
            return f"the number of days from {_amount(right)} to {_amount(left)}"
        case Sum(left, right, minus):
            return f"{_amount(left)} {'minus' if minus else 'plus'} {_amount(right)}"
