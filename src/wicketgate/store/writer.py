"""Who writes the log: a process that has verified it, until a write fails or somebody else takes over.

The lock on the head puts writers in one order; the epoch ends the right of those who
no longer should write, and a failure ends one's own: after an error of the disk nobody
knows what it holds until the log was opened and verified again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import psycopg

from wicketgate.ledger import EMPTY_ROOT, Checkpoint, LedgerError, LogKey, read_checkpoint
from wicketgate.store import log, tiles
from wicketgate.store.database import Connection
from wicketgate.store.log import Entry, LogError

_LOST = ("08", "57P", "58", "XX", "53100")
"""How the SQLSTATEs begin after which it is unknown what is durable: connection, server, disk, corruption."""


class StoppedError(LogError):
    """A write failed here before, so what the disk holds is not known; open and verify the log again."""


class Writer:
    """One process's right to append to one log. Not for use before `join`.

    `throw_away` is for data that nobody relies on, as in `log.append`.
    """

    def __init__(self, key: LogKey, *, throw_away: bool = False) -> None:
        self._key, self._throw_away = key, throw_away
        self._epoch: int | None = None
        self._stopped: str | None = None
        self._required: int | None = None

    @property
    def joined(self) -> bool:
        """True once the log was verified."""
        return self._epoch is not None

    def join(self, connection: Connection) -> None:
        """Verify what is stored and write from now on in the present epoch, as `gate_witness`.

        Raises `LogError` unless the newest checkpoint is this key's, and the tiles with
        the entries after them make its root.
        """
        epoch = _verified(connection, self._key)
        if self._required not in (None, epoch):
            raise LogError("The log is not written: another gate has taken it over.")
        self._epoch = epoch

    def reopened(self) -> Writer:
        """One to take this one's place after its session was ended: it verifies the log before it writes.

        Whoever took over meanwhile keeps the log: it writes in this one's epoch or not at all.
        """
        again = Writer(self._key, throw_away=self._throw_away)
        again._required = self._epoch
        return again

    def take_over(self, epoch: int) -> None:
        """Write from now on in an epoch that `log.take_over` began."""
        self._epoch = epoch

    def append(self, connection: Connection, entries: Sequence[Entry], at: datetime) -> range:
        """Append in the caller's transaction like `log.append`.

        Raises `StoppedError` after a failure, and `LogError` like `log.append`.
        """
        if self._stopped:
            raise StoppedError(self._stopped)
        if self._epoch is None:
            raise LogError("The log is not written: this writer has not verified it yet.")
        return log.append(connection, entries, self._key, at, epoch=self._epoch, throw_away=self._throw_away)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Put it around a whole transaction, commit included: one that is lost stops this writer for good."""
        try:
            yield
        except psycopg.Error as error:
            if is_lost(error):
                self._stopped = (
                    "The log is not written: an earlier write failed"
                    f" ({error.sqlstate or 'the connection was lost'}) and what the disk holds is not known;"
                    " look at the server's disk, then open the gate again."
                )
            raise


def is_lost(error: Exception) -> bool:
    """True when nobody knows what became of the transaction in which this was raised."""
    if not isinstance(error, psycopg.Error):
        return False
    if error.sqlstate is None:
        return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    return error.sqlstate.startswith(_LOST)


def _verified(connection: Connection, key: LogKey) -> int:
    """The log's epoch, after its head was found to be what is signed and what is stored."""
    row = connection.execute(
        "SELECT size, root, epoch, vkey,"
        " coalesce((SELECT note FROM log.checkpoint c WHERE c.size = h.size), ''),"
        " (SELECT max(size) FROM log.checkpoint)"
        " FROM log.head h"
    ).fetchone()
    if row is None:
        raise LogError("The log has no head; the database was not migrated.")
    size, root, epoch, vkey, note, newest = row
    try:
        tiles.keep_tiles(connection, size)
        stored = tiles.stored_root(connection, size)
        signed = read_checkpoint(note, key.verifier) if size else Checkpoint(key.origin, 0, EMPTY_ROOT)
    except LedgerError as problem:
        raise LogError(f"The log is not written: {problem}") from None
    if vkey not in (None, key.vkey) or (signed.size, newest or 0) != (size, size):
        raise LogError("The log is not written: its newest checkpoint is not this key's over its head.")
    if not stored == signed.root == root:
        raise LogError(
            "The log is not written: its entries do not make its signed root; restore and verify it."
        )
    return int(epoch)
