"""The log only grows, without a gap, together with what it records."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.contract.world import KEY, NOW, World, entry
from tests.keeping import PlainVault
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.ledger.logkey import LogKey, read_checkpoint
from wicketgate.ledger.tree import EMPTY_ROOT, leaf_hash, root_of
from wicketgate.store import acts, log
from wicketgate.store.database import Connection
from wicketgate.store.log import LogError
from wicketgate.store.services import Service
from wicketgate.store.vault import Piece, Seal


def write(fresh: World, number: int, service: Service = Service.REVIEW) -> range:
    return log.append(fresh.as_(service), [entry() for _ in range(number)], KEY, NOW, throw_away=True)


def leaves(fresh: World, start: int = 0) -> list[bytes]:
    audit = fresh.as_(Service.AUDIT)
    with audit.transaction():
        return list(log.entries(audit, start))


def assert_sound(fresh: World, size: int) -> None:
    """Indexes without a gap, and one root: recomputed, of the head and signed."""
    stored = leaves(fresh)
    root = root_of([leaf_hash(leaf) for leaf in stored])
    assert len(stored) == size == fresh.value("SELECT max(idx) + 1 FROM log.entry")
    assert fresh.value("SELECT root FROM log.head") == root
    latest = log.latest_checkpoint(fresh.as_(Service.AUDIT))
    assert latest is not None
    checkpoint = read_checkpoint(latest[1], KEY.verifier)
    assert (checkpoint.size, checkpoint.root) == (size, root)


def test_a_fresh_log_is_the_empty_tree(fresh: World) -> None:
    assert fresh.value("SELECT root FROM log.head") == EMPTY_ROOT
    assert write(fresh, 0) == range(0)
    assert log.latest_checkpoint(fresh.as_(Service.AUDIT)) is None


def test_entries_continue_the_log(fresh: World) -> None:
    with fresh.as_(Service.REVIEW).transaction():
        assert write(fresh, 3) == range(3)
    with fresh.as_(Service.VERIFY).transaction():
        assert write(fresh, 5, Service.VERIFY) == range(3, 8)
    assert_sound(fresh, 8)
    assert leaves(fresh, 3) == leaves(fresh)[3:]


def test_rollback_keeps_neither_the_entry_nor_the_act(fresh: World) -> None:
    (handle,) = fresh.submit()
    review = fresh.as_(Service.REVIEW)
    with review.transaction(force_rollback=True):
        acts.perform(review, [acts.Act(handle, "find sufficient", Role.GATE, "gate")], NOW)
        log.append(review, [entry(handle)], KEY, NOW, throw_away=True)
    assert fresh.state(handle) == "received"
    assert leaves(fresh) == []
    with review.transaction():
        acts.perform(review, [acts.Act(handle, "find sufficient", Role.GATE, "gate")], NOW)
        log.append(review, [entry(handle)], KEY, NOW, throw_away=True)
    assert fresh.state(handle) == "sufficient"
    (record,) = log.accounting(fresh.as_(Service.AUDIT), handle)
    assert (record.index, record.body["handle"]) == (0, str(handle))
    assert_sound(fresh, 1)


def test_two_writers_at_once_leave_no_gap(fresh: World) -> None:
    def append_many(service: Service) -> list[int]:
        indexes: list[int] = []
        with fresh.database.connect(service) as connection:
            for number in range(1, 21):
                entries = [entry() for _ in range(number % 4 + 1)]
                indexes += log.append(connection, entries, KEY, NOW, throw_away=True)
                connection.rollback() if number % 5 == 0 else connection.commit()
                if number % 5 == 0:
                    del indexes[-len(entries) :]
        return indexes

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(append_many, (Service.REVIEW, Service.VERIFY))
    assert sorted(first + second) == list(range(len(first) + len(second)))
    assert_sound(fresh, len(first) + len(second))


WRITERS = [service for service in Service if service not in (Service.AUDIT, Service.LOAD)]


def test_nobody_rewrites_the_log(fresh: World) -> None:
    with fresh.as_(Service.REVIEW).transaction():
        write(fresh, 2)
    rewrites = [
        f"{verb} log.{table}"
        for table in ("entry", "checkpoint", "head")
        for verb in ("DELETE FROM", "TRUNCATE")
    ]
    rewrites += [
        "UPDATE log.entry SET leaf = leaf",
        "UPDATE log.entry SET body = '{}'",
        "UPDATE log.checkpoint SET note = ''",
        "UPDATE log.head SET size = 1",
        "UPDATE log.head SET root = sha256('other')",
        "INSERT INTO log.head (one, size, root, frontier) VALUES (1, 0, sha256(''), '')",
    ]
    refusals = (psycopg.errors.InsufficientPrivilege, psycopg.errors.CheckViolation)
    for rewrite in rewrites:
        for service in Service:
            with pytest.raises(refusals):
                fresh.as_(service).execute(rewrite.encode())
        with fresh.administrator() as connection:
            for disguise in ("SET ROLE log_owner", "RESET ROLE", "SET session_replication_role = replica"):
                connection.execute(disguise.encode())
                with pytest.raises(refusals):
                    connection.execute(rewrite.encode())
    assert_sound(fresh, 2)


def test_nobody_waits_for_the_log_behind_a_key_process(fresh: World) -> None:
    writing, other = fresh.as_(Service.REVIEW), fresh.as_(Service.OVERSEE)

    class Slow(PlainVault):
        def sealing(self, handles: Sequence[Handle]) -> Seal:
            with other.transaction():  # an order, for instance, while the keys are asked for
                other.execute("SELECT FROM log.head FOR UPDATE NOWAIT")
            return self.at_hand

        def at_hand(self, pieces: Sequence[Piece]) -> list[bytes]:
            return super().seal(pieces)

        def seal(self, pieces: Sequence[Piece]) -> list[bytes]:
            raise AssertionError("a key is asked for while the log is locked")

    writing.vault = Slow()
    with writing.transaction():
        log.append(writing, [entry(Handle.new()) for _ in range(300)], KEY, NOW, throw_away=True)
    assert_sound(fresh, 300)


def raw(connection: Connection, index: int, leaf: bytes = b"\x01" + bytes(63)) -> None:
    connection.execute(
        "INSERT INTO log.entry (idx, leaf, kind, body, nonces, at)"
        " VALUES (%s, %s, 'access.denied', '{}', '', now())",
        [index, leaf],
    )


def raw_with_head(connection: Connection, size: int, index: int, leaf: bytes = b"\x01" + bytes(63)) -> None:
    with connection.transaction():
        connection.execute("UPDATE log.head SET size = %s", [size])
        raw(connection, index, leaf)


def test_an_entry_without_head_and_checkpoint_is_refused(fresh: World) -> None:
    with fresh.as_(Service.REVIEW).transaction():
        write(fresh, 2)
    review = fresh.as_(Service.REVIEW)
    for index in (2, 3, 7):
        with pytest.raises(psycopg.errors.CheckViolation, match="do not continue"):
            raw(review, index)
    with pytest.raises(psycopg.errors.UniqueViolation):
        raw(review, 1)


def test_a_head_without_entries_is_refused(fresh: World) -> None:
    review = fresh.as_(Service.REVIEW)
    with pytest.raises(psycopg.errors.CheckViolation, match="together"), review.transaction():
        review.execute("UPDATE log.head SET size = 1")
    with pytest.raises(psycopg.errors.CheckViolation, match="do not continue"):
        raw_with_head(review, 3, 1)
    with pytest.raises(psycopg.errors.CheckViolation, match="together"):
        raw_with_head(review, 1, 0)


def test_a_checkpoint_says_what_the_head_says(fresh: World) -> None:
    with fresh.as_(Service.REVIEW).transaction():
        write(fresh, 2)
    review = fresh.as_(Service.REVIEW)
    root = base64.b64encode(bytes(32)).decode()
    with pytest.raises(psycopg.errors.CheckViolation, match="says what the head"), review.transaction():
        review.execute("INSERT INTO log.checkpoint VALUES (2, %s, now())", [f"{KEY.origin}\n2\n{root}\n"])


def test_a_leaf_has_its_length(fresh: World) -> None:
    review = fresh.as_(Service.REVIEW)
    for leaf in (b"", b"\x01", b"\x01" + bytes(64), b"\x00" + bytes(63), b"\x02" + bytes(65535)):
        with pytest.raises((psycopg.errors.CheckViolation, psycopg.errors.ArraySubscriptError)):
            raw_with_head(review, 1, 0, leaf)


def test_a_server_that_may_lose_what_it_acknowledges_is_refused(fresh: World) -> None:
    review = fresh.as_(Service.REVIEW)
    with pytest.raises(LogError, match="fsync"), review.transaction():
        log.append(review, [entry()], KEY, NOW)


def test_another_key_is_refused(fresh: World) -> None:
    with fresh.as_(Service.REVIEW).transaction():
        write(fresh, 1)
    review, other = fresh.as_(Service.REVIEW), LogKey.generate("gate.example.gov/ledger")
    with pytest.raises(LogError, match="another key"), review.transaction():
        log.append(review, [entry()], other, NOW, throw_away=True)


def test_a_damaged_right_edge_is_refused(fresh: World) -> None:
    review = fresh.as_(Service.REVIEW)
    with review.transaction():
        write(fresh, 1)
    with fresh.administrator() as connection:
        connection.execute("ALTER TABLE log.head DISABLE TRIGGER guard")
        connection.execute("UPDATE log.head SET root = sha256('other')")
        connection.execute("ALTER TABLE log.head ENABLE ALWAYS TRIGGER guard")
    with pytest.raises(LogError, match="right edge"), review.transaction():
        write(fresh, 1)


def test_only_the_auditor_reads_the_log(fresh: World) -> None:
    for service in WRITERS:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            fresh.as_(service).execute("SELECT body FROM log.entry")
