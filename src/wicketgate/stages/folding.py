"""Names made comparable, and the small sets by which two words are seen to be near."""

from __future__ import annotations

import re
import zlib

from wicketgate.address.fold import fold

_SEPARATORS = re.compile(r"[\W_]+")
_FOLDED = bytes(ord(chr(at).lower()) if at < 128 and chr(at).isalnum() else ord(" ") for at in range(256))
"""What ASCII characters fold to: letters and digits, and a space for everything else."""
_GONE = b"'`"
_SPACES = re.compile(rb"  +")


def words_of(text: str | None) -> list[str]:
    """Words of letters and digits; none for nothing.

    Case, accents, compatibility forms and apostrophes vanish; hyphens and other punctuation
    part words: ``"García-López"`` and ``"GARCIA  LOPEZ"`` are the same words.
    """
    if not text:
        return []
    if text.isascii():
        if text.isalpha():
            return [text.lower()]
    else:
        text = fold(text)
        if text.isalpha():
            return [text]
        if not text.isascii():
            return _SEPARATORS.sub(" ", text.replace("'", "").replace("`", "")).split()
    return text.encode().translate(_FOLDED, _GONE).decode().split()


def folded_words(text: str | None) -> str:
    """The `words_of` a text with one space between; ``""`` for nothing."""
    return " ".join(words_of(text))


def spaced_words(text: str | None) -> str:
    """The `words_of` a text, each between two spaces; ``""`` for nothing.

    A phrase's words stand in a text where the phrase's `spaced_words` stand in the text's.
    """
    if not text or not text.isascii():
        words = words_of(text)
        return f" {' '.join(words)} " if words else ""
    folded = _SPACES.sub(b" ", b" %b " % text.encode().translate(_FOLDED, _GONE))
    return folded.decode() if len(folded) > 1 else ""


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
