"""The named officer picks up a package, once; the entry commits with the only copy that leaves."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import NamedTuple

from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.flow.gate import Gate, Record
from wicketgate.flow.witnessing import require_witnesses
from wicketgate.store import acts, packages
from wicketgate.store.acts import Act
from wicketgate.store.services import Service


class Collector(NamedTuple):
    """The officer who collects a package, and the registered key that opens it."""

    officer: str
    key_id: str


def pick_up(gate: Gate, collectors: Mapping[Handle, Collector]) -> dict[Handle, str]:
    """The sealed packages, each for the holder of its key, once; no entry for anything else, ever after.

    Raises `WitnessingError`, and hands out nothing, when witnesses have not cosigned recently.
    """
    require_witnesses(gate)
    now = gate.clock.now()
    with gate.acting(Service.PORTAL) as connection:
        keys = {handle: collector.key_id for handle, collector in collectors.items()}
        sealed = packages.pick_up(connection, keys, now)
        if sealed:
            officers = {handle: collectors[handle].officer for handle in sealed}
            acts.perform(
                connection,
                [Act(handle, "pick up", Role.RECIPIENT_OFFICER, name) for handle, name in officers.items()],
                now,
            )
            gate.record(
                connection,
                [
                    Record("pickup", handle, {"recipient": officers[handle], "package_digest": _digest(jwe)})
                    for handle, jwe in sealed.items()
                ],
            )
    return sealed


def _digest(jwe: str) -> str:
    return "sha256:" + hashlib.sha256(jwe.encode()).hexdigest()
