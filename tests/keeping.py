"""A key process without a process: the same keeper, every message as the socket would carry it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from wicketgate.core.identifiers import Handle
from wicketgate.keys import Keeper, KeyFolder, Keys
from wicketgate.keys.sealing import new_key, open_sealed, seal
from wicketgate.keys.server import BOTH
from wicketgate.ledger import Policy, VerifierKey
from wicketgate.store.vault import Piece, Seal


def keys_in(folder: Path, vkey: str, policy: Policy | None = None) -> Keys:
    """The keys of the gate whose log has this public key, kept in a folder."""
    return speaking_to(Keeper(KeyFolder(folder, vkey), VerifierKey.parse(vkey), policy))


class PlainVault:
    """A vault for tests of the database alone: one key per request in memory."""

    def __init__(self) -> None:
        self._keys: dict[Handle, bytes] = {}

    def seal(self, pieces: Sequence[Piece]) -> list[bytes]:
        """Sealed under a key that is made at first."""
        return [
            seal(self._keys.setdefault(handle, new_key()), plain, f"{handle} {what}")
            for handle, what, plain in pieces
        ]

    def sealing(self, handles: Sequence[Handle]) -> Seal:
        """Nothing is asked for beforehand."""
        return self.seal

    def open(self, pieces: Sequence[Piece]) -> list[bytes | None]:
        """What was sealed; None where nothing opens it."""
        return [
            open_sealed(key, sealed, f"{handle} {what}") if (key := self._keys.get(handle)) else None
            for handle, what, sealed in pieces
        ]

    def ready(self, handles: Sequence[Handle]) -> None:
        """Nothing: a key is made when it is needed."""

    def forget(self) -> None:
        """Nothing: these keys are kept."""


VAULT = PlainVault()
"""One for a test process."""


def speaking_to(keeper: Keeper, asks: frozenset[str] = BOTH) -> Keys:
    """A keeper heard through messages."""
    return Keys(lambda message: json.loads(json.dumps(keeper.answer(json.loads(json.dumps(message)), asks))))
