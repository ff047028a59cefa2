"""What an inspector sees without opening a request, and shapes over all of them, as `gate_audit`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from psycopg.rows import class_row

from wicketgate.core.digest import Canonical
from wicketgate.core.identifiers import Handle
from wicketgate.store import log
from wicketgate.store.database import Connection


@dataclass(frozen=True, slots=True)
class Outline:
    """One request without anything that it says of a person."""

    state: str
    agency: str
    submission: int
    row: int
    received_at: datetime
    changed_at: datetime
    determination: str | None
    findings: list[str]
    authority_digest: str | None
    exercise: bool


def outline(connection: Connection, handle: Handle) -> Outline | None:
    """One request; None when there is none."""
    with connection.cursor(row_factory=class_row(Outline)) as cursor:
        return cursor.execute(
            "SELECT r.state, coalesce(r.agency_line[1], 'unknown') AS agency, r.submission, r.row,"
            " r.received_at, r.changed_at, r.determination, r.findings, r.authority_digest,"
            " EXISTS (SELECT FROM gate.exercise e WHERE e.handle = r.handle) AS exercise"
            " FROM gate.request r WHERE r.handle = %s",
            [handle.text],
        ).fetchone()


@dataclass(frozen=True, slots=True)
class Group:
    """Requests that share something: under which sign, of which agencies, how many, between which days."""

    sign: str
    name: str
    agencies: list[str]
    number: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """One request of a group."""

    handle: str
    agency: str
    state: str
    at: datetime
    told: str


_SIGN = "left(encode(sha256(convert_to({}, 'UTF8')), 'hex'), 16)"
_REQUEST = "r.handle, coalesce(r.agency_line[1], 'unknown') AS agency, r.state"

# Each gives handle, agency, state, at, the key of the group, the group's name, and a word about the request.
# What a request says is read in none of them but for its officers; keyed digests tell what else is shared.
_SHAPES = {
    "officers": f"""
        SELECT {_REQUEST}, r.received_at AS at, btrim(o.officer) AS key, btrim(o.officer) AS name,
            coalesce(m.matter::text, r.handle) AS counted, '' AS told
        FROM gate.request r LEFT JOIN gate.mark m USING (handle),
            unnest(r.officers) AS o (officer)
        WHERE btrim(o.officer) <> ''""",
    "reasons": f"""
        SELECT {_REQUEST}, r.received_at AS at, m.reasons::text AS key, '' AS name, '' AS told
        FROM gate.request r JOIN gate.mark m USING (handle) WHERE m.reasons IS NOT NULL""",
    "addresses": f"""
        SELECT {_REQUEST}, r.received_at AS at, m.address::text AS key, '' AS name,
            coalesce(m.person::text, r.handle) AS counted, '' AS told
        FROM gate.request r JOIN gate.mark m USING (handle) WHERE m.address IS NOT NULL""",
    "speed": f"""
        SELECT {_REQUEST}, c.ended_at AS at, c.actor || ' ' || c.role AS key,
            c.actor || ' (' || c.role || ')' AS name,
            round(extract(epoch FROM c.spent)) || ' s' AS told
        FROM (SELECT k.*, k.ended_at - greatest(k.at, lag(k.ended_at) OVER (PARTITION BY k.actor, k.role
            ORDER BY k.ended_at, k.id)) AS spent FROM gate.claim k
            WHERE k.outcome NOT IN ('released', 'expired', 'moved')) AS c JOIN gate.request r USING (handle)
        WHERE c.spent < interval '2 minutes'""",
    "overridden": f"""
        SELECT {_REQUEST}, a.at, a.actor AS key, a.actor || ' (' || a.role || ')' AS name,
            coalesce((SELECT string_agg(p.code, ' ') FROM gate.point p
                WHERE p.handle = a.handle AND p.version = a.version), '') AS told
        FROM gate.act a JOIN gate.request r USING (handle) WHERE a.act = 'resolve referral'""",
    "dissents": f"""
        SELECT {_REQUEST}, d.at, d.actor AS key, d.actor || ' (' || d.role || ')' AS name,
            CASE WHEN EXISTS (SELECT FROM gate.dissent_answer w WHERE w.dissent = d.id)
                OR EXISTS (SELECT FROM gate.act a
                    WHERE a.handle = d.handle AND a.act = 'approve' AND a.version > d.version)
            THEN 'went on against it' ELSE '' END AS told
        FROM gate.dissent d JOIN gate.request r USING (handle)""",
    "unclaimed": f"""
        SELECT {_REQUEST}, a.at, a.actor AS key, a.actor || ' (' || a.role || ')' AS name, a.act AS told
        FROM gate.act a JOIN gate.request r USING (handle)
        WHERE a.role IN ('examiner', 'approver', 'counsel') AND a.act NOT IN ('recall', 'resume')
            AND NOT EXISTS (SELECT FROM gate.claim c
                WHERE c.handle = a.handle AND c.actor = a.actor AND c.at <= a.at)""",
}
_ENTRIES = {"denied": "access.denied", "opened": "access.opened"}
"""Shapes that are entries of the ledger about requests."""
SHAPES = (*_SHAPES, *_ENTRIES)


def is_of_entries(shape: str) -> bool:
    """True for a shape that is made of entries: see `noted`."""
    return shape in _ENTRIES


_HOW_MANY = {"officers": "count(DISTINCT counted)", "addresses": "count(DISTINCT counted)"}
"""Of an officer the matters are counted, of an address the people; else what is listed."""


def groups(
    connection: Connection, shape: str, since: datetime, agency: str, least: int, most: int
) -> list[Group]:
    """The groups of a shape with at least so many members since then, the largest first."""
    number = _HOW_MANY.get(shape, "count(*)")
    with connection.cursor(row_factory=class_row(Group)) as cursor:
        return cursor.execute(
            f"SELECT {_SIGN.format('key')} AS sign, min(name) AS name,"
            f" array_agg(DISTINCT agency) AS agencies, {number} AS number, min(at) AS first, max(at) AS last"
            f" FROM ({_SHAPES[shape]}) AS found"
            " WHERE at >= %(since)s AND (%(agency)s = '' OR agency = %(agency)s) GROUP BY key"
            f" HAVING {number} >= %(least)s ORDER BY number DESC, sign LIMIT %(most)s".encode(),
            {"since": since, "agency": agency, "least": least, "most": most},
        ).fetchall()


def numbers(connection: Connection, least: Mapping[str, int], since: datetime, most: int) -> dict[str, int]:
    """How many groups each shape has since then, those made of entries aside: one statement."""
    parts = [
        f"(SELECT count(*) FROM (SELECT FROM ({_SHAPES[shape]}) AS found WHERE at >= %(since)s GROUP BY key"
        f" HAVING {_HOW_MANY.get(shape, 'count(*)')} >= {least.get(shape, 1):d} LIMIT %(most)s) AS groups)"
        for shape in _SHAPES
    ]
    row = connection.execute(f"SELECT {', '.join(parts)}".encode(), {"since": since, "most": most}).fetchone()
    return dict(zip(_SHAPES, row or (), strict=True))


def members(
    connection: Connection, shape: str, since: datetime, agency: str, sign: str, most: int
) -> list[Member]:
    """The requests of one group, or with an empty sign of all, the newest first."""
    with connection.cursor(row_factory=class_row(Member)) as cursor:
        return cursor.execute(
            f"SELECT handle, agency, state, at, told FROM ({_SHAPES[shape]}) AS found"
            " WHERE at >= %(since)s AND (%(agency)s = '' OR agency = %(agency)s)"
            f" AND (%(sign)s = '' OR {_SIGN.format('key')} = %(sign)s)"
            " ORDER BY at DESC, handle LIMIT %(most)s".encode(),
            {"since": since, "agency": agency, "sign": sign, "most": most},
        ).fetchall()


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry about a request, with the request's agency and state."""

    handle: str
    agency: str
    state: str
    at: datetime
    body: Mapping[str, Canonical] = field(repr=False)


def noted(connection: Connection, shape: str, since: datetime, agency: str, most: int) -> list[Noted]:
    """The entries of a shape since then, the newest first."""
    kind = _ENTRIES[shape]
    rows = connection.execute(
        f"SELECT DISTINCT ON (r.handle) {_REQUEST}, e.at FROM log.entry e JOIN gate.request r USING (handle)"
        " WHERE e.kind = %s AND e.at >= %s AND (%s = '' OR coalesce(r.agency_line[1], 'unknown') = %s)"
        " ORDER BY r.handle, e.at DESC".encode(),
        [kind, since, agency, agency],
    ).fetchall()
    newest = sorted(rows, key=lambda row: row[3], reverse=True)[:most]
    about = log.about(connection, [Handle(row[0]) for row in newest], [kind])
    found = [
        Noted(handle, code, state, entry.at, entry.body)
        for handle, code, state, _ in newest
        for entry in about.get(Handle(handle), [])
        if entry.at >= since
    ]
    return sorted(found, key=lambda each: each.at, reverse=True)[:most]


def agencies(connection: Connection) -> list[str]:
    """The agencies that have sent requests."""
    rows: Any = connection.execute(
        "SELECT DISTINCT coalesce(agency_line[1], 'unknown') FROM gate.request ORDER BY 1"
    )
    return [code for (code,) in rows]
