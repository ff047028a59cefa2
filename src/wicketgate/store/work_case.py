"""Everything about one request for the page of one person, in few questions, as `gate_audit`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from psycopg.rows import dict_row

from wicketgate.core.actor import Actor
from wicketgate.core.digest import Canonical
from wicketgate.core.facts import Facts
from wicketgate.core.identifiers import Handle
from wicketgate.store import log, requests
from wicketgate.store.database import Connection
from wicketgate.store.vault import open_words
from wicketgate.store.work_marks import ANSWER, DISSENT, EXERCISE, open_points


@dataclass(frozen=True, slots=True)
class Kept:
    """The request, its submission, its clock, and what the viewer has to do with it."""

    version: int
    state: str
    row: int
    submission: int
    submission_name: str
    agency_line: list[str]
    body: Mapping[str, str] | None = field(repr=False)
    """None for a request that was expunged."""
    facts: Facts | None = field(repr=False)
    determination: str | None
    findings: list[str]
    authority_digest: str | None
    determined_on: date | None
    received_at: datetime
    due_at: datetime
    stopped: bool
    claimed_by: str | None
    claimed_until: datetime | None
    declared: bool
    recused: bool
    other_role: str | None
    """The role in which the viewer has acted on this request, when it is another than now."""
    exercise: str | None = field(repr=False)
    decided: bool
    """True when the viewer has approved or refused it before."""
    approved_of: list[str]
    """For an approver: who endorsed the last requests that they approved, newest first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the ledger about the request."""

    index: int
    kind: str
    at: datetime
    body: Mapping[str, Canonical] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Objection:
    """A dissent, and why the disclosure proceeds against it where that was said afterwards."""

    number: int
    version: int
    officer: str
    role: str
    statement: str = field(repr=False)
    digest: str
    signature: str | None = field(repr=False)
    """As it was kept (`flow.work.signature`); none under dissents from before there were any."""
    at: datetime
    answer: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What an act said about one element."""

    code: str
    act: str
    version: int
    officer: str
    role: str
    reasons: str = field(repr=False)
    current: bool
    """False for what was said before the request was held and began again."""


def kept(
    connection: Connection, handle: Handle, viewer: Actor, now: datetime, looked_back: int
) -> Kept | None:
    """The request for this viewer; None when there is none. `looked_back` of their approvals count."""
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(
            """
            SELECT r.version, r.state, r.row, s.submission, s.name AS submission_name, r.agency_line, r.body,
                r.facts, r.determination, r.findings, r.authority_digest, r.determined_on, r.received_at,
                coalesce(w.due_at, r.received_at
                        + make_interval(days => coalesce((v.parameters ->> 'answer_days')::integer, 30)))
                    + gate.stopped(r.handle, r.agency_line, r.received_at, %(now)s) AS due_at,
                gate.stands_still(r.handle, r.agency_line) AS stopped,
                c.actor AS claimed_by, c.until AS claimed_until, said.declared, said.recused,
                (SELECT held.role FROM (
                    SELECT a.actor, a.role FROM gate.act a WHERE a.handle = r.handle
                    UNION ALL SELECT k.actor, k.role FROM gate.claim k WHERE k.handle = r.handle
                    UNION ALL SELECT d.actor, d.role FROM gate.declaration d WHERE d.handle = r.handle
                    UNION ALL SELECT d.actor, d.role FROM gate.dissent d WHERE d.handle = r.handle
                    UNION ALL SELECT d.actor, d.role FROM gate.dissent_answer d WHERE d.handle = r.handle
                ) AS held WHERE lower(held.actor) = lower(%(viewer)s) AND held.role <> %(role)s
                    LIMIT 1) AS other_role,
                CASE WHEN %(role)s = 'inspector' THEN e.reasons END AS exercise,
                EXISTS (SELECT FROM gate.act a WHERE a.handle = r.handle
                    AND lower(a.actor) = lower(%(viewer)s) AND a.act IN ('approve', 'refuse')) AS decided,
                CASE WHEN %(role)s = 'approver' THEN ARRAY(
                    SELECT (SELECT a.actor FROM gate.act a WHERE a.handle = d.handle AND a.act = 'endorse'
                        AND a.at <= d.ended_at ORDER BY a.version DESC LIMIT 1)
                    FROM gate.claim d WHERE d.actor = %(viewer)s AND d.outcome = 'approve'
                    ORDER BY d.ended_at DESC, d.id DESC LIMIT %(most)s) ELSE '{}' END AS approved_of
            FROM gate.request r LEFT JOIN gate.exercise e USING (handle)
            JOIN gate.submission s ON s.submission = coalesce(e.among, r.submission)
            LEFT JOIN gate.work w USING (handle)
            LEFT JOIN gate.version v ON v.digest = r.authority_digest
            LEFT JOIN gate.claim c ON c.handle = r.handle AND c.ended_at IS NULL AND c.until > %(now)s
            CROSS JOIN LATERAL (
                SELECT count(*) > 0 AS declared, coalesce(bool_or(d.conflict), false) AS recused
                FROM gate.declaration d WHERE d.handle = r.handle AND lower(d.actor) = lower(%(viewer)s)
            ) AS said
            WHERE r.handle = %(handle)s
            """,
            {
                "handle": handle.text,
                "viewer": viewer.handle,
                "role": viewer.role.value,
                "now": now,
                "most": looked_back,
            },
        ).fetchone()
    if row is None:
        return None
    (row["body"],) = requests.opened(connection, [(handle, row["body"])])
    (row["facts"],) = requests.opened(connection, [(handle, row["facts"])], facts=True)
    (row["exercise"],) = open_words(connection.vault, EXERCISE, [(handle, row["exercise"])])
    return Kept(**row)


def entries(connection: Connection, handle: Handle) -> list[Entry]:
    """What the ledger holds about a request, in order, without what would open it to others."""
    rows = connection.execute(
        "SELECT idx, kind, at, leaf, sealed FROM log.entry WHERE handle = %s ORDER BY idx", [handle.text]
    ).fetchall()
    said = log.opened(connection, [(handle, row[3], row[4]) for row in rows])
    return [Entry(*(*row[:3], body)) for row, (body, _) in zip(rows, said, strict=True)]


def objections(connection: Connection, handle: Handle) -> list[Objection]:
    """Every dissent, the first one first."""
    rows = connection.execute(
        "SELECT d.id AS number, d.version, d.actor AS officer, d.role, d.digest,"
        " d.signature, d.at, d.statement, w.reasons AS answer"
        " FROM gate.dissent d LEFT JOIN gate.dissent_answer w ON w.dissent = d.id"
        " WHERE d.handle = %s ORDER BY d.id",
        [handle.text],
    ).fetchall()
    said = open_words(connection.vault, DISSENT, [(handle, row[7]) for row in rows])
    answers = open_words(connection.vault, ANSWER, [(handle, row[8]) for row in rows])
    return [
        Objection(*(*row[:4], statement, *row[4:7], answer))
        for row, statement, answer in zip(rows, said, answers, strict=True)
    ]


def spoken(connection: Connection, handle: Handle) -> list[Spoken]:
    """What people said about elements of a request, in order."""
    rows = connection.execute(
        "SELECT p.code, a.act, a.version, a.actor AS officer, a.role, p.reasons, a.version > coalesce("
        "(SELECT max(b.version) FROM gate.act b WHERE b.handle = %(handle)s AND b.act = 'resume'), 0)"
        " AS current FROM gate.point p JOIN gate.act a USING (handle, version)"
        " WHERE p.handle = %(handle)s ORDER BY a.version, p.code",
        {"handle": handle.text},
    ).fetchall()
    said = open_points(connection, [(handle, row[5]) for row in rows])
    return [Spoken(*(*row[:5], text, row[6])) for row, text in zip(rows, said, strict=True)]
