"""Writes an authority's predicates as one plain Python function.

Each fact is read once per call through a guard: a wrong type or a value outside
the declared bounds becomes None, which is unknown.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Sequence

from wicketgate.core.catalogue import CATALOGUE
from wicketgate.core.facts import Facts, day_number
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

Evaluate = Callable[[Facts], int]
Rule = tuple[tuple[str, ...], Predicate]
"""The facts that must be known, and the predicate."""
_PYTHON = {"=": "==", "<>": "!="}


def python_source(rules: Sequence[Rule]) -> str:
    """The source of ``evaluate(facts)``, which sets bit *i* when rule *i* is shown."""
    facts = {fact for needs, predicate in rules for fact in (*needs, *facts_of(predicate))}
    read = [fact for fact in CATALOGUE if fact in facts]
    lines = ["def evaluate(facts):"]
    if read:
        lines.append(f" {', '.join(read)}, = map(facts.get, {tuple(read)!r})")
    lines += [f" {fact} = _day({fact})" for fact in read if CATALOGUE[fact].type == "date"]
    lines += [f" if not ({_guard(fact)}): {fact} = None" for fact in read]
    lines.append(" shown = 0")
    for index, (needs, predicate) in enumerate(rules):
        known = [f"{fact} is not None" for fact in needs]
        lines.append(
            f" if {' and '.join([*known, _true(predicate, frozenset(needs))])}: shown |= {1 << index}"
        )
    lines.append(" return shown")
    return "\n".join(lines)


def python_function(rules: Sequence[Rule]) -> Evaluate:
    """The compiled function. Its source is made of catalogue names and literals only."""
    space: dict[str, typing.Any] = {"_day": day_number}
    exec(compile(python_source(rules), "<authority>", "exec"), space)  # noqa: S102 - our own closed language
    evaluate: Evaluate = space["evaluate"]
    return evaluate


def _guard(fact: str) -> str:
    spec = CATALOGUE[fact]
    if spec.type == "boolean":
        return f"type({fact}) is bool"
    if spec.type in ("integer", "date"):
        return f"type({fact}) is int and {spec.minimum} <= {fact} <= {spec.maximum}"
    if spec.type == "list":
        entry = f"e in {_set(spec.values)}" if spec.values else f"0 < len(e) <= {spec.longest}"
        return (
            f"(type({fact}) is tuple or type({fact}) is list) "
            f"and {spec.minimum} <= len({fact}) <= {spec.maximum} "
            f"and all(type(e) is str and {entry} for e in {fact})"
        )
    if spec.values:
        return f"type({fact}) is str and {fact} in {_set(spec.values)}"
    return f"type({fact}) is str and 0 < len({fact}) <= {spec.longest}"


def _true(node: Predicate, known: frozenset[str]) -> str:
    """A Python condition that holds exactly when the predicate is TRUE; facts in `known` are not None."""
    match node:
        case Constant(value):
            return repr(value)
        case Flag(fact, wanted):
            return f"{fact} is {wanted}"
        case Present(fact):
            return f"{fact} is not None"
        case Member(fact, values, negated):
            unknown = "" if not negated or fact in known else f"{fact} is not None and "
            test = f"{fact} {'not in' if negated else 'in'} {_set(values)}"
            if len(values) == 1:
                test = f"{fact} {'!=' if negated else '=='} {values[0]!r}"
            return f"({unknown}{test})"
        case Entries(fact, values, every, negated):
            unknown = "" if fact in known else f"{fact} is not None and "
            test = f"e {'not in' if negated else 'in'} {_set(values)}"
            return f"({unknown}{'all' if every else 'any'}({test} for e in {fact}))"
        case Compare(left, operator, right):
            guards = [f"{fact} is not None" for fact in dict.fromkeys(facts_of(node)) if fact not in known]
            test = f"{_number(left)} {_PYTHON.get(operator, operator)} {_number(right)}"
            return f"({' and '.join([*guards, test])})"
        case All(parts):
            return "(" + " and ".join(_true(part, known) for part in parts) + ")"
        case Any(parts):
            return "(" + " or ".join(_true(part, known) for part in parts) + ")"


def _number(node: Arithmetic) -> str:
    match node:
        case Number(value):
            return repr(value)
        case Day(value):
            return repr(value.toordinal())
        case Quantity(fact):
            return fact
        case Count(fact):
            return f"len({fact})"
        case Sum(left, right, minus):
            return f"({_number(left)} {'-' if minus else '+'} ({_number(right)}))"


def _set(values: Sequence[str] | Sequence[int]) -> str:
    """A set display of literals, which Python keeps as one constant."""
    return "{" + ", ".join(repr(value) for value in values) + "}"
