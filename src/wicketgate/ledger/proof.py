"""Receipts: proof, checkable offline, that one entry stands in the log (C2SP tlog-proof)."""

from __future__ import annotations

from dataclasses import dataclass

from wicketgate.ledger.checkpoint import Checkpoint
from wicketgate.ledger.encoding import base64_text, decimal, from_base64
from wicketgate.ledger.errors import LedgerError
from wicketgate.ledger.keys import VerifierKey
from wicketgate.ledger.logkey import read_checkpoint
from wicketgate.ledger.tree import leaf_hash, verify_inclusion

FORMAT = "c2sp.org/tlog-proof@v1"
_EXTRA, _INDEX = "extra ", "index "
_FORM = f"A receipt begins with {FORMAT}, names an index, lists hashes and ends with a checkpoint."


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where an entry stands, the hashes beside its way to the root, and the signed checkpoint.

    `extra` is proved by nothing and must not be believed.
    """

    index: int
    path: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None

    def __str__(self) -> str:
        extra = "" if self.extra is None else f"{_EXTRA}{base64_text(self.extra)}\n"
        path = "".join(f"{base64_text(sibling)}\n" for sibling in self.path)
        return f"{FORMAT}\n{extra}{_INDEX}{self.index}\n{path}\n{self.checkpoint}"

    @classmethod
    def parse(cls, text: str) -> Receipt:
        """Read a receipt; raises `LedgerError` for any other form. Nothing is verified yet."""
        head, blank, checkpoint = text.partition("\n\n")
        lines = head.split("\n")
        if not blank or lines.pop(0) != FORMAT or not lines:
            raise LedgerError(_FORM)
        extra = None
        if lines[0].startswith(_EXTRA):
            extra = from_base64(lines.pop(0).removeprefix(_EXTRA), "extra data")
        if not lines or not lines[0].startswith(_INDEX):
            raise LedgerError(_FORM)
        index = decimal(lines.pop(0).removeprefix(_INDEX), "index")
        path = tuple(from_base64(line, "hash of the proof") for line in lines)
        return cls(index, path, checkpoint, extra)

    def verify(self, entry: bytes, *vkeys: VerifierKey) -> Checkpoint:
        """The checkpoint under which `entry` is proved; raises `LedgerError` when anything does not hold."""
        head = read_checkpoint(self.checkpoint, *vkeys)
        if not verify_inclusion(leaf_hash(entry), self.index, head.size, self.path, head.root):
            raise LedgerError(
                f"The receipt does not prove this entry at index {self.index} of {head.origin}."
            )
        return head
