"""Recalls of what was picked up: the notice, the day by which it is due, and the certificate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from psycopg.types.json import Jsonb

from wicketgate.core.digest import Canonical
from wicketgate.core.identifiers import Handle
from wicketgate.store.database import Connection


@dataclass(frozen=True, slots=True)
class Recall:
    """One notice; `certified_at` is None until the officer certified the destruction."""

    handle: Handle
    reasons: str = field(repr=False)
    noticed_at: datetime
    due_at: datetime
    certified_at: datetime | None


def notice(
    connection: Connection, handles: Sequence[Handle], reasons: str, at: datetime, due_at: datetime
) -> None:
    """Record notices, as `gate_oversee`, in the transaction of their acts."""
    connection.execute(
        "INSERT INTO gate.recall (handle, reasons, noticed_at, due_at)"
        " SELECT handle, %s, %s, %s FROM unnest(%s::text[]) AS handle",
        [reasons, at, due_at, [handle.text for handle in handles]],
    )


def certify(
    connection: Connection, handle: Handle, certificate: Mapping[str, Canonical], jws: str, at: datetime
) -> bool:
    """Keep a signed certificate, as `gate_portal`, in the transaction of its act; False without a notice."""
    done = connection.execute(
        "UPDATE gate.recall SET certificate = %s, jws = %s, certified_at = %s"
        " WHERE handle = %s AND certified_at IS NULL",
        [Jsonb(dict(certificate)), jws, at, handle.text],
    )
    return done.rowcount == 1


def of(connection: Connection, handle: Handle) -> Recall | None:
    """The recall of one request, if there is one."""
    row = connection.execute(
        "SELECT reasons, noticed_at, due_at, certified_at FROM gate.recall WHERE handle = %s", [handle.text]
    ).fetchone()
    return Recall(handle, *row) if row else None


def overdue(connection: Connection, at: datetime) -> Sequence[Recall]:
    """Recalls whose certificate is missing after the day it was due, the oldest first."""
    cursor = connection.execute(
        "SELECT handle, reasons, noticed_at, due_at, certified_at FROM gate.recall"
        " WHERE certified_at IS NULL AND due_at < %s ORDER BY due_at, handle",
        [at],
    )
    return [Recall(Handle(handle), *rest) for handle, *rest in cursor]
