"""Doors that close without anybody's act: certificates of destruction or safeguards are overdue."""

from __future__ import annotations

from wicketgate.core.digest import Canonical
from wicketgate.flow.gate import GATE, Gate
from wicketgate.ledger import public_leaf
from wicketgate.store import campaigns
from wicketgate.store.log import Entry
from wicketgate.store.services import Service


def close_doors(gate: Gate) -> int:
    """Close and open agencies' doors as what is overdue demands, for the clock and after whatever mends it.

    Returns how many changed. Each change is a public entry with its cause.
    """
    now = gate.clock.now()
    with gate.acting(Service.OVERSEE) as connection:
        changed = campaigns.apply_closures(connection, GATE, now)
        entries = []
        for cause, agency, closed in changed:
            fields: dict[str, Canonical] = {
                "cause": cause,
                "agency": agency,
                "act": "close" if closed else "open",
                "on": now.date().isoformat(),
            }
            entries.append(Entry("closure", public_leaf("closure", fields), None, fields))
        if entries:
            gate.append(connection, entries)
    return len(changed)
