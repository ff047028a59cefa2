"""Words of an address line to their standard forms (Publication 28), for reading and comparing."""

from __future__ import annotations

from wicketgate.address import pub28
from wicketgate.address.fold import segments

LONGEST_LINE = 150
"""Characters of an address line; a longer text is not read, so that no text takes long to judge."""

_STANDARD = pub28.ABBREVIATIONS.get
_LONG = pub28.LONG_DIRECTIONALS
_TYPES = pub28.STANDARD_SUFFIXES
_UNITS = pub28.UNITS_WITH_VALUE | pub28.UNITS_ALONE


def abbreviate(words: list[str]) -> list[str]:
    """Standard forms, word by word.

    A directional is shortened unless it is the street's own name: ``100 North
    St`` and ``100 N St`` are two streets, ``100 North Main St`` is ``100 N Main St``.
    """
    standard = list(map(_STANDARD, words, words))
    if not _LONG.isdisjoint(standard):
        for place, word in enumerate(standard):
            if word in _LONG and not _is_name(standard, place):
                standard[place] = pub28.DIRECTIONALS[word]
    return standard


def _is_name(words: list[str], place: int) -> bool:
    """True for the only word between the number, with or without a directional, and the suffix or the end."""
    number_before = place == 1 and words[0][0].isdigit()
    if place and not number_before and not (place == 2 and words[1] in pub28.SHORT_DIRECTIONALS):
        return False
    after, beyond = (*words[place + 1 : place + 3], "", "")[:2]
    if after in pub28.CORE_SUFFIXES:
        return beyond not in pub28.CORE_SUFFIXES
    return not after or after in pub28.UNITS_WITH_VALUE


def normalise_segments(text: str | None) -> list[list[str]]:
    """The pieces of a line between commas, each in standard words; a line too long to be one has none."""
    if not text or len(text) > LONGEST_LINE:
        return []
    return [abbreviate(words) for words in segments(text)]


def normalise_line(text: str | None) -> tuple[str, ...]:
    """All standard words of a line, in order; empty for nothing. For comparison, never for acceptance."""
    return tuple(word for segment in normalise_segments(text) for word in segment)
