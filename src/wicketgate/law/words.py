"""The words of the rule language: the first of two whitelists that a predicate passes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from wicketgate.core.catalogue import CATALOGUE
from wicketgate.core.context import SwitchValue
from wicketgate.law.errors import AuthorityError, Place
from wicketgate.law.predicate import NEGATED

_LONGEST = 4_000
_MOST_WORDS = 400
_DEEPEST = 24
_LEXEME = re.compile(
    r"""(?P<space>[ \n]+) | (?P<text>'[^'\n]*') | (?P<integer>[0-9]+)
      | (?P<word>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)?)
      | (?P<operator>[<>=]+) | (?P<sign>[+-]+) | (?P<bracket>[(),])""",
    re.VERBOSE,
)
_KEYWORDS = frozenset({"AND", "OR", "NOT", "IN", "present", "each", "some", "count"})
_ALLOWED = (
    "allowed are facts, 'texts', integers, parameter.name, switch.NAME, present(fact), each(list IN (…)), "
    "some(list IN (…)), count(list), AND, OR, NOT, IN (…), = <> < <= > >=, + and -"
)


@dataclass(frozen=True, slots=True)
class Names:
    """What a predicate may refer to besides the facts of the catalogue.

    `domains` lists the values of facts whose values the authority's own vocabulary decides.
    """

    parameters: Mapping[str, int | date]
    switches: Mapping[str, SwitchValue]
    switch_values: Mapping[str, tuple[str, ...]]
    domains: Mapping[str, tuple[str, ...]]

    def problem_with(self, word: str) -> str | None:
        """Why `word` may not stand in a predicate; None when it may."""
        kind, dot, name = word.partition(".")
        if dot and kind == "parameter":
            return None if name in self.parameters else "is not a parameter in force on the day"
        if dot and kind == "switch":
            return None if name in self.switches else "is not a switch of this authority"
        if not dot and (word in _KEYWORDS or word in CATALOGUE):
            return None
        return "is neither a fact of the catalogue nor a word of the rule language"


@dataclass(frozen=True, slots=True)
class Wording:
    """A predicate's text and where it stands: the maker of refusals."""

    text: str
    place: Place

    def refuse(self, fragment: str, problem: str, at: int | None = None) -> AuthorityError:
        """The refusal of `fragment`, with its character when known, and the allowed form."""
        where = "" if at is None else f" at character {at + 1}"
        shown = fragment if len(fragment) <= 80 else fragment[:80] + "…"
        return self.place.error(f"in `require`{where}, `{shown}` {problem}; {_ALLOWED}.")

    def check(self, names: Names) -> None:
        """Raise `AuthorityError` unless every word is one of the language, and there are few enough."""
        if not 0 < len(self.text) <= _LONGEST:
            raise self.place.error(f"`require` must have 1 to {_LONGEST} characters.")
        position = depth = words = 0
        before = ""
        while position < len(self.text):
            match = _LEXEME.match(self.text, position)
            if match is None:
                raise self.refuse(self.text[position], "is no part of the rule language", position)
            if problem := self._problem(match, before, names):
                raise self.refuse(match[0], problem, position)
            depth += {"(": 1, ")": -1}.get(match[0], 0)
            if match.lastgroup != "space":
                words, before = words + 1, match[0]
            if depth > _DEEPEST or words > _MOST_WORDS:
                raise self.refuse(match[0], "makes the predicate too deep or too long to review", position)
            position = match.end()

    def _problem(self, match: re.Match[str], before: str, names: Names) -> str | None:
        word, kind = match[0], match.lastgroup
        following = self.text[match.end() : match.end() + 1]
        if kind in ("word", "integer", "text") and (following.isalnum() or following in ("_", "'", ".")):
            return "runs into the next word"
        if kind == "word":
            return names.problem_with(word)
        if kind == "operator" and word not in NEGATED:
            return "is not a comparison of the rule language"
        if kind == "sign" and (len(word) > 1 or before in ("+", "-")):
            return "is a comment or a double sign"
        if word == "+" and not re.fullmatch(r"[\w.]+|\)", before):
            return "is a sign where an operand is needed"
        if kind == "text" and not word.isprintable():
            return "has control or invisible characters"
        return None
