"""A small published log for tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from wicketgate.ledger import LogKey, commit, export_folder, leaf_hash, public_leaf
from wicketgate.ledger.record import schema_of
from wicketgate.ledger.schemas import CURRENT
from wicketgate.ledger.tree import root_of

ORIGIN = "gate.example.gov/ledger"
KEY = LogKey.generate(ORIGIN)


def entries(count: int) -> list[bytes]:
    """Leaves as the gate writes them: mostly private, some public."""
    made = []
    for index in range(count):
        if index % 10 == 3:
            made.append(public_leaf("tombstone", {"index": index, "authority": "schedule", "rule": "R-1"}))
        else:
            salts = index.to_bytes(32, "big") * (len(schema_of(CURRENT, "pickup")) + 1)
            made.append(commit("pickup", {"handle": f"H{index}"}, nonces=salts).leaf)
    return made


def signed(leaves: Sequence[bytes], key: LogKey = KEY) -> str:
    """The checkpoint of these leaves."""
    return key.sign_checkpoint(len(leaves), root_of([leaf_hash(leaf) for leaf in leaves]))


def publish(folder: Path, leaves: Sequence[bytes], start: int = 0, key: LogKey = KEY) -> None:
    """Export the leaves from `start` on."""
    export_folder(leaves[start:], folder, signed(leaves, key), key.vkey)


def files(folder: Path) -> dict[str, bytes]:
    """Every file below the folder, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
