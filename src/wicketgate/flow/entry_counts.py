"""Counts of what the log holds, published in it, and the list of kinds by which an inspector counts again.

The counts are of what an agency is told at once. Everything else is one number: apart, it
would tell an agency with few requests which of them a person refused, and when.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

from wicketgate.core.digest import Canonical
from wicketgate.flow.gate import Gate
from wicketgate.ledger import kind_lines, public_leaf
from wicketgate.store import log
from wicketgate.store.log import Entry
from wicketgate.store.services import Service

TOLD = ("request.received", "request.determined")
OTHER = "other"
LEAST = 100
"""Entries that a count is about at least."""


def publish_counts(gate: Gate) -> bool:
    """Publish counts of the entries since those counted last; False, and nothing, when they are few."""
    with gate.acting(Service.AUDIT) as connection:
        counted = log.latest_of(connection, "statistics")
        first = 0 if counted is None else int(str(counted.body["last"])) + 1
        found = log.counts(connection, first)
    if found is None or found.last - first + 1 < LEAST:
        return False
    counts: Counter[str] = Counter(dict.fromkeys((*TOLD, OTHER), 0))
    for kind, number in found.kinds.items():
        counts[kind if kind in TOLD else OTHER] += number
    fields: dict[str, Canonical] = {
        "first": first,
        "last": found.last,
        "from": found.since.date().isoformat(),
        "to": found.until.date().isoformat(),
        "counts": dict(counts),
    }
    with gate.acting(Service.OVERSEE) as connection:
        gate.append(connection, [Entry("statistics", public_leaf("statistics", fields), None, fields)])
    return True


def write_kinds(gate: Gate, size: int, path: Path) -> None:
    """Write the list of kinds of the first `size` entries, for an inspector; whole or not at all."""
    draft = path.with_name(path.name + ".new")
    with gate.acting(Service.AUDIT) as connection, draft.open("w", encoding="utf-8") as file:
        file.writelines(kind_lines(log.private_entries(connection, size)))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
