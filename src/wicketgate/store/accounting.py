"""The reports' figures counted in SQL, and the records that they are counted from, as `gate_audit`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from wicketgate.store.database import Connection

_COUNTS = """
WITH entry AS MATERIALIZED (
    SELECT e.kind, e.handle, e.body, (e.body ->> 'at')::timestamptz AS at FROM log.entry e
    WHERE e.idx < %(size)s AND get_byte(e.leaf, 0) = 1 AND e.handle IS NOT NULL
        AND NOT EXISTS (SELECT FROM log.entry x WHERE x.handle = e.handle AND x.kind = 'exercise')
), asked AS (
    SELECT handle, CASE WHEN body ->> 'agency' ~ '^[A-Z][A-Z0-9-]{1,19}$' THEN body ->> 'agency'
        ELSE 'unknown' END AS agency FROM entry WHERE kind = 'request.received'
), known AS (
    SELECT e.kind, e.handle, e.body, e.at, coalesce(a.agency, 'unknown') AS agency,
        e.at >= %(first)s AS this_year
    FROM entry e LEFT JOIN asked a USING (handle) WHERE e.at < %(after)s
), person AS (
    SELECT DISTINCT ON (handle) handle, body ->> 'taxpayer' AS taxpayer FROM known
    WHERE kind = 'disclosure.released' ORDER BY handle, at DESC
), recalled AS (
    SELECT DISTINCT ON (handle) agency, handle, (body ->> 'due')::timestamptz AS due FROM known
    WHERE kind = 'disclosure.recalled' AND body ? 'due' ORDER BY handle, at DESC
), counted (agency, name, detail, n, safeguards) AS (
    SELECT agency, CASE kind WHEN 'request.received' THEN 'requests' ELSE 'instances' END, '', count(*),
        kind = 'pickup'
    FROM known WHERE this_year AND kind IN ('request.received', 'pickup') GROUP BY agency, kind
    UNION ALL
    SELECT agency, 'purposes', coalesce(nullif(body ->> 'purpose', ''), 'not stated'), count(*), false
    FROM known WHERE this_year AND kind = 'pickup' GROUP BY 1, 3
    UNION ALL
    SELECT agency, 'taxpayers', '', count(DISTINCT coalesce(p.taxpayer, 'unnamed:' || k.handle)), false
    FROM known k LEFT JOIN person p USING (handle) WHERE this_year AND kind = 'pickup' GROUP BY 1
    UNION ALL
    SELECT agency, name, detail, count(*), safeguards FROM known JOIN (VALUES
        ('request.determined', 'determinations', 'determination', false),
        ('request.endorsed', 'examinations', 'act', false),
        ('referral.determined', 'referrals', 'act', false),
        ('decision', 'decisions', 'decision', false),
        ('request.held', 'held by order or for a reason inside', '', false),
        ('request.withdrawn', 'withdrawn', '', false),
        ('disclosure.released', 'packages sealed', '', false),
        ('disclosure.expired', 'packages destroyed unopened', '', true),
        ('disclosure.recalled', 'recalls', '', true),
        ('destruction.certified', 'destructions certified', '', true),
        ('access.denied', 'acts refused', 'act', true),
        ('access.opened', 'opened for oversight', '', true),
        ('dissent', 'dissents', '', false)
    ) AS act (kind, name, by_field, safeguards) USING (kind),
    LATERAL (SELECT coalesce(body ->> by_field, '') AS detail) AS said
    WHERE this_year GROUP BY 1, 2, 3, 5
    UNION ALL
    SELECT agency, 'not shown, by element', code, count(*), false
    FROM known, jsonb_array_elements_text(body -> 'findings') AS code
    WHERE this_year AND kind = 'request.determined' AND body ->> 'determination' = 'deficient' GROUP BY 1, 3
), held (agency, name, detail, n) AS (
    SELECT agency, 'disclosures held by recipients at the end', '',
        count(*) FILTER (WHERE kind = 'pickup') - count(*) FILTER (WHERE kind = 'destruction.certified')
    FROM known WHERE kind IN ('pickup', 'destruction.certified') GROUP BY 1
    UNION ALL
    SELECT r.agency, 'certificates overdue at the end', '', count(*) FROM recalled r WHERE r.due < %(after)s
        AND NOT EXISTS (SELECT FROM known k WHERE k.handle = r.handle AND k.kind = 'destruction.certified')
    GROUP BY 1
    UNION ALL
    SELECT CASE WHEN o.body ->> 'agency' = 'all agencies' OR o.body ->> 'agency' ~ '^[A-Z][A-Z0-9-]{1,19}$'
            THEN o.body ->> 'agency' ELSE 'unknown' END,
        CASE o.body ->> 'act' WHEN 'begin' THEN 'suspensions begun' ELSE 'suspensions ended' END, '', count(*)
    FROM log.entry o WHERE o.kind = 'order' AND o.idx < %(size)s AND o.body ->> 'act' IN ('begin', 'end')
        AND (o.body ->> 'on')::date >= %(first_day)s AND (o.body ->> 'on')::date < %(after_day)s GROUP BY 1, 2
)
SELECT 'confidential', agency, name, detail, n FROM counted
UNION ALL SELECT 'safeguards', agency, name, detail, n FROM counted WHERE safeguards
UNION ALL SELECT 'safeguards', agency, name, detail, n FROM held
"""
_TOLD = """
SELECT name.key, sum(name.value::bigint)::bigint FROM log.entry e,
    jsonb_each_text(e.body -> 'counts') AS name
WHERE e.kind = 'answers' AND e.idx < %s AND left(e.body ->> 'to', 4) = %s GROUP BY 1
"""


def counted(connection: Connection, year: int, size: int) -> dict[str, Counter[tuple[str, str, str]]]:
    """Counts of a year over the first `size` entries, by report: of (agency, name, detail)."""
    first, after = (datetime(each, 1, 1, tzinfo=UTC) for each in (year, year + 1))
    rows = connection.execute(
        _COUNTS,
        {"size": size, "first": first, "after": after, "first_day": first.date(), "after_day": after.date()},
    )
    found: dict[str, Counter[tuple[str, str, str]]] = {"confidential": Counter(), "safeguards": Counter()}
    for report, agency, name, detail, number in rows:
        found[report][agency, name, detail] = int(number)
    return found


def told(connection: Connection, year: int, size: int) -> dict[str, int]:
    """What the quarterly publications of a year told, summed up, by the name of the count."""
    return {name: int(number) for name, number in connection.execute(_TOLD, [size, str(year)])}


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
_RECORD = """
SELECT e.handle, min(e.body ->> 'agency') FILTER (WHERE e.kind = 'request.received'),
    min(e.body ->> 'agency_sequence'), min(e.body ->> 'at') FILTER (WHERE e.kind = 'request.received'),
    min(e.body ->> 'authority'), min(e.body ->> 'request_digest') FILTER (WHERE e.kind = 'request.received'),
    (array_agg(e.body ->> 'determination' ORDER BY e.idx DESC)
        FILTER (WHERE e.kind = 'request.determined'))[1],
    (array_agg((SELECT string_agg(c, ';') FROM jsonb_array_elements_text(e.body -> 'findings') AS c)
        ORDER BY e.idx DESC) FILTER (WHERE e.kind = 'request.determined'))[1],
    (array_agg(e.body ->> 'decision' ORDER BY e.idx DESC) FILTER (WHERE e.kind = 'decision'))[1],
    (array_agg(e.body ->> 'item' ORDER BY e.idx DESC) FILTER (WHERE e.kind = 'disclosure.intended'))[1],
    (array_agg(e.body ->> 'purpose' ORDER BY e.idx DESC) FILTER (WHERE e.kind = 'disclosure.intended'))[1],
    (array_agg(e.body ->> 'recipient' ORDER BY e.idx DESC) FILTER (WHERE e.kind = 'disclosure.intended'))[1],
    max(e.body ->> 'taxpayer'), max(e.body ->> 'at') FILTER (WHERE e.kind = 'disclosure.released'),
    max(e.body ->> 'at') FILTER (WHERE e.kind = 'pickup'),
    max(e.body ->> 'at') FILTER (WHERE e.kind = 'request.withdrawn'),
    max(e.body ->> 'at') FILTER (WHERE e.kind = 'disclosure.expired'),
    max(e.body ->> 'at') FILTER (WHERE e.kind = 'disclosure.recalled'),
    max(e.body ->> 'at') FILTER (WHERE e.kind = 'destruction.certified')
FROM log.entry e WHERE e.handle IS NOT NULL GROUP BY e.handle
HAVING bool_or(e.kind = 'request.received') AND NOT bool_or(e.kind = 'exercise')
ORDER BY min(e.idx)
"""


def records(connection: Connection) -> Iterator[tuple[str | None, ...]]:
    """Every request and what became of it, from the ledger, in the order in which they came (`RECORD`)."""
    with connection.cursor(name="record") as cursor:
        cursor.itersize = 5_000
        cursor.execute(_RECORD.encode())
        yield from cursor
