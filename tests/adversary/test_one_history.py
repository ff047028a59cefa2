"""Whatever is signed continues all that was signed before, in the order of the entries and not of a clock."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest

from tests.contract.test_writer import joined
from tests.contract.world import KEY, NOW, World, entry
from wicketgate.ledger import (
    EMPTY_ROOT,
    consistency_proof,
    export_folder,
    leaf_hash,
    read_checkpoint,
    verify_consistency,
)
from wicketgate.ledger.tree import root_of
from wicketgate.ledger.verify import verify_folder
from wicketgate.store import log, tiles
from wicketgate.store.database import Database
from wicketgate.store.log import FencedError
from wicketgate.store.services import Service
from wicketgate.store.writer import Writer


@pytest.fixture
def fresh(database: Database) -> Iterator[World]:
    """A log of its own."""
    with closing(World(database)) as made:
        yield made


def signed(world: World) -> dict[int, bytes]:
    """Every root that was ever signed, by size."""
    with world.administrator() as connection:
        notes = connection.execute("SELECT note FROM log.checkpoint ORDER BY size").fetchall()
    heads = [read_checkpoint(note, KEY.verifier) for (note,) in notes]
    return {0: EMPTY_ROOT} | {head.size: head.root for head in heads}


def joined_here(world: World) -> Writer:
    """A writer that joined over a connection of this thread's own."""
    writer = Writer(KEY, throw_away=True)
    with world.database.connect(Service.WITNESS) as connection:
        writer.join(connection)
    return writer


def continues_all_before(world: World) -> None:
    """Every pair of signed sizes is consistent, by proofs from what is stored."""
    heads = signed(world)
    size = max(heads)
    with world.as_(Service.WITNESS).transaction():
        tiles.keep_tiles(world.as_(Service.WITNESS), size)
        for (old, before), (new, after) in combinations(sorted(heads.items()), 2):
            proof = consistency_proof(old, new, tiles.stored_hashes(world.as_(Service.WITNESS), new))
            assert verify_consistency(old, new, proof, before, after), (old, new)


def test_every_checkpoint_continues_every_earlier_one(fresh: World) -> None:
    """Writers at once, some rolled back, while the log is taken over twice."""

    def append_many(number: int) -> None:
        writer = joined_here(fresh)
        service = (Service.REVIEW, Service.VERIFY, Service.DECIDE)[number]
        with fresh.database.connect(service) as connection:
            for turn in range(12):
                try:
                    writer.append(connection, [entry() for _ in range(turn * 7 % 40 + 1)], NOW)
                except FencedError:
                    connection.rollback()
                    writer = joined_here(fresh)
                    continue
                connection.rollback() if turn % 5 == number else connection.commit()
                if turn == 6 and number:
                    with fresh.database.connect(Service.OVERSEE) as overseer:
                        log.take_over(overseer)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(append_many, range(3)))
    continues_all_before(fresh)
    assert len(signed(fresh)) > 15


def test_the_order_of_entries_is_the_truth_and_times_are_only_stated(fresh: World, tmp_path: Path) -> None:
    """A clock that jumps back moves no entry and no checkpoint."""
    writer, review, made = joined(fresh), fresh.as_(Service.REVIEW), []
    for days in (0, -3, 5, -40, 1):
        lot = [entry(), entry()]
        made += [each.leaf for each in lot]
        with review.transaction():
            writer.append(review, lot, NOW + timedelta(days=days))
    audit = fresh.as_(Service.AUDIT)
    with audit.transaction():
        stored = list(log.entries(audit))
    assert stored == made
    size, note = log.latest_checkpoint(audit) or (0, "")
    assert (size, read_checkpoint(note, KEY.verifier).root) == (
        10,
        root_of([leaf_hash(leaf) for leaf in made]),
    )
    export_folder(stored, tmp_path / "ledger", note, KEY.vkey)
    assert verify_folder(tmp_path / "ledger").ok
    continues_all_before(fresh)
