"""Group commit: many wait, few transactions; each gets its own entries and effect, or neither."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from threading import Event

import psycopg
import pytest

from tests.contract.test_log import assert_sound, leaves
from tests.contract.world import KEY, NOW, World, entry
from tests.keeping import VAULT
from wicketgate.store import log
from wicketgate.store.database import Connection
from wicketgate.store.group_commit import MOST, Effect, GroupCommit, Outcome
from wicketgate.store.log import Entry, FencedError, LogError
from wicketgate.store.services import Service
from wicketgate.store.writer import StoppedError, Writer


class Group:
    """A group commit whose transactions the test holds back and counts."""

    def __init__(self, world: World) -> None:
        self.sizes: list[int] = []
        """Entries of each transaction that was tried."""
        self.free, self.held = Event(), Event()
        self.writer = Writer(KEY, throw_away=True)
        self.writer.join(world.as_(Service.WITNESS))
        self.connection = world.database.connect(Service.INTAKE)
        self.connection.autocommit = True
        self.commit = GroupCommit(self.transaction, self.append, VAULT)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        self.held.set()
        assert self.free.wait(60)
        with self.writer.watching(), self.connection.transaction():
            yield self.connection

    def append(self, connection: Connection, entries: Sequence[Entry]) -> range:
        self.sizes.append(len(entries))
        return self.writer.append(connection, entries, NOW)

    def submit(self, entries: Sequence[Entry], effect: Effect | None = None) -> Future[range]:
        """Submit, and have the outcome as a future."""
        future: Future[range] = Future()

        def tell(outcome: Outcome) -> None:
            if isinstance(outcome, Exception):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)

        self.commit.submit(entries, effect, tell)
        return future

    def hold(self) -> None:
        """Keep the thread in a transaction of its own, so that all that follows waits together."""
        self.free.clear()
        self.held.clear()
        self.submit([entry()])
        assert self.held.wait(60)

    def close(self) -> None:
        self.free.set()
        self.commit.close()
        self.connection.close()


@pytest.fixture
def group(fresh: World) -> Iterator[Group]:
    made = Group(fresh)
    yield made
    made.close()


def know(name: str) -> Effect:
    """An effect that leaves a row."""

    def effect(connection: Connection) -> None:
        connection.execute("INSERT INTO gate.chunk (job, number, first, last) VALUES (%s, 0, 1, 1)", [name])

    return effect


def known(world: World) -> list[str]:
    with world.administrator() as connection:
        return [job for (job,) in connection.execute("SELECT job FROM gate.chunk ORDER BY job")]


def test_what_waits_together_commits_together(fresh: World, group: Group) -> None:
    group.hold()
    lengths = [1, 3, 0, 2, 1]
    futures = [
        group.submit([entry() for _ in range(length)], know(f"job-{number}"))
        for number, length in enumerate(lengths)
    ]
    assert not any(future.done() for future in futures)
    group.free.set()
    assert [future.result(60) for future in futures] == [
        range(1, 2),
        range(2, 5),
        range(5, 5),
        range(5, 7),
        range(7, 8),
    ]
    assert group.sizes == [1, 7]
    assert known(fresh) == [f"job-{number}" for number in range(5)]
    assert_sound(fresh, 8)


def test_each_gets_the_indexes_of_its_own_entries(fresh: World, group: Group) -> None:
    group.hold()
    submitted = [[entry() for _ in range(number % 3 + 1)] for number in range(40)]
    futures = [group.submit(each) for each in submitted]
    group.free.set()
    stored = {future: future.result(60) for future in futures}
    everything = leaves(fresh)
    for each, future in zip(submitted, futures, strict=True):
        assert [everything[index] for index in stored[future]] == [one.leaf for one in each]


def test_a_failing_effect_takes_only_its_own_entry(fresh: World, group: Group) -> None:
    group.hold()

    def fails(connection: Connection) -> None:
        know("never")(connection)
        connection.execute("SELECT 1 / 0")

    def raises(connection: Connection) -> None:
        know("never either")(connection)
        raise KeyError("the submitter's own")

    good = group.submit([entry()], know("good"))
    bad, worse = group.submit([entry()], fails), group.submit([entry()], raises)
    double = group.submit([entry()], know("good"))
    last = group.submit([entry()], know("last"))
    group.free.set()
    assert (good.result(60), last.result(60)) == (range(1, 2), range(2, 3))
    for future, error in (
        (bad, psycopg.errors.DivisionByZero),
        (worse, KeyError),
        (double, psycopg.errors.UniqueViolation),
    ):
        with pytest.raises(error):
            future.result(60)
    assert known(fresh) == ["good", "last"]
    assert group.sizes == [1, 2]
    assert_sound(fresh, 3)


def test_an_entry_that_the_database_refuses_takes_only_its_own_effect(fresh: World, group: Group) -> None:
    group.hold()
    good = group.submit([entry()], know("good"))
    bad = group.submit([replace(entry(), leaf=b"\x01short")], know("bad"))
    unreadable = group.submit([replace(entry(), body={"actor": "\0"})], know("unreadable"))
    last = group.submit([entry()], know("last"))
    group.free.set()
    assert (good.result(60), last.result(60)) == (range(1, 2), range(2, 3))
    with pytest.raises(psycopg.errors.CheckViolation):
        bad.result(60)
    with pytest.raises(psycopg.DataError):
        unreadable.result(60)
    assert known(fresh) == ["good", "last"]
    assert_sound(fresh, 3)


def test_an_effect_that_moves_the_head_takes_only_itself(fresh: World, group: Group) -> None:
    group.hold()

    def moves(connection: Connection) -> None:
        connection.execute("UPDATE log.head SET size = size + 1, root = sha256('x')")

    good = group.submit([entry()], know("good"))
    bad, worse = group.submit([entry()], moves), group.submit([], moves)
    group.free.set()
    assert good.result(60) == range(1, 2)
    for future in (bad, worse):
        with pytest.raises(LogError, match="right edge"):
            future.result(60)
    assert known(fresh) == ["good"]
    assert_sound(fresh, 2)


def test_a_group_is_closed_when_it_is_full(fresh: World, group: Group) -> None:
    group.hold()
    futures = [group.submit([entry() for _ in range(MOST // 2)]) for _ in range(5)]
    group.free.set()
    assert [future.result(60).start for future in futures] == [1 + MOST // 2 * at for at in range(5)]
    assert group.sizes == [1, MOST, MOST, MOST // 2]


def test_a_lost_connection_fails_all_and_says_that_it_is_not_known(fresh: World, group: Group) -> None:
    group.hold()

    def cut(connection: Connection) -> None:
        with fresh.administrator() as other:
            other.execute("SELECT pg_terminate_backend(%s)", [connection.info.backend_pid])
        connection.execute("SELECT")

    futures = [group.submit([entry()], effect) for effect in (know("a"), cut, know("b"))]
    group.free.set()
    for future in futures:
        with pytest.raises(LogError, match="it is not known whether it was: 57P01; look the entries up"):
            future.result(60)
    with pytest.raises(LogError):
        group.submit([entry()]).result(60)
    with pytest.raises(StoppedError):
        group.writer.append(fresh.as_(Service.REVIEW), [entry()], NOW)
    assert known(fresh) == []
    assert_sound(fresh, 1)


def test_a_group_of_a_writer_that_was_shut_out_fails_whole(fresh: World, group: Group) -> None:
    group.hold()
    group.free.set()
    first = group.submit([entry()])
    first.result(60)
    log.take_over(fresh.as_(Service.OVERSEE))
    futures = [group.submit([entry()], know(f"job-{number}")) for number in range(3)]
    for future in futures:
        with pytest.raises(FencedError):
            future.result(60)
    assert known(fresh) == []


def test_closing_commits_what_waits(fresh: World, group: Group) -> None:
    group.hold()
    future = group.submit([entry()], know("waiting"))
    group.free.set()
    group.commit.close()
    assert future.result(0) == range(1, 2)
    group.commit.close()
    with pytest.raises(LogError, match="closed"):
        group.submit([entry()])
    assert known(fresh) == ["waiting"]


def test_many_submitters_at_once(fresh: World, group: Group) -> None:
    group.free.set()

    def submit(number: int) -> list[int]:
        return [
            index
            for turn in range(5)
            for index in group.submit([entry()], know(f"job-{number}-{turn}")).result(60)
        ]

    with ThreadPoolExecutor(32) as pool:
        told = sorted(index for indexes in pool.map(submit, range(32)) for index in indexes)
    assert told == list(range(160))
    assert len(group.sizes) < 160
    assert len(known(fresh)) == 160
    assert_sound(fresh, 160)
