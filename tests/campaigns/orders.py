"""Orders on a gate at work: how long until all stand still, and does anything leave afterwards?

Processes with many sessions disclose as fast as they can; one of them is frozen (SIGSTOP) at a random
moment, an order is recorded, the frozen one continues. Whatever was disclosed is an act; none may come
after the order.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random

import psycopg

from tests.contract.world import DIGEST, NOW, OFFICER
from tests.workplace.office import CONTEXT, CORA, LAW, Hands
from wicketgate.core.actor import Actor
from wicketgate.core.finding import Determination
from wicketgate.core.identifiers import Handle
from wicketgate.core.request import Request
from wicketgate.core.roles import Role
from wicketgate.flow.gate import Gate
from wicketgate.flow.orders import confirm_lifting, propose_lifting, record_order
from wicketgate.ledger import LogKey
from wicketgate.store import packages, requests, suspension, versions
from wicketgate.store.database import Database
from wicketgate.store.order_book import NewOrder
from wicketgate.store.services import Service

COREY = Actor("corey", Role.COUNSEL)
STAY = NewOrder("D.D.C.", "1:25-cv-00457", "custodian", date(2026, 3, 1), document=b"%PDF the stay")
ALLOWED = 2.0
_PIECE = 2_000


@dataclass
class Stops:
    """What a campaign found."""

    seconds: list[float] = field(default_factory=list)
    disclosed: list[int] = field(default_factory=list)
    """Disclosing acts before each order, since the one before."""
    afterwards: int = 0

    @property
    def slowest(self) -> float:
        """The longest time until all stood still."""
        return max(self.seconds)


def receive(database: Database, count: int) -> None:
    """So many sufficient requests of one agency, as if a large file had come in and been endorsed."""
    with database.connect(Service.INTAKE) as intake:
        submission = requests.open_submission(
            intake,
            name="file.csv",
            digest=DIGEST,
            authority="a",
            authority_digest=DIGEST,
            as_of=date(2026, 3, 1),
            at=NOW,
        ).submission
        versions.know(intake, versions.Version(DIGEST, "a", ("b",), {}, {}))
        packages.register_keys(intake, [OFFICER], "sam", NOW)
    with database.connect(Service.OVERSEE) as oversee:
        packages.confirm_keys(oversee, [OFFICER.key_id], "cora", NOW)
    reviewed = requests.Reviewed({}, Determination.SUFFICIENT, (), DIGEST, date(2026, 3, 1))
    for first in range(1, count + 1, _PIECE):
        new = [
            requests.NewRequest(Handle.new(), row, Request(f"R-{row}"), ("DHS-ICE", "DHS"), reviewed, ())
            for row in range(first, min(first + _PIECE, count + 1))
        ]
        with database.connect(Service.INTAKE) as intake:
            requests.add(intake, submission, new, NOW)


def run(
    database: Database, folder: Path, *, count: int, processes: int, sessions: int, times: int, seed: int
) -> Stops:
    """Record an order so many times while `processes`, each with `sessions`, disclose; lift it each time."""
    moments, found, key = Random(seed), Stops(), LogKey.generate("gate.example.gov/orders")
    receive(database, count)
    gate = Gate(database, LAW, CONTEXT, Hands(), key, throw_away=True)
    with gate, _working(database, folder, key, count, processes, sessions) as at_work:
        _until_disclosing(database, before := 0)
        for number in range(1, times + 1):
            threading.Event().wait(moments.uniform(0.0, 0.4))
            frozen = moments.choice(at_work)
            os.kill(frozen.pid, signal.SIGSTOP)
            threading.Event().wait(moments.uniform(0.0, 0.2))
            begun = time.monotonic()
            record_order(gate, CORA, STAY)
            found.seconds.append(time.monotonic() - begun)
            at_rest = _disclosed(database)
            found.disclosed.append(at_rest - before)
            os.kill(frozen.pid, signal.SIGCONT)
            threading.Event().wait(moments.uniform(0.1, 0.3))
            found.afterwards += _disclosed(database) - at_rest
            propose_lifting(gate, CORA, number, b"%PDF vacated")
            confirm_lifting(gate, COREY, number)
            _until_disclosing(database, at_rest)
            before = at_rest
    return found


@contextmanager
def _working(
    database: Database, folder: Path, key: LogKey, count: int, processes: int, sessions: int
) -> Iterator[Sequence[subprocess.Popen[str]]]:
    """Processes that disclose, each its own stretch of the rows."""
    services = (
        Service.WITNESS,
        Service.REVIEW,
        Service.VERIFY,
        Service.DECIDE,
        Service.RELEASE,
        Service.PORTAL,
    )
    share, started = count // processes, []
    try:
        for number in range(processes):
            with (folder / f"worker-{number}").open("w") as errors:
                process = subprocess.Popen(
                    [sys.executable, "-m", "tests.campaigns.discloser", str(sessions)],
                    text=True,
                    stdin=subprocess.PIPE,
                    stdout=errors,
                    stderr=errors,
                )
            assert process.stdin is not None
            rows = (str(number * share + 1), str((number + 1) * share))
            dsns = [database.server.dsn(service, database.name) for service in services]
            process.stdin.write("\n".join([key.dump(), *rows, *dsns]))
            process.stdin.close()
            started.append(process)
        yield started
        for number, process in enumerate(started):
            assert process.poll() is None, (folder / f"worker-{number}").read_text()
    finally:
        for process in started:
            process.kill()
            process.wait()


def _disclosed(database: Database) -> int:
    with database.connect(Service.AUDIT) as audit:
        return suspension.count_disclosed(audit)


def _until_disclosing(database: Database, since: int) -> None:
    """Wait until something was disclosed again. Raises `AssertionError` after a minute."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if _disclosed(database) > since:
                return
        except psycopg.OperationalError:
            pass
        threading.Event().wait(0.02)
    raise AssertionError("Nothing is disclosed: the campaign would prove nothing.")
