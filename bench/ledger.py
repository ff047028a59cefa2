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
from pathlib import Path
from statistics import median
from typing import Any

from bench.law import PEERS
from bench.timing import best, timed
from wicketgate.core.digest import Canonical
from wicketgate.core.identifiers import Handle
from wicketgate.embedded import throw_away
from wicketgate.keys import Keeper, KeyFolder, Keys, SubjectVault
from wicketgate.keys.keeper import GATE
from wicketgate.ledger import (
    Frontier,
    LogKey,
    commit_many,
    inclusion_proof,
    leaf_hash,
    verify_inclusion,
)
from wicketgate.ledger.tree import root_of
from wicketgate.store.database import Connection, Database, open_database
from wicketgate.store.group_commit import GroupCommit, Outcome
from wicketgate.store.log import Entry
from wicketgate.store.migrate import migrate
from wicketgate.store.services import Service
from wicketgate.store.writer import Writer

BENCH = LogKey.generate("bench.example/ledger")
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
BATCHES = (1, 256, 1024)
WAITING = (1, 64, 512)
RAW = (1, 256, 512, 1024)
SECONDS = 1.0
"""How long each rate is measured at a time."""
ROUNDS = 5
"""Times that each rate is measured, in turn, so that other work disturbs all alike; the median counts."""


def ledger(folder: Path) -> dict[str, dict[str, Any]]:
    """Rates per second, each beside its limit or its peer in the same run."""
    entries = made(20_000)
    leaves = [entry.leaf for entry in entries]
    with throw_away(fsync=True) as server:
        database = open_database(server)
        migrate(database)
        keeper = Keeper(KeyFolder(folder / "keys", BENCH.vkey), BENCH.verifier)
        vault = SubjectVault(Keys(lambda message: keeper.answer(message, frozenset({GATE}))))
        database = replace(database, vault=vault)
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
        "pymerkle (SQLite)": peer,
        "ratios": {
            "waiting_512_to_raw_batch_512": round(durable["waiting 512"] / durable["raw 512"], 2),
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

        group = GroupCommit(transaction, lambda begun, lot: writer.append(begun, lot, AT))
        insert = _inserting(bare)
        rates: dict[str, Callable[[], int]] = {"flushes": lambda: _flushes(folder)}
        for batch in RAW:
            rates[f"raw {batch}"] = partial(_rate, entries, batch, insert)
        for number in WAITING:
            rates[f"waiting {number}"] = partial(_waiting, group, entries, number)
        for batch in BATCHES:
            rates[f"batch {batch}"] = partial(_rate, entries, batch, append)
        found: dict[str, list[int]] = {name: [] for name in rates}
        for _ in range(ROUNDS):
            for name, rate in rates.items():
                found[name].append(rate())
        group.close()
    return {name: round(median(several)) for name, several in found.items()}


def _waiting(group: GroupCommit, entries: Sequence[Entry], number: int) -> int:
    """Entries per second of submitters each of whom brings the next entry when told of the last."""
    ends, done, finished = time.perf_counter() + SECONDS, 0, threading.Event()
    left = number

    def told(outcome: Outcome) -> None:
        nonlocal done, left
        if isinstance(outcome, Exception):
            raise outcome
        done += 1
        if time.perf_counter() < ends:
            group.submit([entries[done % len(entries)]], None, told)
        else:
            left -= 1
            if not left:
                finished.set()

    started = time.perf_counter()
    for at in range(number):
        group.submit([entries[at]], None, told)
    finished.wait()
    return round(done / (time.perf_counter() - started))


def _inserting(connection: Connection) -> Callable[[Sequence[Entry]], None]:
    """Inserts of the same bytes into a bare table, each batch one durable transaction."""
    connection.execute(
        "CREATE TABLE raw (idx bigint, leaf bytea, kind text, handle text, body jsonb, nonces bytea,"
        " at timestamptz)"
    )
    write, number = json.JSONEncoder(ensure_ascii=False).encode, 0

    def insert(lot: Sequence[Entry]) -> None:
        nonlocal number
        connection.execute(
            "INSERT INTO raw SELECT %s + n, leaf, kind, handle, body::jsonb, nonces, %s"
            " FROM unnest(%b::bytea[], %b::text[], %b::text[], %b::text[], %b::bytea[])"
            " WITH ORDINALITY AS new (leaf, kind, handle, body, nonces, n)",
            [
                number,
                AT,
                [entry.leaf for entry in lot],
                [entry.kind for entry in lot],
                [entry.handle.text if entry.handle else None for entry in lot],
                [write(entry.body) for entry in lot],
                [entry.nonces for entry in lot],
            ],
        )
        number += len(lot)

    return insert


def _rate(entries: Sequence[Entry], batch: int, work: Callable[[Sequence[Entry]], None]) -> int:
    started, done = time.perf_counter(), 0
    while time.perf_counter() - started < SECONDS:
        first = done % (len(entries) - batch)
        work(entries[first : first + batch])
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
