"""A process of many sessions that bring requests from sufficient to picked up as fast as they can.

It reads the log's key, its first and last row and the connection strings of its services from standard input.
A session that was ended, or an act that a stop refuses, is begun anew. It ends when it is killed.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import cycle

import psycopg

from tests.contract.world import DIGEST, OFFICER, STEPS
from tests.keeping import VAULT
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
    """One service at work on a stretch of rows, in one session of its own."""

    def __init__(
        self, writer: Writer, service: Service, dsns: dict[Service, str], first: int, last: int
    ) -> None:
        self.writer, self.service, self.dsns = writer, service, dsns
        self.rows = (first, last)
        self.open: dict[Service, Connection] = {}

    def connection(self, service: Service) -> Connection:
        """A connection, a new one where the last was ended."""
        found = self.open.get(service)
        if found is None or found.closed:
            found = self.open[service] = Connection.connect(self.dsns[service], autocommit=True)
            found.vault = VAULT
        return found

    def work(self) -> None:
        """Its acts in turn, as long as there is work for them."""
        for act in cycle(act for act in _SOURCE if STEPS[act][0] is self.service):
            try:
                done = self.step(act)
            except (acts.ActRefusedError, psycopg.Error):
                done = False
            if not done:
                threading.Event().wait(0.02)

    def step(self, act: str) -> bool:
        """One act on some requests that are ready for it, with its entries; False when there were none."""
        _, role, who = STEPS[act]
        ready = self.ready(act)
        connection = self.connection(self.service)
        with connection.transaction():
            handles = ready
            if act in DISCLOSING and handles:
                handles = sorted(suspension.open_among(connection, handles), key=str)
            if not handles:
                return False
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
        return True

    def ready(self, act: str) -> list[Handle]:
        """Requests that stand before the act; the door itself sees no state, so another service looks."""
        looking = Service.RELEASE if self.service is Service.PORTAL else self.service
        rows = self.connection(looking).execute(
            "SELECT handle FROM gate.request WHERE state = %s AND row BETWEEN %s AND %s"
            " AND submission = (SELECT max(submission) FROM gate.submission) ORDER BY row LIMIT %s",
            [_SOURCE[act], *self.rows, PIECE],
        )
        return [Handle(handle) for (handle,) in rows]

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
    with Connection.connect(witness) as reading:
        writer.join(reading)
    dsns = dict(zip(services, others, strict=True))
    stretches = max(1, int(sys.argv[1]) // len(services))
    share = (int(last) - int(first) + 1) // stretches
    for number in range(stretches):
        begin = int(first) + number * share
        for service in services:
            session = Session(writer, service, dsns, begin, begin + share - 1)
            threading.Thread(target=session.work, daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    main()
