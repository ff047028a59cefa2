"""The other side of a simulation: the requesting agencies' officers, their keys, and their pick-ups.

A real gate never holds a private key; a simulation plays both sides.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from wicketgate.core.digest import digest
from wicketgate.flow.gate import Gate
from wicketgate.stages.disclose import new_officer_key
from wicketgate.store import packages
from wicketgate.store.packages import RecipientKey
from wicketgate.store.services import Service


class AgencySide:
    """The officers' key pairs, kept in one private file so that an interrupted run goes on."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "agency-side.jsonl"
        self._keys: dict[str, dict[str, str]] = {}
        if self._path.is_file():
            for line in self._path.read_text().splitlines():
                try:
                    kept = json.loads(line)
                except ValueError:
                    continue  # cut short by a crash; that officer was not registered yet
                self._keys[kept["officer"]] = kept["private"]

    def register(self, gate: Gate, officers: Iterable[str]) -> None:
        """Make and register a key for each officer who has none."""
        new = []
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "w") as file:
            for officer in dict.fromkeys(officers):
                if officer in self._keys:
                    continue
                _, private = new_officer_key()
                self._keys[officer] = private
                file.write("\n" + json.dumps({"officer": officer, "private": private}))
                new.append(officer)
            file.flush()
            os.fsync(file.fileno())
        known = [RecipientKey(self.key_id(officer), officer, self._public(officer)) for officer in self._keys]
        if new or known:
            with gate.acting(Service.INTAKE) as connection:
                packages.register_keys(connection, known, gate.clock.now())

    def key_id(self, officer: str) -> str:
        """The name of the officer's key: the digest of its public part."""
        return digest(self._public(officer))

    def private_key(self, officer: str) -> dict[str, str]:
        """The officer's private key (JWK)."""
        return self._keys[officer]

    def _public(self, officer: str) -> dict[str, str]:
        return {name: value for name, value in self._keys[officer].items() if name != "d"}
