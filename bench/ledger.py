"""Committing records beside the hash that it cannot do without."""

from __future__ import annotations

import hashlib

from bench.timing import best
from wicketgate.core.digest import Canonical
from wicketgate.ledger import Frontier, commit_many, leaf_hash


def ledger(entries: int = 50_000) -> dict[str, float]:
    """Committing and hashing records beside bare SHA-256 of as many 65-byte texts."""
    fields: dict[str, Canonical] = {
        "handle": "WG-2222-3333-4444",
        "row": 1,
        "agency": "DHS",
        "authority": "a",
        "at": "2026-03-01",
    }
    limit = best(lambda: [hashlib.sha256(b"x" * 65).digest() for _ in range(entries)])

    def append() -> None:
        frontier = Frontier()
        made = commit_many(("request.received", fields) for _ in range(entries))
        frontier.extend(leaf_hash(each.leaf) for each in made)

    seconds = best(append)
    return {
        "entries_per_second": round(entries / seconds),
        "bare_sha256_per_second": round(entries / limit),
        "ratio": round(seconds / limit, 1),
    }
