"""Prose: which of the authority's phrases stand in a text, and whether it says anything else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from wicketgate.stages.facts.words import COMMONNESS, DENIALS, TURNS
from wicketgate.stages.folding import spaced, words_of

_REACH = 3
"""Words over which a denial before a phrase takes it back, unless the sentence turns between them."""
_DENIABLE = frozenset({"willfulness", "role"})


class _Phrase(NamedTuple):
    words: list[str]
    spaced: str
    kind: str


class Phrases:
    """The phrases of some kinds, ready to be found: whole words, whatever their case, accents, punctuation.

    Each phrase is looked for by its rarest word, since a text has few of those.
    """

    def __init__(self, phrases: Mapping[str, Sequence[str]]) -> None:
        self._by_word: dict[str, list[_Phrase]] = {}
        for kind, texts in phrases.items():
            for words in filter(None, map(words_of, texts)):
                self._by_word.setdefault(max(words, key=_rarity), []).append(
                    _Phrase(words, spaced(words), kind)
                )
        self._rare = frozenset(self._by_word)

    def kinds_in(self, words: list[str]) -> set[str]:
        """The kinds of which a phrase stands in the text.

        A phrase of willfulness or of a role that is denied right before ("has not refused to …", "is not a
        suspect") does not count.
        """
        kinds: set[str] = set()
        rare = self._rare.intersection(words)
        if rare:
            text = spaced(words)
            for word in rare:
                for phrase in self._by_word[word]:
                    if phrase.kind not in kinds and _stands(phrase, words, text):
                        kinds.add(phrase.kind)
        return kinds

    def may_be_in(self, words: Iterable[str]) -> bool:
        """False when none of the phrases can stand in a text of these words, in whatever order."""
        return not self._rare.isdisjoint(words)


def _rarity(word: str) -> tuple[int, int]:
    return COMMONNESS.get(word, len(COMMONNESS)), len(word)


def _stands(phrase: _Phrase, words: list[str], text: str) -> bool:
    """True when the phrase stands somewhere in the text (`words`, `spaced`) and is not denied there."""
    wanted = phrase.words
    if phrase.kind not in _DENIABLE:
        return len(wanted) == 1 or phrase.spaced in text
    if phrase.spaced not in text:
        return False
    at = -1
    for _ in range(words.count(wanted[0])):
        at = words.index(wanted[0], at + 1)
        if words[at : at + len(wanted)] == wanted and not _is_denied(words, at):
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
