"""A small log and a keeper beside it, for tests that show the keeper all kinds of evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.keeping import speaking_to
from wicketgate.core.digest import Canonical
from wicketgate.keys import Evidence, Keeper, KeyFolder, Keys, Proved
from wicketgate.ledger import LogKey, Policy, commit, consistency_proof, inclusion_proof, leaf_hash
from wicketgate.ledger.record import leaf_version
from wicketgate.ledger.tree import root_of

HANDLE = "WG-2B3C-4D5F-6G7H"
INTENT: dict[str, Canonical] = {
    "handle": HANDLE,
    "actor": "ada",
    "subject": "ab" * 16,
    "recipient": "A. Agent|1|DHS",
    "purpose": "8 U.S.C. 1",
}
PICKUP: dict[str, Canonical] = {
    "handle": HANDLE,
    "recipient": "A. Agent|1|DHS",
    "purpose": "8 U.S.C. 1",
    "package_digest": "sha256:0",
}
KEY = LogKey.generate("gate.example.gov/keys")


class Desk:
    """A log in memory, and a keeper that believes its key."""

    def __init__(self, folder: Path, policy: Policy | None = None, key: LogKey = KEY) -> None:
        self.key = key
        self.leaves: list[bytes] = []
        self.records: list[tuple[str, Mapping[str, Canonical], bytes]] = []
        self.folder = KeyFolder(folder, KEY.vkey)
        self.keeper = Keeper(self.folder, KEY.verifier, policy)
        self.keys: Keys = speaking_to(self.keeper)

    def log(self, kind: str, fields: Mapping[str, Canonical]) -> int:
        """Append one private record; returns its index."""
        made = commit(kind, fields)
        self.leaves.append(made.leaf)
        self.records.append((kind, fields, made.nonces))
        return len(self.leaves) - 1

    def note(self, size: int) -> str:
        return self.key.sign_checkpoint(size, root_of([leaf_hash(leaf) for leaf in self.leaves[:size]]))

    def prove(
        self,
        *indexes: int,
        size: int | None = None,
        note: str | None = None,
        change: Callable[[Proved], Proved] = lambda proved: proved,
    ) -> Callable[[int], Evidence]:
        """Evidence for entries under the checkpoint of that size, which a test may spoil."""
        hashes = [leaf_hash(leaf) for leaf in self.leaves]
        count = len(self.leaves) if size is None else size

        def read(level: int, index: int) -> bytes:
            return root_of(hashes[index << level : (index + 1) << level])

        def evidence(seen: int) -> Evidence:
            small, large = sorted((seen, count))
            entries = []
            for at in indexes:
                kind, fields, nonces = self.records[at]
                path = inclusion_proof(at, count, read)
                entries.append(change(Proved(at, leaf_version(self.leaves[at]), kind, fields, nonces, path)))
            proof = consistency_proof(small, large, read) if large <= len(hashes) else []
            return Evidence(note or self.note(count), seen, proof, entries)

        return evidence
