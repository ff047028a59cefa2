"""Group commit: what many submitters want recorded at one moment shares one transaction and one flush.

Each submission's business effect and its entries commit together with those of the
others, or not at all; an effect that fails takes only its own submission with it. A
submitter hears of its entries after the flush and never before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate, pairwise
from queue import SimpleQueue
from threading import Lock, Thread
from typing import TypeAlias

import psycopg

from wicketgate.store.database import Connection
from wicketgate.store.log import Entry, LogError
from wicketgate.store.writer import Writer

MOST = 1024
"""Entries after which a group is closed; one submission may bring more by itself."""

Effect: TypeAlias = Callable[[Connection], None]
"""The business rows of one submission: statements in the transaction it is given, no commit, no waiting."""


@dataclass(frozen=True, slots=True)
class _Submission:
    entries: Sequence[Entry]
    effect: Effect | None
    done: Future[range] = field(default_factory=Future)


class GroupCommit:
    """One thread with one connection of one service, which takes all that waits whenever it is free.

    Use it as a context: leaving it commits what was submitted and then closes the connection.
    """

    def __init__(self, connection: Connection, writer: Writer, now: Callable[[], datetime]) -> None:
        connection.autocommit = True
        self._connection, self._writer, self._now = connection, writer, now
        self._waiting: SimpleQueue[_Submission | None] = SimpleQueue()
        self._lock, self._closed = Lock(), False
        self._thread = Thread(target=self._work, name="group commit", daemon=True)
        self._thread.start()

    def submit(self, entries: Sequence[Entry], effect: Effect | None = None) -> Future[range]:
        """Ask for entries, with the effect that they record; the result is their indexes, once durable.

        The future raises what the effect raised, or `LogError`: then neither was done, except
        where the message says that it is not known.
        """
        submission = _Submission(entries, effect)
        with self._lock:
            if self._closed:
                raise LogError("The log is not written: this writer was closed.")
            self._waiting.put(submission)
        return submission.done

    def close(self) -> None:
        """Commit what waits, then close the connection; a second call does nothing."""
        with self._lock:
            if not self._closed:
                self._waiting.put(None)
            self._closed = True
        self._thread.join()
        self._connection.close()

    def _work(self) -> None:
        while group := self._next_group():
            try:
                with self._writer.watching():
                    self._commit(group)
            except Exception as error:  # noqa: BLE001  # whatever it was, nobody may wait for ever
                _fail(group, error)

    def _next_group(self) -> list[_Submission]:
        """All that waits, up to `MOST` entries; nothing when this was closed and all is done."""
        first = self._waiting.get()
        if first is None:
            return []
        group, entries = [first], len(first.entries)
        while entries < MOST and not self._waiting.empty():
            following = self._waiting.get()
            if following is None:
                self._waiting.put(None)
                break
            group.append(following)
            entries += len(following.entries)
        return group

    def _commit(self, group: list[_Submission]) -> None:
        """One transaction for the group; its futures are resolved after the commit."""
        connection = self._connection
        connection.execute("BEGIN")
        try:
            kept = [each for each in group if self._effected(each)]
            entries = [entry for each in kept for entry in each.entries]
            indexes = self._writer.append(connection, entries, self._now())
            connection.execute("COMMIT")
        except BaseException:
            if not connection.closed:
                connection.execute("ROLLBACK")
            raise
        ends = accumulate((len(each.entries) for each in kept), initial=indexes.start)
        for each, (start, stop) in zip(kept, pairwise(ends), strict=True):
            each.done.set_result(range(start, stop))

    def _effected(self, submission: _Submission) -> bool:
        """Carry out an effect; one that fails is undone by itself, and its submitter is told."""
        if submission.effect is None:
            return True
        try:
            with self._connection.transaction():
                submission.effect(self._connection)
        except psycopg.OperationalError:
            raise  # the connection, the server or the disk: the whole group is lost
        except Exception as error:  # noqa: BLE001  # the submitter's own
            submission.done.set_exception(error)
            return False
        return True


def _fail(group: list[_Submission], error: Exception) -> None:
    if isinstance(error, psycopg.Error):
        error = LogError(
            "The log was not written, or it is not known whether it was:"
            f" {error.sqlstate or 'the connection was lost'}; look the entries up before submitting again."
        )
    for each in group:
        if not each.done.done():
            each.done.set_exception(error)
