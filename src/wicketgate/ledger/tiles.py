"""A log as a folder of small files (C2SP tlog-tiles): which file holds what.

Tile N of level L holds 256 neighbouring hashes of complete subtrees of 256^L
entries. Only the last tile of a level may be partial, and a partial tile is
not hashed into the level above.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from wicketgate.ledger.errors import LedgerError
from wicketgate.ledger.tree import HASH_BYTES, HashReader, root_of

WIDTH = 256
HEIGHT = 8
MAX_ENTRY_BYTES = 65_535


@dataclass(frozen=True, slots=True)
class Tile:
    """The place of one tile, `level` None for a bundle of entries; full when `width` is 256."""

    level: int | None
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where the tile lies below the log's prefix: ``tile/0/x001/234.p/5``."""
        digits = str(self.index)
        digits = digits.zfill((len(digits) + 2) // 3 * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        number = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{'entries' if self.level is None else self.level}/{number}{partial}"

    @property
    def full(self) -> bool:
        """True when nothing can be added."""
        return self.width == WIDTH


TileReader: TypeAlias = Callable[[Tile], bytes]


def tiles_of(size: int) -> Iterator[Tile]:
    """Every tile and bundle that a tree of `size` has, bundles first, then level by level."""
    for level in (None, *range(HEIGHT)):
        count = size >> HEIGHT * (level or 0)
        yield from (Tile(level, index) for index in range(count // WIDTH))
        if count % WIDTH:
            yield Tile(level, count // WIDTH, count % WIDTH)


def bundle(entries: Iterable[bytes]) -> bytes:
    """Entries as one file, each after its length in two bytes; `LedgerError` past 65,535 bytes."""
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > MAX_ENTRY_BYTES:
            raise LedgerError(f"An entry has at most {MAX_ENTRY_BYTES} bytes.")
        parts += (len(entry).to_bytes(2, "big"), entry)
    return b"".join(parts)


def unbundle(data: bytes) -> list[bytes]:
    """The entries in a bundle; raises `LedgerError` when it ends inside an entry."""
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if at + 2 > len(data) or end > len(data):
            raise LedgerError("A bundle of entries ends inside an entry.")
        entries.append(data[at + 2 : end])
        at = end
    return entries


def hashes_in(tile: bytes) -> list[bytes]:
    """The hashes in a tile."""
    return [tile[at : at + HASH_BYTES] for at in range(0, len(tile), HASH_BYTES)]


def hash_reader(size: int, read: TileReader) -> HashReader:
    """Read the hashes that proofs need from the tiles of a tree of `size`.

    Raises `LedgerError` when a tile has the wrong length. Tiles are not kept:
    a caller who makes many proofs hands in a reader that remembers.
    """

    def subtree(level: int, index: int) -> bytes:
        tile_level, height = divmod(level, HEIGHT)
        first, count = index << height, 1 << height
        available = size >> HEIGHT * tile_level
        tile = Tile(tile_level, first // WIDTH, min(WIDTH, available - first // WIDTH * WIDTH))
        data = read(tile)
        if len(data) != tile.width * HASH_BYTES:
            raise LedgerError(f"{tile.path} does not hold {tile.width} hashes.")
        start = first % WIDTH
        return root_of(hashes_in(data[start * HASH_BYTES : (start + count) * HASH_BYTES]))

    return subtree


def grow(
    size: int, edge: Sequence[bytes], leaves: Sequence[bytes]
) -> tuple[list[tuple[Tile, bytes]], list[bytes]]:
    """The hash tiles that change when `leaves` (leaf hashes) are added to a tree of `size`, and the new edge.

    `edge` holds the content of the last, partial tile of each level (empty where
    there is none). A tile that becomes full is returned full, the last one
    partial. Pure: the caller stores them.
    """
    changed: list[tuple[Tile, bytes]] = []
    new_edge: list[bytes] = []
    level, added = 0, list(leaves)
    while added or level < len(edge):
        old = edge[level] if level < len(edge) else b""
        hashes = hashes_in(old) + added
        first = (size >> HEIGHT * level) // WIDTH
        whole = len(hashes) // WIDTH
        blocks = [hashes[at * WIDTH : (at + 1) * WIDTH] for at in range(whole)]
        changed += ((Tile(level, first + at), b"".join(block)) for at, block in enumerate(blocks))
        rest = b"".join(hashes[whole * WIDTH :])
        if rest and added:
            changed.append((Tile(level, first + whole, len(rest) // HASH_BYTES), rest))
        new_edge.append(rest)
        level, added = level + 1, [root_of(block) for block in blocks]
    return changed, new_edge


def edge_root(edge: Sequence[bytes]) -> bytes:
    """The root of the tree whose last partial tiles are `edge`, as `grow` returns them."""
    tail: list[bytes] = []
    for tile in edge:
        hashes = hashes_in(tile) + tail
        tail = [root_of(hashes)] if hashes else []
    return root_of(tail)
