"""The gate at work: the law, the custodian's context, the clock, the log and connections per service."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Lock
from types import TracebackType

import psycopg

from wicketgate.core.clock import Clock
from wicketgate.core.context import Context
from wicketgate.core.digest import Canonical
from wicketgate.core.identifiers import Handle
from wicketgate.flow.witnessing import Witnessing
from wicketgate.flow.work.kin import Kin
from wicketgate.keys import Keys, KeysError, SubjectVault
from wicketgate.law import CompiledLaw
from wicketgate.ledger import LogKey, commit, commit_many
from wicketgate.store import log
from wicketgate.store.database import Connection, Database, DatabaseError
from wicketgate.store.group_commit import GroupCommit, Outcome
from wicketgate.store.log import Entry
from wicketgate.store.services import Service
from wicketgate.store.writer import Writer

GATE = "gate"
"""The name under which the software itself acts."""
_IDLE = 4
"""Connections of one service that are kept open between transactions."""


@dataclass(frozen=True, slots=True)
class Record:
    """One private record for the log, about one request."""

    kind: str
    handle: Handle
    fields: Mapping[str, Canonical]


@dataclass(slots=True)
class Gate:
    """Everything that an act needs. Close it after use, or use it as a context.

    It may be used by several threads at once: each transaction has a connection to itself. Whoever is at
    work in it when another closes it finishes, and leaves nothing open.
    `throw_away` is for databases whose loss harms nobody; it allows a server
    that may lose what it acknowledges. With `witnessing`, witnesses are asked before
    anything is recorded, and nothing is released without them. Without `keys` nothing about
    a person is written or read: neither requests nor the entries about them, nor the register.
    """

    database: Database
    law: CompiledLaw
    context: Context
    clock: Clock
    key: LogKey
    throw_away: bool = False
    witnessing: Witnessing | None = None
    keys: Keys | None = None
    signed_only: bool = False
    """Requests and pick-ups count only when they are signed by a registered official or officer."""
    kin: Kin | None = field(default=None, repr=False)
    """The key by which whatever comes in is found beside others; a simulation has none."""
    proofs: Path | None = None
    """Where the report of the law's proofs is kept for everybody to see, as `authority prove` writes it."""
    _writer: Writer = field(init=False, repr=False)
    _idle: dict[Service, list[Connection]] = field(default_factory=dict, repr=False)
    _groups: dict[Service, GroupCommit] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)
    _closed: bool = field(default=False, init=False, repr=False)

    def __post_init__(self) -> None:
        if self.keys is not None:
            self.database = replace(self.database, vault=SubjectVault(self.keys))
        self._writer = Writer(self.key, throw_away=self.throw_away)

    @contextmanager
    def acting(self, service: Service) -> Iterator[Connection]:
        """One transaction as `service`: everything in it becomes durable together, or nothing does.

        Raises `DatabaseError` when the server ended the session, as a stop of the gate does with
        whatever had begun before it and takes long; then nothing was done.
        """
        connection, writer = self._free(service), self._writer
        try:
            with writer.watching(), self._begun(connection, service) as begun:
                connection = begun
                yield begun
        except psycopg.errors.AdminShutdown:
            with self._lock:
                if self._writer is writer:
                    self._writer = writer.reopened()
            raise DatabaseError(
                "The database ended this session, as it does when the gate is stopped: nothing of this step "
                "was done. Look whether an order is in force, then do it again."
            ) from None
        finally:
            self._give_back(service, connection)

    @contextmanager
    def _begun(self, connection: Connection, service: Service) -> Iterator[Connection]:
        """A transaction on this connection, or on a new one where the server has ended it meanwhile."""
        try:
            connection.execute("SELECT")
        except psycopg.OperationalError:
            connection.close()
            connection = self._opened(service)
        with connection.transaction():
            yield connection

    def _free(self, service: Service) -> Connection:
        with self._lock:
            idle = self._idle.setdefault(service, [])
            if idle:
                return idle.pop()
        return self._opened(service)

    def _opened(self, service: Service) -> Connection:
        connection = self.database.connect(service)
        connection.autocommit = True
        return connection

    def _give_back(self, service: Service, connection: Connection) -> None:
        with self._lock:
            idle = self._idle.setdefault(service, [])
            if not connection.closed and len(idle) < _IDLE and not self._closed:
                idle.append(connection)
                return
        connection.close()

    def record(self, connection: Connection, records: Sequence[Record]) -> None:
        """Append records to the log in the caller's transaction; call it last."""
        self.append(connection, self._entries(records))

    def record_together(
        self,
        service: Service,
        records: Sequence[Record],
        effect: Callable[[Connection], None] | None = None,
        *,
        found: Callable[[], Sequence[Record]] | None = None,
        about: Sequence[Handle] = (),
    ) -> None:
        """Record in one transaction and flush with whatever else is recorded so at this moment.

        For what many bring at once and none of them must wait behind all the others: the
        transaction of `acting` is held alone from its first entry to the end of its flush.
        `effect` writes what is recorded, as `service` and in another thread; what it raises
        is raised here, and then nothing of this call was done. Where only the effect knows what is
        recorded, `found` is asked for it once the effect is done, and `about` names the requests
        beforehand. Raises `LogError` like `append`.
        """
        entries = self._entries(records)

        def carried_out(connection: Connection) -> Sequence[Entry]:
            if effect is not None:
                effect(connection)
            return () if found is None else self._entries(found())

        told: SimpleQueue[Outcome] = SimpleQueue()
        with self._lock:  # so that nobody ends the group before it has this
            group = self._groups.get(service)
            if group is None:
                group = self._groups[service] = GroupCommit(
                    partial(self.acting, service), self.append, self.database.vault
                )
            group.submit(entries, carried_out if effect or found else None, told.put, about)
        outcome = told.get()
        if self._closed:
            self._end_groups()
        if isinstance(outcome, Exception):
            raise outcome

    def _entries(self, records: Sequence[Record]) -> list[Entry]:
        at = self.clock.now()
        stamped = [(r.kind, {**r.fields, "handle": str(r.handle), "at": at.isoformat()}) for r in records]
        return [
            Entry.of(record.handle, fields, committed)
            for record, (_, fields), committed in zip(records, stamped, commit_many(stamped), strict=True)
        ]

    def record_apart(self, connection: Connection, kind: str, fields: Mapping[str, Canonical]) -> None:
        """Append a private record about no request; call it last."""
        stamped = {**fields, "at": self.clock.now().isoformat()}
        self.append(connection, [Entry.of(None, stamped, commit(kind, stamped))])

    def append(self, connection: Connection, entries: Sequence[Entry]) -> range:
        """Append entries in the caller's transaction; call it last. Raises `LogError` like `log.append`."""
        if self.witnessing is not None:
            self.witnessing.permit_signing()
        if not self._writer.joined:
            with self.acting(Service.WITNESS) as reading:
                self._writer.join(reading)
        return self._writer.append(connection, entries, self.clock.now())

    def take_over(self) -> None:
        """Verify the log and become its only writer: gates that had begun before record nothing more."""
        with self.acting(Service.WITNESS) as reading:
            self._writer.join(reading)
        with self.acting(Service.OVERSEE) as connection:
            epoch = log.take_over(connection)
        self._writer.take_over(epoch)

    def the_keys(self) -> Keys:
        """The key process; raises `KeysError` for a gate that has none."""
        if self.keys is None:
            raise KeysError(
                "Nothing is revealed: this gate has no key process; start one and name its socket."
            )
        return self.keys

    def close(self) -> None:
        """Finish what was submitted, and close what is not at work, the line to the key process too."""
        self._closed = True
        self._end_groups()
        with self._lock:
            for connection in (each for idle in self._idle.values() for each in idle):
                connection.close()
            self._idle.clear()
        if self.keys is not None:
            self.keys.close()

    def _end_groups(self) -> None:
        with self._lock:
            groups = list(self._groups.values())
            self._groups.clear()
        for group in groups:
            group.close()

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
