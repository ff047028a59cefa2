"""Who may write the log: one who verified it, in the present epoch, on a server that keeps its word."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.contract.test_log import assert_sound
from tests.contract.world import KEY, NOW, World, entry
from wicketgate.embedded import Cluster, server, throw_away
from wicketgate.ledger.logkey import LogKey
from wicketgate.store import log, tiles
from wicketgate.store.database import open_database
from wicketgate.store.log import FencedError, LogError
from wicketgate.store.migrate import migrate
from wicketgate.store.services import Service
from wicketgate.store.writer import StoppedError, Writer


def joined(world: World, key: LogKey = KEY, *, throw_away: bool = True) -> Writer:
    writer = Writer(key, throw_away=throw_away)
    writer.join(world.as_(Service.WITNESS))
    return writer


def write(world: World, writer: Writer, number: int = 1, service: Service = Service.REVIEW) -> range:
    with writer.watching(), world.as_(service).transaction():
        return writer.append(world.as_(service), [entry() for _ in range(number)], NOW)


def tamper(world: World, table: str, statement: str) -> None:
    """What the owner of the machine can do to a table."""
    with world.administrator() as connection:
        connection.execute(f"ALTER TABLE log.{table} DISABLE TRIGGER ALL".encode())
        connection.execute(statement.encode())


def test_nobody_writes_before_verifying(fresh: World) -> None:
    with pytest.raises(LogError, match="not verified it yet"):
        write(fresh, Writer(KEY, throw_away=True))
    assert write(fresh, joined(fresh), 3) == range(3)
    assert write(fresh, joined(fresh), 2) == range(3, 5)
    assert_sound(fresh, 5)


TAMPERED = {
    "a leaf": (
        "entry",
        "UPDATE log.entry SET leaf = set_byte(leaf, 5, 255 - get_byte(leaf, 5)) WHERE idx = 260",
    ),
    "a lost entry": ("entry", "DELETE FROM log.entry WHERE idx = 299"),
    "a tile": ("tile", "UPDATE log.tile SET hashes = set_byte(hashes, 0, 255 - get_byte(hashes, 0))"),
    "a lost checkpoint": ("checkpoint", "DELETE FROM log.checkpoint"),
    "another root": ("head", "UPDATE log.head SET root = sha256('other')"),
    "another size": ("head", "UPDATE log.head SET size = 299"),
    "an invented checkpoint": ("checkpoint", "INSERT INTO log.checkpoint VALUES (400, '', now())"),
    "another signature": (
        "checkpoint",
        "UPDATE log.checkpoint SET note = replace(note, E'\\n\\n', E'\\n\\n— x AAAAAAAA\\n')",
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_who_finds_something_else_than_was_signed_does_not_write(fresh: World, what: str) -> None:
    write(fresh, joined(fresh), 300)
    tiles.keep_tiles(fresh.as_(Service.WITNESS), 300)
    joined(fresh)
    tamper(fresh, *TAMPERED[what])
    if what == "another signature":  # a line of a stranger says nothing
        joined(fresh)
        tamper(fresh, "checkpoint", "UPDATE log.checkpoint SET note = replace(note, '— gate', '— hate')")
    with pytest.raises(LogError, match="not written"):
        joined(fresh)


def test_another_key_does_not_join(fresh: World) -> None:
    write(fresh, joined(fresh))
    with pytest.raises(LogError, match="not written"):
        joined(fresh, LogKey.generate(KEY.origin))


def test_whoever_took_over_shuts_the_earlier_out(fresh: World) -> None:
    old, new = joined(fresh), joined(fresh)
    write(fresh, old)
    new.take_over(log.take_over(fresh.as_(Service.OVERSEE)))
    with pytest.raises(FencedError, match="took it over"):
        write(fresh, old)
    assert write(fresh, new, 2) == range(1, 3)
    with pytest.raises(FencedError):
        write(fresh, old)
    assert_sound(fresh, 3)
    joined(fresh)


def test_only_the_overseer_takes_over(fresh: World) -> None:
    for service in Service:
        if service is not Service.OVERSEE:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                fresh.as_(service).execute("SELECT log.take_over()")


def test_of_writers_at_once_none_writes_after_it_was_shut_out(fresh: World) -> None:
    """Several append while the log is taken over again and again: who was shut out writes nothing more."""
    writers = [
        (joined(fresh), fresh.database.connect(service)) for service in (Service.REVIEW, Service.VERIFY)
    ]

    def append_until_fenced(number: int) -> int:
        writer, connection = writers[number]
        done = 0
        with connection:
            while True:
                try:
                    with connection.transaction():
                        done += len(writer.append(connection, [entry()], NOW))
                except FencedError:
                    return done

    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(append_until_fenced, number) for number in range(2)]
        newest = joined(fresh)
        while log.latest_checkpoint(fresh.as_(Service.AUDIT)) is None:
            pass
        newest.take_over(log.take_over(fresh.as_(Service.OVERSEE)))
        size = sum(future.result() for future in running)
    assert write(fresh, newest) == range(size, size + 1)
    assert_sound(fresh, size + 1)


OTHER_PROCESS = """
import sys
from tests.contract.world import NOW, entry
from wicketgate.ledger.logkey import LogKey
from wicketgate.store.log import FencedError
from wicketgate.store.database import Connection
from wicketgate.store.writer import Writer
key, witness, review = sys.stdin.read().splitlines()
writer = Writer(LogKey.load(key), throw_away=True)
with Connection.connect(witness) as connection:
    writer.join(connection)
with Connection.connect(review) as connection:
    while True:
        try:
            with connection.transaction():
                print(writer.append(connection, [entry()], NOW).start, flush=True)
        except FencedError as error:
            sys.exit(f"fenced: {error}")
"""


def test_a_second_process_is_shut_out(fresh: World) -> None:
    command, pipe = [sys.executable, "-c", OTHER_PROCESS], subprocess.PIPE
    with subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        place, name = fresh.database.server, fresh.database.name
        dsns = [place.dsn(service.value, name) for service in (Service.WITNESS, Service.REVIEW)]
        process.stdin.write("\n".join([KEY.dump(), *dsns]))
        process.stdin.close()
        told = [int(process.stdout.readline()) for _ in range(5)]
        ours = joined(fresh)
        ours.take_over(log.take_over(fresh.as_(Service.OVERSEE)))
        told += [int(line) for line in process.stdout]
        complaint = process.stderr.read()
    assert complaint.startswith("fenced: The log is not written: another writer took it over")
    assert told == list(range(len(told)))
    assert write(fresh, ours) == range(len(told), len(told) + 1)
    assert_sound(fresh, len(told) + 1)


@pytest.fixture(scope="module")
def keeping() -> Iterator[Cluster]:
    """A server that keeps what it acknowledges."""
    with throw_away(fsync=True) as kept:
        yield kept


def test_a_server_that_keeps_its_word_is_written_to_without_any_allowance(keeping: Cluster) -> None:
    database = open_database(keeping)
    migrate(database)
    world = World(database)
    writer = joined(world, throw_away=False)
    review = world.as_(Service.REVIEW)
    review.execute("SET synchronous_commit = off")
    with review.transaction():
        assert writer.append(review, [entry()], NOW) == range(1)
        assert review.execute("SHOW synchronous_commit").fetchone() == ("on",)
    world.close()


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes"])
def test_a_server_without_either_setting_is_refused(monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    monkeypatch.setitem(server._SAFE, setting, "off")
    with throw_away(fsync=True) as careless:
        database = open_database(careless)
        migrate(database)
        world = World(database)
        writer, review = joined(world, throw_away=False), world.as_(Service.REVIEW)
        with pytest.raises(LogError, match="set fsync on, full_page_writes on"), review.transaction():
            writer.append(review, [entry()], NOW)
        world.close()


LOST = [
    psycopg.OperationalError("server closed the connection unexpectedly"),
    psycopg.errors.AdminShutdown(),
    psycopg.errors.IoError(),
    psycopg.errors.DiskFull(),
    psycopg.errors.DataCorrupted(),
    psycopg.errors.ConnectionFailure(),
    psycopg.InterfaceError("the connection is closed"),
]


@pytest.mark.parametrize("error", LOST, ids=lambda error: type(error).__name__)
def test_a_lost_write_stops_the_writer_for_good(fresh: World, error: psycopg.Error) -> None:
    writer = joined(fresh)
    with pytest.raises(type(error)), writer.watching():
        raise error
    for _ in range(2):
        with pytest.raises(StoppedError, match="open the gate again"):
            write(fresh, writer)
    assert write(fresh, joined(fresh)) == range(1)


def test_a_refused_write_stops_nobody(fresh: World) -> None:
    writer = joined(fresh)
    with pytest.raises(psycopg.errors.UniqueViolation), writer.watching():
        raise psycopg.errors.UniqueViolation
    assert write(fresh, writer) == range(1)


def test_a_connection_cut_in_the_middle_stops_the_writer(fresh: World) -> None:
    writer, review = joined(fresh), fresh.database.connect(Service.REVIEW)

    def append_and_cut() -> None:
        with writer.watching(), review.transaction():
            writer.append(review, [entry()], NOW)
            with fresh.administrator() as connection:
                connection.execute("SELECT pg_terminate_backend(%s)", [review.info.backend_pid])

    with pytest.raises(psycopg.OperationalError):
        append_and_cut()
    review.close()
    with pytest.raises(StoppedError):
        write(fresh, writer)
    assert write(fresh, joined(fresh)) == range(1)
