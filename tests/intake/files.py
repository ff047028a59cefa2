"""Submissions for tests: a complete row, and files in the three formats."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

from wicketgate.core.request import COLUMNS
from wicketgate.stages.intake import Malformed, read_submission

COMPLETE: Mapping[str, str] = {
    "request_id": "R-1",
    "requesting_agency": "DHS",
    "form": "written",
    "authority_cited": "26 U.S.C. 6103(i)(2)",
    "signatory_name": "Pat Example-Smith",
    "signatory_capacity": "agency_head",
    "signed_on": "2026-02-10",
    "taxpayer_first_name": "Maria",
    "taxpayer_last_name": "García López",
    "address_line1": "1234 Elm Street",
    "address_line2": "Apt 5",
    "address_city": "Houston",
    "address_state": "TX",
    "address_postal_code": "77002",
    "taxpayer_birth_date": "1980-05-01",
    "taxable_periods": "2022;2023",
    "statute": "18 U.S.C. 1343",
    "matter_stage": "investigation",
    "matter_number": "HSI-2025-0042",
    "reasons": "Bank records show that the subject, acting alone, wired the proceeds abroad.",
    "items_requested": "last_known_address",
    "engaged_officers": "A. Agent|1234|DHS",
    "sole_use_attested": "true",
    "automated_analysis": "none",
}
WIDE = "request_id,requesting_agency,form,reasons,statute,matter_stage,matter_number,items_requested"
"""A header wide enough for a line to look like a row."""


def wide(number: int, reasons: str = "because") -> str:
    return f"R{number},DHS,written,{reasons},x,y,z,w"


def csv_bytes(rows: Iterable[Mapping[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def json_bytes(rows: Iterable[Mapping[str, str]]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def write_parquet(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    with duckdb.connect() as database:
        database.execute(f"CREATE TABLE t ({', '.join(f'{name} VARCHAR' for name in COLUMNS)})")
        values = [[row.get(name) for name in COLUMNS] for row in rows]
        if values:
            database.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(COLUMNS))})", values)
        database.execute(f"COPY t TO '{path}' (FORMAT parquet)")


def read(path: Path, data: bytes | str) -> list[tuple[int, int, str]]:
    """(row, line, reference) of each row that was read, (row, line, "!column: problem") of each other."""
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return [
        (item.row, item.line, f"!{item.column or ''}: {item.problem}")
        if isinstance(item, Malformed)
        else (item.row, item.line, item.request.request_id)
        for item in read_submission(path)
    ]
