"""A key process without a process: the same keeper, every message as the socket would carry it."""

from __future__ import annotations

import json
from pathlib import Path

from wicketgate.keys import Keeper, KeyFolder, Keys
from wicketgate.keys.server import BOTH
from wicketgate.ledger import Policy, VerifierKey


def keys_in(folder: Path, vkey: str, policy: Policy | None = None) -> Keys:
    """The keys of the gate whose log has this public key, kept in a folder."""
    return speaking_to(Keeper(KeyFolder(folder, vkey), VerifierKey.parse(vkey), policy))


def speaking_to(keeper: Keeper, asks: frozenset[str] = BOTH) -> Keys:
    """A keeper heard through messages."""
    return Keys(lambda message: json.loads(json.dumps(keeper.answer(json.loads(json.dumps(message)), asks))))
