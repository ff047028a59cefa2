"""A log of millions of entries, checked again from its files alone, by the verifier, on one core."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from wicketgate.ledger import Frontier, LogKey, leaf_hash
from wicketgate.ledger import verify as verifier
from wicketgate.ledger.export import export_folder
from wicketgate.ledger.record import LEAF_BYTES, PRIVATE_LEAF

_AT_ONCE = 4_096
_VERSION = b"\x00\x01"


class Verified(NamedTuple):
    """What checking cost."""

    entries: int
    bytes: int
    checking: float
    """Seconds on the clock, of a process that may use one core."""


def verified(folder: Path, entries: int) -> Verified:
    """Publish a log of that many private entries and check it; `AssertionError` when it is refused."""
    key, tree = LogKey.generate("verified.example/ledger"), Frontier()
    tree.extend(leaf_hash(leaf) for leaf in _leaves(entries))
    log = folder / "log"
    export_folder(_leaves(entries), log, key.sign_checkpoint(tree.size, tree.root()), key.vkey)
    command = [sys.executable, str(Path(verifier.__file__)), str(log), "--vkey", key.vkey]
    started = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=_one_core)
    seconds = time.monotonic() - started
    assert done.returncode == 0, done.stdout[-300:] + done.stderr[-300:]
    size = sum(file.stat().st_size for file in log.rglob("*") if file.is_file())
    return Verified(entries, size, seconds)


def _one_core() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def _leaves(entries: int) -> Iterator[bytes]:
    """Leaves that look like those of private records; the same ones each time."""
    random, padding = Random(entries), bytes(LEAF_BYTES - 3 - 32)
    for first in range(0, entries, _AT_ONCE):
        number = min(_AT_ONCE, entries - first)
        commitments = random.randbytes(32 * number)
        for at in range(number):
            yield PRIVATE_LEAF + _VERSION + commitments[32 * at : 32 * at + 32] + padding
