"""The log's own key: signs checkpoints, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from wicketgate.ledger.checkpoint import Checkpoint
from wicketgate.ledger.errors import LedgerError
from wicketgate.ledger.keys import Kind, SigningKey, VerifierKey
from wicketgate.ledger.note import Note


@dataclass(frozen=True, slots=True)
class LogKey:
    """An Ed25519 key named by the log's origin.

    Whoever holds it must never sign two roots for one size, nor a tree that an
    earlier signed one does not begin; the key cannot know, its holder must.
    """

    _key: SigningKey

    def __post_init__(self) -> None:
        if self._key.kind is not Kind.ED25519:
            raise LedgerError("A log signs with an Ed25519 key of type 0x01.")

    @classmethod
    def generate(cls, origin: str) -> LogKey:
        """A fresh key for the log that is called `origin`, e.g. ``gate.example.gov/ledger``."""
        return cls(SigningKey.generate(origin, Kind.ED25519))

    @classmethod
    def load(cls, skey: str) -> LogKey:
        """Read what `dump` wrote; raises `LedgerError` for anything else."""
        return cls(SigningKey.load(skey))

    def dump(self) -> str:
        """The secret text of the key."""
        return self._key.dump()

    @property
    def origin(self) -> str:
        """The log's name."""
        return self._key.name

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        return self._key.verifier

    @property
    def vkey(self) -> str:
        """The public half as text, to be given to everybody who is to check the log."""
        return str(self.verifier)

    def sign_checkpoint(self, size: int, root: bytes) -> str:
        """The signed note that says: this log has `size` entries and this root."""
        return str(Note(str(Checkpoint(self.origin, size, root))).signed(self._key))

    def sign_note(self, text: str) -> str:
        """A signed note that is no checkpoint; raises `LedgerError` for a text that begins like one."""
        if text.split("\n", 1)[0] == self.origin:
            raise LedgerError("A note that begins like a checkpoint is signed as a checkpoint only.")
        return str(Note(text).signed(self._key))


def read_checkpoint(note: str, *vkeys: VerifierKey) -> Checkpoint:
    """The checkpoint in a note; raises `LedgerError` unless its log signed it with one of `vkeys`."""
    parsed = Note.parse(note)
    checkpoint = Checkpoint.parse(parsed.text)
    parsed.verify(key for key in vkeys if key.name == checkpoint.origin and key.kind is Kind.ED25519)
    return checkpoint
