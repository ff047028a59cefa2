"""Publish a log as a folder that any web server can serve and any outsider can check.

The checkpoint is written last, so a reader never meets one whose tiles are not
there; every file appears whole or not at all; what a published checkpoint
covers is never written again.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from wicketgate.ledger.checkpoint import Checkpoint
from wicketgate.ledger.errors import LedgerError
from wicketgate.ledger.keys import VerifierKey
from wicketgate.ledger.logkey import read_checkpoint
from wicketgate.ledger.tiles import WIDTH, Tile, bundle, edge_root, grow, tiles_of, unbundle
from wicketgate.ledger.tree import HASH_BYTES, leaf_hash

CHECKPOINT, VKEY, _NEW = "checkpoint", "vkey", ".new"


def published(folder: Path, vkey: str) -> Checkpoint | None:
    """The checkpoint that the folder shows, or None; raises `LedgerError` unless this key signed it."""
    path = folder / CHECKPOINT
    return read_checkpoint(_text(path), VerifierKey.parse(vkey)) if path.exists() else None


def export_folder(entries: Iterable[bytes], folder: Path, checkpoint: str, vkey: str) -> Checkpoint:
    """Add the entries that follow the folder's published ones, up to the size of the signed `checkpoint`.

    `entries` begins at the published size, 0 for a new folder; no more are taken than
    the checkpoint covers. Raises `LedgerError`, and leaves the published checkpoint in
    its place, when the checkpoint is not signed by `vkey`, is older than the
    published one, or when the entries do not make its root. Safe to repeat after a crash.
    """
    head = read_checkpoint(checkpoint, VerifierKey.parse(vkey))
    folder.mkdir(parents=True, exist_ok=True)
    with _only_writer(folder):
        before = published(folder, vkey)
        start = before.size if before else 0
        if head.size < start:
            raise LedgerError(
                f"{folder} already shows {start} entries; a checkpoint of {head.size} is older."
            )
        writer = _Writer(folder, start)
        writer.add(islice(entries, head.size - start))
        if (writer.size, edge_root(writer.edge)) != (head.size, head.root):
            raise LedgerError(f"The entries do not make the tree of the checkpoint of size {head.size}.")
        writer.finish()
        writer.write(VKEY, (vkey + "\n").encode())
        writer.sync()
        writer.write(CHECKPOINT, checkpoint.encode())
        writer.sync()
        writer.drop_partials()
    return head


class _Writer:
    """One run that adds to a folder: the tree's edge in memory, whole files on the disk."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder = folder
        self.size = size
        self.edge: list[bytes] = []
        self._tail: list[bytes] = []
        self._filled: list[Tile] = []
        self._folders: set[Path] = set()
        for tile in tiles_of(size):
            if tile.full:
                continue
            data = self._read(tile)
            if tile.level is None:
                self._tail = unbundle(data)
            else:
                self.edge += [b""] * (tile.level - len(self.edge)) + [data]
                if len(data) != tile.width * HASH_BYTES:
                    raise LedgerError(f"{folder / tile.path} does not hold {tile.width} hashes.")
        if len(self._tail) != size % WIDTH:
            raise LedgerError(f"The last bundle of entries in {folder} does not hold {size % WIDTH} entries.")

    def add(self, entries: Iterable[bytes]) -> None:
        """Write the full bundles and tiles that the entries complete."""
        source = iter(entries)
        while fresh := list(islice(source, WIDTH - len(self._tail))):
            self._tail += fresh
            if len(self._tail) == WIDTH:
                self._full(Tile(None, self.size // WIDTH), bundle(self._tail))
                self._tail = []
            changed, self.edge = grow(self.size, self.edge, [leaf_hash(entry) for entry in fresh])
            self.size += len(fresh)
            for tile, data in changed:
                if tile.full:
                    self._full(tile, data)

    def finish(self) -> None:
        """Write the partial tiles and the partial bundle of the final size."""
        for tile in tiles_of(self.size):
            if not tile.full:
                data = bundle(self._tail) if tile.level is None else self.edge[tile.level]
                self.write(tile.path, data)

    def write(self, name: str, data: bytes) -> None:
        """Put one whole file in its place, durable after the next `sync`."""
        target, new = self.folder / name, self.folder / _NEW
        target.parent.mkdir(parents=True, exist_ok=True)
        with new.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(target)
        self._folders.update((target.parent, *target.parent.parents))

    def sync(self) -> None:
        """Make the names of all written files durable."""
        inside = (path for path in self._folders if path.is_relative_to(self.folder))
        for path in sorted(inside, reverse=True):
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        self._folders.clear()

    def drop_partials(self) -> None:
        """Remove the partial tiles of tiles that are full now."""
        for tile in self._filled:
            shutil.rmtree(self.folder / f"{tile.path}.p", ignore_errors=True)

    def _full(self, tile: Tile, data: bytes) -> None:
        self.write(tile.path, data)
        self._filled.append(tile)

    def _read(self, tile: Tile) -> bytes:
        try:
            return (self.folder / tile.path).read_bytes()
        except FileNotFoundError:
            raise LedgerError(f"{self.folder / tile.path} is missing; export into an empty folder.") from None


@contextmanager
def _only_writer(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise LedgerError(f"Another export is writing to {folder}.") from None
    finally:
        os.close(descriptor)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError:
        raise LedgerError(f"{path} is not UTF-8 text.") from None
