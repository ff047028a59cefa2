"""A process in which many submitters wait for group commits and say what they were told, until it is killed.

It reads the log's key and the connection strings of `gate_witness` and `gate_intake` from standard input.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from queue import SimpleQueue

from tests.contract.world import NOW, entry
from tests.keeping import VAULT
from wicketgate.ledger import LogKey
from wicketgate.store.database import Connection
from wicketgate.store.group_commit import Effect, GroupCommit, Outcome
from wicketgate.store.writer import Writer

SUBMITTERS = 16


def main() -> None:
    """Submit until killed, or until the log cannot be written."""
    key, witness, intake = sys.stdin.read().splitlines()
    writer = Writer(LogKey.load(key), throw_away=sys.argv[1:] == ["careless"])
    with Connection.connect(witness) as reading:
        writer.join(reading)
    connection = Connection.connect(intake, autocommit=True)
    connection.vault = VAULT

    @contextmanager
    def transaction() -> Iterator[Connection]:
        with writer.watching(), connection.transaction():
            yield connection

    group = GroupCommit(transaction, lambda begun, entries: writer.append(begun, entries, NOW), VAULT)
    for number in range(SUBMITTERS):
        threading.Thread(target=submit, args=[group, number % 3 + 1], daemon=True).start()
    threading.Event().wait()


def submit(group: GroupCommit, length: int) -> None:
    """One submitter: entries with a row for each, again and again."""
    for _ in count():
        entries = [entry() for _ in range(length)]
        leaves = [each.leaf for each in entries]
        told: SimpleQueue[Outcome] = SimpleQueue()
        group.submit(entries, rows(leaves), told.put)
        if isinstance(indexes := told.get(), Exception):
            raise indexes
        lines = "".join(f"{index} {leaf.hex()}\n" for index, leaf in zip(indexes, leaves, strict=True))
        sys.stdout.write(lines)
        sys.stdout.flush()


def rows(leaves: list[bytes]) -> Effect:
    """The business effect: a row for each leaf."""

    def effect(connection: Connection) -> None:
        connection.execute(
            "INSERT INTO gate.chunk (job, number, first, last)"
            " SELECT job, 0, 1, 1 FROM unnest(%s::text[]) AS job",
            [[leaf.hex() for leaf in leaves]],
        )

    return effect


if __name__ == "__main__":
    main()
