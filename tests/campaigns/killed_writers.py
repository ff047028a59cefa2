"""Kill the writer, one of the server's processes or the whole server; what was acknowledged stays."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.campaigns.book import Book
from wicketgate.embedded import start
from wicketgate.ledger import LogKey
from wicketgate.store.database import Database, open_database
from wicketgate.store.migrate import migrate
from wicketgate.store.services import Service

LONGEST = 0.4
"""Seconds after the first acknowledgement within which the blow falls."""


def kill_writers(folder: Path, kills: int, seed: int, *, careless: bool = False) -> dict[str, int]:
    """Kill -9 at random moments while submitters wait; returns what was killed and what was kept.

    A `careless` writer does not wait for the disk, to show that this campaign can fail.

    Raises `AssertionError` as `Book.check`.
    """
    moments, done = random.Random(seed), Counter[str]()
    key, book, size = LogKey.generate("gate.example.gov/ledger"), Book(), 0
    cluster = start(folder / "database")
    try:
        database = open_database(cluster)
        migrate(database)
        while done.total() < kills:
            victim = "server" if careless else moments.choice(("writer", "backend", "server"))
            with submitting(database, key, book, careless) as writer:
                threading.Event().wait(moments.uniform(0.0, LONGEST))
                if victim == "writer":
                    writer.kill()
                elif victim == "backend":
                    os.kill(moments.choice(backends(database)), signal.SIGKILL)
                else:
                    os.kill(cluster.pid, signal.SIGKILL)
            done[victim] += 1
            if victim == "server":
                cluster.stop()
                cluster = start(folder / "database")
                database = open_database(cluster)
            size = book.check(database, key.verifier)
    finally:
        cluster.stop()
    return {**done, "acknowledged": len(book.entries), "entries": size, "sizes": len(book.roots)}


@contextmanager
def submitting(
    database: Database, key: LogKey, book: Book, careless: bool
) -> Iterator[subprocess.Popen[str]]:
    """A process that submits, from its first acknowledgement on; afterwards the book has all it was told."""
    command = [sys.executable, "-m", "tests.campaigns.submitter", *(["careless"] if careless else [])]
    with subprocess.Popen(
        command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        dsns = [database.server.dsn(role, database.name) for role in (Service.WITNESS, Service.INTAKE)]
        process.stdin.write("\n".join([key.dump(), *dsns]))
        process.stdin.close()
        first = process.stdout.readline()
        if not first:
            raise AssertionError(process.stderr.read())
        told = [first]
        reader = threading.Thread(target=lambda: told.extend(process.stdout or ()))
        reader.start()
        try:
            yield process
        finally:
            # A writer whose server died has stopped; it waits in vain until it is killed.
            threading.Event().wait(0.05)
            process.kill()
            reader.join()
            process.stderr.read()
    for line in told:
        if line.endswith("\n"):
            index, leaf = line.split()
            book.acknowledged(int(index), bytes.fromhex(leaf))


def backends(database: Database) -> list[int]:
    """The server's processes that write: of the submitters, of the WAL, of the data files."""
    with database.administer() as connection:
        found = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE usename = 'gate_intake'"
            " OR backend_type IN ('checkpointer', 'walwriter', 'background writer')"
        )
        return [pid for (pid,) in found]
