"""The gate at work: the law, the custodian's context, the clock, the log and one connection per service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType

from wicketgate.core.clock import Clock
from wicketgate.core.context import Context
from wicketgate.core.digest import Canonical
from wicketgate.core.identifiers import Handle
from wicketgate.flow.witnessing import Witnessing
from wicketgate.law import CompiledLaw
from wicketgate.ledger import LogKey, commit_many
from wicketgate.store import log
from wicketgate.store.database import Connection, Database
from wicketgate.store.log import Entry
from wicketgate.store.services import Service

GATE = "gate"
"""The name under which the software itself acts."""


@dataclass(frozen=True, slots=True)
class Record:
    """One private record for the log, about one request."""

    kind: str
    handle: Handle
    fields: Mapping[str, Canonical]


@dataclass(slots=True)
class Gate:
    """Everything that an act needs. Close it after use, or use it as a context.

    `throw_away` is for databases whose loss harms nobody; it allows a server
    that may lose what it acknowledges. With `witnessing`, witnesses are asked before
    anything is recorded, and nothing is released without them.
    """

    database: Database
    law: CompiledLaw
    context: Context
    clock: Clock
    key: LogKey
    throw_away: bool = False
    witnessing: Witnessing | None = None
    _connections: dict[Service, Connection] = field(default_factory=dict)

    @contextmanager
    def acting(self, service: Service) -> Iterator[Connection]:
        """One transaction as `service`: everything in it becomes durable together, or nothing does."""
        connection = self._connections.get(service)
        if connection is None or connection.closed:
            connection = self._connections[service] = self.database.connect(service)
            connection.autocommit = True
        with connection.transaction():
            yield connection

    def record(self, connection: Connection, records: Sequence[Record]) -> None:
        """Append records to the log in the caller's transaction; call it last."""
        at = self.clock.now()
        stamped = [(r.kind, {**r.fields, "handle": str(r.handle), "at": at.isoformat()}) for r in records]
        entries = [
            Entry.of(record.handle, fields, committed)
            for record, (_, fields), committed in zip(records, stamped, commit_many(stamped), strict=True)
        ]
        self.append(connection, entries)

    def append(self, connection: Connection, entries: Sequence[Entry]) -> None:
        """Append entries in the caller's transaction; call it last. Raises `LogError` like `log.append`."""
        if self.witnessing is not None:
            self.witnessing.permit_signing()
        log.append(connection, entries, self.key, self.clock.now(), throw_away=self.throw_away)

    def close(self) -> None:
        """Close every connection."""
        for connection in self._connections.values():
            connection.close()
        self._connections.clear()

    def __enter__(self) -> Gate:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class Rows:
    """A stretch of one submission, both ends inclusive: what one transaction works on."""

    submission: int
    first: int
    last: int
