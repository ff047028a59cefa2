"""The officers' queue and case page with very many cases in the database."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from tests.stories.people import VALID
from tests.workplace.office import ADA, ERIN, REFERABLE, Office
from wicketgate.core.request import Request
from wicketgate.embedded import throw_away
from wicketgate.flow.work.capacity import capacity
from wicketgate.flow.work.queue import home, queue
from wicketgate.store.database import Connection, open_database
from wicketgate.store.migrate import migrate
from wicketgate.store.work import Filters

_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
_FILL = """
INSERT INTO gate.request (handle, submission, row, request_id, agency_line, body, facts, determination,
    findings, authority_digest, determined_on, state, version, received_at, changed_at)
SELECT 'WG-' || substr(h, 1, 4) || '-' || substr(h, 5, 4) || '-' || substr(h, 9, 4), m.submission,
    1000 + n, 'B' || n, CASE n %% 3 WHEN 0 THEN ARRAY['DOJ'] ELSE ARRAY['DHS-ICE', 'DHS'] END,
    m.body, m.facts,
    m.determination, CASE WHEN n %% 7 = 0 THEN ARRAY['B5'] ELSE m.findings END, m.authority_digest,
    m.determined_on, (ARRAY['sufficient', 'sufficient', 'verified', 'referred'])[1 + n %% 4], 2,
    m.received_at - make_interval(mins => n %% 100000), m.changed_at
FROM gate.request m, (
    SELECT n, translate(lpad(to_hex(n + 268435456), 12, '0'), '0123456789abcdef', '23456789BCDFGHJK') AS h
    FROM generate_series(1, %(cases)s) AS n
) AS made
WHERE m.handle = %(model)s
"""


def work(cases: int) -> dict[str, dict[str, float]]:
    """Median and 95th percentile, in milliseconds, of each view, with `cases` made by SQL."""
    with throw_away() as server:
        database = open_database(server)
        migrate(database)
        folder = Path(server.directory) / "bench"
        folder.mkdir()
        office = Office(database, folder)
        handle = office.endorsed()
        model = office.one()
        office.one(REFERABLE)
        # A bare round trip is measured before the many cases are there.
        found = {"an empty transaction": _timed(lambda: office.value("SELECT 1"))}
        with database.administer() as connection:
            started = time.perf_counter()
            _fill(connection, cases, model.text, office.kin.of(Request.from_mapping(VALID)))
            found["making the cases"] = {"seconds": round(time.perf_counter() - started, 1), "cases": cases}
        office.clock.on(days=20)
        views: dict[str, Callable[[], object]] = {
            "home": lambda: home(office.gate, ERIN),
            "queue, first page": lambda: queue(office.gate, ERIN),
            "queue, late, mine aside": lambda: queue(
                office.gate, ERIN, Filters(clock="late", claimed="nobody")
            ),
            "queue, one agency": lambda: queue(office.gate, ERIN, Filters(agency="DOJ"), "age"),
            "queue, one element": lambda: queue(office.gate, ERIN, Filters(code="B5")),
            "queue, an element of none": lambda: queue(office.gate, ERIN, Filters(code="B9")),
            "queue, with dissent": lambda: queue(office.gate, ADA, Filters(dissent=True)),
            "queue, ten pages on": lambda: queue(office.gate, ERIN, after=deep),
            "case, examiner": lambda: office.page(ERIN, model),
            "case, approver": lambda: office.page(ADA, handle),
            "capacity": lambda: capacity(office.gate),
        }
        deep: str | None = None
        for _ in range(10):
            deep = queue(office.gate, ERIN, after=deep).after
        found |= {name: _timed(view) for name, view in views.items()}
        office.clock.on(days=-20)
        with database.administer() as connection:  # clocks that stood still make every row dearer
            connection.execute(
                "INSERT INTO gate.stop (scope, since, until) VALUES ('DHS', %s, %s)",
                [office.clock.now() - timedelta(days=40), office.clock.now() - timedelta(days=38)],
            )
        office.clock.on(days=20)
        found["queue, late, after an order"] = _timed(lambda: queue(office.gate, ERIN, Filters(clock="late")))
        office.gate.close()
        return found


def _fill(connection: Connection, cases: int, model: str, keys: list[int]) -> None:
    """Copies of one determined request in four states, with their work, sums and kin, all guards aside."""
    for table in ("request", "kin"):
        connection.execute(f"ALTER TABLE gate.{table} DISABLE TRIGGER ALL".encode())
    connection.execute(_FILL.encode(), {"cases": cases, "model": model})
    connection.execute(
        "INSERT INTO gate.work (handle, submission, agency, agency_line, state, codes, referral, received_at,"
        " due_at, entered_at) SELECT handle, submission, agency_line[1], agency_line, state, findings,"
        " state = 'referred', received_at, received_at + interval '30 days', changed_at FROM gate.request r"
        " ON CONFLICT DO NOTHING"
    )
    connection.execute("DELETE FROM gate.tally")
    connection.execute(
        "INSERT INTO gate.tally (state, agency, submission, n)"
        " SELECT state, agency, submission, count(*) FROM gate.work GROUP BY 1, 2, 3"
    )
    # Every tenth case shares the model's officers and wording; each has keys of its own besides.
    connection.execute(
        "INSERT INTO gate.kin (key, at, handle) SELECT hashtextextended(r.handle, k), r.received_at, r.handle"
        " FROM gate.request r, generate_series(1, 8) AS k WHERE r.row > 1000"
    )
    connection.execute(
        "INSERT INTO gate.kin (key, at, handle) SELECT k, r.received_at, r.handle FROM gate.request r,"
        " unnest(%s::bigint[]) AS k WHERE r.row > 1000 AND r.row %% 10 = 0 ON CONFLICT DO NOTHING",
        [keys],
    )
    for table in ("request", "kin"):
        connection.execute(f"ALTER TABLE gate.{table} ENABLE TRIGGER ALL".encode())
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE")


def _timed(view: Callable[[], object], times: int = 40) -> dict[str, float]:
    view()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        view()
        taken.append((time.perf_counter() - started) * 1_000)
    taken.sort()
    return {"median_ms": round(statistics.median(taken), 2), "p95_ms": round(taken[int(times * 0.95)], 2)}


if __name__ == "__main__":
    import json
    import sys

    print(json.dumps(work(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000), indent=1))
