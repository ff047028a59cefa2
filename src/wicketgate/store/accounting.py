"""The standardised record of all requests, and which years the ledger can account for, as `gate_audit`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC

from wicketgate.core.identifiers import Handle
from wicketgate.store import log
from wicketgate.store.database import Connection
from wicketgate.store.log import Recorded


def is_closed(connection: Connection, year: int, size: int) -> bool:
    """True once the last quarter of a year was published."""
    row = connection.execute(
        "SELECT EXISTS (SELECT FROM log.entry WHERE kind = 'answers' AND idx < %s AND body ->> 'to' = %s)",
        [size, f"{year}-12-31"],
    ).fetchone()
    return row is not None and bool(row[0])


def years(connection: Connection) -> list[int]:
    """The years from the first entry to the last, the newest first."""
    row = connection.execute("SELECT min(at), max(at) FROM log.entry").fetchone()
    if row is None or row[0] is None:
        return []
    return list(range(row[1].astimezone(UTC).year, row[0].astimezone(UTC).year - 1, -1))


RECORD = (
    *("handle", "agency", "agency_sequence", "received_at", "authority", "request_digest", "determination"),
    *("findings", "decision", "item", "purpose", "recipient", "taxpayer", "released_at", "picked_up_at"),
    *("withdrawn_at", "expired_at", "recalled_at", "destroyed_at"),
)
"""The columns of the standardised record: one row for each request."""


def records(connection: Connection) -> Iterator[tuple[str | None, ...]]:
    """Every request and what became of it, from the ledger, in the order in which they came (`RECORD`).

    Of one that was expunged only its handle and the times are left.
    """
    last = -1
    while True:
        page = connection.execute(
            "SELECT e.idx, e.handle FROM log.entry e WHERE e.kind = 'request.received' AND e.idx > %s"
            " AND NOT EXISTS (SELECT FROM log.entry x WHERE x.handle = e.handle AND x.kind = 'exercise')"
            " ORDER BY e.idx LIMIT 1000",
            [last],
        ).fetchall()
        if not page:
            return
        last = page[-1][0]
        handles = [Handle(handle) for _, handle in page]
        entries = log.about(connection, handles)
        for handle in handles:
            yield _record(handle, entries[handle])


def _record(handle: Handle, entries: Sequence[Recorded]) -> tuple[str | None, ...]:
    latest = {entry.kind: entry for entry in entries}

    def said(kind: str, field: str) -> str | None:
        value = latest[kind].body.get(field) if kind in latest else None
        return None if value is None else str(value)

    def at(kind: str) -> str | None:
        return said(kind, "at") or (latest[kind].at.isoformat() if kind in latest else None)

    codes = latest["request.determined"].body.get("findings") if "request.determined" in latest else None
    received = "request.received"
    return (
        handle.text,
        *(said(received, "agency"), said(received, "agency_sequence"), at(received)),
        *(said(received, "authority"), said(received, "request_digest")),
        said("request.determined", "determination"),
        ";".join(map(str, codes)) if isinstance(codes, Sequence) and codes else None,
        said("decision", "decision"),
        *(said("disclosure.intended", field) for field in ("item", "purpose", "recipient")),
        said("disclosure.released", "taxpayer"),
        *map(at, ("disclosure.released", "pickup", "request.withdrawn", "disclosure.expired")),
        *map(at, ("disclosure.recalled", "destruction.certified")),
    )
