"""Prose: which of the authority's phrases stand in a text, and whether it says anything else.

Texts are `spaced_words`: a phrase stands where its own spaced words stand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from ahocorasick_rs import AhoCorasick

from wicketgate.stages.facts.words import DENIALS, TURNS
from wicketgate.stages.folding import spaced_words, words_of

_REACH = 3
"""Words over which a denial before a phrase takes it back, unless the sentence turns between them."""
_DENIABLE = frozenset({"willfulness", "role"})


class Phrases:
    """The phrases of some kinds, looked for together: whole words, whatever their case, accents, punctuation.

    Source: Aho and Corasick, Efficient string matching, CACM 18 (1975).
    """

    def __init__(self, phrases: Mapping[str, Sequence[str]]) -> None:
        kinds: dict[str, set[str]] = {}
        for kind, texts in phrases.items():
            for text in filter(None, map(spaced_words, texts)):
                kinds.setdefault(text, set()).add(kind)
        self._kinds = [(frozenset(each - _DENIABLE), frozenset(each & _DENIABLE)) for each in kinds.values()]
        self._find = AhoCorasick(list(kinds)).find_matches_as_indexes

    def kinds_in(self, text: str) -> set[str]:
        """The kinds of which a phrase stands in the text.

        A phrase of willfulness or of a role that is denied right before ("has not refused to …", "is not a
        suspect") does not count.
        """
        found: set[str] = set()
        for phrase, start, _ in self._find(text, overlapping=True):
            plain, deniable = self._kinds[phrase]
            found |= plain
            if not deniable <= found and not _is_denied(text[:start]):
                found |= deniable
        return found


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

    def may_be_all_of(self, words: Iterable[str], names: Collection[str]) -> bool:
        """False when one of a text's words is in none of these phrases, and no name, number or letter."""
        for word in words:  # nearly always the first few decide, and soon
            if word not in self._any and word not in names and len(word) > 1 and word.isalpha():
                return False
        return True

    def is_all_of(self, words: Sequence[str], names: Collection[str]) -> bool:
        """True when these phrases, names, numbers and single letters are all that there is."""
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


def _is_denied(before: str) -> bool:
    """Whether the words before a phrase end in a denial of it."""
    for word in reversed(before.rsplit(None, _REACH)[-_REACH:]):
        if word in DENIALS:
            return True
        if word in TURNS:
            return False
    return False
