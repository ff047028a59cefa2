"""Openings: what a person is given to check one field of one record against the public log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from wicketgate.core.digest import Canonical, canonical
from wicketgate.ledger.encoding import base64_text, from_base64
from wicketgate.ledger.errors import LedgerError
from wicketgate.ledger.record import (
    NONCE_BYTES,
    hash_fields,
    head_hash,
    leaf_from,
    leaf_of,
    leaf_version,
    schema_of,
)
from wicketgate.ledger.schemas import Schema
from wicketgate.ledger.tree import inclusion_proof, root_from_inclusion, root_of

FORMAT = "wicketgate-opening/1"
_DAMAGED = "This is not an opening: it must be the canonical JSON that the gate wrote."


@dataclass(frozen=True, slots=True)
class Opening:
    """One field of one record, with what ties it to the record's leaf.

    `present` is False when the record has no such field; `value` is None then.
    """

    leaf: bytes
    kind: str
    fields: Schema
    head_nonce: bytes = field(repr=False)
    name: str
    present: bool
    value: Canonical = field(repr=False)
    nonce: bytes = field(repr=False)
    path: tuple[bytes, ...] = field(repr=False)

    def to_text(self) -> str:
        """The opening as a file: canonical JSON and a newline."""
        document: dict[str, Canonical] = {
            "opening": FORMAT,
            "leaf": base64_text(self.leaf),
            "kind": self.kind,
            "fields": self.fields,
            "head_nonce": base64_text(self.head_nonce),
            "field": self.name,
            "present": self.present,
            "value": self.value,
            "nonce": base64_text(self.nonce),
            "path": [base64_text(sibling) for sibling in self.path],
        }
        return canonical(document).decode() + "\n"

    @classmethod
    def from_text(cls, text: str) -> Opening:
        """Read what `to_text` wrote; raises `LedgerError` for anything else."""
        try:
            document = json.loads(text)
            opening = cls(
                from_base64(document["leaf"], "leaf"),
                document["kind"],
                tuple(document["fields"]),
                from_base64(document["head_nonce"], "head nonce"),
                document["field"],
                document["present"],
                document["value"],
                from_base64(document["nonce"], "nonce"),
                tuple(from_base64(sibling, "path") for sibling in document["path"]),
            )
            unchanged = opening.to_text() == text
        except (KeyError, TypeError, ValueError, RecursionError) as problem:
            raise LedgerError(_DAMAGED) from problem
        if not unchanged:
            raise LedgerError(_DAMAGED)
        return opening


def open_field(leaf: bytes, kind: str, fields: Mapping[str, Canonical], nonces: bytes, name: str) -> Opening:
    """The opening of one field of the record to which `leaf` commits.

    Raises `LedgerError` when kind, fields and nonces do not make this leaf, or
    the kind has no such field.
    """
    version = leaf_version(leaf)
    names = schema_of(version, kind)
    if name not in names:
        raise LedgerError(f"A record of kind {kind} has no field {name!r}.")
    if leaf_from(version, kind, fields, nonces) != leaf:
        raise LedgerError("The record and its nonces do not make this leaf.")
    at = names.index(name)
    hashes = hash_fields(names, fields, nonces[NONCE_BYTES:])

    def read(level: int, index: int) -> bytes:
        return root_of(hashes[index << level : (index + 1) << level])

    return Opening(
        leaf=leaf,
        kind=kind,
        fields=names,
        head_nonce=nonces[:NONCE_BYTES],
        name=name,
        present=name in fields,
        value=fields.get(name),
        nonce=nonces[NONCE_BYTES * (at + 1) : NONCE_BYTES * (at + 2)],
        path=tuple(inclusion_proof(at, len(names), read)),
    )


def verify_opening(leaf: bytes, opening: Opening) -> bool:
    """True when `leaf` commits to a record of this kind in which this field had this value."""
    if opening.leaf != leaf or {len(opening.nonce), len(opening.head_nonce)} != {NONCE_BYTES}:
        return False
    if not opening.present and opening.value is not None:
        return False
    name, names = opening.name, opening.fields
    try:
        version = leaf_version(leaf)
        if schema_of(version, opening.kind) != names or name not in names:
            return False
        fields = {name: opening.value} if opening.present else {}
        [hashed] = hash_fields((name,), fields, opening.nonce)
    except (TypeError, ValueError):
        return False
    root = root_from_inclusion(hashed, names.index(name), len(names), opening.path)
    head = head_hash(opening.head_nonce, opening.kind, names)
    return root is not None and leaf_of(version, head, root) == leaf
