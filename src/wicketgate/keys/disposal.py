"""What must be on record before keys of requests are destroyed: two people, and exactly these requests."""

from __future__ import annotations

from collections.abc import Sequence

from wicketgate.core.digest import digest
from wicketgate.keys.evidence import Proved
from wicketgate.keys.problem import KeysRefusedError

DISPOSITION = "disposition"
CONFIRM = "confirm"
_NAMED = ("number", "schedule", "authority", "proposer", "actor", "list_digest")


def list_digest(handles: Sequence[str]) -> str:
    """The digest by which an entry names a list of requests, in whatever order they were read."""
    return digest(sorted(handles))


def require_disposition(entry: Proved, handles: Sequence[str]) -> None:
    """Raises `KeysRefusedError` unless the entry says that two people disposed of exactly these requests."""
    said, where = entry.fields, f"entry {entry.index} of the log"
    if entry.kind != DISPOSITION or said.get("act") != CONFIRM:
        raise KeysRefusedError(f"No key is destroyed: {where} is not the confirmation of a disposition.")
    for name in _NAMED:
        if not said.get(name):
            raise KeysRefusedError(f"No key is destroyed: {where} does not name its {name}.")
    if str(said["proposer"]).lower() == str(said["actor"]).lower():
        raise KeysRefusedError(f"No key is destroyed: {where} names one person twice; it takes two.")
    if not handles or said["list_digest"] != list_digest(handles):
        raise KeysRefusedError(f"No key is destroyed: {where} is about other requests than these.")
