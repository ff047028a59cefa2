"""The words of a text as they are compared; the short way for ASCII, which nearly all texts are."""

from __future__ import annotations

from wicketgate.stages.folding import folded_words

_FOLDED = bytes(ord(chr(at).lower()) if at < 128 and chr(at).isalnum() else ord(" ") for at in range(256))
_GONE = b"'`"


def words_of(text: str | None) -> list[str]:
    """The words of `folded_words`, which see; none for None."""
    if not text:
        return []
    if text.isascii():
        return text.encode().translate(_FOLDED, _GONE).decode().split()
    return folded_words(text).split()
