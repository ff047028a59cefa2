"""What kind of record each entry is, provable to an inspector who sees no field of any record.

The first line of a list of kinds names its form and the kinds with their fields; each
further line holds an entry's index, the number of its kind in that list, the nonce of
the record's head and the root over its fields. They make the entry's public leaf.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wicketgate.core.digest import Canonical, canonical
from wicketgate.ledger.encoding import base64_text
from wicketgate.ledger.record import NONCE_BYTES, leaf_version, schema_of
from wicketgate.ledger.schemas import PRIVATE

FORMAT = "wicketgate-kinds/1"

Known = tuple[int, str, bytes, bytes]
"""Index, kind, leaf and proof of the kind (`Committed.kind_proof`) of a private entry."""


def kind_lines(entries: Iterable[Known]) -> Iterator[str]:
    """The lines of the list, each with its newline."""
    names = sorted({(kind, *fields) for kinds in PRIVATE.values() for kind, fields in kinds.items()})
    numbers = {name: number for number, name in enumerate(names)}
    yield canonical({"kinds": FORMAT, "known": [list(name) for name in names]}).decode() + "\n"
    for index, kind, leaf, proof in entries:
        schema = schema_of(leaf_version(leaf), kind)
        head_nonce, root = proof[:NONCE_BYTES], proof[NONCE_BYTES:]
        line: list[Canonical] = [index, numbers[kind, *schema], base64_text(head_nonce), base64_text(root)]
        yield canonical(line).decode() + "\n"
