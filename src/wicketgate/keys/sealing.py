"""Sealing at rest: AES-256-GCM under a key for one thing, bound to what it is (NIST SP 800-38D)."""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wicketgate.keys.problem import KeysError

KEY_BYTES = 32
_NONCE = 12
_PADDED_TO = 128
"""Texts at rest have one of a few lengths, so that a length says little."""


def new_key() -> bytes:
    """A fresh 256-bit key."""
    return os.urandom(KEY_BYTES)


def record_key(load_key: bytes, record: str) -> bytes:
    """The key of one record of the register, from that of its load (HMAC-SHA-256, SP 800-108)."""
    return hmac.digest(load_key, b"wicketgate/register/v1\x00" + record.encode(), "sha256")


def seal(key: bytes, plain: bytes, bound: str) -> bytes:
    """Nonce, ciphertext and tag; opens only with the same key and the same `bound` words."""
    return seal_with(AESGCM(key), plain, bound)


def seal_with(cipher: AESGCM, plain: bytes, bound: str) -> bytes:
    """`seal` with a key that is ready for use."""
    nonce = os.urandom(_NONCE)
    return nonce + cipher.encrypt(nonce, plain, bound.encode())


def open_sealed(key: bytes, sealed: bytes, bound: str) -> bytes:
    """What was sealed; raises `KeysError` for another key, other bytes or other `bound` words."""
    return open_with(AESGCM(key), sealed, bound)


def open_with(cipher: AESGCM, sealed: bytes, bound: str) -> bytes:
    """`open_sealed` with a key that is ready for use."""
    try:
        return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound.encode())
    except (InvalidTag, ValueError):
        raise KeysError("What is sealed cannot be opened with this key.") from None


def seal_address(key: bytes, record: str, fields: Mapping[str, str]) -> bytes:
    """The texts of one address, sealed as the record of that name, in one of a few lengths."""
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
    return seal(key, text.ljust(-(-len(text) // _PADDED_TO) * _PADDED_TO), record)


def open_address(key: bytes, record: str, sealed: bytes) -> dict[str, str]:
    """The texts that were sealed; raises `KeysError` like `open_sealed`."""
    fields: dict[str, str] = json.loads(open_sealed(key, sealed, record))
    return fields
