"""Witnesses outside stop what they cannot see: releases without them, and a log that they know better."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from tests.campaigns.disclosures import law_and_context
from tests.conftest import copy_of
from tests.ledger.witness_process import WitnessProcess
from wicketgate.core.clock import FixedClock
from wicketgate.core.digest import Canonical
from wicketgate.flow.gate import Gate, Rows
from wicketgate.flow.pick_up import pick_up
from wicketgate.flow.release import release
from wicketgate.flow.simulation_outputs import publish
from wicketgate.flow.witness_client import Reply, UnreachableError
from wicketgate.flow.witnessing import (
    LIMIT,
    RETRY,
    LogContradictedError,
    Witnessing,
    WitnessingError,
    ask_witnesses,
    require_witnesses,
    witnessed,
)
from wicketgate.ledger import Kind, LedgerError, LogKey, Policy, Witness, consistency_proof, public_leaf
from wicketgate.ledger.tree import EMPTY_ROOT, leaf_hash, root_of, verify_consistency
from wicketgate.ledger.verify import verify_folder
from wicketgate.ledger.witness_state import FileState, make_witness
from wicketgate.store import cosignatures, log, tiles
from wicketgate.store.database import Database
from wicketgate.store.log import Entry, LogError
from wicketgate.store.services import Service

LAW, CONTEXT = law_and_context()
KEY = LogKey.generate("gate.example.gov/ledger")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


class Local:
    """Witnesses in this process, reached by URL, each of which can be cut off."""

    def __init__(self, folder: Path, *kinds: Kind) -> None:
        self.clock, self.down = Clock(), set[str]()
        self.before: Callable[[], object] = lambda: None
        self._witnesses: dict[str, Witness] = {}
        self._states: list[FileState] = []
        self.folder, self.lines = folder, [f"log {KEY.vkey}"]
        for number, kind in enumerate(kinds or (Kind.COSIGNATURE_ED25519,), 1):
            vkey = make_witness(folder / f"w{number}", f"w{number}.example", kind)
            state = FileState(folder / f"w{number}")
            self._states.append(state)
            self._witnesses[f"http://w{number}"] = Witness(state.key(), [KEY.verifier], state)
            self.lines.append(f"witness w{number} {vkey} http://w{number}")

    def policy(self, *quorum: str) -> Policy:
        return Policy.parse("\n".join([*self.lines, *(quorum or ("quorum w1",))]).encode())

    def send(self, url: str, body: bytes) -> Reply:
        self.before()
        if url in self.down:
            raise UnreachableError("no answer")
        answer = self._witnesses[url].add_checkpoint(body, int(self.clock.now().timestamp()))
        return Reply(answer.status, answer.text)

    def close(self) -> None:
        for state in self._states:
            state.close()


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Local]:
    with closing(Local(tmp_path / "witnesses")) as made:
        yield made


def gate_on(database: Database, local: Local | None = None, *quorum: str) -> Gate:
    witnessing = None
    if local is not None:
        witnessing = Witnessing.by(local.policy(*quorum), KEY, clock=local.clock, send=local.send)
    return Gate(database, LAW, CONTEXT, FixedClock(NOW), KEY, throw_away=True, witnessing=witnessing)


def grow(gate: Gate, number: int = 1, rule: str = "R-1") -> None:
    fields: dict[str, Canonical] = {"index": 0, "authority": "schedule", "rule": rule}
    entry = Entry("tombstone", public_leaf("tombstone", fields), None, fields)
    with gate.acting(Service.OVERSEE) as connection:
        gate.append(connection, [entry] * number)


def size_of(gate: Gate) -> int:
    with gate.acting(Service.AUDIT) as connection:
        return (log.latest_checkpoint(connection) or (0, ""))[0]


@pytest.fixture
def gate(database: Database, local: Local) -> Iterator[Gate]:
    with gate_on(database, local) as made:
        yield made


NOTHING = Rows(1, 1, 1)


def test_every_consistency_proof_comes_from_stored_tiles(database: Database) -> None:
    with gate_on(database) as gate:
        grow(gate, 66_000)
        with gate.acting(Service.AUDIT) as connection:
            hashes = [leaf_hash(leaf) for leaf in log.entries(connection)]
        sizes = (0, 1, 255, 256, 257, 700, 65_535, 65_536, 65_537, 65_800, 66_000)
        for size in sizes:
            with gate.acting(Service.WITNESS) as connection:
                tiles.keep_tiles(connection, size)
                read = tiles.stored_hashes(connection, size)
                for old in (one for one in sizes if one <= size):
                    proof = consistency_proof(old, size, read)
                    roots = root_of(hashes[:old]) if old else EMPTY_ROOT, root_of(hashes[:size])
                    assert verify_consistency(old, size, proof, *roots), (old, size)
        with gate.acting(Service.AUDIT) as connection:
            rows = connection.execute("SELECT level, count(*) FROM log.tile GROUP BY level ORDER BY level")
            assert rows.fetchall() == [(0, 257), (1, 1)]


def test_a_gate_without_a_policy_is_as_before(database: Database) -> None:
    with gate_on(database) as gate:
        grow(gate)
        require_witnesses(gate)
        assert release(gate, NOTHING) == 0
        assert pick_up(gate, {}) == {}


def test_nothing_is_written_before_the_witnesses_were_asked(gate: Gate) -> None:
    with pytest.raises(LogError, match="not asked yet"):
        grow(gate)
    assert ask_witnesses(gate)
    grow(gate)


def test_a_growing_log_is_cosigned_and_published_with_the_cosignatures(gate: Gate, tmp_path: Path) -> None:
    ask_witnesses(gate)
    policy = tmp_path / "policy"
    assert gate.witnessing is not None
    for number in (1, 3, 300, 0):
        grow(gate, number)
        publish(gate, tmp_path / "ledger")
        newest = witnessed(gate)
        assert newest is not None
        assert newest.size == size_of(gate)
    policy.write_text(f"log {KEY.vkey}\nwitness w {gate.witnessing.policy.witnesses[0].key}\nquorum w\n")
    report = verify_folder(tmp_path / "ledger", policy=policy)
    assert report.ok, report.failures
    assert (tmp_path / "ledger" / "checkpoint").read_text().count("\n— ") == 2


def test_what_is_published_is_the_newest_that_the_policy_accepts(
    gate: Gate, local: Local, tmp_path: Path
) -> None:
    ask_witnesses(gate)
    grow(gate, 5)
    publish(gate, tmp_path / "ledger")
    local.down.add("http://w1")
    grow(gate, 2)
    publish(gate, tmp_path / "ledger")
    assert (tmp_path / "ledger" / "checkpoint").read_text().splitlines()[1] == "5"


def test_releases_stop_when_the_witnessing_is_too_old_and_go_on_after_it(gate: Gate, local: Local) -> None:
    ask_witnesses(gate)
    grow(gate)
    ask_witnesses(gate)
    local.down.add("http://w1")
    local.clock.at += LIMIT
    require_witnesses(gate)
    local.clock.at += timedelta(seconds=1)
    for act in (lambda: release(gate, NOTHING), lambda: pick_up(gate, {})):
        with pytest.raises(WitnessingError, match=r"too few witnesses .* within 4 hours.*\(w1: no answer\)"):
            act()
    grow(gate)  # a suspension, an inspection: recorded as ever
    local.down.clear()
    with pytest.raises(WitnessingError):
        release(gate, NOTHING)  # the silent are not asked at every request
    local.clock.at += RETRY
    assert release(gate, NOTHING) == 0
    assert pick_up(gate, {}) == {}


def test_a_witness_whose_clock_is_ahead_does_not_extend_the_limit(gate: Gate, local: Local) -> None:
    assert gate.witnessing is not None
    gate.witnessing.clock = Clock()  # ours; the witness's own stands a day ahead
    local.clock.at += timedelta(days=1)
    ask_witnesses(gate)
    grow(gate)
    ask_witnesses(gate)
    local.down.add("http://w1")
    gate.witnessing.clock.at += LIMIT + timedelta(seconds=1)
    with pytest.raises(WitnessingError):
        require_witnesses(gate)


def test_with_all_witnesses_down_at_the_start_only_releases_stop(gate: Gate, local: Local) -> None:
    local.down.add("http://w1")
    assert not ask_witnesses(gate)
    grow(gate)
    with pytest.raises(WitnessingError):
        release(gate, NOTHING)


def test_a_quorum_of_several_witnesses_of_both_kinds(database: Database, tmp_path: Path) -> None:
    kinds = (Kind.COSIGNATURE_ED25519, Kind.COSIGNATURE_MLDSA44, Kind.COSIGNATURE_ED25519)
    quorum = ("group two 2 w1 w2 w3", "quorum two")
    with (
        closing(Local(tmp_path / "w", *kinds)) as local,
        gate_on(database, local, *quorum) as gate,
    ):
        local.down = {"http://w1"}
        assert ask_witnesses(gate)
        grow(gate, 2)
        assert ask_witnesses(gate)
        require_witnesses(gate)
        local.down = {"http://w1", "http://w2"}
        local.clock.at += LIMIT + timedelta(seconds=1)
        with pytest.raises(WitnessingError):
            require_witnesses(gate)


def test_a_database_restored_from_an_old_copy_signs_nothing(template: Database, local: Local) -> None:
    """The copy is behind what the witness has seen: refused at the start, also with fresh cosignatures."""
    with copy_of(template) as present:
        with gate_on(present, local) as gate:
            ask_witnesses(gate)
            grow(gate, 5)
            ask_witnesses(gate)
        with copy_of(present) as restored:
            with gate_on(present, local) as gate:
                ask_witnesses(gate)
                grow(gate, 5)
                ask_witnesses(gate)
            with gate_on(restored, local) as behind:
                with pytest.raises(LogContradictedError, match=r"w1 has seen 10 entries .* holds 5"):
                    ask_witnesses(behind)
                with pytest.raises(LogContradictedError):
                    grow(behind)
                with pytest.raises(LogContradictedError):
                    release(behind, NOTHING)
                assert size_of(behind) == 5


def test_a_restored_database_releases_nothing_while_its_witnesses_are_silent(
    template: Database, local: Local
) -> None:
    """Its stored cosignatures are recent, but nobody has confirmed since the start that it is not old."""
    with copy_of(template) as present:
        with gate_on(present, local) as gate:
            ask_witnesses(gate)
            grow(gate, 5)
            ask_witnesses(gate)
        with copy_of(present) as restored, gate_on(restored, local) as behind:
            local.down.add("http://w1")
            ask_witnesses(behind)
            with pytest.raises(WitnessingError):
                require_witnesses(behind)


@pytest.mark.parametrize("further", [5, 8])
def test_a_second_history_is_refused_by_the_witness_and_stops_the_gate(
    template: Database, local: Local, further: int
) -> None:
    """Grown in the dark to the same size, and beyond it."""
    with copy_of(template) as present:
        with gate_on(present, local) as gate:
            ask_witnesses(gate)
            grow(gate, 5)
            ask_witnesses(gate)
        with copy_of(present) as restored:
            with gate_on(present, local) as gate:
                ask_witnesses(gate)
                grow(gate, 5)
                ask_witnesses(gate)
            with gate_on(restored, local) as beside:
                local.down.add("http://w1")
                ask_witnesses(beside)
                grow(beside, 5, "R-2")
                if further > 5:
                    grow(beside, further - 5, "R-2")
                local.down.clear()
                with pytest.raises(LogContradictedError, match="another history"):
                    ask_witnesses(beside)
                with pytest.raises(LogContradictedError):
                    grow(beside)
    assert list((local.folder / "w1" / "evidence").iterdir())


def test_an_empty_database_under_a_known_key_signs_nothing(template: Database, local: Local) -> None:
    with copy_of(template) as present, gate_on(present, local) as gate:
        ask_witnesses(gate)
        grow(gate, 5)
        ask_witnesses(gate)
    with copy_of(template) as empty, gate_on(empty, local) as anew:
        with pytest.raises(LogContradictedError, match="has seen 5 entries"):
            ask_witnesses(anew)
        with pytest.raises(LogContradictedError):
            grow(anew)


def test_entries_changed_by_an_administrator_are_noticed_before_they_are_sent(gate: Gate) -> None:
    ask_witnesses(gate)
    grow(gate, 300)
    ask_witnesses(gate)
    grow(gate, 10)
    with gate.database.administer() as connection:
        connection.execute("ALTER TABLE log.entry DISABLE TRIGGER keep")
        connection.execute("UPDATE log.entry SET leaf = set_byte(leaf, 9, 1) WHERE idx = 270")
    with pytest.raises(LogContradictedError, match="the database was changed"):
        ask_witnesses(gate)


def test_another_process_may_be_faster(gate: Gate, local: Local) -> None:
    """Between our reading and our asking, another gate on the same database grew and was cosigned."""
    ask_witnesses(gate)
    grow(gate, 2)
    with gate_on(gate.database, local) as other:
        ask_witnesses(other)

        def overtake() -> None:
            local.before = lambda: None
            grow(other, 3)
            ask_witnesses(other)

        local.before = overtake
        assert ask_witnesses(gate)
    newest = witnessed(gate)
    assert newest is not None
    assert newest.size == 5


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, ""),
        Reply(200, "nonsense"),
        Reply(200, "— w1.example AAAAAAAA\n"),
        Reply(403, "no"),
        Reply(404, "no"),
        Reply(500, "no"),
        Reply(302, "elsewhere"),
        Reply(409, "many\n"),
        Reply(409, "0\n"),
    ],
)
def test_what_is_no_cosignature_counts_for_nothing(gate: Gate, local: Local, reply: Reply) -> None:
    ask_witnesses(gate)
    grow(gate)
    assert gate.witnessing is not None
    before = witnessed(gate)
    gate.witnessing.send = lambda *_: reply
    ask_witnesses(gate)
    assert set(gate.witnessing.problems) == {"w1"}
    assert witnessed(gate) == before


@pytest.mark.parametrize("reply", [Reply(422, "no"), Reply(409, "1\n")])
def test_a_witness_with_another_root_of_the_size_it_saw_stops_the_gate(gate: Gate, reply: Reply) -> None:
    """An earlier draft of the protocol answers so with 409 and the very size that was sent."""
    ask_witnesses(gate)
    grow(gate)
    ask_witnesses(gate)
    assert gate.witnessing is not None
    gate.witnessing.send = lambda *_: reply
    with pytest.raises(LogContradictedError, match="holds another history"):
        ask_witnesses(gate)
    with pytest.raises(LogContradictedError):
        grow(gate)


def test_forged_rows_count_for_nothing(gate: Gate) -> None:
    """Whoever owns the database can write any row; the witness's signature is what counts."""
    assert gate.witnessing is not None
    ask_witnesses(gate)
    grow(gate)
    vkey = str(gate.witnessing.policy.witnesses[0].key)
    with gate.acting(Service.WITNESS) as connection:
        forged = cosignatures.Cosignature(1, vkey, "— w1.example AAAAAAAA\n", 2**40, NOW)
        cosignatures.store(connection, forged)
    assert witnessed(gate) is None


def test_a_cosignature_is_only_ever_renewed(gate: Gate) -> None:
    ask_witnesses(gate)
    grow(gate)
    ask_witnesses(gate)
    for statement in (
        "DELETE FROM log.cosignature",
        "TRUNCATE log.cosignature",
        "UPDATE log.cosignature SET stated_at = 0",
        "UPDATE log.cosignature SET size = 9",
        "INSERT INTO log.cosignature VALUES (77, 'w', E'— w AAAA\\n', 1, now())",
        "INSERT INTO log.tile VALUES (0, 0, 'short')",
        "DELETE FROM log.tile",
        "SELECT body FROM log.entry",
        "INSERT INTO log.checkpoint VALUES (9, '', now())",
    ):
        refusals = (psycopg.errors.InsufficientPrivilege, psycopg.errors.CheckViolation)
        with pytest.raises(refusals), gate.acting(Service.WITNESS) as connection:
            connection.execute(statement.encode())


def test_a_policy_about_another_log_is_refused(local: Local) -> None:
    with pytest.raises(LedgerError, match="does not name the key"):
        Witnessing.by(local.policy(), LogKey.generate(KEY.origin))


def test_a_real_witness_killed_and_started_again(database: Database, tmp_path: Path) -> None:
    with WitnessProcess(tmp_path / "w", KEY.vkey, "ml-dsa-44") as process:
        policy = Policy.parse(f"witness w {process.vkey} {process.url}\nquorum w\n".encode())
        clock = Clock()
        clock.at = datetime.now(UTC)
        witnessing = Witnessing.by(policy, KEY, clock=clock)
        with Gate(database, LAW, CONTEXT, FixedClock(NOW), KEY, True, witnessing) as gate:
            assert ask_witnesses(gate)
            grow(gate, 3)
            assert ask_witnesses(gate)
            process.stop()
            grow(gate, 4)
            assert ask_witnesses(gate), "it agreed since the start"
            assert "w" in witnessing.problems
            clock.at += LIMIT + timedelta(minutes=1)
            with pytest.raises(WitnessingError):
                release(gate, NOTHING)
            process.start()
            clock.at = datetime.now(UTC)
            assert ask_witnesses(gate)
            assert release(gate, NOTHING) == 0
            newest = witnessed(gate)
            assert newest is not None
            assert newest.size == 7
