"""The reasons, and cells in which "see attached" stands for an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from wicketgate.core.remembered import Remembered
from wicketgate.law import Vocabulary
from wicketgate.law.vocabulary import SPECIAL_PHRASE_KINDS
from wicketgate.stages.facts.keys import reasons_key, stand_in
from wicketgate.stages.facts.placeholders import says_nothing
from wicketgate.stages.facts.prose import Filler, Phrases
from wicketgate.stages.folding import spaced_words

_DOCUMENT = "other_document"
Text: TypeAlias = str | None


class Reasons(NamedTuple):
    """What the reasons show."""

    text: str
    """Its `spaced_words`."""
    facts: tuple[int | bool | None, ...]
    """In the order of `parts.REASONS`."""
    key: str | None
    relies_on_document: bool


_NONE = Reasons("", (0, *[None] * 7), None, relies_on_document=False)


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

    def reasons(self, texts: Sequence[Text], names: Iterable[tuple[str, ...]]) -> list[Reasons]:
        """What the reasons for each person show; `names` are the words of each person's names."""
        # Most of some texts are different, and of one text nothing is repeated.
        repeated = len(set(texts)) < len(texts)
        often = {text for text, count in Counter(texts).items() if count > 1} if repeated else ()
        return [
            _NONE if text is None else self._again(text, own) if text in often else self._read(text, own)
            for text, own in zip(texts, names, strict=True)
        ]

    def elsewhere(self, columns: Sequence[Sequence[Text]]) -> list[bool]:
        """Of requests that lie side by side, those of which a cell refers to another document."""
        if len(columns[0]) == 1 and not self._may_refer([cell for (cell,) in columns]):
            return [False]
        return list(map(any, zip(*map(self.refer, columns), strict=True)))

    def refer(self, cells: Sequence[Text]) -> list[bool]:
        """Which of the cells refer to another document; none of nearly all."""
        if not self._may_refer(cells):
            return [False] * len(cells)
        if len(cells) == 1:
            return [True]
        half = len(cells) // 2
        return self.refer(cells[:half]) + self.refer(cells[half:])

    def _may_refer(self, cells: Iterable[Text]) -> bool:
        """False when no cell refers to another document; one cell alone, or all of them together, may."""
        return bool(self._documents.kinds_in(spaced_words(" ".join(filter(None, cells)))))

    def _again(self, text: str, names: tuple[str, ...]) -> Reasons:
        # Names matter only where they stand; the same reasons for many people are read once.
        plain = self._plain[text]
        return self._read(text, names) if stand_in(plain.text, names) else plain

    def _read(self, said: str, names: tuple[str, ...] = ()) -> Reasons:
        text = spaced_words(said)
        kinds = self._phrases.kinds_in(text)
        first = text.split(None, _FIRST)[:_FIRST]
        facts = (
            min(max(text.count(" ") - 1, 0), 1_000_000),
            says_nothing(first) and says_nothing(text.split()),
            _is_all(self._general, text, first, names),
            "locate" in kinds and _is_all(self._locating, text, first, names),
            "civil" in kinds,
            "willfulness" in kinds,
            "necessity" in kinds,
            "role" in kinds,
        )
        return Reasons(text, facts, reasons_key(text, names), _DOCUMENT in kinds)


_FIRST = 8
"""Words after which nearly every text has said something; the others need not be parted."""


def _is_all(filler: Filler, text: str, first: list[str], names: tuple[str, ...]) -> bool:
    return filler.may_be_all_of(first, names) and filler.is_all_of(text.split(), names)
