"""The two files of a register directory as tables of text, CSV and Parquet alike."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb

_BATCH = 5_000


class RegisterRefusedError(ValueError):
    """The register directory cannot be used; the message says what, where, and how to mend it."""


class RegisterSource:
    """Tables `persons` and `addresses`: a column `row` from 1, then the texts, ``''`` for missing."""

    def __init__(self, directory: Path, columns: dict[str, Sequence[str]]) -> None:
        self._directory = directory
        self._database = duckdb.connect(
            config={
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "temp_directory": "",  # no copy of a register is left on a disk
            }
        )
        self.files = {name: self._open(name, wanted) for name, wanted in columns.items()}

    def rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """Stream the result of a query; raises `RegisterRefusedError` when a file cannot be read on."""
        cursor = self._database.cursor()
        try:
            cursor.execute(sql)
            while rows := cursor.fetchmany(_BATCH):
                yield from rows
        except duckdb.Error as error:
            raise self._refusal(_place_of(error)) from None

    def close(self) -> None:
        """Let go of the files."""
        self._database.close()

    def _open(self, name: str, wanted: Sequence[str]) -> Path:
        """Make the table of one file and return the file."""
        candidates = [self._directory / f"{name}.{kind}" for kind in ("csv", "parquet")]
        found = [path for path in candidates if path.is_file()]
        if len(found) != 1:
            raise self._refusal(
                f"it has {'both' if found else 'neither'} of {name}.csv and {name}.parquet; one is needed"
            )
        path = found[0]
        try:
            source, columns = self._csv(path) if path.suffix == ".csv" else self._parquet(path)
        except (duckdb.Error, UnicodeDecodeError, csv.Error):
            raise self._refusal(f"{path.name} cannot be read as {path.suffix[1:]} in UTF-8") from None
        missing = [column for column in wanted if column not in columns]
        unknown = [column for column in columns if column not in wanted]
        if missing or unknown or len(columns) != len(wanted):
            raise self._refusal(
                f"{path.name} must have the columns {', '.join(wanted)}; "
                f"missing: {', '.join(missing) or 'none'}; unknown: {', '.join(unknown) or 'none'}"
            )
        cells = ", ".join(f"coalesce(CAST({column} AS VARCHAR), '') AS {column}" for column in wanted)
        self._database.execute(
            f"CREATE VIEW {name} AS SELECT row_number() OVER () AS row, {cells} FROM {source}"
        )
        return path

    def _csv(self, path: Path) -> tuple[str, list[str]]:
        with path.open(encoding="utf-8-sig", newline="") as file:
            columns = next(csv.reader(file, strict=True), [])
        typed = ", ".join(f"{_quoted(column)}: 'VARCHAR'" for column in columns)
        dialect = """header = true, delim = ',', quote = '"', escape = '"', auto_detect = false"""
        return f"read_csv({_quoted(str(path))}, columns = {{{typed}}}, {dialect})", columns

    def _parquet(self, path: Path) -> tuple[str, list[str]]:
        source = f"read_parquet({_quoted(str(path))})"
        described = self._database.execute(f"SELECT * FROM {source} LIMIT 0").description
        return source, [str(column[0]) for column in described or ()]

    def _refusal(self, problem: str) -> RegisterRefusedError:
        return RegisterRefusedError(f"The register in {self._directory} was not loaded: {problem}.")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _place_of(error: duckdb.Error) -> str:
    """The line that DuckDB names, and nothing of the row that its message quotes."""
    first = str(error).splitlines()[0]
    line = first.partition("on Line: ")[2].strip()
    return f"line {line} of a file has too few or too many columns" if line.isdigit() else "a file is damaged"
