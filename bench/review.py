"""The whole `wicketgate review` beside DuckDB turning the same CSV into Parquet, with the same threads."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import duckdb

from bench.memory import run_measured
from bench.timing import best

SHARE = 10
"""The smaller size is a tenth of the larger one, down to where starting the program would be most of it."""
LEAST = 20_000


def review(submission: Path, rows: int, folder: Path) -> dict[str, dict[str, float]]:
    """The file and its first rows; starting is measured with one row and left out of a row's cost."""
    start, _ = _run(_first(submission, 1, folder), folder)
    smaller = max(LEAST, rows // SHARE)
    sizes = {smaller: _first(submission, smaller, folder), rows: submission}
    return {f"{count} rows": _measured(file, count, start, folder) for count, file in sizes.items()}


def _measured(file: Path, rows: int, start: float, folder: Path) -> dict[str, float]:
    limit = best(lambda: _convert(file, folder / "limit.parquet"))
    seconds, peak = _run(file, folder)
    return {
        "seconds": round(seconds, 2),
        "start_seconds": round(start, 2),
        "us_per_row": round((seconds - start) / rows * 1e6, 1),
        "duckdb_csv_to_parquet_seconds": round(limit, 3),
        "ratio": round(seconds / limit, 1),
        "peak_mib": round(peak / 2**20),
    }


def _convert(file: Path, to: Path) -> None:
    """Every column as text, since that is what keeps `007`."""
    with duckdb.connect(config={"threads": os.cpu_count() or 1}) as connection:
        connection.execute(f"COPY (SELECT * FROM read_csv('{file}', all_varchar = true)) TO '{to}'")


def _run(file: Path, folder: Path) -> tuple[float, int]:
    return run_measured(
        [sys.executable, "-m", "wicketgate", "review", str(file), "--out", str(folder / "out")]
    )


def _first(submission: Path, rows: int, folder: Path) -> Path:
    """The header and the first rows; a synthetic submission has one row on each line."""
    file = folder / f"{rows}.csv"
    with submission.open() as source, file.open("w") as target:
        target.writelines(line for line, _ in zip(source, range(rows + 1), strict=False))
    return file
