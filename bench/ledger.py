"""The log beside what it stands on, flushes of the disk, raw inserts and bare hashes, and beside pymerkle."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import chain, cycle, islice
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple, TypeVar

from bench.law import PEERS
from bench.timing import best, timed
from wicketgate.core.digest import Canonical
from wicketgate.core.identifiers import Handle
from wicketgate.embedded import throw_away
from wicketgate.flow.key_process import key_process
from wicketgate.keys import SubjectVault
from wicketgate.ledger import (
    Frontier,
    LogKey,
    commit_many,
    inclusion_proof,
    leaf_hash,
    verify_inclusion,
)
from wicketgate.ledger.record import NONCE_BYTES
from wicketgate.ledger.tree import root_of
from wicketgate.store.copy_binary import END, HEADER, bigint_cell, cell, moment_cell, row_of, text_cell
from wicketgate.store.database import Connection, Database, open_database
from wicketgate.store.group_commit import GroupCommit, Outcome
from wicketgate.store.log import Entry
from wicketgate.store.migrate import migrate
from wicketgate.store.services import Service
from wicketgate.store.writer import Writer

T = TypeVar("T")

BENCH = LogKey.generate("bench.example/ledger")
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
MADE = 200_000
"""Entries at hand: so many that nearly each is the first about its request, as at intake."""
BATCHES = (1, 256, 1024)
WAITING = (1, 64, 512)
RAW = (1, 256, 512, 1024)
SECONDS = 1.0
"""How long each rate is measured at a time."""
ROUNDS = 5
"""Times that each rate is measured, in turn, so that other work disturbs all alike; the median counts."""


def ledger(folder: Path) -> dict[str, dict[str, Any]]:
    """Rates per second, each beside its limit or its peer in the same run."""
    entries = made(MADE)
    leaves = [entry.leaf for entry in entries[:20_000]]
    with throw_away(fsync=True) as server, key_process(folder, BENCH.vkey) as keys:
        database = replace(open_database(server), vault=SubjectVault(keys))
        migrate(database)
        durable = _in_turn(database, entries, folder)
    flushes = durable["flushes"]
    peer = _pymerkle(leaves, folder)
    proofs = _proofs(leaves)
    return {
        "committing and hashing": _hashing(),
        "disk": {"flushes_per_second": flushes},
        "durable, by batch": {f"batch_{batch}": durable[f"batch {batch}"] for batch in BATCHES},
        "durable, by waiting": {f"waiting_{number}": durable[f"waiting {number}"] for number in WAITING},
        "raw inserts": {f"batch_{batch}": durable[f"raw {batch}"] for batch in RAW},
        "raw, no index": {"inserts_of_512": durable["heap 512"], "copies_of_512": durable["heap copy 512"]},
        "pymerkle (SQLite)": peer,
        "ratios": {
            "waiting_512_to_raw_batch_512": round(durable["waiting 512"] / durable["raw 512"], 2),
            "waiting_512_to_raw_without_index": round(durable["waiting 512"] / durable["heap 512"], 2),
            **{
                f"batch_{batch}_to_raw": round(durable[f"batch {batch}"] / durable[f"raw {batch}"], 2)
                for batch in BATCHES
            },
            "batch_1_to_flushes": round(durable["batch 1"] / flushes, 2),
            **{
                f"batch_{batch}_to_pymerkle": round(durable[f"batch {batch}"] / peer[f"batch_{batch}"], 2)
                for batch in BATCHES
                if f"batch_{batch}" in peer
            },
        },
        "verifying proofs": {
            "proofs_per_second": proofs,
            **(
                {"times_pymerkle": round(proofs / peer["proofs_per_second"], 1)}
                if "proofs_per_second" in peer
                else {}
            ),
        },
    }


def made(number: int) -> list[Entry]:
    """Entries as intake makes them, each about another request."""
    records: list[tuple[str, dict[str, Canonical]]] = [
        (
            "request.received",
            {
                "handle": str(Handle.new()),
                "submission": "sha256:" + "0" * 64,
                "row": row,
                "agency": "DHS-ICE",
                "authority": "usc26-6103-i2",
                "request_digest": "sha256:" + os.urandom(32).hex(),
                "at": AT.isoformat(),
            },
        )
        for row in range(number)
    ]
    return [
        Entry.of(Handle(str(fields["handle"])), fields, committed)
        for (_, fields), committed in zip(records, commit_many(records), strict=True)
    ]


def _in_turn(database: Database, entries: Sequence[Entry], folder: Path) -> dict[str, int]:
    """Each rate, the median of a few rounds in which all were measured one after the other."""
    writer = Writer(BENCH)
    with database.connect(Service.WITNESS) as reading:
        writer.join(reading)
    with database.connect(Service.INTAKE) as connection, database.administer() as bare:
        connection.autocommit = bare.autocommit = True

        @contextmanager
        def transaction() -> Iterator[Connection]:
            with writer.watching(), connection.transaction():
                yield connection

        def append(lot: Sequence[Entry]) -> None:
            with transaction():
                writer.append(connection, lot, AT)

        group = GroupCommit(transaction, lambda begun, lot: writer.append(begun, lot, AT), database.vault)
        bytes_of = _same_bytes(entries[: MADE // 2])
        rates: dict[str, Callable[[], int]] = {"flushes": lambda: _flushes(folder)}
        insert = _inserting(bare, "raw", indexed=True)
        for batch in RAW:
            rates[f"raw {batch}"] = partial(_rate, bytes_of, batch, insert)
        rates["heap 512"] = partial(_rate, bytes_of, 512, _inserting(bare, "heap", indexed=False))
        rates["heap copy 512"] = partial(_rate, bytes_of, 512, _copying(bare))
        fresh = cycle(entries)
        for number in WAITING:
            rates[f"waiting {number}"] = partial(_waiting, group, fresh, number)
        for batch in BATCHES:
            rates[f"batch {batch}"] = partial(_rate, fresh, batch, append)
        found: dict[str, list[int]] = {name: [] for name in rates}
        for _ in range(ROUNDS):
            for name, rate in rates.items():
                found[name].append(rate())
        group.close()
    return {name: round(median(several)) for name, several in found.items()}


def _waiting(group: GroupCommit, entries: Iterator[Entry], number: int) -> int:
    """Entries per second of submitters each of whom brings the next entry when told of the last."""
    ends, done, finished = time.perf_counter() + SECONDS, 0, threading.Event()
    left = number

    def told(outcome: Outcome) -> None:
        nonlocal done, left
        if isinstance(outcome, Exception):
            raise outcome
        done += 1
        if time.perf_counter() < ends:
            group.submit([next(entries)], None, told)
        else:
            left -= 1
            if not left:
                finished.set()

    started = time.perf_counter()
    for _ in range(number):
        group.submit([next(entries)], None, told)
    finished.wait()
    return round(done / (time.perf_counter() - started))


class Raw(NamedTuple):
    """What the log keeps of one entry, as bytes."""

    leaf: bytes
    kind: str
    handle: str
    proof: bytes
    sealed: bytes


def _same_bytes(entries: Sequence[Entry]) -> Iterator[Raw]:
    """As many bytes as the log keeps of these, again and again."""
    return cycle(
        [
            Raw(each.leaf, each.kind, Handle.new().text, each.proof, os.urandom(_SEALED + len(each.text)))
            for each in entries
        ]
    )


_SEALED = 4 + NONCE_BYTES * 8 + 12 + 16
"""Bytes of a sealed entry besides its text: lengths, nonces of the fields, nonce and tag of the sealing."""
_HEAP = (
    "CREATE TABLE {} (idx bigint, leaf bytea, kind text, handle text, proof bytea, sealed bytea,"
    " at timestamptz)"
)
_INDEXES = "ALTER TABLE {0} ADD PRIMARY KEY (idx); CREATE INDEX ON {0} (handle, idx)"


def _inserting(connection: Connection, table: str, *, indexed: bool) -> Callable[[Sequence[Raw]], None]:
    """Inserts of the same bytes, each batch one durable transaction, into a table that guards nothing.

    It has the indexes of the log, or none.
    """
    connection.execute(_HEAP.format(table))
    if indexed:
        connection.execute(_INDEXES.format(table))
    number = 0

    def insert(lot: Sequence[Raw]) -> None:
        nonlocal number
        connection.execute(
            f"INSERT INTO {table} SELECT %s + n, leaf, kind, handle, proof, sealed, %s"
            " FROM unnest(%b::bytea[], %b::text[], %b::text[], %b::bytea[], %b::bytea[])"
            " WITH ORDINALITY AS new (leaf, kind, handle, proof, sealed, n)",
            [number, AT, *(list(column) for column in zip(*lot, strict=True))],
        )
        number += len(lot)

    return insert


def _copying(connection: Connection) -> Callable[[Sequence[Raw]], None]:
    """The same by COPY in its binary format, the quickest way in that PostgreSQL has."""
    connection.execute(_HEAP.format("copied"))
    number = 0

    def copy(lot: Sequence[Raw]) -> None:
        nonlocal number
        row, moment = row_of(7), moment_cell(AT)
        rows = (
            (
                row,
                bigint_cell(at),
                cell(each.leaf),
                text_cell(each.kind),
                cell(each.handle.encode()),
                cell(each.proof),
                cell(each.sealed),
                moment,
            )
            for at, each in enumerate(lot, number)
        )
        with connection.cursor() as cursor, cursor.copy("COPY copied FROM STDIN (FORMAT binary)") as into:
            into.write(HEADER + b"".join(chain.from_iterable(rows)) + END)
        number += len(lot)

    return copy


def _rate(entries: Iterator[T], batch: int, work: Callable[[Sequence[T]], None]) -> int:
    started, done = time.perf_counter(), 0
    while time.perf_counter() - started < SECONDS:
        work(list(islice(entries, batch)))
        done += batch
    return round(done / (time.perf_counter() - started))


def _flushes(folder: Path) -> int:
    """Overwrites of one block made durable one after the other: what a batch of 1 cannot exceed."""
    block, done = bytes(8192), 0
    with (folder / "flushed").open("wb", buffering=0) as file:
        file.write(block)
        os.fsync(file.fileno())
        started = time.perf_counter()
        while time.perf_counter() - started < SECONDS:
            os.pwrite(file.fileno(), block, 0)
            os.fdatasync(file.fileno())
            done += 1
        return round(done / (time.perf_counter() - started))


def _pymerkle(leaves: Sequence[bytes], folder: Path) -> dict[str, Any]:
    python, given = PEERS / "bin" / "python", folder / "leaves"
    if not python.exists():
        return {"not_run": "the peers are not installed"}
    given.write_text("\n".join(leaf.hex() for leaf in leaves))
    script = Path(__file__).with_name("pymerkle_peer.py")
    command = [str(python), str(script), str(given), str(folder), str(SECONDS)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        return {"not_run": (done.stderr.strip().splitlines() or ["it stopped without a word"])[-1][:300]}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _proofs(leaves: Sequence[bytes]) -> int:
    """Inclusion proofs verified per second."""
    hashes = [leaf_hash(leaf) for leaf in leaves]
    levels = [hashes]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([root_of(below[at : at + 2]) for at in range(0, len(below) // 2 * 2, 2)])
    root, size = root_of(hashes), len(hashes)
    proofs = [
        (index, inclusion_proof(index, size, lambda level, at: levels[level][at])) for index in range(2000)
    ]

    def verify() -> None:
        assert all(verify_inclusion(hashes[index], index, size, proof, root) for index, proof in proofs)

    return round(len(proofs) / best(verify))


def _hashing(entries: int = 50_000) -> dict[str, float]:
    """Committing and hashing records beside bare SHA-256 of as many 65-byte texts."""
    fields = made(1)[0].body
    limit = best(lambda: [hashlib.sha256(b"x" * 65).digest() for _ in range(entries)])

    def append() -> None:
        frontier = Frontier()
        committed = commit_many(("request.received", fields) for _ in range(entries))
        frontier.extend(leaf_hash(each.leaf) for each in committed)

    seconds = timed(append)
    return {
        "entries_per_second": round(entries / seconds),
        "bare_sha256_per_second": round(entries / limit),
        "ratio": round(seconds / limit, 1),
    }
