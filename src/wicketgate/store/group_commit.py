"""Group commit: what many submitters want recorded at one moment shares one transaction and one flush.

Each submission's business effect and its entries commit together with those of the
others, or not at all; a submission that fails takes only itself with it. A submitter
hears of its entries after the flush and never before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from queue import SimpleQueue
from threading import Lock, Thread
from typing import TypeAlias

import psycopg

from wicketgate.store.database import Connection
from wicketgate.store.log import Entry, LogError
from wicketgate.store.writer import is_lost

MOST = 1024
"""Entries after which a group is closed; one submission may bring more by itself."""

Effect: TypeAlias = Callable[[Connection], None]
"""The business rows of one submission: statements in the transaction it is given, no commit, no waiting."""
Transaction: TypeAlias = Callable[[], AbstractContextManager[Connection]]
Append: TypeAlias = Callable[[Connection, Sequence[Entry]], range]


@dataclass(frozen=True, slots=True)
class _Submission:
    entries: Sequence[Entry]
    effect: Effect | None
    done: Future[range] = field(default_factory=Future)


class GroupCommit:
    """One thread that takes all that waits whenever it is free, in transactions of one service.

    `transaction` begins one and commits it when left; `append` writes entries in it.
    Close it after use: that commits what was submitted.
    """

    def __init__(self, transaction: Transaction, append: Append) -> None:
        self._transaction, self._append = transaction, append
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
        submission.done.set_running_or_notify_cancel()  # nothing that was asked for is called back
        with self._lock:
            if self._closed:
                raise LogError("The log is not written: this writer was closed.")
            self._waiting.put(submission)
        return submission.done

    def close(self) -> None:
        """Commit what waits, and end; a second call does nothing."""
        with self._lock:
            if not self._closed:
                self._waiting.put(None)
            self._closed = True
        self._thread.join()

    def _work(self) -> None:
        while group := self._next_group():
            self._settle(group)

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

    def _settle(self, group: Sequence[_Submission]) -> None:
        """Commit a group; where what one of it brought is refused, each by itself."""
        try:
            self._commit(group)
        except Exception as error:  # noqa: BLE001  # whatever it was, nobody may wait for ever
            left = [each for each in group if not each.done.done()]
            if len(left) > 1 and not is_lost(error):
                for each in left:
                    self._settle([each])
            else:
                _fail(left, error)

    def _commit(self, group: Sequence[_Submission]) -> None:
        """One transaction for the group; its futures are resolved after the commit."""
        with self._transaction() as connection:
            kept = [each for each in group if _carried_out(connection, each)]
            indexes = self._append(connection, [entry for each in kept for entry in each.entries])
        ends = accumulate((len(each.entries) for each in kept), initial=indexes.start)
        for each, (start, stop) in zip(kept, pairwise(ends), strict=True):
            each.done.set_result(range(start, stop))


def _carried_out(connection: Connection, submission: _Submission) -> bool:
    """Carry out an effect; one that fails is undone by itself, and its submitter is told."""
    if submission.effect is None:
        return True
    try:
        with connection.transaction():
            submission.effect(connection)
    except Exception as error:
        if is_lost(error):
            raise  # the connection, the server or the disk: the whole group is lost
        submission.done.set_exception(error)
        return False
    return True


def _fail(group: Sequence[_Submission], error: Exception) -> None:
    if isinstance(error, psycopg.Error) and is_lost(error):
        error = LogError(
            "The log was not written, or it is not known whether it was:"
            f" {error.sqlstate or 'the connection was lost'}; look the entries up before submitting again."
        )
    for each in group:
        each.done.set_exception(error)
