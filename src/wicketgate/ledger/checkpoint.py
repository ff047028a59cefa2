"""A checkpoint's text: whose log, how long, which root (C2SP tlog-checkpoint).

The format allows further lines; nobody can audit them, so here they are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from wicketgate.ledger.encoding import base64_text, decimal, from_base64
from wicketgate.ledger.errors import LedgerError
from wicketgate.ledger.tree import EMPTY_ROOT, HASH_BYTES

_NAME = re.compile(r"[^\s+\x00-\x1f\x7f]{1,255}")
MAX_SIZE = 2**63 - 1


def check_origin(origin: str) -> str:
    """The name of a log or a witness, or `LedgerError`: 1 to 255 bytes without spaces and plus signs."""
    if not _NAME.fullmatch(origin) or len(origin.encode()) > 255:
        raise LedgerError("The name of a log or a witness is 1 to 255 bytes without spaces and plus signs.")
    return origin


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of one log at one size."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        check_origin(self.origin)
        if not 0 <= self.size <= MAX_SIZE:
            raise LedgerError("A log's size lies between 0 and 2^63 - 1.")
        if len(self.root) != HASH_BYTES:
            raise LedgerError("A root hash has 32 bytes.")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise LedgerError("A log without entries has the SHA-256 of nothing as its root.")

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read a checkpoint's text; raises `LedgerError` for any other form, further lines included."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3]:
            raise LedgerError("A checkpoint has exactly three lines: origin, size and root.")
        return cls(lines[0], decimal(lines[1], "size"), from_base64(lines[2], "root"))

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64_text(self.root)}\n"
