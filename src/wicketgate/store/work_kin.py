"""Requests that share a person, an officer or much of their reasons, found by keyed digests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row

from wicketgate.core.identifiers import Handle
from wicketgate.store import requests
from wicketgate.store.database import Connection

NEWEST = 25
"""Requests that are looked up for one key, the newest first."""
LOAD_COUNTED_TO = 500


def add(connection: Connection, keys: Mapping[Handle, Sequence[int]], at: datetime) -> None:
    """Put the keys of new requests on record, as `gate_intake`."""
    pairs = [(handle.text, key) for handle, found in keys.items() for key in found]
    connection.execute(
        "INSERT INTO gate.kin (key, at, handle) SELECT key, %s, handle"
        " FROM unnest(%b::text[], %b::bigint[]) AS new (handle, key)",
        [at, [handle for handle, _ in pairs], [key for _, key in pairs]],
    )


class Mark(NamedTuple):
    """Keyed digests of a request: its reasons, its address, its person, its matter; None where missing."""

    reasons: int | None
    address: int | None
    person: int | None
    matter: int | None


def mark(connection: Connection, marks: Mapping[Handle, Mark]) -> None:
    """Put the marks of new requests on record, as `gate_intake`."""
    columns = zip(*marks.values(), strict=True) if marks else ((), (), (), ())
    connection.execute(
        "INSERT INTO gate.mark (handle, reasons, address, person, matter) SELECT * FROM"
        " unnest(%b::text[], %b::bigint[], %b::bigint[], %b::bigint[], %b::bigint[])",
        [[handle.text for handle in marks], *map(list, columns)],
    )


@dataclass(frozen=True, slots=True)
class Other:
    """Another request that shares a key, whatever became of it."""

    handle: str
    key: int
    state: str
    agency: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Worded:
    """Another request whose reasons may be nearly the same."""

    handle: str
    state: str
    agency: str
    body: Mapping[str, str] = field(repr=False)


def sharing(connection: Connection, handle: Handle, keys: Sequence[int]) -> list[Other]:
    """The newest other requests under each key, as `gate_audit`."""
    with connection.cursor(row_factory=class_row(Other)) as cursor:
        return cursor.execute(
            "SELECT r.handle, found.key, r.state, coalesce(r.agency_line[1], '') AS agency, r.received_at"
            " FROM unnest(%s::bigint[]) AS asked (k)"
            " CROSS JOIN LATERAL (SELECT n.key, n.handle FROM gate.kin n WHERE n.key = asked.k"
            " AND n.handle <> %s ORDER BY n.at DESC, n.handle LIMIT %s) AS found"
            " JOIN gate.request r ON r.handle = found.handle ORDER BY r.received_at DESC, r.handle",
            [list(keys), handle.text, NEWEST],
        ).fetchall()


def worded(connection: Connection, handle: Handle, keys: Sequence[int]) -> list[Worded]:
    """The newest other requests that share a stretch of their reasons, as `gate_audit`."""
    rows = connection.execute(
        "SELECT r.handle, r.state, coalesce(r.agency_line[1], '') AS agency, r.body FROM ("
        "SELECT found.handle, max(found.at) AS at FROM unnest(%s::bigint[]) AS asked (k)"
        " CROSS JOIN LATERAL (SELECT n.handle, n.at FROM gate.kin n WHERE n.key = asked.k"
        " AND n.handle <> %s ORDER BY n.at DESC, n.handle LIMIT %s) AS found"
        " GROUP BY found.handle ORDER BY 2 DESC, 1 LIMIT %s) AS chosen"
        " JOIN gate.request r ON r.handle = chosen.handle",
        [list(keys), handle.text, NEWEST, NEWEST],
    ).fetchall()
    said = requests.opened(connection, [(Handle(row[0]), row[3]) for row in rows])
    return [Worded(*(*row[:3], body)) for row, body in zip(rows, said, strict=True) if body is not None]


def open_under(connection: Connection, keys: Sequence[int]) -> int:
    """How many open requests the busiest of these keys has among its newest, as `gate_audit`."""
    row = connection.execute(
        "SELECT coalesce(max(n), 0) FROM (SELECT (SELECT count(*) FROM (SELECT n.handle FROM gate.kin n"
        " WHERE n.key = asked.k ORDER BY n.at DESC LIMIT %s) AS newest JOIN gate.work w USING (handle)) AS n"
        " FROM unnest(%s::bigint[]) AS asked (k)) AS counted",
        [LOAD_COUNTED_TO, list(keys)],
    ).fetchone()
    return int(row[0]) if row else 0
