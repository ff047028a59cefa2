"""Entries opened for an account: the fields that its figures are counted from, and nothing else of a record.

The first line names the form and the kinds with their fields. Each further line holds an entry's index,
the number of its kind, the nonce of the record's head, and for each field either its value and nonce or
the hash that commits to it; for a record that was expunged, the root over its fields alone. So every line
makes the public leaf at its index, whatever it keeps closed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from wicketgate.core.digest import Canonical, canonical
from wicketgate.ledger.encoding import base64_text, from_base64
from wicketgate.ledger.errors import LedgerError
from wicketgate.ledger.public import PUBLIC_LEAF, read_public_leaf
from wicketgate.ledger.record import (
    NONCE_BYTES,
    hash_fields,
    head_hash,
    leaf_of,
    leaf_version,
    schema_of,
)
from wicketgate.ledger.schemas import PRIVATE
from wicketgate.ledger.tree import root_of

FORMAT = "wicketgate-accounts/1"
_NOT_OURS = f"This is not an account of the form {FORMAT}."


@dataclass(frozen=True, slots=True)
class Opened:
    """One entry of the log and the fields of it that are open; none for one that was expunged."""

    index: int
    kind: str
    fields: Mapping[str, Canonical] = field(repr=False)


Known = tuple[int, str, bytes, Mapping[str, Canonical], bytes, bytes]
"""Index, kind, leaf, fields, nonces and proof of the kind (`Committed.kind_proof`) of a private entry.

One that was expunged has neither fields nor nonces.
"""


def account_lines(entries: Iterable[Known], opened: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """The lines of an account over private entries; `opened` names the open fields of each kind."""
    names = sorted({(kind, *fields) for kinds in PRIVATE.values() for kind, fields in kinds.items()})
    numbers = {name: number for number, name in enumerate(names)}
    yield canonical({"accounts": FORMAT, "known": [list(name) for name in names]}).decode() + "\n"
    told = {kind: frozenset(fields) for kind, fields in opened.items()}
    for index, kind, leaf, fields, nonces, proof in entries:
        schema = schema_of(leaf_version(leaf), kind)
        number, head_nonce = numbers[kind, *schema], base64_text(proof[:NONCE_BYTES])
        if not nonces:
            yield canonical([index, number, head_nonce, base64_text(proof[NONCE_BYTES:])]).decode() + "\n"
            continue
        hashes = hash_fields(schema, fields, nonces[NONCE_BYTES:])
        open_here = told.get(kind, frozenset())
        cells: list[Canonical] = []
        for place, name in enumerate(schema):
            if name in open_here and name in fields:
                nonce = nonces[NONCE_BYTES * (place + 1) : NONCE_BYTES * (place + 2)]
                cells.append([fields[name], base64_text(nonce)])
            else:
                cells.append(base64_text(hashes[place]))
        line: list[Canonical] = [index, number, head_nonce, cells]
        yield canonical(line).decode() + "\n"


def read_accounts(lines: Iterable[str], size: int, leaf: Callable[[int], bytes]) -> Iterator[Opened]:
    """Every entry below `size`, in order, each proved to be the public leaf at its index.

    Raises `LedgerError` for a line that does not make its leaf, for an entry that is left out, and for
    anything of another form.
    """
    source = iter(lines)
    try:
        form = json.loads(next(source, "null"))
        if form["accounts"] != FORMAT:
            raise LedgerError(_NOT_OURS)
        known = [(str(kind), tuple(str(each) for each in fields)) for kind, *fields in form["known"]]
        line = next(source, None)
        for index in range(size):
            public = leaf(index)
            if public[:1] == PUBLIC_LEAF:
                kind, fields = read_public_leaf(public)
                yield Opened(index, kind, fields)
                continue
            stated = json.loads(line) if line is not None else None
            if stated is None or stated[0] != index:
                raise LedgerError(f"The account leaves out entry {index} of the log.")
            yield _proved(public, known[stated[1]], stated)
            line = next(source, None)
        if line is not None:
            raise LedgerError("The account goes on after the last entry of the log.")
    except (KeyError, IndexError, TypeError, ValueError, RecursionError):
        raise LedgerError(_NOT_OURS) from None


def _proved(public: bytes, known: tuple[str, tuple[str, ...]], stated: list[object]) -> Opened:
    index, _, head_nonce, cells = stated
    kind, names = known
    version = leaf_version(public)
    head = head_hash(from_base64(str(head_nonce), "head nonce"), kind, names)
    if isinstance(cells, str) and leaf_of(version, head, from_base64(cells, "root")) == public:
        return Opened(int(str(index)), kind, {})
    if schema_of(version, kind) != names or not isinstance(cells, list) or len(cells) != len(names):
        raise LedgerError(f"The account does not state entry {index} as it stands in the log.")
    fields: dict[str, Canonical] = {}
    hashes = []
    for name, cell in zip(names, cells, strict=True):
        if isinstance(cell, str):
            hashes.append(from_base64(cell, "hash"))
        else:
            value, nonce = cell
            salt = from_base64(nonce, "nonce")
            if len(salt) != NONCE_BYTES:
                raise LedgerError(_NOT_OURS)
            hashes += hash_fields((name,), {name: value}, salt)
            fields[name] = value
    if leaf_of(version, head, root_of(hashes)) != public:
        raise LedgerError(f"The account does not state entry {index} as it stands in the log.")
    return Opened(int(str(index)), kind, fields)
