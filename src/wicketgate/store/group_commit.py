"""Group commit: what many submitters want recorded at one moment shares one transaction and one flush.

Each submission's business effect and its entries commit together with those of the
others, or not at all; a submission that fails takes only itself with it. A submitter
hears of its entries after the flush and never before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from queue import SimpleQueue
from threading import Lock, Thread
from typing import NamedTuple, TypeAlias

import psycopg

from wicketgate.core.identifiers import Handle
from wicketgate.store.database import Connection
from wicketgate.store.log import Entry, LogError
from wicketgate.store.vault import Vault
from wicketgate.store.writer import is_lost

MOST = 1024
"""Entries after which a group is closed; one submission may bring more by itself."""

Effect: TypeAlias = Callable[[Connection], Sequence[Entry] | None]
"""The business rows of one submission: statements in the transaction it is given, no commit, no waiting.

It may be called again after a rollback. Entries that it returns are appended after the submission's own.
"""
Transaction: TypeAlias = Callable[[], AbstractContextManager[Connection]]
Append: TypeAlias = Callable[[Connection, Sequence[Entry]], range]
Outcome: TypeAlias = range | Exception
"""The indexes of a submission's entries, durable; or why neither they nor its effect were done."""


class _Submission(NamedTuple):
    entries: Sequence[Entry]
    effect: Effect | None
    tell: Callable[[Outcome], None]
    about: Sequence[Handle]


class GroupCommit:
    """One thread that takes all that waits whenever it is free, in transactions of one service.

    `transaction` begins one and commits it when left; `append` writes entries in it. `vault` is
    told beforehand which requests a group is about. Close it after use: that commits what was
    submitted.
    """

    def __init__(self, transaction: Transaction, append: Append, vault: Vault) -> None:
        self._transaction, self._append, self._vault = transaction, append, vault
        self._waiting: SimpleQueue[_Submission | None] = SimpleQueue()
        self._lock, self._closed = Lock(), False
        self._thread = Thread(target=self._work, name="group commit", daemon=True)
        self._thread.start()

    def submit(
        self,
        entries: Sequence[Entry],
        effect: Effect | None,
        tell: Callable[[Outcome], None],
        about: Sequence[Handle] = (),
    ) -> None:
        """Ask for entries, with the effect that they record; `tell` hears the outcome once and must not wait.

        The outcome is the indexes, once durable; or what the effect raised or a `LogError`: then
        neither was done, except where the message says that it is not known. `about` names the
        requests about which the effect writes.
        """
        with self._lock:
            if self._closed:
                raise LogError("The log is not written: this writer was closed.")
            self._waiting.put(_Submission(entries, effect, tell, about))

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
        group, entries = list[_Submission](), 0
        following = self._waiting.get()
        while following is not None:
            group.append(following)
            entries += len(following.entries)
            if entries >= MOST or self._waiting.empty():
                return group
            following = self._waiting.get()
        if group:
            self._waiting.put(None)  # once more, for when this group is done
        return group

    def _settle(self, group: Sequence[_Submission]) -> None:
        """Commit a group and tell everybody; where what one of it brought is refused, each by itself."""
        outcomes: dict[int, Outcome] = {}
        try:
            self._commit(group, outcomes)
        except Exception as error:  # noqa: BLE001  # whatever it was, nobody may wait for ever
            if len(group) > len(outcomes) + 1 and not is_lost(error):
                for each in group:
                    self._settle([each])
                return
            outcomes |= {at: _known(error) for at in range(len(group)) if at not in outcomes}
        for at, each in enumerate(group):
            each.tell(outcomes[at])

    def _commit(self, group: Sequence[_Submission], outcomes: dict[int, Outcome]) -> None:
        """One transaction for the group; the outcomes are complete after its commit."""
        kept = {at: each.entries for at, each in enumerate(group)}
        self._vault.ready(_handles(group))
        with self._transaction() as connection:
            for at, each in enumerate(group):
                if each.effect is not None:
                    try:
                        with connection.transaction():
                            kept[at] = [*each.entries, *(each.effect(connection) or ())]
                    except Exception as error:
                        if is_lost(error):
                            raise  # the connection, the server or the disk: the whole group
                        outcomes[at] = error
                        del kept[at]
            indexes = self._append(connection, [entry for entries in kept.values() for entry in entries])
        start = indexes.start
        for at, entries in kept.items():
            outcomes[at] = range(start, start := start + len(entries))


def _handles(group: Sequence[_Submission]) -> list[Handle]:
    """The requests that a group is about."""
    handles = [handle for each in group for handle in each.about]
    return handles + [entry.handle for each in group for entry in each.entries if entry.handle is not None]


def _known(error: Exception) -> Exception:
    """What a submitter is told of an error: of a lost transaction, that its end is not known."""
    if isinstance(error, psycopg.Error) and is_lost(error):
        return LogError(
            "The log was not written, or it is not known whether it was:"
            f" {error.sqlstate or 'the connection was lost'}; look the entries up before submitting again."
        )
    return error
