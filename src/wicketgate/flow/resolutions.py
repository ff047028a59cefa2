"""Counsel's resolutions, read back from the acts that made them."""

from __future__ import annotations

from collections.abc import Sequence

from wicketgate.core.identifiers import Handle
from wicketgate.stages.review import Resolution
from wicketgate.store import work_marks
from wicketgate.store.database import Connection


def resolutions(connection: Connection, handles: Sequence[Handle]) -> dict[Handle, tuple[Resolution, ...]]:
    """What counsel resolved of each request since it last began, for those of which anything was."""
    found: dict[Handle, tuple[Resolution, ...]] = {}
    for point in work_marks.resolved(connection, handles):
        found[point.handle] = (
            *found.get(point.handle, ()),
            Resolution(point.code, point.actor, point.reasons),
        )
    return found
