"""What a log sends to a witness (C2SP tlog-witness): a checkpoint that continues an older one, with proof."""

from __future__ import annotations

from dataclasses import dataclass

from wicketgate.ledger.encoding import base64_text, decimal, from_base64
from wicketgate.ledger.errors import LedgerError

MAX_PROOF = 63
"""Hashes in a proof; the specification's bound."""
MAX_BODY = 512 * 1024
"""Bytes of a request: a proof and a checkpoint with a hundred post-quantum cosignatures fit."""
_OLD = "old "


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """The body of one request: the size that the witness saw last, a consistency proof, a signed note."""

    old: int
    proof: tuple[bytes, ...]
    note: str

    @classmethod
    def parse(cls, body: bytes) -> AddCheckpoint:
        """Read a request; raises `LedgerError` for any other form. Nothing is verified yet."""
        if len(body) > MAX_BODY:
            raise LedgerError(f"A request to a witness has at most {MAX_BODY} bytes.")
        try:
            head, blank, note = body.decode().partition("\n\n")
        except UnicodeDecodeError:
            raise LedgerError("A request to a witness is UTF-8 text.") from None
        old, *proof = head.split("\n")
        if not blank or not old.startswith(_OLD):
            raise LedgerError("A request is an old size, the lines of a proof, an empty line, a checkpoint.")
        if len(proof) > MAX_PROOF:
            raise LedgerError(f"A consistency proof has at most {MAX_PROOF} hashes.")
        hashes = tuple(from_base64(line, "hash of the proof") for line in proof)
        return cls(decimal(old.removeprefix(_OLD), "old size"), hashes, note)

    def __bytes__(self) -> bytes:
        proof = "".join(f"{base64_text(sibling)}\n" for sibling in self.proof)
        return f"{_OLD}{self.old}\n{proof}\n{self.note}".encode()
