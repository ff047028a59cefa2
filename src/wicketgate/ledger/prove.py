"""Receipts made from a published folder, for any of its entries."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from wicketgate.ledger.errors import LedgerError
from wicketgate.ledger.export import CHECKPOINT, VKEY, published
from wicketgate.ledger.keys import VerifierKey
from wicketgate.ledger.proof import Receipt
from wicketgate.ledger.tiles import WIDTH, Tile, hash_reader, unbundle
from wicketgate.ledger.tree import inclusion_proof

_KEPT_TILES = 1_024
"""Tiles remembered, 8 KiB each: neighbouring entries share nearly all of theirs."""


class Prover:
    """Makes receipts under the checkpoint that a folder shows at this moment.

    Raises `LedgerError` when the folder shows no checkpoint signed by `vkey`,
    which without one is the key in the folder itself.
    """

    def __init__(self, folder: Path, vkey: str | None = None) -> None:
        self._folder = folder
        self._key = vkey or _text(folder / VKEY).removesuffix("\n")
        self._note = _text(folder / CHECKPOINT)
        head = published(folder, self._key)
        if head is None:
            raise LedgerError(f"{folder} shows no checkpoint; name the folder of a published log.")
        self.size = head.size
        self.vkey = self._key
        self._tile = lru_cache(_KEPT_TILES)(self._read)

    def receipt(self, index: int) -> Receipt:
        """The receipt of one entry, checked before it is given away; raises `LedgerError`."""
        path = inclusion_proof(index, self.size, hash_reader(self.size, self._tile))
        receipt = Receipt(index, tuple(path), self._note)
        receipt.verify(self.entry(index), VerifierKey.parse(self._key))
        return receipt

    def entry(self, index: int) -> bytes:
        """The public leaf at `index`."""
        first = index // WIDTH * WIDTH
        tile = Tile(None, index // WIDTH, min(WIDTH, self.size - first))
        leaves = unbundle(self._tile(tile))
        if len(leaves) != tile.width:
            raise LedgerError(f"{self._folder / tile.path} does not hold {tile.width} entries.")
        return leaves[index - first]

    def _read(self, tile: Tile) -> bytes:
        try:
            return (self._folder / tile.path).read_bytes()
        except OSError:
            raise LedgerError(f"{self._folder / tile.path} cannot be read; fetch the folder again.") from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise LedgerError(f"{path} cannot be read; name the folder of a published log.") from None
