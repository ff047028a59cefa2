"""Small mistakes that somebody could make in a rule, made systematically.

Each mutant is one element with one change. A conformance suite is good when it tells
every mutant from the law, unless the change provably changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from wicketgate.core.catalogue import CATALOGUE
from wicketgate.core.finding import Severity
from wicketgate.law.authority import Authority
from wicketgate.law.compiled import CompiledLaw
from wicketgate.law.element import Element
from wicketgate.law.predicate import (
    NEGATED,
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
)
from wicketgate.law.python_code import Rule

_NEXT: dict[Operator, Operator] = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "=": ">=", "<>": ">"}
_LAXER = {
    Severity.DEFECT: (Severity.REFER, Severity.NOTE),
    Severity.REFER: (Severity.NOTE,),
    Severity.NOTE: (),
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One element changed: its rule, its severity, or (rule None) the whole element dropped."""

    index: int
    element: Element
    change: str
    rule: Rule | None

    def law(self, law: CompiledLaw) -> CompiledLaw:
        """The law with this mistake in it."""
        elements, rules = list(law.elements), list(law.rules)
        if self.rule is None:
            del elements[self.index], rules[self.index]
        else:
            elements[self.index], rules[self.index] = self.element, self.rule
        authority: Authority = replace(law.authority, elements=tuple(elements))
        return CompiledLaw(authority, rules)


def mutants(law: CompiledLaw) -> Iterator[Mutant]:
    """Every mutant of every element, in the elements' order."""
    for index in range(len(law.elements)):
        yield from mutants_of(law, index)


def mutants_of(law: CompiledLaw, index: int) -> Iterator[Mutant]:
    """Every mutant of one element."""
    element, rule = law.elements[index], law.rules[index]
    needs, predicate = rule
    made = {rule}
    for change, changed in _rules(law, needs, predicate):
        if changed not in made:
            made.add(changed)
            yield Mutant(index, element, f"{element.id}: {change}", changed)
    for severity in _LAXER[element.severity]:
        weaker = replace(element, severity=severity)
        yield Mutant(index, weaker, f"{element.id}: {element.severity} becomes {severity}", rule)
    yield Mutant(index, element, f"{element.id}: dropped", None)


def _rules(law: CompiledLaw, needs: tuple[str, ...], predicate: Predicate) -> Iterator[tuple[str, Rule]]:
    for change, changed in _changes(law, predicate):
        yield change, (needs, changed)
    for value in (True, False):
        yield f"the whole becomes {str(value).upper()}", (needs, Constant(value))
    for fact in needs:
        yield f"{fact} no longer needed", (tuple(need for need in needs if need != fact), predicate)
    yield "nothing needed", ((), predicate)


def _changes(law: CompiledLaw, node: Predicate) -> Iterator[tuple[str, Predicate]]:
    """(the change in words, the whole predicate changed) for every single change inside `node`."""
    if not isinstance(node, All | Any):
        yield from _leaf(law, node)
        return
    first = f"after {_short(spelled(node.parts[0]))}"
    yield (
        (f"AND becomes OR {first}", Any(node.parts))
        if isinstance(node, All)
        else (
            f"OR becomes AND {first}",
            All(node.parts),
        )
    )
    for part, rest in dropped(node):
        yield f"{_short(spelled(part))} left out", rest
    for index, part in enumerate(node.parts):
        for change, changed in _changes(law, part):
            yield change, type(node)((*node.parts[:index], changed, *node.parts[index + 1 :]))


def dropped(node: All | Any) -> Iterator[tuple[Predicate, Predicate]]:
    """(part, the rest without it) for every part of an AND or OR."""
    for index, part in enumerate(node.parts):
        rest = (*node.parts[:index], *node.parts[index + 1 :])
        yield part, rest[0] if len(rest) == 1 else type(node)(rest)


def _leaf(law: CompiledLaw, node: Predicate) -> Iterator[tuple[str, Predicate]]:
    match node:
        case Flag(fact, wanted):
            yield _becomes(node, Flag(fact, not wanted))
            yield _becomes(node, Present(fact))
        case Member():
            yield from _memberships(law, node)
        case Entries():
            yield _becomes(node, replace(node, every=not node.every))
            yield _becomes(node, replace(node, every=not node.every, negated=not node.negated))
            yield from _memberships(law, node)
        case Compare(left, operator, right):
            for other in dict.fromkeys((NEGATED[operator], _NEXT[operator])):
                yield _becomes(node, Compare(left, other, right))
            for side in _shifted(left):
                yield _becomes(node, Compare(side, operator, right))
            for side in _shifted(right):
                yield _becomes(node, Compare(left, operator, side))
        case _:
            pass


def _becomes(node: Predicate, changed: Predicate) -> tuple[str, Predicate]:
    return f"{_short(spelled(node))} becomes {_short(spelled(changed))}", changed


def _memberships(law: CompiledLaw, node: Member | Entries) -> Iterator[tuple[str, Predicate]]:
    yield _becomes(node, replace(node, negated=not node.negated))
    yield _becomes(node, Present(node.fact))
    known = CATALOGUE[node.fact].values or law.authority.vocabulary.domains.get(node.fact, ())
    others: list[str] = [value for value in known if value not in node.values]
    listed = _short(spelled(node))
    for index, value in enumerate(node.values):
        before, after = node.values[:index], node.values[index + 1 :]
        if before or after:
            yield f"{listed} loses {value!r}", replace(node, values=(*before, *after))
        wrong: str | int = value + 1 if isinstance(value, int) else f"{value}x"
        for other in others[:1] if known else [wrong]:
            yield f"{listed} has {other!r} for {value!r}", _with_values(node, (*before, other, *after))
    for other in others:
        yield f"{listed} gains {other!r}", _with_values(node, (*node.values, other))


def _with_values(node: Member | Entries, values: tuple[str | int, ...]) -> Predicate:
    return replace(node, values=values)  # type: ignore[arg-type]


def _shifted(node: Arithmetic) -> Iterator[Arithmetic]:
    """The same with one number changed: by one, and as if a zero had been added."""
    match node:
        case Number(value):
            yield from (Number(value + 1), Number(value - 1))
            if value:
                yield Number(value * 10)
        case Day(value):
            yield from (Day(value + timedelta(days=1)), Day(value - timedelta(days=1)))
        case Sum(left, right, minus):
            yield Sum(left, right, not minus)
            for side in _shifted(left):
                yield Sum(side, right, minus)
            for side in _shifted(right):
                yield Sum(left, side, minus)
        case Quantity() | Count():
            pass


def _short(text: str) -> str:
    return text if len(text) <= 90 else text[:89] + "…"


def spelled(node: Predicate | Arithmetic) -> str:
    """The predicate as the rule language writes it."""
    match node:
        case Constant(value):
            return str(value).upper()
        case Flag(fact, wanted):
            return fact if wanted else f"NOT {fact}"
        case Present(fact):
            return f"present({fact})"
        case Member(fact, values, negated):
            texts = [repr(value) for value in values]
            if len(texts) == 1:
                return f"{fact} {'<>' if negated else '='} {texts[0]}"
            return f"{fact} {'NOT IN' if negated else 'IN'} ({', '.join(texts)})"
        case Entries(fact, values, every, negated):
            listed = ", ".join(map(repr, values))
            return f"{'each' if every else 'some'}({fact} {'NOT IN' if negated else 'IN'} ({listed}))"
        case Compare(left, operator, right):
            return f"{spelled(left)} {operator} {spelled(right)}"
        case All(parts):
            return "(" + " AND ".join(spelled(part) for part in parts) + ")"
        case Any(parts):
            return "(" + " OR ".join(spelled(part) for part in parts) + ")"
        case Number() | Day():
            return str(node.value)
        case Quantity(fact):
            return fact
        case Count(fact):
            return f"count({fact})"
        case Sum(left, right, minus):
            return f"({spelled(left)} {'-' if minus else '+'} {spelled(right)})"
