"""One measured run of set-based verification, as a program of its own so that its memory can be seen.

``python -m bench.verification FOLDER PEOPLE REQUESTS COPIES [peer]``: makes a population, asks about it,
decides, and writes what was found and what it cost into ``FOLDER/verification.json``; with ``peer`` also
the same people and requests as tables for Splink. With COPIES above 1 it then decides again with so many
populations side by side: the same people under other digests, so that all of them are different people.
"""

from __future__ import annotations

import json
import resource
import secrets
import sys
import time
from collections.abc import Callable
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import duckdb

from tests.campaigns.identities import ADULTS, Found, Peer, decide, taken_in
from wicketgate.flow.register_decisions import RegisterDecisions

MEMORY, MEMORY_OF_COPIES = "150MB", "1200MB"
"""What DuckDB may use; the process needs more, and never more than 2 GiB."""


def main() -> None:
    """Run and write the figures."""
    folder, people, requests, copies = Path(sys.argv[1]), *map(int, sys.argv[2:5])
    peer = Peer(folder, requests) if sys.argv[5:] else None
    found = Found()
    with closing(RegisterDecisions(MEMORY)) as decisions:
        began = time.process_time()
        asked = taken_in(decisions, people, 1, requests / (people * ADULTS), peer)
        if peer is not None:
            _apart(peer.close)
        prepared = time.process_time() - began
        decide(found, decisions, asked)
        figures: dict[str, Any] = {
            "prepare_cpu_seconds": round(prepared, 1),
            **_tables(decisions),
            **_deciding(found),
            **{name: value for name, value in found.told().items() if name not in ("by_kind", "seeds")},
        }
        runs = {"once": figures}
        if copies > 1:
            decisions.database.execute(f"SET memory_limit = '{MEMORY_OF_COPIES}'")
            multiply(decisions.database, len(asked), copies)
            many = Found()
            decide(many, decisions, asked * copies)
            assert many.eligible == {kind: n * copies for kind, n in found.eligible.items()}
            runs["copies"] = {
                **_tables(decisions),
                **_deciding(many),
                "on_file": many.on_file,
                "requests": many.requests.total(),
                "eligible": many.eligible.total(),
            }
    (folder / "verification.json").write_text(json.dumps(runs, indent=1))


def _apart(work: Callable[[], None]) -> None:
    """Do it in a process of its own, whose memory is not ours."""
    process = get_context("spawn").Process(target=work)
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError("The tables for the peer could not be written.")


def multiply(database: duckdb.DuckDBPyConnection, asked: int, copies: int) -> None:
    """Add copies of everything taken in, each under digests of its own."""
    tables = {
        table: database.execute(f"DESCRIBE {table}").fetchall()
        for table in ("person", "home", "asked", "forms")
    }
    for table in tables:
        database.execute(f"ALTER TABLE {table} RENAME TO one_{table}")
        database.execute(f"CREATE TABLE {table} AS FROM one_{table}")
    for copy in range(1, copies):
        other = secrets.randbits(54) << 8  # the low bits choose the masks' bits and stay
        for table, columns in tables.items():
            cells = ", ".join(_other(name, kind, other, copy, asked) for name, kind, *_ in columns)
            database.execute(f"INSERT INTO {table} SELECT {cells} FROM one_{table}")
    for table in tables:
        database.execute(f"DROP TABLE one_{table}")


def _other(name: str, kind: str, other: int, copy: int, asked: int) -> str:
    if name == "number":
        return f"number + {copy * asked}"
    if kind == "BIGINT" and not name.startswith("mask"):
        return f"xor({name}, {other})"
    if kind == "BIGINT[]":
        return f"list_transform({name}, lambda form: xor(form, {other}))"
    return f"{name} || '-{copy}'" if name == "person_id" else name


def _tables(decisions: RegisterDecisions) -> dict[str, float]:
    """Deciding alone, which leaves a table as the peer's prediction does."""
    started, used = time.perf_counter(), time.process_time()
    for _ in decisions.tables():
        pass
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - used
    return {"decide_seconds": round(seconds, 2), "decide_cpu_seconds": round(cpu_seconds, 2)}


def _deciding(found: Found) -> dict[str, float]:
    return {
        **{f"decide_and_read_{name}": round(value, 2) for name, value in found.deciding.items()},
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


if __name__ == "__main__":
    main()
