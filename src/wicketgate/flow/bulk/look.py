"""What an agency sees of the files that it sent, and how it stops them or lets them go on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from wicketgate.core.actor import Actor
from wicketgate.flow.agency.door import as_agency
from wicketgate.flow.bulk.place import FORMATS, Uploads
from wicketgate.flow.gate import Gate
from wicketgate.store import chunks
from wicketgate.store import uploads as store
from wicketgate.store.services import Service
from wicketgate.store.uploads import Upload

NEWEST = 50


@dataclass(frozen=True, slots=True)
class Seen:
    """One upload, and how many of its rows are determined or refused so far."""

    upload: Upload
    rows_done: int

    @property
    def percent(self) -> int:
        """Of the rows, how many are done."""
        rows = self.upload.rows or 0
        return 100 * self.rows_done // rows if rows else 0


def newest(gate: Gate, actor: Actor) -> list[Seen]:
    """The agency's latest files."""
    if actor.agency is None:
        return []
    with as_agency(gate, actor.agency) as connection:
        found = store.newest(connection, actor.agency, NEWEST)
        return [Seen(each, chunks.rows_done(connection, each.job)) for each in found]


def one(gate: Gate, actor: Actor, number: int) -> Seen | None:
    """One file of the agency; None for everything else."""
    if actor.agency is None:
        return None
    with as_agency(gate, actor.agency) as connection:
        found = store.get(connection, number)
        return None if found is None else Seen(found, chunks.rows_done(connection, found.job))


def of_submission(gate: Gate, actor: Actor, submission: int) -> Seen | None:
    """The file that a submission came in; None where it came another way."""
    if actor.agency is None:
        return None
    with as_agency(gate, actor.agency) as connection:
        found = store.of_submission(connection, submission)
        return None if found is None else Seen(found, chunks.rows_done(connection, found.job))


def steer(gate: Gate, actor: Actor, number: int, *, paused: bool | None = None, cancel: bool = False) -> bool:
    """Pause, go on or cancel; False when it is over, or is none of the agency's.

    What was determined before stays determined.
    """
    if one(gate, actor, number) is None:
        return False
    with gate.acting(Service.INTAKE) as connection:
        return store.steer(connection, number, actor.handle, gate.clock.now(), paused=paused, cancel=cancel)


def table(gate: Gate, actor: Actor, uploads: Uploads, number: int, name: str, kind: str) -> Path | None:
    """A table of one of the agency's files; None when there is none (yet)."""
    if name not in ("results", "problems") or kind not in FORMATS or one(gate, actor, number) is None:
        return None
    path = uploads.of(number).table(name, kind)
    return path if path.is_file() else None
