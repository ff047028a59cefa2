"""The other side of a simulation: the requesting agencies' officers, their keys, and their pick-ups.

A real gate never holds a private key; a simulation plays both sides.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from wicketgate.core.digest import digest
from wicketgate.core.identifiers import Handle
from wicketgate.flow.gate import Gate
from wicketgate.flow.pick_up import Collected, Collector
from wicketgate.ledger.reconcile import ACKNOWLEDGEMENTS
from wicketgate.stages.disclose import new_officer_key
from wicketgate.store import packages
from wicketgate.store.packages import RecipientKey
from wicketgate.store.services import Service

REGISTRAR, CONFIRMER = "scripted-registrar", "scripted-confirmer"
"""Two scripted people of the custodian, who say whose a key is."""


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
            now = gate.clock.now()
            with gate.acting(Service.INTAKE) as connection:
                packages.register_keys(connection, known, REGISTRAR, now)
            with gate.acting(Service.OVERSEE) as connection:
                packages.confirm_keys(connection, [each.key_id for each in known], CONFIRMER, now)

    def key_id(self, officer: str) -> str:
        """The name of the officer's key: the digest of its public part."""
        return digest(self._public(officer))

    def private_key(self, officer: str) -> dict[str, str]:
        """The officer's private key (JWK)."""
        return self._keys[officer]

    def acknowledge(
        self, collectors: Mapping[Handle, Collector], collected: Mapping[Handle, Collected]
    ) -> None:
        """Note what the officers picked up: the agency's own books, to be laid beside the log."""
        with (self._path.parent / ACKNOWLEDGEMENTS).open("a", encoding="utf-8") as file:
            for handle, each in collected.items():
                made = {
                    "handle": str(handle),
                    "recipient": collectors[handle].officer,
                    "package_digest": "sha256:" + hashlib.sha256(each.jwe.encode()).hexdigest(),
                }
                file.write(json.dumps(made, ensure_ascii=False) + "\n")

    def hand_over(self, folder: Path) -> None:
        """Put the acknowledgements beside the agency's receipts."""
        made = self._path.parent / ACKNOWLEDGEMENTS
        (folder / ACKNOWLEDGEMENTS).write_text(made.read_text() if made.is_file() else "", encoding="utf-8")

    def _public(self, officer: str) -> dict[str, str]:
        return {name: value for name, value in self._keys[officer].items() if name != "d"}
