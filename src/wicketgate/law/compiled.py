"""An authority compiled once: to a Python function for one request and to SQL for a file of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache

from wicketgate.core.catalogue import CATALOGUE
from wicketgate.core.facts import Facts
from wicketgate.core.finding import Determination, Finding, Severity
from wicketgate.law.authority import Authority
from wicketgate.law.duckdb_sql import WORD_BITS, duckdb_words
from wicketgate.law.element import Element
from wicketgate.law.errors import Place
from wicketgate.law.language import read_predicate
from wicketgate.law.predicate import Constant, facts_of
from wicketgate.law.python_code import Rule, python_function
from wicketgate.law.words import Names

_STRICTEST = (Severity.DEFECT, Severity.REFER, Severity.NOTE)
_WORD = (1 << WORD_BITS) - 1


class CompiledLaw:
    """An authority that can be evaluated. Bit *i* of a mask: element *i* was shown.

    An element is shown when every fact that it needs is known and its predicate is
    TRUE in three-valued logic. A request is sufficient when nothing that weighs
    more than a note is missing.
    """

    def __init__(self, authority: Authority, rules: Sequence[Rule]) -> None:
        self.authority = authority
        self.rules = tuple(rules)
        self._evaluate = python_function(self.rules)
        self._full = (1 << len(self.rules)) - 1
        self._cached_findings = lru_cache(maxsize=65_536)(self._findings)

    @property
    def elements(self) -> tuple[Element, ...]:
        """The elements in the order of their bits."""
        return self.authority.elements

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """The facts that the rules read: the columns that `duckdb_words` expects."""
        read = {fact for needs, predicate in self.rules for fact in (*needs, *facts_of(predicate))}
        return tuple(fact for fact in CATALOGUE if fact in read)

    def evaluate(self, facts: Facts) -> int:
        """The mask of the elements shown by the facts of one request."""
        return self._evaluate(facts)

    def duckdb_words(self) -> list[str]:
        """SQL expressions over the columns `facts`, each a BIGINT with up to 62 element bits."""
        return list(self._words)

    @cached_property
    def _words(self) -> list[str]:
        return duckdb_words(self.rules)

    def shown(self, words: Sequence[int | None]) -> int:
        """The mask from the values of `duckdb_words`; a missing or impossible word shows nothing."""
        mask = 0
        for index, word in enumerate(words):
            if type(word) is int and 0 <= word <= _WORD:
                mask |= word << (WORD_BITS * index)
        return mask & self._full

    def findings(self, shown: int) -> tuple[Finding, ...]:
        """The findings of the elements not shown, in order; worked out once per mask.

        Where elements share a code, only the strictest that were not shown speak for it.
        """
        return self._cached_findings(shown & self._full)

    def determination(self, shown: int) -> Determination:
        """What the review of a request with this mask comes to."""
        return Determination.of(self.findings(shown))

    def _findings(self, shown: int) -> tuple[Finding, ...]:
        missing = [element for index, element in enumerate(self.elements) if not shown >> index & 1]
        strictest: dict[str, Severity] = {}
        for element in missing:
            present = strictest.get(element.code, Severity.NOTE)
            strictest[element.code] = min(present, element.severity, key=_STRICTEST.index)
        return tuple(
            Finding(element.code, element.severity, element.citation, element.message, element.remedy)
            for element in missing
            if element.severity is strictest[element.code]
        )


def compile_authority(authority: Authority) -> CompiledLaw:
    """Compile every element; raises `AuthorityError` for a predicate outside the rule language."""
    names = Names(
        parameters=authority.parameters,
        switches=authority.switches,
        switch_values={switch.name: switch.values for switch in authority.switch_table},
        domains=authority.vocabulary.domains,
    )
    return CompiledLaw(authority, [_rule(authority, element, names) for element in authority.elements])


def _rule(authority: Authority, element: Element, names: Names) -> Rule:
    if element.never:
        return (), Constant(value=False)
    file = f"overlays/{element.origin}.md" if element.origin else "authority.md"
    return element.needs, read_predicate(element.require, names, Place(authority.name, file, element.id))
