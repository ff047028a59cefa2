"""Suspension by order: takes effect after what is under way and before everything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wicketgate.core.identifiers import Handle
from wicketgate.store.database import Connection

EVERYBODY = "*"
PAUSE = "!"
"""The scope of the pause of the whole programme after an answer about a canary."""


@dataclass(frozen=True, slots=True)
class Closure:
    """What is closed now: an agency, `EVERYBODY`, or one recipient, who is not named."""

    scope: str
    cause: str
    """`order`, `recall` (certificates of destruction are overdue) or `safeguards`."""
    court: str
    docket: str
    """Of an order; where no order closes, the reason in a few words."""
    since: datetime | None


def in_force(connection: Connection) -> tuple[Closure, ...]:
    """Everything that is closed, as `gate_audit`. The pause is left out: it is nobody's to see."""
    cursor = connection.execute(
        "SELECT CASE WHEN scope LIKE 'officer:%%' THEN 'one recipient'"
        " ELSE regexp_replace(scope, '^(recall|safeguards):', '') END,"
        " coalesce(substring(scope FROM '^(recall|safeguards):'), 'order'),"
        " CASE WHEN scope ~ '^(recall|safeguards):' THEN '' ELSE coalesce(court, '') END,"
        " coalesce(docket, ''), changed_at FROM gate.suspension"
        " WHERE suspended AND scope <> %s ORDER BY scope",
        [PAUSE],
    )
    return tuple(Closure(*row) for row in cursor)


def open_among(connection: Connection, handles: Sequence[Handle]) -> frozenset[Handle]:
    """Those of the requests for which nothing closes the gate: no order, pause, overdue recall or safeguards.

    They stay open until the end of the caller's transaction: a stop waits for it, for
    a moment, and then ends its session. Ask before locking requests. What has an unknown
    agency is closed, and so is whatever cannot be read.
    """
    rows = connection.execute("SELECT gate.are_open(%s)", [[handle.text for handle in handles]])
    return frozenset(Handle(handle) for (handle,) in rows)


def is_suspended(connection: Connection, scope: str) -> bool:
    """True when this very scope is suspended, as `gate_oversee`; what discloses asks `is_open`."""
    row = connection.execute("SELECT suspended FROM gate.suspension WHERE scope = %s", [scope]).fetchone()
    return row is not None and row[0] is True


def is_paused(connection: Connection) -> bool:
    """True while the whole programme is paused because the register was asked about a canary."""
    row = connection.execute("SELECT gate.is_paused()").fetchone()
    return row is None or row[0] is not False


def canary_hits(connection: Connection, handles: Sequence[Handle]) -> frozenset[Handle]:
    """Those of the requests whose answer was about a canary, as `gate_verify` or `gate_oversee`."""
    cursor = connection.execute(
        "SELECT handle FROM gate.canary_hit WHERE handle = ANY (%s)", [[handle.text for handle in handles]]
    )
    return frozenset(Handle(handle) for (handle,) in cursor)


def suspend(connection: Connection, scope: str, *, court: str, docket: str, actor: str, at: datetime) -> None:
    """Suspend disclosure to an agency, or to `EVERYBODY`, as `gate_oversee`; returns when it holds."""
    _set(connection, scope, True, court, docket, actor, at)


def lift(connection: Connection, scope: str, *, court: str, docket: str, actor: str, at: datetime) -> None:
    """Lift a suspension, as `gate_oversee`; requests that were held stay held until each is resumed."""
    _set(connection, scope, False, court, docket, actor, at)


def stand_still(connection: Connection, actor: str, at: datetime) -> int:
    """Wait, as `gate_oversee`, until nothing that discloses is under way; it stays so until the commit.

    Returns how many sessions were ended because they took too long.
    """
    row = connection.execute("SELECT gate.rehearse(%s, %s)", [actor, at]).fetchone()
    return 0 if row is None else int(row[0])


def see_this_moment(connection: Connection) -> None:
    """Let the transaction, in which nothing was asked yet, see the database as it is now until it ends."""
    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    connection.execute("SELECT 1")


def count_disclosed(connection: Connection) -> int:
    """How many acts that disclose there were and packages that were handed out, as `gate_audit`."""
    row = connection.execute("SELECT gate.count_disclosed()").fetchone()
    assert row is not None  # noqa: S101  # a function's value is one row
    return int(row[0])


def _set(
    connection: Connection, scope: str, suspended: bool, court: str, docket: str, actor: str, at: datetime
) -> None:
    connection.execute(
        "SELECT gate.set_suspension(%s, %s, %s, %s, %s, %s)", [scope, suspended, court, docket, actor, at]
    )
