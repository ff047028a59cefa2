"""Whoever holds the log's key and is the database's superuser rewrites history, and is found out.

Each attack is carried through to the end: the database is consistent again, signed with
the log's own key, published anew, and the gate itself finds nothing. The verifier finds
it, because it holds one older checkpoint that a witness cosigned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.contract.world import KEY, NOW, World, entry
from wicketgate.ledger import (
    AddCheckpoint,
    Frontier,
    Kind,
    LedgerError,
    Note,
    Witness,
    consistency_proof,
    export_folder,
    leaf_hash,
    open_field,
)
from wicketgate.ledger.tiles import Tile, bundle
from wicketgate.ledger.tree import EMPTY_ROOT, root_of
from wicketgate.ledger.verify import verify_folder
from wicketgate.ledger.witness_state import FileState, make_witness
from wicketgate.store import log, tiles
from wicketgate.store.database import Database
from wicketgate.store.services import Service
from wicketgate.store.writer import Writer

OLD, NEW = 300, 700


@dataclass
class Scene:
    """A log of 700 entries, of which a witness cosigned the first 300; the attacker publishes elsewhere."""

    world: World
    folder: Path
    witness: Witness
    cosigned: Path

    def leaves(self) -> list[bytes]:
        with self.world.as_(Service.AUDIT).transaction():
            return list(log.entries(self.world.as_(Service.AUDIT)))

    def publish(self, folder: Path) -> Path:
        """The folder as it is published from what the database holds now."""
        note = log.latest_checkpoint(self.world.as_(Service.AUDIT))
        assert note is not None
        export_folder(self.leaves(), folder, note[1], KEY.vkey)
        return folder

    def failures(self, folder: Path, *, holding: bool = True) -> list[str]:
        """What the verifier finds; with the older checkpoint at hand, or not."""
        return verify_folder(folder, vkey=KEY.vkey, since=self.cosigned if holding else None).failures


@contextmanager
def scene_in(database: Database, folder: Path) -> Iterator[Scene]:
    """A scene in this database and folder."""
    world = World(database)
    writer = Writer(KEY, throw_away=True)
    writer.join(world.as_(Service.WITNESS))
    review = world.as_(Service.REVIEW)
    make_witness(folder / "witness", "inspector.example/witness", Kind.COSIGNATURE_MLDSA44)
    state = FileState(folder / "witness")
    witness = Witness(state.key(), [KEY.verifier], state)
    with review.transaction():
        writer.append(review, [entry() for _ in range(OLD)], NOW)
    note = (log.latest_checkpoint(world.as_(Service.AUDIT)) or (0, ""))[1]
    answer = witness.add_checkpoint(bytes(AddCheckpoint(0, (), note)), 1)
    assert answer.status == 200
    (folder / "cosigned").write_text(note + answer.text)
    with review.transaction():
        writer.append(review, [entry() for _ in range(NEW - OLD)], NOW)
    tiles.keep_tiles(world.as_(Service.WITNESS), NEW)
    try:
        yield Scene(world, folder, witness, folder / "cosigned")
    finally:
        state.close()
        world.close()


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> Iterator[Scene]:
    with scene_in(database, tmp_path) as made:
        yield made


def rewrite(scene: Scene, leaves: Sequence[bytes]) -> None:
    """Put another history in the place of the stored one, consistent and signed."""
    frontier = Frontier()
    frontier.extend(leaf_hash(leaf) for leaf in leaves)
    note = KEY.sign_checkpoint(frontier.size, frontier.root())
    with scene.world.administrator() as connection:
        for table in ("entry", "tile", "checkpoint", "head", "cosignature"):
            connection.execute(f"ALTER TABLE log.{table} DISABLE TRIGGER ALL".encode())
        connection.execute("CREATE TEMPORARY TABLE before AS SELECT * FROM log.entry")
        connection.execute("DELETE FROM log.entry")
        connection.execute("DELETE FROM log.tile")
        connection.execute("DELETE FROM log.checkpoint")
        connection.execute(
            "INSERT INTO log.entry (idx, leaf, kind, body, nonces, at)"
            " SELECT n - 1, leaf, 'access.denied', '{}', '', now()"
            " FROM unnest(%b::bytea[]) WITH ORDINALITY AS new (leaf, n)",
            [list(leaves)],
        )
        connection.execute("INSERT INTO log.checkpoint VALUES (%s, %s, now())", [frontier.size, note])
        connection.execute(
            "UPDATE log.head SET size = %s, root = %s, frontier = %s",
            [frontier.size, frontier.root(), frontier.to_bytes()],
        )
    Writer(KEY).join(scene.world.as_(Service.WITNESS))  # the gate itself finds nothing


def changed(leaves: list[bytes]) -> list[bytes]:
    """One entry says something else."""
    return [*leaves[:123], entry().leaf, *leaves[124:]]


def deleted(leaves: list[bytes]) -> list[bytes]:
    """One entry is gone and those after it moved up."""
    return leaves[:123] + leaves[124:]


def cut_off(leaves: list[bytes]) -> list[bytes]:
    """The last entries that were cosigned, and all after them, are gone."""
    return leaves[: OLD - 1]


def swapped(leaves: list[bytes]) -> list[bytes]:
    """Two entries changed places."""
    return [*leaves[:10], leaves[11], leaves[10], *leaves[12:]]


def inserted(leaves: list[bytes]) -> list[bytes]:
    """An entry that was never made stands among the old ones."""
    return [*leaves[:123], entry().leaf, *leaves[123:]]


def all_anew(leaves: list[bytes]) -> list[bytes]:
    """The whole history is another, and longer."""
    return [entry().leaf for _ in range(len(leaves) + 50)]


ATTACKS = [changed, deleted, cut_off, swapped, inserted, all_anew]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_another_history_is_found_by_an_older_cosigned_checkpoint(
    scene: Scene, attack: Callable[[list[bytes]], list[bytes]]
) -> None:
    before = scene.leaves()
    assert not scene.failures(scene.publish(scene.folder / "honest"))
    rewrite(scene, attack(before))
    forged = scene.publish(scene.folder / "forged")
    assert not scene.failures(forged, holding=False), "by itself the forgery is perfect"
    (failure,) = scene.failures(forged)
    assert (
        "the folder's first 300 entries are not those" in failure or "more than the folder's 299" in failure
    )


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_the_witness_does_not_cosign_another_history(
    scene: Scene, attack: Callable[[list[bytes]], list[bytes]]
) -> None:
    rewrite(scene, attack(scene.leaves()))
    size, note = log.latest_checkpoint(scene.world.as_(Service.AUDIT)) or (0, "")
    reader = tiles.stored_hashes(scene.world.as_(Service.WITNESS), size)
    for old in (0, min(OLD, size)):
        proof = tuple(consistency_proof(old, size, reader)) if old else ()
        answer = scene.witness.add_checkpoint(bytes(AddCheckpoint(old, proof, note)), 2)
        assert answer.status in (409, 422)


def test_after_the_cosigned_checkpoint_an_attack_shows_to_whoever_kept_a_later_one(scene: Scene) -> None:
    """What no witness has seen yet can be rewritten; who kept the log's own later checkpoint sees it."""
    later = scene.folder / "later"
    later.write_text((log.latest_checkpoint(scene.world.as_(Service.AUDIT)) or (0, ""))[1])
    leaves = scene.leaves()
    rewrite(scene, [*leaves[:500], entry().leaf, *leaves[501:]])
    forged = scene.publish(scene.folder / "forged")
    assert not scene.failures(forged)
    assert verify_folder(forged, vkey=KEY.vkey, since=later).failures


def test_a_changed_body_does_not_make_its_leaf(scene: Scene) -> None:
    """A body changed alone: the public log is as it was, and the record can no more be opened."""
    with scene.world.administrator() as connection:
        connection.execute("ALTER TABLE log.entry DISABLE TRIGGER ALL")
        connection.execute("""UPDATE log.entry SET body = jsonb_set(body, '{actor}', '"somebody else"')""")
        rows = connection.execute("SELECT leaf, kind, body, nonces FROM log.entry LIMIT 3").fetchall()
    assert not scene.failures(scene.publish(scene.folder / "folder"))
    for leaf, kind, body, nonces in rows:
        for name in ("handle", "actor"):
            with pytest.raises(LedgerError, match="do not make this leaf"):
                open_field(leaf, kind, body, nonces, name)


def test_a_rewritten_tile_does_not_agree_with_the_entries(scene: Scene) -> None:
    """A tile changed alone, and a root signed that it makes."""
    folder = scene.publish(scene.folder / "folder")
    leaves = scene.leaves()
    hashes = [leaf_hash(leaf) for leaf in changed(leaves)]
    (folder / Tile(0, 0).path).write_bytes(b"".join(hashes[:256]))
    assert scene.failures(folder, holding=False)
    (folder / "checkpoint").write_text(KEY.sign_checkpoint(NEW, root_of(hashes)))
    found = scene.failures(folder)
    assert any(failure.startswith("tile/0/000:") for failure in found)
    assert any("checkpoint: its root is not the one" in failure for failure in found)


def test_a_rewritten_bundle_and_all_its_tiles_are_found(scene: Scene) -> None:
    """The files alone, made consistent from the entries up to a new signature."""
    folder = scene.publish(scene.folder / "folder")
    forged = changed(scene.leaves())
    hashes = [leaf_hash(leaf) for leaf in forged]
    (folder / Tile(None, 0).path).write_bytes(bundle(forged[:256]))
    (folder / Tile(0, 0).path).write_bytes(b"".join(hashes[:256]))
    first = b"".join(root_of(hashes[at : at + 256]) for at in (0, 256))
    (folder / Tile(1, 0, 2).path).write_bytes(first)
    (folder / "checkpoint").write_text(KEY.sign_checkpoint(NEW, root_of(hashes)))
    assert not scene.failures(folder, holding=False)
    (failure,) = scene.failures(folder)
    assert "the folder's first 300 entries" in failure


def test_a_stolen_key_does_not_make_a_cosignature(scene: Scene) -> None:
    """A policy that asks for the witness accepts no head that only the log signed."""
    line = Note.parse(scene.cosigned.read_text()).signatures[-1]
    witness = scene.witness._key.verifier
    policy = scene.folder / "policy"
    policy.write_text(f"log {KEY.vkey}\nwitness ig {witness}\nquorum ig\n")
    folder = scene.publish(scene.folder / "folder")
    assert any("too few witnesses" in failure for failure in verify_folder(folder, policy=policy).failures)
    note = (folder / "checkpoint").read_text()
    (folder / "checkpoint").write_text(note + str(line))
    assert any("is not valid" in failure for failure in verify_folder(folder, policy=policy).failures)
    assert KEY.sign_checkpoint(0, EMPTY_ROOT).count("—") == 1
