"""Names of things that may be shown, logged and written into a URL: they say nothing about a person."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"  # no vowels, no look-alikes: a handle spells nothing
_EVEN = 256 - 256 % len(_ALPHABET)
"""Bytes below it name each letter equally often."""
_LETTERS = bytes(ord(_ALPHABET[byte % len(_ALPHABET)]) for byte in range(256))
_NO_LETTERS = bytes(range(_EVEN, 256))
HANDLE = rf"WG(?:-[{_ALPHABET}]{{4}}){{3}}"
"""How a handle looks, as a pattern."""
_HANDLE = re.compile(HANDLE)
_NAME = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")


@dataclass(frozen=True, slots=True, order=True)
class Handle:
    """The gate's own random name of one request (57 bits), independent of its content."""

    text: str

    def __post_init__(self) -> None:
        if not _HANDLE.fullmatch(self.text):
            raise ValueError("a handle looks like WG-2B3C-4D5F-6G7H")

    @classmethod
    def new(cls) -> Handle:
        """A fresh random handle."""
        letters = b""
        while len(letters) < 12:  # nearly always once: 252 of 256 bytes are of use
            letters += secrets.token_bytes(24).translate(_LETTERS, _NO_LETTERS)
        text = letters.decode()
        return cls(f"WG-{text[:4]}-{text[4:8]}-{text[8:12]}")

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, order=True)
class AuthorityName:
    """The name of an authority or an overlay: ``usc26-6103-i2``."""

    text: str

    def __post_init__(self) -> None:
        if not _NAME.match(self.text) or len(self.text) > 60:
            raise ValueError("an authority's name has lower-case letters, digits and single hyphens")

    @property
    def folder(self) -> str:
        """The folder's name, which Python can import as a package of data."""
        return self.text.replace("-", "_")

    def __str__(self) -> str:
        return self.text
