"""Prose: which of the authority's phrases stand in a text, and whether it says anything else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from wicketgate.stages.facts.folded import words_of
from wicketgate.stages.facts.words import DENIALS, TURNS

_REACH = 3
"""Words over which a denial before a phrase takes it back, unless the sentence turns between them."""
_DENIABLE = frozenset({"willfulness", "role"})


class _Phrase(NamedTuple):
    words: list[str]
    all: frozenset[str]
    kind: str
    deniable: bool


class Phrases:
    """The phrases of some kinds, ready to be found: whole words, whatever their case, accents, punctuation.

    Each phrase is looked for by its most telling word, since a text has few of those.
    """

    def __init__(self, phrases: Mapping[str, Sequence[str]], common: Iterable[str] = ()) -> None:
        """`common` are texts whose words tell little."""
        little = {word for text in common for word in words_of(text)}
        self._by_word: dict[str, list[_Phrase]] = {}
        for kind, texts in phrases.items():
            for words in filter(None, map(words_of, texts)):
                word = max(words, key=lambda word: (word not in little, len(word)))
                phrase = _Phrase(words, frozenset(words), kind, kind in _DENIABLE)
                self._by_word.setdefault(word, []).append(phrase)
        self._telling = frozenset(self._by_word)

    def kinds_in(self, words: list[str]) -> set[str]:
        """The kinds of which a phrase stands in the text.

        A phrase of willfulness or of a role that is denied right before ("has not refused to …", "is not a
        suspect") does not count.
        """
        kinds: set[str] = set()
        if self._telling.isdisjoint(words):
            return kinds
        there = frozenset(words)
        for word in self._telling & there:
            for phrase in self._by_word[word]:
                if phrase.all <= there and phrase.kind not in kinds and _stands(phrase, words):
                    kinds.add(phrase.kind)
        return kinds


def _stands(phrase: _Phrase, words: list[str]) -> bool:
    """True when a text that has the phrase's words has the phrase, and does not deny it."""
    wanted = phrase.words
    if len(wanted) == 1 and not phrase.deniable:
        return True
    at = -1
    for _ in range(words.count(wanted[0])):
        at = words.index(wanted[0], at + 1)
        if words[at : at + len(wanted)] == wanted and not (phrase.deniable and _is_denied(words, at)):
            return True
    return False


class Filler:
    """Phrases of which a text may be made without saying anything of its own."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._single: set[str] = set()
        self._by_first: dict[str, list[list[str]]] = {}
        self._any: set[str] = set()
        for words in map(words_of, phrases):
            self._any.update(words)
            if len(words) == 1:
                self._single.add(words[0])
            elif words:
                self._by_first.setdefault(words[0], []).append(words)

    def is_all_of(self, words: Sequence[str], names: Collection[str]) -> bool:
        """True when these phrases, names, numbers and single letters are all that there is."""
        for word in words:
            if word not in self._any and word not in names and len(word) > 1 and word.isalpha():
                return False  # in nearly every text, and soon
        covered = set[int]()
        for at, word in enumerate(words):
            for phrase in self._by_first.get(word, ()):
                if words[at : at + len(phrase)] == phrase:
                    covered.update(range(at, at + len(phrase)))
        return not any(
            word not in self._single
            and word not in names
            and at not in covered
            and len(word) > 1
            and word.isalpha()
            for at, word in enumerate(words)
        )


def _is_denied(words: Sequence[str], at: int) -> bool:
    for word in reversed(words[max(0, at - _REACH) : at]):
        if word in DENIALS:
            return True
        if word in TURNS:
            return False
    return False
