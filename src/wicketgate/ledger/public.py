"""Leaves that everybody may read: events of the gate with no person in them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from wicketgate.core.digest import Canonical, canonical
from wicketgate.ledger.errors import LedgerError
from wicketgate.ledger.keys import VerifierKey
from wicketgate.ledger.schemas import PUBLIC, PUBLIC_VERSION, PublicType

PUBLIC_LEAF = b"\x02"
_TEXTS = {
    "name": re.compile(r"[A-Za-z0-9 .,:;/()§_-]{1,200}"),
    "digest": re.compile(r"sha256:[0-9a-f]{64}"),
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
}


def public_leaf(kind: str, fields: Mapping[str, Canonical]) -> bytes:
    """The leaf ``0x02`` and canonical JSON of one public event.

    Raises `LedgerError` for an unknown kind, a missing or further field, or a
    value that is not of the field's narrow type: free text could name a person.
    """
    schema = PUBLIC.get(kind)
    if schema is None:
        raise LedgerError(f"There is no public event {kind!r}.")
    if fields.keys() != schema.keys():
        raise LedgerError(f"A public event {kind} has exactly the fields {', '.join(schema)}.")
    for name, type_ in schema.items():
        if not _admits(type_, fields[name]):
            raise LedgerError(f"The field {name} of a public event {kind} is not a {type_}.")
    return PUBLIC_LEAF + canonical({"event": kind, "version": PUBLIC_VERSION, "fields": fields})


def read_public_leaf(leaf: bytes) -> tuple[str, dict[str, Canonical]]:
    """The event and its fields; raises `LedgerError` for any leaf that `public_leaf` would not write."""
    try:
        document = json.loads(leaf[1:])
        kind, fields = document["event"], document["fields"]
        same = public_leaf(kind, fields) == leaf
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as problem:
        raise LedgerError("This is not the leaf of a public event.") from problem
    if not same:
        raise LedgerError("This is not the leaf of a public event.")
    return kind, fields


def _admits(type_: PublicType, value: object) -> bool:
    if type_ == "count":
        return type(value) is int and 0 <= value < 2**53
    if type_ == "counts":
        return isinstance(value, Mapping) and all(
            _admits("name", key) and _admits("count", count) for key, count in value.items()
        )
    if not isinstance(value, str):
        return False
    if type_ == "vkey":
        VerifierKey.parse(value)
        return True
    return _TEXTS[type_].fullmatch(value) is not None
