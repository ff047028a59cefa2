"""Keys that sign notes: the log's and the witnesses' (C2SP signed-note, tlog-cosignature).

A key is known by its name and four bytes of a hash, and is trusted only because
somebody was given its text beforehand: nothing in a log vouches for itself.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from wicketgate.ledger.checkpoint import Checkpoint, check_origin
from wicketgate.ledger.encoding import base64_text, from_base64
from wicketgate.ledger.errors import LedgerError

_PRIVATE = "PRIVATE+KEY+"
_SEED_BYTES = 32
_TIME_BYTES = 8

Private: TypeAlias = Ed25519PrivateKey | MLDSA44PrivateKey


class Kind(IntEnum):
    """The signature types in use, by their assigned byte."""

    ED25519 = 0x01
    """A log's signature over the whole text."""
    COSIGNATURE_ED25519 = 0x04
    """A witness's signature over the text and a time; does not bind the witness's name."""
    COSIGNATURE_MLDSA44 = 0x06
    """A witness's post-quantum signature over name, time, origin, size and root."""

    @property
    def timed(self) -> bool:
        """True when the signature begins with the time at which it was made."""
        return self is not Kind.ED25519


_PUBLIC_BYTES = {Kind.ED25519: 32, Kind.COSIGNATURE_ED25519: 32, Kind.COSIGNATURE_MLDSA44: 1312}
_SIGNATURE_BYTES = {Kind.ED25519: 64, Kind.COSIGNATURE_ED25519: 64, Kind.COSIGNATURE_MLDSA44: 2420}


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key; its text (`str`) is the ``vkey`` that people exchange."""

    name: str
    kind: Kind
    public: bytes

    def __post_init__(self) -> None:
        check_origin(self.name)
        if len(self.public) != _PUBLIC_BYTES[self.kind]:
            raise LedgerError(f"The public key of {self.name} has the wrong length.")

    @classmethod
    def parse(cls, vkey: str) -> VerifierKey:
        """Read ``name+hash+base64``; raises `LedgerError` when any part does not fit the others."""
        name, kind, public = _split(vkey, "verifier key")
        key = cls(name, kind, public)
        if str(key) != vkey:
            raise LedgerError(f"The verifier key of {name} is damaged: its hash does not fit it.")
        return key

    @property
    def id(self) -> bytes:
        """The first four bytes of the hash of name, kind and key."""
        material = f"{self.name}\n".encode() + bytes([self.kind]) + self.public
        return hashlib.sha256(material).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64_text(bytes([self.kind]) + self.public)}"

    def check(self, text: str, signature: bytes) -> int | None:
        """The time that a valid signature states, if its kind states one; else raises `LedgerError`."""
        timed, raw = (
            (signature[:_TIME_BYTES], signature[_TIME_BYTES:]) if self.kind.timed else (b"", signature)
        )
        at = int.from_bytes(timed, "big") if self.kind.timed else None
        if len(raw) != _SIGNATURE_BYTES[self.kind] or (at or 0) >> 63:
            raise LedgerError(f"The signature of {self.name} has the wrong form.")
        try:
            message = _message(self, text, at)
            if self.kind is Kind.COSIGNATURE_MLDSA44:
                MLDSA44PublicKey.from_public_bytes(self.public).verify(raw, message)
            else:
                Ed25519PublicKey.from_public_bytes(self.public).verify(raw, message)
        except (InvalidSignature, ValueError) as problem:
            raise LedgerError(f"The signature of {self.name} is not valid.") from problem
        return at


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with its name; only `dump` gives it away."""

    name: str
    kind: Kind
    _private: Private = field(repr=False)

    @classmethod
    def generate(cls, name: str, kind: Kind) -> SigningKey:
        """A fresh key."""
        private = MLDSA44PrivateKey if kind is Kind.COSIGNATURE_MLDSA44 else Ed25519PrivateKey
        return cls(check_origin(name), kind, private.generate())

    @classmethod
    def load(cls, skey: str) -> SigningKey:
        """Read what `dump` wrote; raises `LedgerError` when any part does not fit the others."""
        if not skey.startswith(_PRIVATE):
            raise LedgerError(f"A signing key begins with {_PRIVATE}.")
        name, kind, seed = _split(skey.removeprefix(_PRIVATE), "signing key")
        if len(seed) != _SEED_BYTES:
            raise LedgerError(f"The signing key of {name} has the wrong length.")
        key = cls(name, kind, _from_seed(kind, seed))
        if key.dump() != skey:
            raise LedgerError(f"The signing key of {name} is damaged: its hash does not fit it.")
        return key

    def dump(self) -> str:
        """The secret text ``PRIVATE+KEY+name+hash+base64``."""
        seed = bytes([self.kind]) + self._private.private_bytes_raw()
        return f"{_PRIVATE}{self.name}+{self.verifier.id.hex()}+{base64_text(seed)}"

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, self.kind, self._private.public_key().public_bytes_raw())

    def sign(self, text: str, at: int | None = None) -> bytes:
        """The signature over a note's text; `at` (seconds since 1970) exactly where the kind has a time."""
        if (at is not None) != self.kind.timed or (at or 0) < 0 or (at or 0) >> 63:
            raise LedgerError(
                "A cosignature states its time in seconds since 1970, a log's signature states none."
            )
        raw = self._private.sign(_message(self.verifier, text, at))
        return raw if at is None else at.to_bytes(_TIME_BYTES, "big") + raw


def _from_seed(kind: Kind, seed: bytes) -> Private:
    if kind is Kind.COSIGNATURE_MLDSA44:
        return MLDSA44PrivateKey.from_seed_bytes(seed)
    return Ed25519PrivateKey.from_private_bytes(seed)


def _split(text: str, what: str) -> tuple[str, Kind, bytes]:
    name, _, rest = text.partition("+")
    _hash, _, encoded = rest.partition("+")
    data = from_base64(encoded, what)
    try:
        kind = Kind(data[0])
    except (IndexError, ValueError):
        raise LedgerError(f"The {what} {name!r} is of a kind that is not known here.") from None
    return name, kind, data[1:]


def _message(key: VerifierKey, text: str, at: int | None) -> bytes:
    """What is signed, per kind."""
    if at is None:
        return text.encode()
    if key.kind is Kind.COSIGNATURE_ED25519:
        return f"cosignature/v1\ntime {at}\n{text}".encode()
    head = Checkpoint.parse(text)
    name, origin = key.name.encode(), head.origin.encode()
    return b"".join(
        (
            b"subtree/v1\n\x00",
            bytes([len(name)]) + name,
            at.to_bytes(8, "big"),
            bytes([len(origin)]) + origin,
            (0).to_bytes(8, "big"),
            head.size.to_bytes(8, "big"),
            head.root,
        )
    )
