"""What witnesses cosigned: who, which size, when by their clock and when by ours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from wicketgate.store.database import Connection


class Cosignature(NamedTuple):
    """One line under one checkpoint, as it came; verify it before it counts."""

    size: int
    witness: str
    line: str
    stated_at: int
    received_at: datetime


def store(connection: Connection, cosignature: Cosignature) -> None:
    """Keep a cosignature, or renew the one of the same size, as `gate_witness`."""
    connection.execute(
        "INSERT INTO log.cosignature AS c (size, witness, line, stated_at, received_at)"
        " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (size, witness) DO UPDATE SET"
        " line = excluded.line, stated_at = excluded.stated_at, received_at = excluded.received_at"
        " WHERE excluded.stated_at >= c.stated_at",
        cosignature,
    )


class Seen(NamedTuple):
    """A witness, the largest size that it cosigned, and when that came."""

    witness: str
    size: int
    received_at: datetime


def seen(connection: Connection) -> list[Seen]:
    """What each witness cosigned last, as `gate_witness`."""
    rows = connection.execute(
        "SELECT DISTINCT ON (witness) witness, size, received_at FROM log.cosignature"
        " ORDER BY witness, size DESC"
    )
    return [Seen(*row) for row in rows]


def last_size(connection: Connection, witness: str) -> int:
    """The largest size that a witness is known to have cosigned, as `gate_witness`; 0 for none."""
    row = connection.execute(
        "SELECT coalesce(max(size), 0) FROM log.cosignature WHERE witness = %s", [witness]
    ).fetchone()
    return int(row[0]) if row else 0


def note_of(connection: Connection, size: int) -> str | None:
    """The log's own signed note of a size, as `gate_witness` or `gate_audit`; None if it signed none."""
    row = connection.execute("SELECT note FROM log.checkpoint WHERE size = %s", [size]).fetchone()
    return None if row is None else str(row[0])


def newest(
    connection: Connection, witnesses: Sequence[str], sizes: int
) -> list[tuple[str, list[Cosignature]]]:
    """The checkpoints that these witnesses cosigned last, the largest of at most `sizes` first."""
    rows = connection.execute(
        "SELECT p.note, c.size, c.witness, c.line, c.stated_at, c.received_at"
        " FROM log.cosignature c JOIN log.checkpoint p USING (size)"
        " WHERE c.witness = ANY (%s) AND c.size IN (SELECT DISTINCT size FROM log.cosignature"
        " WHERE witness = ANY (%s) ORDER BY size DESC LIMIT %s) ORDER BY c.size DESC, c.witness",
        [list(witnesses), list(witnesses), sizes],
    )
    found: dict[int, tuple[str, list[Cosignature]]] = {}
    for note, *cosignature in rows:
        made = Cosignature(*cosignature)
        found.setdefault(made.size, (str(note), []))[1].append(made)
    return list(found.values())
