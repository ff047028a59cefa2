"""Recalls of many disclosures: which are chosen, the list that two people start, and how far it has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import LiteralString, NamedTuple

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from wicketgate.core.digest import Canonical
from wicketgate.core.identifiers import Handle
from wicketgate.store.database import Connection


class Disclosed(NamedTuple):
    """A disclosure that is out: who asked, under which version, and whether it was picked up."""

    handle: Handle
    agency: str
    authority_digest: str
    submission: int
    row: int
    state: str
    """`released`, `picked_up`, or `imported`."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """A recall as it stands."""

    number: int
    reasons: str = field(repr=False)
    selection: Mapping[str, str] = field(repr=False)
    disclosures: int
    list_digest: str
    days: int
    proposed_by: str
    proposed_at: datetime
    started_by: str | None
    started_at: datetime | None


class Agency(NamedTuple):
    """How far a recall has come for one agency."""

    agency: str
    listed: int
    waiting: int
    """Still to be called back."""
    destroyed: int
    """Before anybody picked them up."""
    noticed: int
    certified: int
    overdue: int
    served_on: date | None
    how: str | None
    proof: str | None

    @property
    def outstanding(self) -> int:
        """Asked back and not certified as destroyed."""
        return self.noticed - self.certified


def disclosed(connection: Connection, conditions: Mapping[str, object]) -> tuple[list[Disclosed], int]:
    """The disclosures that are out and fit all conditions, by handle, as `gate_audit`.

    What fits and was expunged is only counted: nothing more happens to it.

    Conditions: authority, element, switch (a pair), officer (every name as registered), agency,
    submission, since, until (dates, both inclusive), first, last (entries of the ledger), procedure.
    """
    words = dict.fromkeys(_CONDITIONS) | dict(conditions)
    switch, value = words.pop("switch", None) or (None, None)
    rows = connection.execute(
        _DISCLOSED + "".join(_CONDITIONS[name] for name in conditions) + " ORDER BY handle",
        {**words, "switch": switch, "value": value},
    )
    found, expunged = list[Disclosed](), 0
    for handle, *said, gone in rows:
        if gone:
            expunged += 1
        else:
            found.append(Disclosed(Handle(handle), *said))
    return found, expunged


_EXPUNGED: LiteralString = (
    "EXISTS (SELECT FROM gate.disposed i JOIN gate.disposition d ON d.number = i.disposition"
    " WHERE i.handle = r.handle AND d.confirmed_at IS NOT NULL)"
)
_DISCLOSED = (
    "SELECT r.handle, coalesce(r.agency_line[1], ''), coalesce(r.authority_digest, ''), r.submission, r.row,"
    f" CASE WHEN i.handle IS NULL THEN r.state ELSE 'imported' END, {_EXPUNGED}"
    " FROM gate.request r LEFT JOIN gate.imported_disclosure i USING (handle)"
    " WHERE (i.handle IS NOT NULL OR r.state IN ('released', 'picked_up'))"
    " AND NOT EXISTS (SELECT FROM gate.recall c WHERE c.handle = r.handle)"
)
_CONDITIONS = {
    "authority": " AND r.authority_digest = %(authority)s",
    "element": " AND EXISTS (SELECT FROM unnest(r.findings) f WHERE split_part(f, ':', 1) = %(element)s"
    " OR f = %(element)s)",
    "switch": " AND EXISTS (SELECT FROM gate.version v WHERE v.digest = r.authority_digest"
    " AND v.switches ->> %(switch)s = %(value)s)",
    "officer": " AND EXISTS (SELECT FROM gate.package p JOIN gate.recipient_key k USING (key_id)"
    " WHERE p.handle = r.handle AND k.officer = ANY (%(officer)s))",
    "agency": " AND %(agency)s = ANY (r.agency_line)",
    "submission": " AND r.submission = %(submission)s",
    "since": " AND coalesce(i.disclosed_on, (SELECT (max(a.at) AT TIME ZONE 'UTC')::date FROM gate.act a"
    " WHERE a.handle = r.handle AND a.act = 'release')) >= %(since)s",
    "until": " AND coalesce(i.disclosed_on, (SELECT (max(a.at) AT TIME ZONE 'UTC')::date FROM gate.act a"
    " WHERE a.handle = r.handle AND a.act = 'release')) <= %(until)s",
    "first": " AND EXISTS (SELECT FROM log.entry e WHERE e.handle = r.handle"
    " AND e.kind = 'disclosure.released' AND e.idx >= %(first)s)",
    "last": " AND EXISTS (SELECT FROM log.entry e WHERE e.handle = r.handle"
    " AND e.kind = 'disclosure.released' AND e.idx <= %(last)s)",
    "procedure": " AND i.procedure = %(procedure)s",
}


def propose(
    connection: Connection,
    members: Sequence[Disclosed],
    *,
    reasons: str,
    selection: Mapping[str, str],
    list_digest: str,
    days: int,
    actor: str,
    at: datetime,
) -> int:
    """Keep a list of disclosures to be recalled, as `gate_oversee`; returns its number."""
    # Numbers without a gap.
    connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('wicketgate: recalls', 0))")
    row = connection.execute(
        "INSERT INTO gate.recall_campaign (number, reasons, selection, disclosures, list_digest, days,"
        " proposed_by, proposed_at) SELECT coalesce(max(number), 0) + 1, %s, %s, %s, %s, %s, %s, %s"
        " FROM gate.recall_campaign RETURNING number",
        [reasons, Jsonb(dict(selection)), len(members), list_digest, days, actor, at],
    ).fetchone()
    assert row is not None  # noqa: S101  # an INSERT … RETURNING has its row or raises
    connection.execute(
        "INSERT INTO gate.recall_member (campaign, handle, agency)"
        " SELECT %s, handle, agency FROM unnest(%s::text[], %s::text[]) AS new (handle, agency)",
        [row[0], [each.handle.text for each in members], [each.agency for each in members]],
    )
    return int(row[0])


def start(connection: Connection, number: int, actor: str, at: datetime) -> bool:
    """The second person starts it, as `gate_oversee`; False when it was started before."""
    done = connection.execute(
        "UPDATE gate.recall_campaign SET started_by = %s, started_at = %s"
        " WHERE number = %s AND started_by IS NULL",
        [actor, at, number],
    )
    return done.rowcount == 1


def under_way(connection: Connection) -> list[int]:
    """The recalls that were started and are not called back as a whole yet, as `gate_audit`."""
    rows = connection.execute(
        "SELECT number FROM gate.recall_campaign c WHERE started_at IS NOT NULL AND EXISTS ("
        "SELECT FROM gate.recall_member m WHERE m.campaign = c.number AND m.outcome IS NULL) ORDER BY number"
    )
    return [int(number) for (number,) in rows]


def waiting(connection: Connection, number: int, most: int) -> list[Handle]:
    """Some of its disclosures that were not called back yet and that nobody else has, locked."""
    rows = connection.execute(
        "SELECT handle FROM gate.recall_member WHERE campaign = %s AND outcome IS NULL"
        " ORDER BY handle LIMIT %s FOR UPDATE SKIP LOCKED",
        [number, most],
    )
    return [Handle(handle) for (handle,) in rows]


def standings(connection: Connection, handles: Sequence[Handle]) -> dict[Handle, str]:
    """Where each disclosure that is out stands: released, picked_up or imported; as `gate_oversee`.

    What expired, was recalled or expunged before or was never disclosed is left out.
    """
    rows = connection.execute(
        "SELECT r.handle, CASE WHEN i.handle IS NULL THEN r.state ELSE 'imported' END"
        " FROM gate.request r LEFT JOIN gate.imported_disclosure i USING (handle)"
        " WHERE r.handle = ANY (%s) AND (i.handle IS NOT NULL OR r.state IN ('released', 'picked_up'))"
        f" AND NOT EXISTS (SELECT FROM gate.recall c WHERE c.handle = r.handle) AND NOT {_EXPUNGED}",
        [[handle.text for handle in handles]],
    )
    return {Handle(handle): str(state) for handle, state in rows}


def settle(connection: Connection, number: int, outcomes: Mapping[Handle, str]) -> None:
    """Note what became of them: destroyed, noticed or gone; as `gate_oversee`."""
    connection.execute(
        "UPDATE gate.recall_member m SET outcome = new.outcome"
        " FROM unnest(%s::text[], %s::text[]) AS new (handle, outcome)"
        " WHERE m.campaign = %s AND m.handle = new.handle",
        [[handle.text for handle in outcomes], list(outcomes.values()), number],
    )


def serve(
    connection: Connection, number: int, agency: str, on: date, how: str, proof: str, actor: str, at: datetime
) -> None:
    """Keep the proof that an agency was served, as `gate_oversee`; once."""
    connection.execute(
        "INSERT INTO gate.recall_service (campaign, agency, served_on, how, proof, recorded_by, recorded_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [number, agency, on, how, proof, actor, at],
    )


def campaigns(connection: Connection) -> list[Campaign]:
    """All of them, the newest first, as `gate_audit`."""
    with connection.cursor(row_factory=class_row(Campaign)) as cursor:
        return cursor.execute(
            "SELECT number, reasons, selection, disclosures, list_digest, days, proposed_by, proposed_at,"
            " started_by, started_at FROM gate.recall_campaign ORDER BY number DESC"
        ).fetchall()


def agencies(connection: Connection, at: datetime, number: int | None = None) -> dict[int, list[Agency]]:
    """How far a recall, or every recall, has come, by its number and by agency, as `gate_audit`."""
    rows = connection.execute(
        "SELECT m.campaign, m.agency, count(*), count(*) FILTER (WHERE m.outcome IS NULL),"
        " count(*) FILTER (WHERE m.outcome = 'destroyed'),"
        " count(*) FILTER (WHERE m.outcome = 'noticed'), count(c.certified_at),"
        " count(*) FILTER (WHERE c.certified_at IS NULL AND c.due_at < %(at)s),"
        " max(s.served_on), max(s.how), max(s.proof)"
        " FROM gate.recall_member m LEFT JOIN gate.recall c ON c.handle = m.handle AND m.outcome = 'noticed'"
        " LEFT JOIN gate.recall_service s ON s.campaign = m.campaign AND s.agency = m.agency"
        " WHERE %(number)s::bigint IS NULL OR m.campaign = %(number)s"
        " GROUP BY m.campaign, m.agency ORDER BY m.campaign, m.agency",
        {"number": number, "at": at},
    )
    found: dict[int, list[Agency]] = {}
    for campaign, *agency in rows:
        found.setdefault(campaign, []).append(Agency(*agency))
    return found


class Listed(NamedTuple):
    """One line of the list that goes to an agency."""

    handle: str
    request_id: str
    outcome: str
    due_on: date | None
    certified_on: date | None


def listed(connection: Connection, number: int, agency: str) -> list[Listed]:
    """The list for one agency, by handle and its own reference, as `gate_audit`."""
    rows = connection.execute(
        "SELECT m.handle, r.request_id, coalesce(m.outcome, 'not started'),"
        " (c.due_at AT TIME ZONE 'UTC')::date, (c.certified_at AT TIME ZONE 'UTC')::date"
        " FROM gate.recall_member m JOIN gate.request r USING (handle)"
        " LEFT JOIN gate.recall c ON c.handle = m.handle AND m.outcome = 'noticed'"
        " WHERE m.campaign = %s AND m.agency = %s ORDER BY m.handle",
        [number, agency],
    )
    return [Listed(*row) for row in rows]


def import_disclosures(
    connection: Connection, submission: int, rows: Sequence[int], procedure: str, on: date
) -> list[Handle]:
    """Note that received requests were answered elsewhere, as `gate_oversee`; returns which were noted."""
    found = connection.execute(
        "SELECT gate.import_disclosures(%s, %s, %s, %s)", [submission, list(rows), procedure, on]
    )
    return [Handle(handle) for (handle,) in found]


def certify_imported(
    connection: Connection, number: int, agency: str, certificate: Mapping[str, Canonical], at: datetime
) -> int:
    """Keep a certificate for what was disclosed elsewhere, as `gate_oversee`; returns for how many."""
    row = connection.execute(
        "SELECT gate.certify_imported(%s, %s, %s, %s)", [number, agency, Jsonb(dict(certificate)), at]
    ).fetchone()
    return 0 if row is None else int(row[0])


def apply_closures(connection: Connection, actor: str, at: datetime) -> list[tuple[str, str, bool]]:
    """Close and open doors as what is overdue demands, as `gate_oversee`: cause, agency, closed."""
    rows = connection.execute("SELECT cause, agency, closed FROM gate.apply_closures(%s, %s)", [actor, at])
    return [(str(cause), str(agency), bool(closed)) for cause, agency, closed in rows]
