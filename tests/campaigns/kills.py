"""Kill a simulation at random moments and run it again until it ends; then nothing may be lost or doubled."""

from __future__ import annotations

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from wicketgate.embedded import start
from wicketgate.ledger.verify import verify_folder
from wicketgate.store.database import open_database

PATIENCE = 600
"""Seconds after which a run that was not killed must have ended."""


@dataclass(frozen=True)
class Survived:
    """What a campaign saw."""

    kills: int
    requests: int
    disclosed: int
    entries: int


def kill_and_continue(
    submission: Path, register: Path, folder: Path, *, kills: int, longest: float, seed: int
) -> Survived:
    """Run `simulate --keep`, kill it -9 `kills` times at moments up to `longest` seconds, then let it end.

    Raises `AssertionError` when a request has not exactly one outcome, a package has no
    entry, an entry is lost, or the log does not verify.
    """
    keep, out = folder / "gate", folder / "out"
    moments = random.Random(seed)
    done = 0
    for _ in range(kills):
        process = _run(submission, register, keep, out)
        try:
            process.wait(moments.uniform(0.5, longest))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            done += 1
    process = _run(submission, register, keep, out)
    process.wait(PATIENCE)
    assert process.returncode == 0, (folder / "complaints.txt").read_text()
    return check(submission, keep, out, done)


def check(submission: Path, keep: Path, out: Path, kills: int = 0) -> Survived:
    """The promises about a finished run, read from its files and its database."""
    with submission.open(newline="") as file:
        asked = [row["request_id"] for row in csv.DictReader(file)]
    with (out / "outcomes.csv").open(newline="") as file:
        outcomes = [(row["request_id"], row["outcome"]) for row in csv.DictReader(file)]
    assert [request_id for request_id, _ in outcomes] == asked, (
        "each request has exactly one outcome, in order"
    )
    outward = [json.loads(line) for line in (out / "outward.jsonl").read_text().splitlines()]
    assert [answer["request_id"] for answer in outward] == asked
    report = verify_folder(out / "ledger")
    assert report.ok, report.failures

    with start(keep / "database") as server, open_database(server).administer() as connection:
        kinds: dict[str, Counter[str]] = {}
        for handle, kind in connection.execute("SELECT handle, kind FROM log.entry WHERE handle IS NOT NULL"):
            kinds.setdefault(handle, Counter())[kind] += 1
        size, entries = connection.execute(
            "SELECT size, (SELECT count(*) FROM log.entry) FROM log.head"
        ).fetchall()[0]
        assert size == entries
        states: dict[str, str] = dict(connection.execute("SELECT handle, state FROM gate.request").fetchall())
        packages = {handle for (handle,) in connection.execute("SELECT handle FROM gate.package")}
    assert set(kinds) == set(states), "every request is on record"
    for handle, counted in kinds.items():
        assert counted["request.received"] == 1
        assert max(counted.values()) == 1, f"an act of {handle} is on record twice"
    for handle in packages:
        assert kinds[handle]["disclosure.intended"] == kinds[handle]["disclosure.released"] == 1
    disclosed = {handle for handle, state in states.items() if state in ("released", "picked_up")}
    assert packages == disclosed
    assert all(kinds[handle]["pickup"] == 1 for handle in disclosed)
    assert sum(outcome == "disclosed" for _, outcome in outcomes) == len(disclosed)
    return Survived(kills, len(asked), len(disclosed), entries)


def _run(submission: Path, register: Path, keep: Path, out: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "wicketgate", "simulate", str(submission), "--register", str(register)]
    command += ["--keep", str(keep), "--out", str(out)]
    # A folder of another run's server that was just killed is given free by its watcher in a moment.
    deadline = time.monotonic() + 30
    while True:
        with (keep.parent / "complaints.txt").open("w") as complaints:
            process = subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=complaints, start_new_session=True
            )
        try:
            process.wait(0.4)
        except subprocess.TimeoutExpired:
            return process
        if process.returncode == 0 or time.monotonic() > deadline:
            return process
