"""The published folder holds exactly the tiles of the format, appears in order and survives a crash."""

from __future__ import annotations

import os
from itertools import count, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledger.logs import KEY, entries, files, publish, signed
from wicketgate.ledger import (
    LedgerError,
    LogKey,
    Tile,
    consistency_proof,
    export_folder,
    grow,
    hash_reader,
    inclusion_proof,
    leaf_hash,
    published,
    verify_consistency,
    verify_inclusion,
)
from wicketgate.ledger.tiles import bundle, edge_root, hashes_in, tiles_of, unbundle
from wicketgate.ledger.tree import root_of

LEAVES = entries(1100)
HASHES = [leaf_hash(leaf) for leaf in LEAVES]


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(2, 999, 17), "tile/2/999.p/17"),
        (Tile(None, 1000, 1), "tile/entries/x001/000.p/1"),
    ],
)
def test_paths(tile: Tile, path: str) -> None:
    assert tile.path == path


def test_a_log_of_70000_entries_has_the_tiles_of_the_specification() -> None:
    paths = [tile.path for tile in tiles_of(70_000)]
    assert sum(path.startswith("tile/0/") for path in paths) == 274
    assert paths[-4:] == ["tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"]
    assert [tile.path for tile in tiles_of(256)] == ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]
    assert list(tiles_of(0)) == []


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_bundles(parts: list[bytes]) -> None:
    data = bundle(parts)
    assert unbundle(data) == parts
    if data:
        with pytest.raises(LedgerError):
            unbundle(data + b"\0")
        with pytest.raises(LedgerError):
            unbundle(data + b"\0\1")


def test_an_entry_has_at_most_65535_bytes() -> None:
    assert unbundle(bundle([bytes(65_535)])) == [bytes(65_535)]
    with pytest.raises(LedgerError):
        bundle([bytes(65_536)])


@given(st.lists(st.integers(0, 400), min_size=1, max_size=6))
@settings(max_examples=50)
def test_tiles_grow_the_same_however_entries_arrive(steps: list[int]) -> None:
    stored: dict[tuple[int | None, int], bytes] = {}
    size, edge = 0, list[bytes]()
    for step in steps:
        fresh = HASHES[size : size + step]
        changed, edge = grow(size, edge, fresh)
        for tile, data in changed:
            before = stored.get((tile.level, tile.index), b"")
            assert data.startswith(before)
            assert len(data) == 32 * tile.width > len(before)
            stored[tile.level, tile.index] = data
        size += len(fresh)
    assert edge_root(edge) == root_of(HASHES[:size])
    demanded = {(tile.level, tile.index): tile.width for tile in tiles_of(size) if tile.level is not None}
    assert {place: len(data) // 32 for place, data in stored.items()} == demanded
    assert b"".join(stored.get((0, at), b"") for at in range(5)) == b"".join(HASHES[:size])


@given(st.integers(1, 1100), st.data())
@settings(max_examples=60)
def test_proofs_from_tiles(size: int, data: st.DataObject) -> None:
    changed, _ = grow(0, [], HASHES[:size])
    stored = dict(changed)
    read = hash_reader(size, stored.__getitem__)
    root = root_of(HASHES[:size])
    index = data.draw(st.integers(0, size - 1))
    assert verify_inclusion(HASHES[index], index, size, inclusion_proof(index, size, read), root)
    old = data.draw(st.integers(1, size))
    assert verify_consistency(old, size, consistency_proof(old, size, read), root_of(HASHES[:old]), root)
    short = hash_reader(size, lambda tile: stored[tile][:-32])
    if size > 1:
        with pytest.raises(LedgerError, match="does not hold"):
            inclusion_proof(0, size, short)


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 1100])
def test_the_folder_holds_what_the_format_demands(tmp_path: Path, size: int) -> None:
    publish(tmp_path, LEAVES[:size])
    found = files(tmp_path)
    assert set(found) == {tile.path for tile in tiles_of(size)} | {"checkpoint", "vkey"}
    assert found["checkpoint"].decode() == signed(LEAVES[:size])
    for tile in tiles_of(size):
        content = found[tile.path]
        span = slice(tile.index * 256, tile.index * 256 + tile.width)
        if tile.level is None:
            assert unbundle(content) == LEAVES[span]
        elif tile.level == 0:
            assert hashes_in(content) == HASHES[span]


@given(st.lists(st.integers(0, 1100), max_size=5))
@settings(max_examples=15, deadline=None)
def test_exports_in_steps_end_like_one_export(
    tmp_path_factory: pytest.TempPathFactory, at: list[int]
) -> None:
    whole, steps = tmp_path_factory.mktemp("whole"), tmp_path_factory.mktemp("steps")
    publish(whole, LEAVES)
    for start, end in pairwise([0, *sorted(at), len(LEAVES)]):
        publish(steps, LEAVES[:end], start)
    grown, once = files(steps), files(whole)
    assert {path: grown.get(path) for path in once} == once
    extra = grown.keys() - once.keys()
    assert all(".p/" in path and path.split(".p/")[0] not in once for path in extra)


def test_entries_that_come_in_meanwhile_wait_for_the_next_checkpoint(tmp_path: Path) -> None:
    export_folder(iter(LEAVES), tmp_path, signed(LEAVES[:300]), KEY.vkey)
    head = published(tmp_path, KEY.vkey)
    assert head is not None
    assert head.size == 300


def test_what_an_export_refuses(tmp_path: Path) -> None:
    publish(tmp_path, LEAVES[:300])
    before = files(tmp_path)["checkpoint"]
    with pytest.raises(LedgerError, match="do not make the tree"):
        export_folder(LEAVES[301:], tmp_path, signed(LEAVES[:600]), KEY.vkey)
    with pytest.raises(LedgerError, match="do not make the tree"):
        export_folder(LEAVES[300:400], tmp_path, signed(LEAVES[:600]), KEY.vkey)
    with pytest.raises(LedgerError, match="older"):
        export_folder([], tmp_path, signed(LEAVES[:299]), KEY.vkey)
    with pytest.raises(LedgerError, match="do not make the tree"):
        export_folder([], tmp_path, signed([b"fork", *LEAVES[1:300]]), KEY.vkey)
    with pytest.raises(LedgerError, match="not signed"):
        export_folder([], tmp_path, signed(LEAVES[:300]), LogKey.generate("x").vkey)
    assert files(tmp_path)["checkpoint"] == before
    publish(tmp_path, LEAVES, 300)
    (tmp_path / "tile/0/004.p/76").unlink()
    with pytest.raises(LedgerError, match="missing"):
        publish(tmp_path, LEAVES, 1100)
    assert published(tmp_path / "nowhere", KEY.vkey) is None


def test_only_one_export_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Twice(list[bytes]):
        def __iter__(self):  # type: ignore[no-untyped-def]  # the second export starts within the first
            with pytest.raises(LedgerError, match="Another export"):
                publish(tmp_path, LEAVES[:9])
            return super().__iter__()

    export_folder(Twice(LEAVES[:9]), tmp_path, signed(LEAVES[:9]), KEY.vkey)
    assert published(tmp_path, KEY.vkey) is not None


def test_a_crash_at_any_write_leaves_the_old_log_or_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every rename is a moment to die at; afterwards the same export is simply done again."""
    real = os.fsync
    for moment in count(1):
        folder = tmp_path / str(moment)
        publish(folder, LEAVES[:300])
        calls = count(1)

        def dying(descriptor: int, calls: count[int] = calls, moment: int = moment) -> None:
            if next(calls) == moment:
                raise OSError(5, "Input/output error")
            real(descriptor)

        monkeypatch.setattr(os, "fsync", dying)
        try:
            publish(folder, LEAVES, 300)
            finished = True
        except OSError:
            finished = False
        monkeypatch.setattr(os, "fsync", real)
        head = published(folder, KEY.vkey)
        assert head is not None
        assert head.size in (300, 1100)
        held = files(folder)
        assert all(tile.path in held for tile in tiles_of(head.size))
        publish(folder, LEAVES, head.size)
        if finished:
            break
        after = files(folder)
        assert all(path in after for path in (tile.path for tile in tiles_of(1100)))
        assert ".new" not in after
    assert moment > 10
