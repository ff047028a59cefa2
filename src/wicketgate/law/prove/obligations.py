"""What must be proved of an authority before anybody relies on it.

To *pass* is to be sufficient: every element that weighs more than a note is shown. To be
*deficient* is that an element that weighs as a defect is not shown. Where it matters both
levels are proved, so that nothing that must stop a request merely sends it to a person:
silence, a missing fact that a defect needs, an overlay and a stricter answer are compared
at both. A note never decides, so it is held only to what concerns it alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from wicketgate.core.finding import Severity
from wicketgate.law.compiled import CompiledLaw
from wicketgate.law.element import Element
from wicketgate.law.mutants import dropped, spelled
from wicketgate.law.predicate import (
    All,
    Any,
    Arithmetic,
    Compare,
    Constant,
    Count,
    Day,
    Number,
    Predicate,
    Present,
    Quantity,
    Sum,
    facts_of,
)
from wicketgate.law.prove.smt import Space, Writer, element_symbol, every, literal, number, some
from wicketgate.law.python_code import Rule

_WEIGHT = {Severity.DEFECT: 2, Severity.REFER: 1, Severity.NOTE: 0}
_INT64 = 2**63


class Kind(StrEnum):
    """The kinds of obligations, in the order in which they are proved and reported."""

    ROUTE = "some request can pass"
    NO_ROUTE = "no request can pass"
    SILENCE = "a silent request is deficient"
    NEEDED = "no request passes without a fact that is needed"
    ALONE = "no element is shown without a fact that it needs"
    TOGETHER = "no two elements contradict each other"
    CAN_FAIL = "every element can fail on known facts"
    ONLY = "every element can be the only finding"
    IMPLIED = "what is declared implied is implied"
    PART = "every part of a rule decides something"
    ERASED = "erasing a fact shows nothing more"
    BOUNDS = "no number leaves 64 bits"
    OVERLAY = "an overlay only adds"
    SWITCH = "a stricter answer is at least as strict"


@dataclass(frozen=True, slots=True)
class Term:
    """A condition on a request, for the solvers and in words."""

    smt: str
    words: str


@dataclass(frozen=True, slots=True)
class Obligation:
    """All `terms` at once must be possible for some request, or (`possible` false) for none."""

    kind: Kind
    subject: str
    terms: tuple[Term, ...]
    possible: bool


class Obligations:
    """The obligations that concern one law by itself, as terms over `smt.definitions` of it."""

    def __init__(self, law: CompiledLaw, space: Space) -> None:
        self.law, self.space = law, space
        self.rules = list(zip(law.elements, law.rules, strict=True))
        self.closed = closed(law)
        self._writer = Writer(space)

    def all(self) -> Iterator[Obligation]:
        """Every obligation, in the order of their kinds."""
        yield from self._route()
        yield from self._silence()
        yield from self._needed()
        yield from self._alone()
        yield from self._together()
        yield from self._can_fail()
        yield from self._only()
        yield from self._implied()
        yield from self._parts()
        yield from self._erased()
        yield from self._bounds()

    def _route(self) -> Iterator[Obligation]:
        if self.closed:
            subject = ", ".join(self.closed)
            yield Obligation(Kind.NO_ROUTE, subject, (Term("(not |deficient|)", "not deficient"),), False)
            return
        weighs = [element for element, _ in self.rules if element.severity is not Severity.NOTE]
        yield Obligation(Kind.ROUTE, "", tuple(map(_shown, weighs)), True)

    def _silence(self) -> Iterator[Obligation]:
        silent = tuple(self._unknown(fact) for fact in self.space.facts)
        yield Obligation(Kind.SILENCE, "", (*silent, Term("(not |deficient|)", "not deficient")), False)

    def _needed(self) -> Iterator[Obligation]:
        """Without a fact that a defect needs a request is deficient; a referral's fact lets none pass."""
        weight: dict[str, int] = {}
        for element, (needs, _) in self.rules:
            for fact in needs:
                weight[fact] = max(weight.get(fact, 0), _WEIGHT[element.severity])
        spared = {
            _WEIGHT[Severity.DEFECT]: Term("(not |deficient|)", "the request is not deficient"),
            _WEIGHT[Severity.REFER]: Term("|passes|", "the request passes"),
        }
        for fact in self.space.facts:
            if term := spared.get(weight.get(fact, 0)):
                yield Obligation(Kind.NEEDED, fact, (self._unknown(fact), term), False)

    def _alone(self) -> Iterator[Obligation]:
        for element, (needs, _) in self.rules:
            for fact in needs:
                terms = (_shown(element), self._unknown(fact))
                yield Obligation(Kind.ALONE, f"{element.id} without {fact}", terms, False)

    def _together(self) -> Iterator[Obligation]:
        """One request that shows every element settles every pair of them."""
        open_elements = [element for element, _ in self.rules if element.id not in self.closed]
        pairs = len(open_elements) * (len(open_elements) - 1) // 2
        yield Obligation(Kind.TOGETHER, f"{pairs} pairs", tuple(map(_shown, open_elements)), True)

    def _can_fail(self) -> Iterator[Obligation]:
        for element, rule in self.rules:
            if element.id not in self.closed and not self._answered(rule):
                yield Obligation(Kind.CAN_FAIL, element.id, (*self._compared(rule), _missing(element)), True)

    def _only(self) -> Iterator[Obligation]:
        """The finding stands alone, and not for something missing, which is proved apart.

        Elements of the same code that weigh less are silent beside it. An overlay may repeat
        what the authority asks, so the authority's elements are judged without overlays, and
        an overlay's without the others'.
        """
        for element, rule in self.rules:
            if element.implied_by:
                continue
            beside = [
                _shown(other)
                for other, _ in self.rules
                if other is not element
                and other.id not in self.closed
                and other.origin in ("", element.origin)
                and not (other.code == element.code and _WEIGHT[other.severity] < _WEIGHT[element.severity])
            ]
            terms = (_missing(element), *self._compared(rule), *beside)
            yield Obligation(Kind.ONLY, element.id, terms, True)

    def _implied(self) -> Iterator[Obligation]:
        known = {element.id: element for element, _ in self.rules}
        for element, _ in self.rules:
            if element.implied_by:
                # One that is not in force implies nothing.
                premises = tuple(_shown(known[other]) for other in element.implied_by if other in known)
                subject = f"{element.id} by {', '.join(element.implied_by)}"
                yield Obligation(Kind.IMPLIED, subject, (*premises, _missing(element)), False)

    def _parts(self) -> Iterator[Obligation]:
        for element, rule in self.rules:
            _, predicate = rule
            whole = self._writer.truth(predicate)
            for part, without in _without_parts(predicate):
                differs = f"(distinct {whole} {self._writer.truth(without)})"
                words = f"the rule says otherwise without {spelled(part)}"
                subject = f"{element.id}: {spelled(part)}"
                yield Obligation(Kind.PART, subject, (*self._compared(rule), Term(differs, words)), True)

    def _erased(self) -> Iterator[Obligation]:
        """For one fact at a time, which by repetition covers every set of facts, and every level."""
        for fact in self.space.facts:
            silent = Writer(self.space, silent=fact)
            more = [
                every([silent.shown(rule), f"(not {element_symbol(element.id)})"])
                for element, rule in self.rules
                if fact in _read(rule)
            ]
            words = f"an element is shown only because {fact} is not known"
            yield Obligation(Kind.ERASED, fact, (Term(some(more), words),), False)

    def _bounds(self) -> Iterator[Obligation]:
        low, high = literal(-_INT64), literal(_INT64 - 1)
        for element, (_, predicate) in self.rules:
            numbers = dict.fromkeys(number(node) for node in _arithmetic(predicate))
            if numbers:
                outside = some([f"(or (< {text} {low}) (> {text} {high}))" for text in numbers])
                term = Term(outside, "a number of the rule needs more than 64 bits")
                yield Obligation(Kind.BOUNDS, element.id, (term,), False)

    def _known(self, fact: str) -> Term:
        return Term(self._writer.known(fact), f"{fact} is known")

    def _unknown(self, fact: str) -> Term:
        return Term(f"(not {self._writer.known(fact)})", f"{fact} is not known")

    def _compared(self, rule: Rule) -> tuple[Term, ...]:
        """Everything that the rule compares is known; what it only asks to be present may be missing."""
        needs, predicate = rule
        compared = set(_compared(predicate))
        asked = set(facts_of(predicate)) - compared
        return tuple(self._known(fact) for fact in sorted({*needs, *compared} - asked))

    def _answered(self, rule: Rule) -> bool:
        """A switch that is not at its default has already answered the element."""
        return rule[1] == Constant(value=True) and _switched(self.law)


def closed(law: CompiledLaw) -> tuple[str, ...]:
    """The elements that are never shown: declared so, or because of a switch that the custodian turned."""
    return tuple(
        element.id
        for element, (_, predicate) in zip(law.elements, law.rules, strict=True)
        if element.never or (predicate == Constant(value=False) and _switched(law))
    )


def adds(kind: Kind, subject: str, stricter: str, looser: str) -> tuple[Obligation, Obligation]:
    """What passes the stricter version passes the looser; what the looser denies the stricter denies."""
    return (
        Obligation(
            kind,
            f"{subject}: what passes",
            (
                Term(f"|{stricter}passes|", f"passes {stricter}"),
                Term(f"(not |{looser}passes|)", f"does not pass {looser}"),
            ),
            False,
        ),
        Obligation(
            kind,
            f"{subject}: what is deficient",
            (
                Term(f"|{looser}deficient|", f"is deficient {looser}"),
                Term(f"(not |{stricter}deficient|)", f"is not deficient {stricter}"),
            ),
            False,
        ),
    )


def _switched(law: CompiledLaw) -> bool:
    defaults = {switch.name: switch.default for switch in law.authority.switch_table}
    return dict(law.authority.switches) != defaults


def _shown(element: Element) -> Term:
    return Term(element_symbol(element.id), f"{element.id} is shown")


def _missing(element: Element) -> Term:
    return Term(f"(not {element_symbol(element.id)})", f"{element.id} is not shown")


def _read(rule: Rule) -> set[str]:
    needs, predicate = rule
    return {*needs, *facts_of(predicate)}


def _compared(node: Predicate) -> Iterator[str]:
    match node:
        case All(parts) | Any(parts):
            for part in parts:
                yield from _compared(part)
        case Present() | Constant():
            pass
        case _:
            yield from facts_of(node)


def _without_parts(node: Predicate) -> Iterator[tuple[Predicate, Predicate]]:
    """(part, the whole without it) for every part of every AND and OR, at any depth."""
    if not isinstance(node, All | Any):
        return
    yield from dropped(node)
    for index, part in enumerate(node.parts):
        for inner, changed in _without_parts(part):
            yield inner, type(node)((*node.parts[:index], changed, *node.parts[index + 1 :]))


def _arithmetic(node: Predicate | Arithmetic) -> Iterator[Arithmetic]:
    match node:
        case All(parts) | Any(parts):
            for part in parts:
                yield from _arithmetic(part)
        case Compare(left, _, right):
            yield from _arithmetic(left)
            yield from _arithmetic(right)
        case Sum(left, right, _):
            yield node
            yield from _arithmetic(left)
            yield from _arithmetic(right)
        case Number() | Day() | Quantity() | Count():
            yield node
        case _:
            pass
