"""Canonical bytes and their SHA-256, the one way this house names a value.

The canonical form is the part of RFC 8785 (JCS) that our values need: objects
with text keys, arrays, texts, integers within 53 bits, booleans and null.
Floating point is refused, so its formatting rules never matter.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Canonical: TypeAlias = "bool | int | str | Sequence[Canonical] | Mapping[str, Canonical] | None"

_SAFE_INTEGER = 2**53 - 1
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def canonical(value: Canonical) -> bytes:
    """The canonical JSON of `value` (RFC 8785); raises `TypeError` or `ValueError` outside the subset."""
    return _encode(_admitted(value)).encode()


def digest(value: Canonical) -> str:
    """``sha256:`` and the hexadecimal SHA-256 of the canonical JSON."""
    return "sha256:" + hashlib.sha256(canonical(value)).hexdigest()


def _admitted(value: Canonical) -> Canonical:
    kind = type(value)
    if value is None or kind is str or kind is bool:
        return value
    if kind is int:
        if abs(value) > _SAFE_INTEGER:  # type: ignore[arg-type]  # an int, as its type says
            raise ValueError("an integer beyond 53 bits has no canonical JSON")
        return value
    if isinstance(value, Mapping):
        # RFC 8785 orders keys by UTF-16 code units, not by code points.
        keys = sorted(value) if all(map(str.isascii, value)) else sorted(value, key=_utf16)
        return {key: text if type(text := value[key]) is str else _admitted(text) for key in keys}
    if isinstance(value, list | tuple):
        return [_admitted(item) for item in value]
    if isinstance(value, str):  # a text that is also an enumeration
        return str(value)
    raise TypeError(f"{kind.__name__} has no canonical JSON here")


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be")
