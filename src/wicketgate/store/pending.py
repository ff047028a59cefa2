"""What waits for somebody beside the queue of requests, counted in one statement, as `gate_audit`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from wicketgate.store.database import Connection


@dataclass(frozen=True, slots=True)
class Pending:
    """Counts; what a second person does is counted without what this person began."""

    documents: int
    """Handed in by agencies and not answered."""
    agencies_closed: int
    """Agencies in the book whose door is closed because something is missing or overdue."""
    duties_soon: int
    """Duties of agencies that run out soon."""
    findings: int
    """Open findings."""
    recalls_to_start: int
    notices_to_serve: int
    """Agencies of started recalls that were not served with their notice."""
    certificates: int
    """Disclosures asked back whose destruction nobody has certified."""
    certificates_late: int
    dispositions: int
    """Lists that wait for their second person."""
    keys: int
    """Keys to be looked at or confirmed."""
    accounts: int
    """People's questions that nobody has decided."""
    liftings: int
    """Liftings of orders that wait for their second person."""
    orders: int
    """Orders in force."""
    dissents: int
    """Requests that are not finished and have a dissent which nobody has answered."""
    uncosigned: int
    """Entries of the ledger that no witness has cosigned."""


_PENDING = """SELECT
    (SELECT count(*) FROM gate.safeguard_document d
        WHERE NOT EXISTS (SELECT FROM gate.safeguard_reply r WHERE r.document = d.document)) AS documents,
    (SELECT count(DISTINCT agency) FROM gate.due_closures(%(now)s)
        WHERE cause = 'safeguards') AS agencies_closed,
    (SELECT count(*) FROM gate.safeguard_standing(%(now)s)
        WHERE met_until BETWEEN (%(now)s AT TIME ZONE 'UTC')::date
            AND (%(soon)s AT TIME ZONE 'UTC')::date) AS duties_soon,
    (SELECT count(*) FROM gate.safeguard_finding WHERE closed_at IS NULL) AS findings,
    (SELECT count(*) FROM gate.recall_campaign
        WHERE started_at IS NULL AND lower(proposed_by) <> %(actor)s) AS recalls_to_start,
    (SELECT count(*) FROM (SELECT DISTINCT m.campaign, m.agency FROM gate.recall_member m
        WHERE m.outcome = 'noticed' AND NOT EXISTS (SELECT FROM gate.recall_service s
            WHERE s.campaign = m.campaign AND s.agency = m.agency)) AS noticed) AS notices_to_serve,
    (SELECT count(*) FROM gate.recall WHERE certified_at IS NULL) AS certificates,
    (SELECT count(*) FROM gate.recall
        WHERE certified_at IS NULL AND due_at < %(now)s) AS certificates_late,
    (SELECT count(*) FROM gate.disposition WHERE confirmed_at IS NULL AND withdrawn_at IS NULL
        AND lower(proposed_by) <> %(actor)s) AS dispositions,
    (SELECT count(*) FROM gate.official_key WHERE confirmed_at IS NULL AND revoked_at IS NULL
            AND lower(registered_by) <> %(actor)s)
        + (SELECT count(*) FROM gate.recipient_key WHERE confirmed_at IS NULL AND revoked_at IS NULL
            AND lower(registered_by) <> %(actor)s)
        + (SELECT count(*) FROM gate.key_offer o
            WHERE NOT EXISTS (SELECT FROM gate.official_key k WHERE k.key_id = o.key_id)
                AND NOT EXISTS (SELECT FROM gate.recipient_key k WHERE k.key_id = o.key_id)) AS keys,
    (SELECT count(*) FROM gate.account
        WHERE decided_at IS NULL AND lower(asked_by) <> %(actor)s) AS accounts,
    (SELECT count(*) FROM gate.order_lifting
        WHERE confirmed_by IS NULL AND lower(proposed_by) <> %(actor)s) AS liftings,
    (SELECT count(*) FROM gate.court_order WHERE in_force) AS orders,
    (SELECT count(*) FROM gate.work w WHERE w.dissents > 0 AND w.state = ANY (%(open)s)
        AND EXISTS (SELECT FROM gate.dissent d WHERE d.handle = w.handle
            AND NOT EXISTS (SELECT FROM gate.dissent_answer a WHERE a.dissent = d.id))) AS dissents,
    (SELECT coalesce(max(size), 0) FROM log.checkpoint)
        - (SELECT coalesce(max(size), 0) FROM log.cosignature) AS uncosigned"""


def pending(
    connection: Connection, actor: str, open_states: Sequence[str], at: datetime, soon: datetime
) -> Pending:
    """Everything that waits at this moment; `soon` is until when a duty counts as running out."""
    with connection.cursor(row_factory=class_row(Pending)) as cursor:
        found = cursor.execute(
            _PENDING, {"actor": actor.lower(), "open": list(open_states), "now": at, "soon": soon}
        ).fetchone()
    assert found is not None  # noqa: S101  # a SELECT of counts has one row
    return found
