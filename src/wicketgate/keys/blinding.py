"""Comparison keys as tokens: equal where the keys are equal, and nothing else to read without the key.

The register is matched by the tokens. They keep exactly what the decision in SQL looks at:
absent (``""``) and unusable (``"?"``), whether a name is spelled out, the initial of a middle
name. Two registers, or one register and a request, agree by tokens exactly when they agree by keys.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import replace
from functools import lru_cache
from string import ascii_lowercase

from wicketgate.core.identity import UNREADABLE, NameKey, PersonRecord, PlaceKey, Question

_TOKEN_BYTES = 16
_REMEMBERED = 1 << 16
_NOT_SPELLED_OUT = " x"
"""A last word of one letter: the mark by which the decision knows a name that is not spelled out."""


class Blinding:
    """Tokens under one key: HMAC-SHA-256, cut to 128 bits, apart for each field."""

    def __init__(self, key: bytes) -> None:
        block = key.ljust(hashlib.sha256().block_size, b"\x00")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))
        # The same towns, states and first names come again and again.
        self._token = lru_cache(maxsize=_REMEMBERED)(self._made_token)
        self._near = lru_cache(maxsize=_REMEMBERED)(self._made_near)
        # A middle initial must stay one character. Only its place in the alphabet is hidden.
        mixed = sorted(ascii_lowercase, key=lambda letter: self._digest(b"initial", letter.encode()))
        self._initials = dict(zip(ascii_lowercase, mixed, strict=True))

    def question(self, asked: Question) -> Question:
        """What the register is asked, in tokens."""
        return replace(
            asked,
            name=self.name(asked.name),
            place=self.place(asked.place),
            tin=self._token(b"tin", asked.tin),
            birth_date=self._token(b"birth_date", asked.birth_date),
        )

    def person(self, record: PersonRecord) -> PersonRecord:
        """A person on file, in tokens; the names as written are left out."""
        return PersonRecord(
            record.person_id,
            *("", "", "", ""),
            name=self.name(record.name),
            tin=self._token(b"tin", record.tin),
            birth_date=self._token(b"birth_date", record.birth_date),
            flags=record.flags,
        )

    def name(self, name: NameKey) -> NameKey:
        """A name in tokens."""
        return NameKey(
            self._name(b"first", name.first),
            tuple(self._token(b"surname", each) for each in name.surnames),
            self._middle(name.middle),
            self._token(b"suffix", name.suffix),
            self._near(b"first near", name.first_near),
            self._near(b"surname near", name.surname_near),
        )

    def place(self, place: PlaceKey) -> PlaceKey:
        """A delivery point in tokens."""
        return PlaceKey(
            self._token(b"point", place.point),
            self._token(b"unit", place.unit),
            self._token(b"city", place.city),
            self._token(b"state", place.state),
            self._token(b"zip5", place.zip5),
        )

    def _made_token(self, field: bytes, value: str) -> str:
        if value in ("", UNREADABLE):
            return value
        return urlsafe_b64encode(self._digest(field, value.encode())[:_TOKEN_BYTES])[:22].decode()

    def _name(self, field: bytes, value: str) -> str:
        token = self._token(field, value)
        return token if all(len(word) > 1 for word in value.split()) else token + _NOT_SPELLED_OUT

    def _middle(self, value: str) -> str:
        if not value:
            return ""
        initial = self._initials.get(value[0], value[0])
        return initial if len(value) == 1 else initial + self._name(b"middle", value)

    def _made_near(self, field: bytes, fingerprints: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(
            sorted(
                int.from_bytes(
                    self._digest(field, each.to_bytes(4, "big", signed=True))[:4], "big", signed=True
                )
                for each in fingerprints
            )
        )

    def _digest(self, field: bytes, value: bytes) -> bytes:
        inner, outer = self._inner.copy(), self._outer.copy()  # HMAC (FIPS 198-1), keyed once
        inner.update(field + b"\x00" + value)
        outer.update(inner.digest())
        return outer.digest()
