"""The log's full hash tiles, kept so that a proof costs a few reads whatever the log's size."""

from __future__ import annotations

from wicketgate.ledger.errors import LedgerError
from wicketgate.ledger.tiles import HEIGHT, WIDTH, Tile, TileReader, edge_root, hash_reader, hashes_in
from wicketgate.ledger.tree import HASH_BYTES, HashReader, leaf_hash, root_of
from wicketgate.store.database import Connection

_AT_ONCE = 64
"""Tiles made from one read of entries: 16,384 of them."""


def keep_tiles(connection: Connection, size: int) -> None:
    """Store the full tiles of a log of `size` that are not stored yet, as `gate_witness`."""
    for level in range(HEIGHT):
        full = size >> HEIGHT * (level + 1)
        row = connection.execute(
            "SELECT coalesce(max(number) + 1, 0) FROM log.tile WHERE level = %s", [level]
        ).fetchone()
        start = int(row[0]) if row else 0
        for first in range(start, full, _AT_ONCE):
            last = min(first + _AT_ONCE, full)
            below = _below(connection, level, first * WIDTH, last * WIDTH)
            tiles = [b"".join(below[at : at + WIDTH]) for at in range(0, len(below), WIDTH)]
            connection.execute(
                "INSERT INTO log.tile (level, number, hashes)"
                " SELECT %s, %s + n - 1, hashes FROM unnest(%b::bytea[]) WITH ORDINALITY AS new (hashes, n)"
                " ON CONFLICT DO NOTHING",
                [level, first, tiles],
            )
        if not full:
            return


def stored_hashes(connection: Connection, size: int) -> HashReader:
    """The hashes that proofs about a log of `size` need, as `gate_witness`, after `keep_tiles`."""
    return hash_reader(size, tile_reader(connection))


def tile_reader(connection: Connection) -> TileReader:
    """The stored tiles one by one, as `gate_witness`, after `keep_tiles`."""

    def read(tile: Tile) -> bytes:
        level, first = tile.level or 0, tile.index * WIDTH
        if tile.full:
            row = connection.execute(
                "SELECT hashes FROM log.tile WHERE level = %s AND number = %s", [level, tile.index]
            ).fetchone()
            return bytes(row[0]) if row else b""
        return b"".join(_below(connection, level, first, first + tile.width))

    return read


def stored_root(connection: Connection, size: int) -> bytes:
    """The root of the stored tiles and the entries after them, as `gate_witness`, after `keep_tiles`."""
    edge = []
    for level in range(HEIGHT):
        count = size >> HEIGHT * level
        edge.append(b"".join(_below(connection, level, count // WIDTH * WIDTH, count)))
        if count < WIDTH:
            break
    return edge_root(edge)


def _below(connection: Connection, level: int, first: int, last: int) -> list[bytes]:
    """The hashes first..last-1 that the tiles of a level hold: of entries, or of whole tiles below."""
    if level == 0:
        rows = connection.execute(
            "SELECT leaf FROM log.entry WHERE idx >= %s AND idx < %s ORDER BY idx", [first, last]
        )
        hashes = [leaf_hash(leaf) for (leaf,) in rows]
    else:
        rows = connection.execute(
            "SELECT hashes FROM log.tile WHERE level = %s AND number >= %s AND number < %s ORDER BY number",
            [level - 1, first, last],
        )
        hashes = [root_of(hashes_in(tile)) for (tile,) in rows]
    if len(hashes) != last - first or any(len(each) != HASH_BYTES for each in hashes):
        raise LedgerError(f"The log's hashes {first} to {last - 1} of level {level} are not all stored.")
    return hashes
