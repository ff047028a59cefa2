"""Tests that cannot fail prove nothing: each invariant of the ledger is broken on purpose and its test fails.

The numbers are those of the ledger's fifteen invariants. 6, 11 and 12 are about keys, pick-up and
counters; what breaks them is in `tests/keys` and `tests/adversary`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest

from tests.adversary import test_expunged, test_one_history, test_public_view, test_stolen_key
from tests.campaigns.killed_writers import kill_writers
from tests.contract import test_group_commit, test_log, test_writer
from tests.contract.world import World
from tests.flow import test_entry_counts, test_witnessing
from tests.keys import test_subjects
from tests.ledger import test_record, test_verify, test_witness
from wicketgate.flow import pick_up, release
from wicketgate.flow.witnessing import Witnessing
from wicketgate.keys import KeyFolder, SubjectVault
from wicketgate.ledger import Checkpoint, LogKey, Note, verify, witness
from wicketgate.ledger import record as records
from wicketgate.ledger.witness_state import FileState
from wicketgate.store import cosignatures, log
from wicketgate.store.database import Database
from wicketgate.store.group_commit import GroupCommit
from wicketgate.store.log import LogError
from wicketgate.store.writer import Writer

FAILED = (AssertionError, ValueError, pytest.fail.Exception, LogError, psycopg.Error)
"""How a test fails: it says so, or what it drives refuses to go on."""


class Scene:
    """Where a test runs: what it may ask for, made when it is asked for."""

    def __init__(self, database: Database, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.database, self.folder, self.patch = database, folder, patch

    @contextmanager
    def world(self) -> Iterator[World]:
        with closing(World(self.database)) as made:
            yield made

    def sql(self, *statements: str) -> None:
        """What the owner of the machine can do."""
        with self.database.administer() as connection:
            for statement in statements:
                connection.execute(statement.encode())


# ---------------------------------------------------------------- the tests, as they are called


def entries_continue(scene: Scene) -> None:
    with scene.world() as world:
        test_log.test_entries_continue_the_log(world)


def lost_connection(scene: Scene) -> None:
    with scene.world() as world, closing(test_group_commit.Group(world)) as group:
        test_group_commit.test_a_lost_connection_fails_all_and_says_that_it_is_not_known(world, group)


def failing_effect(scene: Scene) -> None:
    with scene.world() as world, closing(test_group_commit.Group(world)) as group:
        test_group_commit.test_a_failing_effect_takes_only_its_own_entry(world, group)


def fencing(scene: Scene) -> None:
    with scene.world() as world:
        test_writer.test_whoever_took_over_shuts_the_earlier_out(world)


def verifying_first(scene: Scene) -> None:
    with scene.world() as world:
        test_writer.test_who_finds_something_else_than_was_signed_does_not_write(world, "a leaf")


def consistency(scene: Scene) -> None:
    with scene.world() as world:
        test_one_history.test_every_checkpoint_continues_every_earlier_one(world)


def order(scene: Scene) -> None:
    with scene.world() as world:
        test_one_history.test_the_order_of_entries_is_the_truth_and_times_are_only_stated(world, scene.folder)


def restored(scene: Scene) -> None:
    with closing(test_witnessing.Local(scene.folder / "witnesses")) as local:
        test_witnessing.test_a_database_restored_from_an_old_copy_signs_nothing(scene.database, local)


def published_form(scene: Scene) -> None:
    test_verify.test_a_true_log_holds(scene.folder / "log", 257)


@contextmanager
def room(scene: Scene) -> Iterator[test_witness.Room]:
    made = test_witness.Room(scene.folder / "witness")
    yield made
    made.state.close()


def growing_fork(scene: Scene) -> None:
    with room(scene) as made:
        test_witness.test_a_fork_that_grows_is_refused_and_kept(made)


def restarted_witness(scene: Scene) -> None:
    with room(scene) as made:
        test_witness.test_the_state_survives_a_restart(made)


def witness_times(scene: Scene) -> None:
    with room(scene) as made:
        test_witness.test_times_never_go_back(made)


def witnessing(test: Callable[[Any, Any], None]) -> Callable[[Scene], None]:
    def run(scene: Scene) -> None:
        with (
            closing(test_witnessing.Local(scene.folder / "witnesses")) as local,
            test_witnessing.gate_on(scene.database, local) as gate,
        ):
            test(gate, local)

    return run


releases = witnessing(test_witnessing.test_releases_stop_when_the_witnessing_is_too_old_and_go_on_after_it)
clocks = witnessing(test_witnessing.test_a_witness_whose_clock_is_ahead_does_not_extend_the_limit)


def one_stream_of_salts(scene: Scene) -> None:
    test_public_view.test_of_one_stream_of_salts_only_the_commitment_knows_the_data("decision")


def look_alike(scene: Scene) -> None:
    test_public_view.test_leaves_of_all_kinds_look_alike()


def one_place(scene: Scene) -> None:
    test_record.test_a_field_has_one_name_one_place_and_one_kind()


def splits(scene: Scene) -> None:
    test_record.test_no_two_splits_of_the_same_bytes_agree()


def stolen_key(scene: Scene) -> None:
    with test_stolen_key.scene_in(scene.database, scene.folder) as stolen:
        test_stolen_key.test_another_history_is_found_by_an_older_cosigned_checkpoint(
            stolen, test_stolen_key.all_anew
        )


def rewritten_tile(scene: Scene) -> None:
    with test_stolen_key.scene_in(scene.database, scene.folder) as stolen:
        test_stolen_key.test_a_rewritten_tile_does_not_agree_with_the_entries(stolen)


def changed_body(scene: Scene) -> None:
    with test_stolen_key.scene_in(scene.database, scene.folder) as stolen:
        test_stolen_key.test_a_changed_body_does_not_make_its_leaf(stolen)


def recount(scene: Scene) -> None:
    with test_witnessing.gate_on(scene.database) as gate:
        test_entry_counts.test_an_inspector_counts_again(gate, scene.folder)


def wrong_count(scene: Scene) -> None:
    with test_witnessing.gate_on(scene.database) as gate:
        test_entry_counts.test_a_wrong_count_is_found(gate, scene.folder, "one determination fewer")


def expunging(test: Callable[[test_expunged.Scene], None]) -> Callable[[Scene], None]:
    def run(scene: Scene) -> None:
        with test_expunged.scene_in(scene.database, scene.folder) as made:
            test(made)

    return run


def held(made: test_expunged.Scene) -> None:
    test_expunged.test_a_hold_keeps_what_its_matter_is_about(made, "handle")


no_copy = expunging(test_expunged.test_no_copy_opens_what_was_expunged)
never_in_clear = expunging(test_expunged.test_nothing_about_a_person_was_ever_written_in_clear)
tombstones = expunging(test_expunged.test_old_proofs_still_verify_and_a_tombstone_says_why)
holds = expunging(held)


def no_file(scene: Scene) -> None:
    test_subjects.test_a_destroyed_key_is_in_no_file_of_the_folder(scene.folder)


# ---------------------------------------------------------------- the sabotage


def acknowledges_before_the_commit(scene: Scene) -> None:
    honest = GroupCommit._settle

    def settle(self: GroupCommit, group: Sequence[Any]) -> None:
        for at, each in enumerate(group):
            each.tell(range(at, at + len(each.entries)))
        honest(self, [each._replace(tell=lambda outcome: None) for each in group])

    scene.patch.setattr(GroupCommit, "_settle", settle)


def carries_effects_out_without_a_savepoint(scene: Scene) -> None:
    def commit(self: GroupCommit, group: Sequence[Any], outcomes: dict[int, Any]) -> None:
        with self._transaction() as connection:
            for at, each in enumerate(group):
                try:
                    each.effect and each.effect(connection)
                except psycopg.Error as error:
                    outcomes[at] = error
            indexes = self._append(connection, [entry for each in group for entry in each.entries])
        outcomes |= {at: indexes for at in range(len(group)) if at not in outcomes}

    scene.patch.setattr(GroupCommit, "_commit", commit)


def hashes_something_else(scene: Scene) -> None:
    scene.patch.setattr(log, "leaf_hash", lambda leaf: hashlib.sha256(leaf).digest())


def leaves_a_gap(scene: Scene) -> None:
    scene.sql(
        "ALTER TABLE log.entry DISABLE TRIGGER guard",
        "ALTER TABLE log.head DISABLE TRIGGER complete",
        "CREATE FUNCTION log.skip() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN IF NEW.idx > 1 THEN NEW.idx := NEW.idx + 1; END IF; RETURN NEW; END'",
        "GRANT EXECUTE ON FUNCTION log.skip() TO PUBLIC",
        "CREATE TRIGGER skip BEFORE INSERT ON log.entry FOR EACH ROW EXECUTE FUNCTION log.skip()",
        "ALTER TABLE log.entry ENABLE ALWAYS TRIGGER skip",
    )


def ignores_the_epoch(scene: Scene) -> None:
    def append(self: Writer, connection: Any, entries: Any, at: Any) -> range:
        return log.append(connection, entries, self._key, at, throw_away=True)

    scene.patch.setattr(Writer, "append", append)


def joins_unseen(scene: Scene) -> None:
    scene.patch.setattr(Writer, "join", lambda self, connection: setattr(self, "_epoch", 0))


def signs_another_root_now_and_then(scene: Scene) -> None:
    scene.sql("ALTER TABLE log.checkpoint DISABLE TRIGGER guard")
    honest = LogKey.sign_checkpoint
    scene.patch.setattr(
        LogKey,
        "sign_checkpoint",
        lambda self, size, root: honest(self, size, root if size % 3 else hashlib.sha256(root).digest()),
    )
    scene.patch.setattr(Writer, "join", lambda self, connection: setattr(self, "_epoch", None))
    ignores_the_epoch(scene)


def does_not_mind_its_witnesses(scene: Scene) -> None:
    scene.patch.setattr(Witnessing, "permit_signing", lambda self: None)


def adds_a_line(scene: Scene) -> None:
    def sign(self: LogKey, size: int, root: bytes) -> str:
        return str(Note(f"{Checkpoint(self.origin, size, root)}extension\n").signed(self._key))

    scene.patch.setattr(LogKey, "sign_checkpoint", sign)


def believes_any_proof(scene: Scene) -> None:
    scene.patch.setattr(witness, "verify_consistency", lambda *_: True)


def forgets_what_it_cosigned(scene: Scene) -> None:
    def remember(self: FileState, origin: str, seen: Any) -> None:
        self._logs = {**self._logs, origin: seen}

    scene.patch.setattr(FileState, "remember", remember)


def forgets_the_time(scene: Scene) -> None:
    honest = FileState.remember
    scene.patch.setattr(
        FileState, "remember", lambda self, origin, seen: honest(self, origin, seen._replace(at=0))
    )


def releases_without_witnesses(scene: Scene) -> None:
    for module in (release, pick_up):
        scene.patch.setattr(module, "require_witnesses", lambda gate: None)


def leaves_the_salt_out(scene: Scene) -> None:
    honest = records.hash_fields
    scene.patch.setattr(
        records, "hash_fields", lambda names, fields, nonces: honest(names, fields, bytes(len(nonces)))
    )
    honest_head = records.head_hash
    scene.patch.setattr(
        records, "head_hash", lambda nonce, kind, names: honest_head(bytes(len(nonce)), kind, names)
    )


def hints_at_the_kind(scene: Scene) -> None:
    honest = records._committed

    def committed(kind: str, fields: Any, nonces: bytes) -> records.Committed:
        made = honest(kind, fields, nonces)
        return replace(made, leaf=made.leaf[:-1] + bytes([len(kind)]))

    scene.patch.setattr(records, "_committed", committed)


def opens_anything(scene: Scene) -> None:
    scene.patch.setattr(test_record, "verify_opening", lambda leaf, opening: leaf == opening.leaf)


def leaves_lengths_out(scene: Scene) -> None:
    def hash_fields(names: Any, fields: Any, nonces: bytes) -> list[bytes]:
        return [
            hashlib.sha256((name + str(fields.get(name, ""))).encode() + nonces).digest() for name in names
        ]

    scene.patch.setattr(test_record, "hash_fields", hash_fields)


def forgets_the_old_checkpoint(scene: Scene) -> None:
    honest = verify.check_folder
    scene.patch.setattr(
        verify,
        "check_folder",
        lambda folder, trust, report, wanted, older, kinds: honest(folder, trust, report, wanted, (), kinds),
    )


def reads_no_tiles(scene: Scene) -> None:
    scene.patch.setattr(verify.Folder, "_compare", lambda self, place, hashes, source: None)


def opens_without_looking(scene: Scene) -> None:
    scene.patch.setattr(test_stolen_key, "open_field", lambda *_: None)


def orders_by_time(scene: Scene) -> None:
    def entries(connection: Any, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        for (leaf,) in connection.execute("SELECT leaf FROM log.entry ORDER BY at, idx").fetchall():
            yield leaf

    scene.patch.setattr(log, "entries", entries)


def believes_the_witness_clock(scene: Scene) -> None:
    honest = cosignatures.newest

    def newest(*arguments: Any) -> Any:
        return [
            (note, [line._replace(received_at=line.received_at.replace(year=2100)) for line in lines])
            for note, lines in honest(*arguments)
        ]

    scene.patch.setattr(cosignatures, "newest", newest)


def miscounts(scene: Scene) -> None:
    honest = log.counts

    def counts(connection: Any, first: int) -> Any:
        found = honest(connection, first)
        if found is None:
            return None
        moved = {"request.determined": -1, "decision": 1}
        return replace(found, kinds={kind: n + moved.get(kind, 0) for kind, n in found.kinds.items()})

    scene.patch.setattr(log, "counts", counts)


def does_not_count_again(scene: Scene) -> None:
    scene.patch.setattr(verify, "check_statistics", lambda *_: None)


def keeps_the_keys(scene: Scene) -> None:
    scene.patch.setattr(KeyFolder, "destroy_subjects", lambda self, names: None)


def keeps_the_journal(scene: Scene) -> None:
    scene.patch.setattr(KeyFolder, "_overwrite_journal", lambda self: None)


def seals_nothing(scene: Scene) -> None:
    for name in ("seal", "open"):
        scene.patch.setattr(SubjectVault, name, lambda self, pieces: [data for _, _, data in pieces])


def leaves_no_tombstone(scene: Scene) -> None:
    honest = log.append

    def append(connection: Any, entries: Sequence[Any], *rest: Any, **more: Any) -> range:
        return honest(connection, [each for each in entries if each.kind != "tombstone"], *rest, **more)

    scene.patch.setattr(log, "append", append)


def minds_no_hold(scene: Scene) -> None:
    scene.sql(
        "CREATE OR REPLACE FUNCTION gate.on_hold(r gate.request) RETURNS boolean"
        " LANGUAGE sql AS 'SELECT false'"
    )


class Broken(NamedTuple):
    """An invariant's number, the way in which it is broken, and the test that must fail."""

    invariant: int
    sabotage: Callable[[Scene], None]
    test: Callable[[Scene], None]


BROKEN = [
    Broken(1, acknowledges_before_the_commit, lost_connection),
    Broken(1, carries_effects_out_without_a_savepoint, failing_effect),
    Broken(2, hashes_something_else, entries_continue),
    Broken(2, leaves_a_gap, entries_continue),
    Broken(3, ignores_the_epoch, fencing),
    Broken(3, joins_unseen, verifying_first),
    Broken(3, signs_another_root_now_and_then, consistency),
    Broken(3, does_not_mind_its_witnesses, restored),
    Broken(4, adds_a_line, published_form),
    Broken(5, believes_any_proof, growing_fork),
    Broken(5, forgets_what_it_cosigned, restarted_witness),
    Broken(5, forgets_the_time, witness_times),
    Broken(7, releases_without_witnesses, releases),
    Broken(8, leaves_the_salt_out, one_stream_of_salts),
    Broken(8, hints_at_the_kind, look_alike),
    Broken(9, opens_anything, one_place),
    Broken(9, leaves_lengths_out, splits),
    Broken(10, keeps_the_keys, no_copy),
    Broken(10, keeps_the_journal, no_file),
    Broken(10, seals_nothing, never_in_clear),
    Broken(10, leaves_no_tombstone, tombstones),
    Broken(10, minds_no_hold, holds),
    Broken(13, forgets_the_old_checkpoint, stolen_key),
    Broken(13, reads_no_tiles, rewritten_tile),
    Broken(13, opens_without_looking, changed_body),
    Broken(14, orders_by_time, order),
    Broken(14, believes_the_witness_clock, clocks),
    Broken(15, miscounts, recount),
    Broken(15, does_not_count_again, wrong_count),
]


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: f"{case.invariant}-{case.sabotage.__name__}")
def test_a_broken_invariant_fails_its_test(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: Broken
) -> None:
    scene = Scene(database, tmp_path, monkeypatch)
    case.sabotage(scene)
    with pytest.raises(FAILED):
        case.test(scene)


HONEST = list(dict.fromkeys(case.test for case in BROKEN))


@pytest.mark.parametrize("test", HONEST, ids=lambda test: getattr(test, "__name__", "run"))
def test_unbroken_it_holds(
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    test: Callable[[Scene], None],
) -> None:
    """The same calls without sabotage, so that none of them fails for another reason."""
    test(Scene(database, tmp_path, monkeypatch))


def test_a_server_that_does_not_flush_loses_what_it_acknowledged(tmp_path: Path) -> None:
    """The campaign of kills against a writer that does not wait for the disk."""
    tmp_path.chmod(0o711)
    with pytest.raises(AssertionError, match=r"acknowledged and lost|a checkpoint was lost"):
        kill_writers(tmp_path, kills=20, seed=1, careless=True)
