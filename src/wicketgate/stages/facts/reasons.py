"""The reasons, and cells in which "see attached" stands for an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from wicketgate.core.remembered import Remembered
from wicketgate.law import Vocabulary
from wicketgate.law.vocabulary import SPECIAL_PHRASE_KINDS
from wicketgate.stages.facts.keys import reasons_key
from wicketgate.stages.facts.placeholders import says_nothing
from wicketgate.stages.facts.prose import Filler, Phrases
from wicketgate.stages.folding import words_of

_DOCUMENT = "other_document"
Text: TypeAlias = str | None


class Reasons(NamedTuple):
    """What the reasons show."""

    words: list[str]
    """Folded."""
    facts: tuple[int | bool | None, ...]
    """In the order of `parts.REASONS`."""
    key: str | None
    relies_on_document: bool


_NONE = Reasons([], (0, *[None] * 7), None, relies_on_document=False)


class Reader:
    """Reads prose with the phrases of one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        phrases = dict.fromkeys(SPECIAL_PHRASE_KINDS, ()) | dict(vocabulary.phrases)
        general = phrases.pop("general")
        self._phrases = Phrases(phrases)
        self._documents = Phrases({_DOCUMENT: phrases[_DOCUMENT]})
        self._general = Filler(general)
        self._locating = Filler((*phrases["locate"], *general, *phrases["civil"]))
        self._plain = Remembered(self._read, 128)

    def reasons(self, texts: Sequence[Text], names: Iterable[frozenset[str]]) -> list[Reasons]:
        """What the reasons for each person show; `names` are the words of each person's names."""
        often = frozenset(text for text, count in Counter(texts).items() if count > 1)
        return [
            _NONE if text is None else self._again(text, own) if text in often else self._read(text, own)
            for text, own in zip(texts, names, strict=True)
        ]

    def refer(self, cells: Iterable[Text]) -> bool:
        """Whether one of the cells refers to another document."""
        stated = [text for text in cells if text]
        if not self._documents.may_be_in(words_of("\n".join(stated))):
            return False  # nearly always
        return any(self._documents.kinds_in(words_of(text)) for text in stated)

    def _again(self, text: str, names: frozenset[str]) -> Reasons:
        # Names matter only where they stand; the same reasons for many people are read once.
        plain = self._plain[text]
        return plain if names.isdisjoint(plain.words) else self._read(text, names)

    def _read(self, text: str, names: frozenset[str] = frozenset()) -> Reasons:
        words = words_of(text)
        kinds = self._phrases.kinds_in(words)
        facts = (
            min(len(words), 1_000_000),
            says_nothing(words),
            self._general.is_all_of(words, names),
            "locate" in kinds and self._locating.is_all_of(words, names),
            "civil" in kinds,
            "willfulness" in kinds,
            "necessity" in kinds,
            "role" in kinds,
        )
        return Reasons(words, facts, reasons_key(words, names), _DOCUMENT in kinds)
