"""Signed notes: a text and the signatures under it (C2SP signed-note)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from wicketgate.ledger.encoding import base64_text, from_base64
from wicketgate.ledger.errors import LedgerError
from wicketgate.ledger.keys import SigningKey, VerifierKey

MAX_NOTE_CHARACTERS = 1_000_000
MAX_SIGNATURES = 100
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)")


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One line under a note: who says to have signed, and with what."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"— {self.name} {base64_text(self.key_id + self.signature)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends with a newline, and the lines under it. Parsed, not yet believed."""

    text: str
    signatures: tuple[SignatureLine, ...] = ()

    @classmethod
    def parse(cls, note: str) -> Note:
        """Read a signed note; raises `LedgerError` for any other form."""
        if len(note) > MAX_NOTE_CHARACTERS or _CONTROL.search(note):
            raise LedgerError("A note is at most a million characters without control characters.")
        body, blank, lines = note.rpartition("\n\n")
        if not blank or not lines.endswith("\n"):
            raise LedgerError("A signed note is a text, an empty line and signature lines.")
        signatures = tuple(_signature_line(line) for line in lines[:-1].split("\n"))
        if len(signatures) > MAX_SIGNATURES:
            raise LedgerError(f"A note carries at most {MAX_SIGNATURES} signatures.")
        return cls(body + "\n", signatures)

    def __str__(self) -> str:
        return f"{self.text}\n" + "".join(str(line) for line in self.signatures)

    def signed(self, key: SigningKey, at: int | None = None) -> Note:
        """This note with one more signature."""
        if not self.text.endswith("\n") or _CONTROL.search(self.text):
            raise LedgerError("A note's text ends with a newline and has no control characters.")
        line = SignatureLine(key.name, key.verifier.id, key.sign(self.text, at))
        return replace(self, signatures=(*self.signatures, line))

    def verify(self, keys: Iterable[VerifierKey]) -> dict[VerifierKey, int | None]:
        """The keys among `keys` that signed, each with the time its signature states, if any.

        Lines of other keys are ignored. Raises `LedgerError` when a known key's
        line is not valid or stands twice, or when no known key signed.
        """
        known = {(key.name, key.id): key for key in keys}
        found: dict[VerifierKey, int | None] = {}
        for line in self.signatures:
            key = known.get((line.name, line.key_id))
            if key is None:
                continue
            if key in found:
                raise LedgerError(f"The note carries two signatures of {key.name} with one key.")
            found[key] = key.check(self.text, line.signature)
        if not found:
            raise LedgerError("The note is not signed by any key that is trusted here.")
        return found


def _signature_line(line: str) -> SignatureLine:
    match = _LINE.fullmatch(line)
    data = from_base64(match[2], "signature") if match else b""
    if match is None or len(data) < 5:
        raise LedgerError("A signature line is an em dash, a name and base64 of key id and signature.")
    return SignatureLine(match[1], data[:4], data[4:])
