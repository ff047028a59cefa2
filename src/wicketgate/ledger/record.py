"""A private record as a public leaf that says nothing: salted commitments, field by field.

Each field is hashed with its own 256-bit nonce, absent fields too; the hashes
are the leaves of a small tree whose root, with a salted commitment to the
record's kind and list of fields, makes the commitment C. The leaf carries C and
zeros up to 64 bytes, so that all private leaves look alike. Whoever is shown one
field with its nonce and the neighbouring hashes can check it against the leaf
and learns no other field. Destroying the nonces makes the leaf mean nothing.

The list of fields stands inside the commitment, so that a field has one place
only and nobody can commit to two values under one name.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from json.encoder import encode_basestring

from wicketgate.core.digest import Canonical, canonical
from wicketgate.ledger.errors import LedgerError
from wicketgate.ledger.schemas import CURRENT, PRIVATE, Schema
from wicketgate.ledger.tree import root_of

LEAF_BYTES = 64
NONCE_BYTES = 32
PRIVATE_LEAF = b"\x01"
_PADDING = bytes(LEAF_BYTES - 1 - 2 - 32)
_sha256 = hashlib.sha256


@dataclass(frozen=True, slots=True)
class Committed:
    """A leaf for the log and the nonces that must stay private as long as the record does.

    `nonces` holds 32 bytes for the record's head and then 32 for each field of the schema. `root`, over
    the salted fields, proves with the head's nonce of what kind the record is, and nothing it says.
    """

    kind: str
    leaf: bytes
    nonces: bytes = field(repr=False)
    root: bytes = field(repr=False)

    @property
    def kind_proof(self) -> bytes:
        """The nonce of the head and the root over the fields: 64 bytes that stay when the record goes."""
        return self.nonces[:NONCE_BYTES] + self.root


def commit(kind: str, fields: Mapping[str, Canonical], *, nonces: bytes | None = None) -> Committed:
    """Commit to one private record under the current schema of its kind.

    `nonces` are given only to make an earlier commitment again. Raises `LedgerError`
    for an unknown kind, an unknown field or nonces of another length, and
    `TypeError` or `ValueError` for a value that has no canonical JSON.
    """
    names = schema_of(CURRENT, kind)
    if nonces is None:
        nonces = os.urandom(NONCE_BYTES * (len(names) + 1))
    return _committed(kind, fields, nonces)


def commit_many(records: Iterable[tuple[str, Mapping[str, Canonical]]]) -> list[Committed]:
    """`commit` for many records, with randomness drawn once."""
    batch = list(records)
    lengths = [NONCE_BYTES * (len(schema_of(CURRENT, kind)) + 1) for kind, _ in batch]
    pool, start = os.urandom(sum(lengths)), 0
    made = []
    for (kind, fields), length in zip(batch, lengths, strict=True):
        nonces = pool[start : start + length]
        made.append(_committed(kind, fields, nonces))
        start += length
    return made


def leaf_version(leaf: bytes) -> int:
    """The schema version of a private leaf; raises `LedgerError` for any other bytes."""
    if len(leaf) != LEAF_BYTES or leaf[:1] != PRIVATE_LEAF or leaf[-len(_PADDING) :] != _PADDING:
        raise LedgerError(
            "This is not the leaf of a private record: 0x01, version, commitment, zeros to 64 bytes."
        )
    return int.from_bytes(leaf[1:3], "big")


def leaf_of(version: int, head: bytes, root: bytes) -> bytes:
    """The leaf over a head commitment and the root of the field hashes."""
    number = version.to_bytes(2, "big")
    return (
        PRIVATE_LEAF
        + number
        + _sha256(b"wicketgate/record/v1\x00" + number + head + root).digest()
        + _PADDING
    )


def head_hash(nonce: bytes, kind: str, names: Schema) -> bytes:
    """The salted commitment to the kind and its list of fields."""
    return _sha256(b"wicketgate/head/v1\x00" + nonce + _head_text(kind, names)).digest()


def hash_fields(names: Schema, fields: Mapping[str, Canonical], nonces: bytes) -> list[bytes]:
    """The salted commitments to the named fields, in order; each has 32 bytes of `nonces`.

    One loop without calls: it runs for every field of every record.
    """
    hashes: list[bytes] = []
    start = 0
    for name, prefix in _prefixed(names):
        if name in fields:
            value = fields[name]
            data = encode_basestring(value).encode() if type(value) is str else canonical(value)
        else:
            data = b""
        salted = prefix + nonces[start : start + NONCE_BYTES] + len(data).to_bytes(4, "big") + data
        hashes.append(_sha256(salted).digest())
        start += NONCE_BYTES
    return hashes


def leaf_from(version: int, kind: str, fields: Mapping[str, Canonical], nonces: bytes) -> bytes:
    """The leaf of one record under the schema of that version."""
    return leaf_of(version, *_head_and_root(version, kind, fields, nonces))


def _committed(kind: str, fields: Mapping[str, Canonical], nonces: bytes) -> Committed:
    head, root = _head_and_root(CURRENT, kind, fields, nonces)
    return Committed(kind, leaf_of(CURRENT, head, root), nonces, root)


def _head_and_root(
    version: int, kind: str, fields: Mapping[str, Canonical], nonces: bytes
) -> tuple[bytes, bytes]:
    names = schema_of(version, kind)
    if len(nonces) != NONCE_BYTES * (len(names) + 1):
        raise LedgerError(f"A record of kind {kind} needs {len(names) + 1} nonces of {NONCE_BYTES} bytes.")
    if not fields.keys() <= _known(names):
        stranger = min(fields.keys() - _known(names))
        raise LedgerError(f"A record of kind {kind} has no field {stranger!r}.")
    head = head_hash(nonces[:NONCE_BYTES], kind, names)
    return head, root_of(hash_fields(names, fields, nonces[NONCE_BYTES:]))


def schema_of(version: int, kind: str) -> Schema:
    """The fields of a kind; raises `LedgerError` for an unknown kind or version."""
    try:
        return PRIVATE[version][kind]
    except KeyError:
        raise LedgerError(f"There is no private record kind {kind!r} in schema version {version}.") from None


@cache
def _known(names: Schema) -> frozenset[str]:
    return frozenset(names)


@cache
def _prefixed(names: Schema) -> tuple[tuple[str, bytes], ...]:
    encoded = ((name, name.encode()) for name in names)
    return tuple((name, b"wicketgate/field/v1\x00" + len(e).to_bytes(2, "big") + e) for name, e in encoded)


@cache
def _head_text(kind: str, names: Schema) -> bytes:
    return canonical(list(chain((kind,), names)))
