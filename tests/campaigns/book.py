"""What a log told those who wrote it, and whether it still keeps to it."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from wicketgate.ledger import Frontier, VerifierKey, leaf_hash, read_checkpoint
from wicketgate.store.database import Connection, Database, DatabaseError


@dataclass
class Book:
    """Everything that was acknowledged: entries by index, and roots by size."""

    entries: dict[int, bytes] = field(default_factory=dict)
    roots: dict[int, bytes] = field(default_factory=dict)

    def acknowledged(self, index: int, leaf: bytes) -> None:
        """An entry was told to be durable."""
        assert self.entries.setdefault(index, leaf) == leaf, f"index {index} was told twice"

    def check(self, database: Database, key: VerifierKey) -> int:
        """Compare with what is stored; returns the log's size.

        Raises `AssertionError` when an acknowledged entry is lost or changed, an index is missing, a
        checkpoint is not what the entries make, or a size has another root than it had before.
        """
        with patiently(database) as connection:
            stored = connection.execute("SELECT idx, leaf FROM log.entry ORDER BY idx").fetchall()
            notes = connection.execute("SELECT size, note FROM log.checkpoint ORDER BY size").fetchall()
            [(size, root)] = connection.execute("SELECT size, root FROM log.head").fetchall()
            jobs = connection.execute("SELECT job FROM gate.chunk").fetchall()
        assert [index for index, _ in stored] == list(range(size)), "an index is missing"
        assert sorted(job for (job,) in jobs) == sorted(leaf.hex() for _, leaf in stored), (
            "an entry without its effect, or an effect without its entry"
        )
        lost = [index for index, leaf in self.entries.items() if index >= size or stored[index][1] != leaf]
        assert not lost, f"acknowledged and lost: {lost[:5]}"
        frontier = Frontier()
        signed: dict[int, str] = dict(notes)
        for index, leaf in stored:
            frontier.append(leaf_hash(leaf))
            if note := signed.pop(index + 1, None):
                head = read_checkpoint(note, key)
                assert (head.size, head.root) == (index + 1, frontier.root()), "a checkpoint of another tree"
                assert self.roots.setdefault(head.size, head.root) == head.root, "two roots for one size"
        assert not signed, "a checkpoint beyond the entries"
        assert frontier.root() == root
        assert not self.roots or max(self.roots) == size, "a checkpoint was lost"
        return int(size)


def patiently(database: Database) -> Connection:
    """Log in as soon as a server that lost a process has recovered."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return database.administer()
        except DatabaseError:
            if time.monotonic() > deadline:
                raise
            threading.Event().wait(0.02)
