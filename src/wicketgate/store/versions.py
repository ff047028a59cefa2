"""The versions of authorities that determinations rest on, by their digests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from wicketgate.core.context import SwitchValue
from wicketgate.store.database import Connection


@dataclass(frozen=True, slots=True)
class Version:
    """What the digest of a version stands for, besides its files."""

    digest: str
    authority: str
    overlays: tuple[str, ...]
    parameters: Mapping[str, int | str]
    switches: Mapping[str, SwitchValue]


def know(connection: Connection, version: Version) -> None:
    """Record a version before anything is determined under it, as `gate_intake` or `gate_review`."""
    connection.execute(
        "INSERT INTO gate.version (digest, authority, overlays, parameters, switches)"
        " VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [
            *(version.digest, version.authority, list(version.overlays)),
            *(json.dumps(dict(each)) for each in (version.parameters, version.switches)),
        ],
    )


def get(connection: Connection, digest: str) -> Version | None:
    """The version that a determination names; None when nothing was determined under it."""
    row = connection.execute(
        "SELECT digest, authority, overlays, parameters, switches FROM gate.version WHERE digest = %s",
        [digest],
    ).fetchone()
    return Version(row[0], row[1], tuple(row[2]), row[3], row[4]) if row else None
