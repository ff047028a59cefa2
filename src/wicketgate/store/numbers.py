"""The numbers of an agency's requests, one after the other without a gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wicketgate.core.identifiers import Handle
from wicketgate.store.database import Connection
from wicketgate.store.log import Recorded

UNKNOWN = "?"
"""Under which requests of agencies that the custodian does not know are counted."""


def count_requests(connection: Connection, agencies: Mapping[Handle, str]) -> dict[Handle, int]:
    """Number new requests in order, each in its agency's own count, as `gate_intake`.

    Until the caller's transaction ends, others that number requests of these agencies wait.
    """
    cursor = connection.execute(
        "SELECT handle, number FROM gate.count_requests(%s, %s)",
        [[handle.text for handle in agencies], list(agencies.values())],
    )
    return {Handle(handle): int(number) for handle, number in cursor}


def numbered(connection: Connection, agency: str, first: int, last: int) -> list[tuple[int, Handle]]:
    """The requests of an agency by number, both ends inclusive, as `gate_audit`."""
    cursor = connection.execute(
        "SELECT number, handle FROM gate.sequence WHERE agency = %s AND number BETWEEN %s AND %s"
        " ORDER BY number",
        [agency, first, last],
    )
    return [(int(number), Handle(handle)) for number, handle in cursor]


def last_number(connection: Connection, agency: str) -> int:
    """How many requests of an agency are in, as `gate_audit`."""
    row = connection.execute("SELECT last FROM gate.agency_counter WHERE agency = %s", [agency]).fetchone()
    return int(row[0]) if row else 0


def agencies(connection: Connection) -> Sequence[str]:
    """The agencies that have requests, as `gate_audit`."""
    return [code for (code,) in connection.execute("SELECT agency FROM gate.agency_counter ORDER BY agency")]


def submission_entry(connection: Connection, digest: str) -> Recorded | None:
    """The latest entry about a submission as a whole, as `gate_audit`."""
    row = connection.execute(
        "SELECT idx, kind, at, leaf, body, nonces FROM log.entry"
        " WHERE kind = 'submission.received' AND body ->> 'submission' = %s ORDER BY idx DESC LIMIT 1",
        [digest],
    ).fetchone()
    return Recorded(*row) if row else None
