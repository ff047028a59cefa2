"""Names made comparable, and the small sets by which two words are seen to be near."""

from __future__ import annotations

import re
import zlib

from wicketgate.address.fold import fold

_SEPARATORS = re.compile(r"[\W_]+")


def folded_words(text: str | None) -> str:
    """Words of letters and digits with one space between; ``""`` for nothing.

    Case, accents, compatibility forms and apostrophes vanish; hyphens and other punctuation
    become spaces: ``"García-López"`` and ``"GARCIA  LOPEZ"`` are the same text.
    """
    if not text:
        return ""
    folded = fold(text)
    if folded.isalpha():
        return folded
    return _SEPARATORS.sub(" ", folded.replace("'", "").replace("`", "")).strip()


def fingerprint(text: str) -> int:
    """A signed 32-bit checksum; used where a collision can only refuse."""
    return zlib.crc32(text.encode()) - 2**31


def near_forms(word: str) -> set[str]:
    """The word and every form of it with one letter left out.

    Two words within one edit of each other (a letter changed, added, left out, or two
    neighbours swapped) always share such a form, so nearness becomes the overlap of two
    small sets: an index and plain SQL can test it on any server. Some pairs two edits
    apart share one too; that widens the set of people who could be confused, never the match.
    """
    forms = {word[:i] + word[i + 1 :] for i in range(len(word))}
    forms.add(word)
    forms.discard("")
    return forms
