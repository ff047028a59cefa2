"""Which requests does a new version of an authority treat otherwise than the old one?

Both versions are asked about the same facts. How the facts are read from a request also
depends on the vocabulary, so differences of the vocabulary are named beside the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Final, Literal, TypeAlias

from wicketgate.core.facts import Facts
from wicketgate.core.finding import Determination, Severity
from wicketgate.law.compiled import CompiledLaw
from wicketgate.law.prove.smt import definitions, element_symbol, space_of
from wicketgate.law.prove.solvers import ProofError, Solvers
from wicketgate.law.prove.witness import Finder, lines
from wicketgate.law.python_code import Rule
from wicketgate.law.vocabulary import Entry, Vocabulary

Relation: TypeAlias = Literal["equal", "stricter", "looser", "neither"]
OLD: Final = "old "
NEW: Final = "new "


class Change(StrEnum):
    """What becomes of a request; the first two let more through."""

    PASSES = "newly passes"
    RELIEVED = "is no longer deficient but referred"
    REFERRED = "is newly referred instead of passing"
    DEFICIENT = "is newly deficient"


LOOSER: Final = (Change.PASSES, Change.RELIEVED)


@dataclass(frozen=True, slots=True)
class _Cause:
    """An element of one version, of one of these severities, is not shown, and the rest is as in `terms`."""

    version: str
    severities: tuple[Severity, ...]
    terms: tuple[str, ...]


_CAUSES: Final = {
    Change.PASSES: _Cause(OLD, (Severity.DEFECT, Severity.REFER), ("|new passes|",)),
    Change.RELIEVED: _Cause(OLD, (Severity.DEFECT,), ("(not |new deficient|)", "(not |new passes|)")),
    Change.REFERRED: _Cause(NEW, (Severity.REFER,), ("|old passes|", "(not |new deficient|)")),
    Change.DEFICIENT: _Cause(NEW, (Severity.DEFECT,), ("(not |old deficient|)",)),
}


@dataclass(frozen=True, slots=True)
class Witness:
    """A request that the two versions treat differently, and the elements that make the difference."""

    change: Change
    elements: tuple[str, ...]
    facts: Facts
    old: Determination
    new: Determination
    text: tuple[str, ...]
    """The request in words: how it differs from a complete one."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the new version relates to the old one.

    `relation` is proved by both solvers for every set of facts: ``equal`` determinations,
    or the new version strictly ``stricter`` or ``looser``, or ``neither``. `elements` are
    those that for some request are found otherwise, even where the determination is the
    same; `readings` the differences of vocabulary, parameters and switches.
    """

    relation: Relation
    witnesses: tuple[Witness, ...]
    elements: tuple[str, ...]
    readings: tuple[str, ...]


def compare(old: CompiledLaw, new: CompiledLaw, *, base: Facts | None = None, limit: int = 5) -> Comparison:
    """Compare two versions, with at most `limit` witnesses for each kind of change.

    `base` is a complete request, from which the witnesses differ as little as possible;
    without it, one is taken that passes both versions, or one of them. Raises `ProofError`
    when a solver is missing or the two solvers do not answer alike.
    """
    asked = _Asked(old, new, base)
    looser = asked.any(("|new passes|", "(not |old passes|)"), ("|old deficient|", "(not |new deficient|)"))
    stricter = asked.any(("|old passes|", "(not |new passes|)"), ("|new deficient|", "(not |old deficient|)"))
    relations: dict[tuple[bool, bool], Relation] = {
        (False, False): "equal",
        (False, True): "stricter",
        (True, False): "looser",
        (True, True): "neither",
    }
    witnesses = [w for change in Change for w in islice(asked.witnesses(change), limit)]
    return Comparison(
        relations[looser, stricter], tuple(witnesses), tuple(asked.elements()), tuple(_readings(old, new))
    )


class _Asked:
    """Both versions as one question."""

    def __init__(self, old: CompiledLaw, new: CompiledLaw, base: Facts | None) -> None:
        self.old, self.new = old, new
        space = space_of(old, new)
        script = [space.declarations(), definitions(old, space, OLD), definitions(new, space, NEW)]
        self.solvers = Solvers("\n".join(script))
        self.finder = Finder(self.solvers, space, base or {}, (*old.rules, *new.rules))
        self.versions = {OLD: _by_id(old), NEW: _by_id(new)}
        self.changed = [
            identity
            for identity in dict.fromkeys((*self.versions[OLD], *self.versions[NEW]))
            if self.versions[OLD].get(identity) != self.versions[NEW].get(identity)
        ]
        self._told: set[tuple[bool, tuple[str, ...]]] = set()
        if base is None:
            self.finder.base = self._complete()

    def any(self, *questions: tuple[str, ...]) -> bool:
        """Can the terms of any question hold at once?"""
        return any(self._possible(terms) for terms in questions)

    def elements(self) -> Iterator[str]:
        """The elements that are found otherwise for some request."""
        for identity in self.changed:
            old, new = (self.versions[version].get(identity) for version in (OLD, NEW))
            shown = [element_symbol(identity, v) for v in (OLD, NEW) if identity in self.versions[v]]
            weight = old is not None and new is not None and old[0] is new[0]
            if self._possible((f"(distinct {' '.join(shown)})" if weight else f"(not {shown[0]})",)):
                yield identity

    def witnesses(self, change: Change) -> Iterator[Witness]:
        """One request for each element that can make the change, unless one has told of it already."""
        cause = _CAUSES[change]
        for identity in self.changed:
            weight, _ = self.versions[cause.version].get(identity, (None, None))
            terms = (f"(not {element_symbol(identity, cause.version)})", *cause.terms)
            told = (change in LOOSER, (identity,)) in self._told
            if told or weight not in cause.severities or not self._possible(terms):
                continue
            facts = {**self.finder.base, **self.finder.nearest(terms)}
            elements = self._responsible(facts)
            if (change in LOOSER, elements) not in self._told:
                self._told |= {(change in LOOSER, elements), (change in LOOSER, (identity,))}
                yield self._witness(change, elements, facts)

    def _complete(self) -> Facts:
        for terms in (("|old passes|", "|new passes|"), ("|old passes|",), ("|new passes|",)):
            if self._possible(terms):
                return self.finder.nearest(terms)
        return {}

    def _possible(self, terms: Sequence[str]) -> bool:
        decision, _ = self.solvers.decide(terms)
        if decision.agreed == "unknown":
            raise ProofError(
                f"z3 says {decision.z3} and cvc5 says {decision.cvc5}, so the versions cannot be compared."
            )
        return decision.agreed == "sat"

    def _responsible(self, facts: Facts) -> tuple[str, ...]:
        old, new = (_found(law, facts) for law in (self.old, self.new))
        return tuple(name for name in dict.fromkeys((*old, *new)) if old.get(name) != new.get(name))

    def _witness(self, change: Change, elements: tuple[str, ...], facts: Facts) -> Witness:
        old, new = (law.determination(law.evaluate(facts)) for law in (self.old, self.new))
        return Witness(change, elements, facts, old, new, lines(facts, self.finder.base))


def _by_id(law: CompiledLaw) -> dict[str, tuple[Severity, Rule]]:
    return {e.id: (e.severity, rule) for e, rule in zip(law.elements, law.rules, strict=True)}


def _found(law: CompiledLaw, facts: Facts) -> dict[str, Severity]:
    """The elements that weigh and are not shown."""
    mask = law.evaluate(facts)
    return {
        element.id: element.severity
        for index, element in enumerate(law.elements)
        if not mask >> index & 1 and element.severity is not Severity.NOTE
    }


def _readings(old: CompiledLaw, new: CompiledLaw) -> Iterator[str]:
    """What may change without any rule changing: sentences."""
    first, second = old.authority, new.authority
    yield from _differences("parameter", first.parameters, second.parameters)
    yield from _differences("switch", first.switches, second.switches)
    yield from _vocabulary(first.vocabulary, second.vocabulary)


def _vocabulary(old: Vocabulary, new: Vocabulary) -> Iterator[str]:
    yield from _differences("scope", _scope(old), _scope(new))
    yield from _differences("statute", _entries(old.statutes), _entries(new.statutes))
    yield from _differences("ground", _entries(old.grounds), _entries(new.grounds))
    yield from _differences("item", old.items, new.items)
    for kind in old.phrases:
        yield from _differences(f"{kind} phrase", _listed(old.phrases[kind]), _listed(new.phrases[kind]))


def _differences(what: str, old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[str]:
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) != new.get(name):
            yield f"{what} {name}: {old.get(name, 'none')} before, {new.get(name, 'none')} now"


def _scope(vocabulary: Vocabulary) -> dict[str, object]:
    return _listed(tuple(map(str, vocabulary.scope)))


def _listed(names: tuple[str, ...]) -> dict[str, object]:
    return dict.fromkeys(names, "listed")


def _entries(entries: tuple[Entry, ...]) -> dict[str, object]:
    return {
        f"{entry.cite or f'title {entry.title}'}" + (f" to {entry.last}" if entry.last else ""): (
            f"{entry.kind}, family {entry.family}"
        )
        for entry in entries
    }
