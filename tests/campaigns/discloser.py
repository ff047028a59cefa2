"""A process of many sessions that bring requests from sufficient to picked up as fast as they can.

It reads the log's key, its first and last row and the connection strings of its services from standard input.
A session that was ended, or an act that a stop refuses, is begun anew. It ends when it is killed.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import cycle

import psycopg

from tests.contract.world import DIGEST, OFFICER, STEPS
from wicketgate.core.identifiers import Handle
from wicketgate.ledger import LogKey
from wicketgate.ledger.record import commit_many
from wicketgate.store import acts, answers, packages, suspension
from wicketgate.store.acts import Act
from wicketgate.store.database import Connection
from wicketgate.store.log import Entry
from wicketgate.store.services import DISCLOSING, Service
from wicketgate.store.writer import Writer

PIECE = 20
_SOURCE = {
    "find sufficient": "received",
    "endorse": "sufficient",
    "verify": "endorsed",
    "approve": "verified",
    "release": "approved",
    "pick up": "released",
}
_KIND = {
    "verify": "verification.answered",
    "approve": "decision",
    "release": "disclosure.released",
    "pick up": "pickup",
}


class Session:
    """One stretch of rows, by one thread, with a connection per service at a time."""

    def __init__(self, writer: Writer, dsns: dict[Service, str], first: int, last: int) -> None:
        self.writer, self.dsns = writer, dsns
        self.pieces = cycle(range(first, last + 1, PIECE))
        self.last = last
        self.open: dict[Service, Connection] = {}

    @contextmanager
    def acting(self, service: Service) -> Iterator[Connection]:
        """A transaction, on a new connection where the last one was ended."""
        connection = self.open.get(service)
        if connection is None or connection.closed:
            connection = self.open[service] = psycopg.connect(self.dsns[service], autocommit=True)
        with connection.transaction():
            yield connection

    def work(self) -> None:
        """Piece after piece, each through every step."""
        for first in self.pieces:
            for act in _SOURCE:
                try:
                    self.step(act, first, min(first + PIECE - 1, self.last))
                except (acts.ActRefusedError, psycopg.Error):
                    continue

    def step(self, act: str, first: int, last: int) -> None:
        """One act on the requests of a piece that are ready for it, with its entries."""
        service, role, who = STEPS[act]
        with self.acting(service) as connection:
            handles = self.ready(connection, act, first, last)
            if act in DISCLOSING and handles:
                handles = sorted(suspension.open_among(connection, handles), key=str)
            if not handles:
                return
            now = datetime.now(UTC)
            if act == "release":
                later = now + timedelta(days=5)
                packages.seal(
                    connection,
                    [
                        packages.Package(h, OFFICER.key_id, "jwe", "share", DIGEST, now, later)
                        for h in handles
                    ],
                )
            if act == "pick up":
                handles = [*packages.begin_pick_up(connection, dict.fromkeys(handles, OFFICER.key_id), now)]
            acts.perform(connection, [Act(handle, act, role, who) for handle in handles], now)
            if act == "release":
                answers.give(connection, dict.fromkeys(handles, "{}"), now)
                answers.open_slot(connection, now + timedelta(days=2), timedelta(hours=1))
            if act in _KIND:
                self.writer.append(connection, self.entries(_KIND[act], handles), now)

    def ready(self, connection: Connection, act: str, first: int, last: int) -> list[Handle]:
        """The requests of the rows that stand before the act; the door itself sees no state."""
        reading = Service.RELEASE if act == "pick up" else None
        query = (
            "SELECT handle FROM gate.request WHERE state = %s AND row BETWEEN %s AND %s"
            " AND submission = (SELECT max(submission) FROM gate.submission)"
        )
        words = [_SOURCE[act], first, last]
        if reading is None:
            return [Handle(handle) for (handle,) in connection.execute(query, words)]
        with self.acting(reading) as other:
            return [Handle(handle) for (handle,) in other.execute(query, words)]

    def entries(self, kind: str, handles: Sequence[Handle]) -> list[Entry]:
        """An entry for each request."""
        bodies = [(kind, {"handle": str(handle)}) for handle in handles]
        committed = commit_many(bodies)
        return [
            Entry.of(handle, body, each)
            for handle, (_, body), each in zip(handles, bodies, committed, strict=True)
        ]


def main() -> None:
    """Disclose until killed."""
    key, first, last, witness, *others = sys.stdin.read().splitlines()
    services = (Service.REVIEW, Service.VERIFY, Service.DECIDE, Service.RELEASE, Service.PORTAL)
    writer = Writer(LogKey.load(key), throw_away=True)
    with psycopg.connect(witness) as reading:
        writer.join(reading)
    sessions = int(sys.argv[1])
    share = (int(last) - int(first) + 1) // sessions
    dsns = dict(zip(services, others, strict=True))
    for number in range(sessions):
        begin = int(first) + number * share
        session = Session(writer, dsns, begin, begin + share - 1)
        threading.Thread(target=session.work, daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    main()
