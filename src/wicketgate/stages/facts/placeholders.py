"""Cells that hold something and say nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wicketgate.stages.facts.words import EMPTY, NO_USE
from wicketgate.stages.folding import words_of

_RUNS = ("0123456789", "1234567890", "9876543210")


def says_nothing(words: Iterable[str]) -> bool:
    """True for the folded words of ``N/A``, ``to be determined``, ``xxx``, ``---`` and the like."""
    for word in words:  # noqa: SIM110  # nearly always the first few decide, and soon
        if word not in EMPTY and word.count(word[0]) != len(word):
            return False
    return True


def is_reference(words: Sequence[str]) -> bool:
    """True for the words of a number that could be assigned: not ``pending``, ``0000`` or ``12345``."""
    whole = "".join(words)
    if not whole.isdigit():
        return any(map(str.isdigit, whole)) and not says_nothing(words)
    counted_up = len(whole) >= 3 and any(whole in run for run in _RUNS)
    return len(set(whole)) > 1 and not counted_up and not says_nothing(words)


def is_badge(text: str) -> bool:
    """True for a badge number. Short ones are real, so only zeros and words that say nothing are not."""
    words = words_of(text)
    digits = set(filter(str.isdigit, "".join(words)))
    return bool(digits - {"0"}) or (not digits and not says_nothing(words))


def declares_use(text: str | None) -> bool:
    """False only when nothing or one of a few plain ways to say "none" is written; else a use is declared."""
    return text is not None and " ".join(words_of(text)) not in NO_USE
