"""The officers' queue and case page with very many cases in the database: the views and their pages."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from tests.stories.people import VALID
from tests.web.site import open_site
from tests.workplace.office import ADA, ERIN, INA, REFERABLE
from wicketgate.core.identifiers import Handle
from wicketgate.core.request import Request
from wicketgate.core.roles import Role
from wicketgate.embedded import throw_away
from wicketgate.flow.work.capacity import capacity
from wicketgate.flow.work.queue import home, queue
from wicketgate.store.database import Connection, Database, open_database
from wicketgate.store.migrate import migrate
from wicketgate.store.vault import Vault
from wicketgate.store.work_filters import Filters

if TYPE_CHECKING:
    from django.test import Client

    from tests.web.desk import Desk

_FILL = """
INSERT INTO gate.request (handle, submission, row, request_id, agency_line, body, facts, determination,
    findings, authority_digest, determined_on, state, version, received_at, changed_at, officer_scopes)
SELECT made.handle, m.submission, 1000 + n, 'B' || n,
    CASE n %% 3 WHEN 0 THEN ARRAY['DOJ'] ELSE ARRAY['DHS-ICE', 'DHS'] END, made.body, made.facts,
    m.determination, CASE WHEN n %% 7 = 0 THEN ARRAY['B5'] ELSE m.findings END, m.authority_digest,
    m.determined_on, (ARRAY['sufficient', 'sufficient', 'verified', 'referred'])[1 + n %% 4], 2,
    m.received_at - make_interval(mins => n %% 100000), m.changed_at, m.officer_scopes
FROM gate.request m, made WHERE m.handle = %s
"""
_LETTERS = str.maketrans("0123456789abcdef", "23456789BCDFGHJK")
_AT_ONCE = 10_000


def work(cases: int) -> dict[str, dict[str, float]]:
    """Milliseconds, queries and bytes of each view and page, with `cases` made by SQL."""
    with throw_away() as server:
        database = open_database(server)
        migrate(database)
        folder = Path(server.directory) / "bench"
        folder.mkdir()
        with open_site(database, folder) as site:
            from tests.web.desk import Desk

            return _measured(database, Desk(site, folder), cases)


def _measured(database: Database, desk: Desk, cases: int) -> dict[str, dict[str, float]]:
    handle, model = desk.endorsed(), desk.one()
    desk.one(REFERABLE)
    desk.page(INA, model)
    found: dict[str, dict[str, float]] = {}
    with database.administer() as connection:
        started = time.perf_counter()
        _fill(connection, cases, model, desk.kin.of(Request.from_mapping(VALID)), desk.gate.database.vault)
        found["making the cases"] = {"seconds": round(time.perf_counter() - started, 1), "cases": cases}
    deep: str | None = None
    for _ in range(10):
        deep = queue(desk.gate, ERIN, after=deep).after
    found |= {name: _timed(view) for name, view in _views(desk, deep).items()}
    found |= _pages(desk, model.text, handle.text)
    with database.administer() as connection:  # clocks that stood still make every row dearer
        connection.execute(
            "INSERT INTO gate.stop (scope, since, until) VALUES ('DHS', %s, %s)",
            [desk.clock.now() - timedelta(days=40), desk.clock.now() - timedelta(days=38)],
        )
    for clock in ("late", "soon", "in_time", "stopped"):
        narrowed = Filters(clock=clock)
        found[f"queue, {clock}, after an order"] = _timed(partial(queue, desk.gate, ERIN, narrowed))
    found["home, after an order"] = _timed(lambda: home(desk.gate, ERIN))
    return found


def _views(desk: Desk, deep: str | None) -> dict[str, Callable[[], object]]:
    return {
        "an empty transaction": lambda: desk.value("SELECT 1"),
        "home": lambda: home(desk.gate, ERIN),
        "queue, first page": lambda: queue(desk.gate, ERIN),
        "queue, late, mine aside": lambda: queue(desk.gate, ERIN, Filters(clock="late", claimed="nobody")),
        "queue, soon": lambda: queue(desk.gate, ERIN, Filters(clock="soon")),
        "queue, one agency": lambda: queue(desk.gate, ERIN, Filters(agency="DOJ"), "age"),
        "queue, one element": lambda: queue(desk.gate, ERIN, Filters(code="B5")),
        "queue, an element of none": lambda: queue(desk.gate, ERIN, Filters(code="B9")),
        "queue, with dissent": lambda: queue(desk.gate, ADA, Filters(dissent=True)),
        "queue, ten pages on": lambda: queue(desk.gate, ERIN, after=deep),
        "capacity": lambda: capacity(desk.gate),
    }


def _pages(desk: Desk, model: str, endorsed: str) -> dict[str, dict[str, float]]:
    """Pages through the whole stack but the socket, as multiples of one that shows nothing."""
    erin, ada = desk.client("erin", Role.EXAMINER), desk.client("ada", Role.APPROVER)
    ina = desk.client("ina", Role.INSPECTOR)
    pages = {
        "page: empty": (erin, "/prove/done/"),
        "page: home": (erin, "/"),
        "page: queue": (erin, "/queue/"),
        "page: queue, late": (erin, "/queue/?clock=late"),
        "page: queue, one element": (erin, "/queue/?code=B5&sort=age"),
        "page: queue, overseer": (ina, "/queue/"),
        "page: case, examiner": (erin, f"/requests/{model}/"),
        "page: case, approver": (ada, f"/requests/{endorsed}/"),
        "page: case, inspector": (ina, f"/requests/{model}/"),
        "page: capacity": (ina, "/capacity/"),
        "page: judgement": (ina, "/judgement/"),
    }
    return {name: _page(*page) for name, page in pages.items()}


def _page(client: Client, path: str, times: int = 40) -> dict[str, float]:
    """One page and an empty one in turn, so that whatever else the machine does meets both."""
    with _counting() as asked:
        answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    pages, empty = [], []
    for _ in range(times):
        empty.append(_once(lambda: client.get("/prove/done/")))
        pages.append(_once(lambda: client.get(path)))
    ratio = statistics.median(pages) / statistics.median(empty)
    return _told(pages) | {
        "times_empty": round(ratio, 1),
        "queries": len(asked),
        "kib": round(len(answer.content) / 1024, 1),
    }


@contextmanager
def _counting() -> Iterator[list[str]]:
    """Collects every statement that any connection of this process sends; probes of a connection aside."""
    asked: list[str] = []
    plain: Any = psycopg.Cursor.execute

    def counted(cursor: object, query: object, *rest: object, **named: object) -> object:
        if str(query) not in ("SELECT", "SELECT 1"):
            asked.append(str(query))
        return plain(cursor, query, *rest, **named)

    psycopg.Cursor.execute = counted  # type: ignore[method-assign, assignment]
    try:
        yield asked
    finally:
        psycopg.Cursor.execute = plain  # type: ignore[method-assign]


def _make(connection: Connection, cases: int, model: Handle, vault: Vault) -> None:
    """What the model says and what was found of it, sealed for each copy under a key of its own."""
    row = connection.execute(
        "SELECT body, facts FROM gate.request WHERE handle = %s", [model.text]
    ).fetchone()
    assert row is not None
    names = ("request", "facts")
    said = vault.open([(model, what, sealed) for what, sealed in zip(names, row, strict=True)])
    connection.execute("CREATE TEMPORARY TABLE made (n integer, handle text, body bytea, facts bytea)")
    with connection.cursor() as cursor, cursor.copy("COPY made FROM STDIN") as lines:
        for first in range(1, cases + 1, _AT_ONCE):
            numbers = range(first, min(first + _AT_ONCE, cases + 1))
            texts = [format(n + 2**28, "012x").translate(_LETTERS) for n in numbers]
            handles = [Handle(f"WG-{text[:4]}-{text[4:8]}-{text[8:]}") for text in texts]
            pieces = [
                (handle, what, plain or b"")
                for handle in handles
                for what, plain in zip(names, said, strict=True)
            ]
            sealed = iter(vault.seal(pieces))
            for n, handle in zip(numbers, handles, strict=True):
                lines.write_row((n, handle.text, next(sealed), next(sealed)))


def _fill(connection: Connection, cases: int, model: Handle, keys: list[int], vault: Vault) -> None:
    """Copies of one determined request in four states, with their work, sums and kin, all guards aside."""
    for table in ("request", "kin", "work"):
        connection.execute(f"ALTER TABLE gate.{table} DISABLE TRIGGER ALL".encode())
    _make(connection, cases, model, vault)
    connection.execute(_FILL.encode(), [model.text])
    connection.execute(
        "INSERT INTO gate.work (handle, submission, agency, agency_line, state, codes, referral, received_at,"
        " due_at, entered_at) SELECT handle, submission, agency_line[1], agency_line, state, findings,"
        " state = 'referred', received_at, received_at + interval '30 days', changed_at FROM gate.request r"
        " ON CONFLICT DO NOTHING"
    )
    connection.execute(
        "INSERT INTO gate.work_code (code, state, due_at, received_at, handle)"
        " SELECT c, state, due_at, received_at, handle FROM gate.work, unnest(codes) AS c"
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
    for table in ("request", "kin", "work"):
        connection.execute(f"ALTER TABLE gate.{table} ENABLE TRIGGER ALL".encode())
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE")


def _timed(view: Callable[[], object], times: int = 40) -> dict[str, float]:
    view()
    return _told([_once(view) for _ in range(times)])


def _once(view: Callable[[], object]) -> float:
    started = time.perf_counter()
    view()
    return (time.perf_counter() - started) * 1_000


def _told(taken: list[float]) -> dict[str, float]:
    high = sorted(taken)[int(len(taken) * 0.95)]
    return {"median_ms": round(statistics.median(taken), 2), "p95_ms": round(high, 2)}


if __name__ == "__main__":
    import json
    import sys

    print(json.dumps(work(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000), indent=1))
