"""Rows into CSV, JSON Lines or Parquet, by the file's suffix; the three hold the same texts."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import duckdb

Progress = Callable[[int], None]
"""Is told how many rows are written so far, every few thousand rows."""

_STEP = 5_000


class SyntheticError(ValueError):
    """The wish cannot be fulfilled; one sentence says why and how to mend it."""


def write_rows(
    path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]], progress: Progress | None = None
) -> int:
    """Write the rows in constant memory and return their number. An empty text means missing.

    Raises `SyntheticError` for a suffix other than ``.csv``, ``.jsonl`` or ``.parquet``.
    """
    suffix = path.suffix.lower()
    if suffix == ".csv":
        return _csv(path, columns, rows, progress)
    if suffix == ".jsonl":
        return _json_lines(path, columns, rows, progress)
    if suffix == ".parquet":
        return _parquet(path, columns, rows, progress)
    raise SyntheticError(f"{path.name}: the suffix must be .csv, .jsonl or .parquet.")


def counted(rows: Iterable[Sequence[str]], progress: Progress | None) -> Iterable[Sequence[str]]:
    """The same rows; `progress` hears of every few thousand."""
    number = 0
    for number, row in enumerate(rows, 1):
        if progress is not None and number % _STEP == 0:
            progress(number)
        yield row
    if progress is not None:
        progress(number)


def _csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]], progress: Progress | None) -> int:
    number = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")  # RFC 4180
        writer.writerow(columns)
        for row in counted(rows, progress):
            writer.writerow(row)
            number += 1
    return number


def _json_lines(
    path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]], progress: Progress | None
) -> int:
    number = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in counted(rows, progress):
            stated = {name: text for name, text in zip(columns, row, strict=True) if text}
            file.write(json.dumps(stated, ensure_ascii=False) + "\n")
            number += 1
    return number


def _parquet(
    path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]], progress: Progress | None
) -> int:
    passing = path.with_name(path.name + ".tmp.csv")
    try:
        number = _csv(passing, columns, rows, progress)
        with duckdb.connect() as database:
            # read_csv guesses nothing here: every column is text, and an unquoted empty text is NULL.
            database.execute("SET threads = 1; SET preserve_insertion_order = true")
            texts = ", ".join(f"'{name}': 'VARCHAR'" for name in columns)
            database.execute(
                f"COPY (SELECT * FROM read_csv(?, header = true, delim = ',', quote = '\"', escape = '\"', "  # noqa: S608
                f"auto_detect = false, columns = {{{texts}}})) TO '{_quoted(path)}' (FORMAT parquet)",
                [str(passing)],
            )
    finally:
        passing.unlink(missing_ok=True)
    return number


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
