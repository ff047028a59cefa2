"""The two files of a register directory as rows of text, CSV and Parquet alike."""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import duckdb

_BATCH = 5_000
_LONGEST_HEADER = 64 * 1024
_UNREADABLE = {
    "MISSING COLUMNS": "The row has too few columns.",
    "TOO MANY COLUMNS": "The row has too many columns.",
    "UNQUOTED VALUE": "A quotation mark is not closed, or text follows it.",
    "INVALID ENCODING": "The row is not UTF-8; save the file as UTF-8.",
}
"""What DuckDB calls a row that it cannot read, in our words: its own message quotes the row."""


class RegisterRefusedError(ValueError):
    """The register cannot be used; the message says what, where, and how to mend it."""


class Fault(NamedTuple):
    """What is wrong in one row; `row` counts from 1, or is the person_id where rows have no numbers."""

    table: str
    row: int | str
    column: str
    problem: str


class Source(Protocol):
    """Where a register comes from: tables `persons` and `addresses` as texts, ``''`` for missing."""

    name: str
    titles: Mapping[str, str]
    """What each table is called in a message."""

    def rows(self, table: str) -> Iterator[tuple[int | str, Sequence[str]]]:
        """Where each readable row stands, and its texts in the order of the columns."""
        ...

    def unreadable(self) -> Sequence[Fault]:
        """The rows that `rows` had to leave out."""
        ...

    def contradictions(self) -> Iterator[Fault]:
        """What rows say together: a person twice, an address of nobody, a second last known address."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


PERSON_TWICE = "This person_id occurs before; each person is one row."
OF_NOBODY = "No row of persons has this person_id."
SECOND_LAST = "The person has another last known address before; only one can be the last."
_REPEATED = "QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY row) > 1 ORDER BY row"
_CONTRADICTIONS = (
    ("persons", "person_id", PERSON_TWICE, f"SELECT row FROM persons {_REPEATED}"),
    (
        *("addresses", "person_id", OF_NOBODY),
        "SELECT row FROM addresses ANTI JOIN persons USING (person_id) ORDER BY row",
    ),
    (
        *("addresses", "is_last_known", SECOND_LAST),
        f"SELECT row FROM addresses WHERE lower(trim(is_last_known)) = 'true' {_REPEATED}",
    ),
)


class RegisterSource:
    """The files of a directory. Raises `RegisterRefusedError` when they are no register's."""

    def __init__(self, directory: Path, columns: Mapping[str, Sequence[str]]) -> None:
        self.name = str(directory)
        self._directory = directory
        self._columns = columns
        self._database = duckdb.connect(
            config={
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "temp_directory": "",  # no copy of a register is left on a disk
            }
        )
        self._faults: list[Fault] = []
        self._shifts: dict[str, list[int]] = {}
        self.titles: Mapping[str, str] = {
            table: self._open(table, wanted).name for table, wanted in columns.items()
        }

    def rows(self, table: str) -> Iterator[tuple[int | str, Sequence[str]]]:
        """Row numbers of the file, from 1 after the header, and texts."""
        for row, *cells in self._query(f"SELECT row, {', '.join(self._columns[table])} FROM {table}"):
            yield self._place(table, row), cells

    def unreadable(self) -> Sequence[Fault]:
        """The rows that are no rows of this table."""
        return self._faults

    def contradictions(self) -> Iterator[Fault]:
        """Found by comparing all rows, which takes memory: about a gigabyte for ten million persons."""
        for table, column, problem, sql in _CONTRADICTIONS:
            for (row,) in self._query(sql):
                yield Fault(table, self._place(table, row), column, problem)

    def close(self) -> None:
        """Let go of the files."""
        self._database.close()

    def _query(self, sql: str) -> Iterator[tuple[Any, ...]]:
        cursor = self._database.cursor()
        try:
            cursor.execute(sql)
            while rows := cursor.fetchmany(_BATCH):
                yield from rows
        except duckdb.Error:
            raise self._refusal("a file is damaged, or was changed meanwhile") from None

    def _place(self, table: str, row: int) -> int:
        """The row's number in the file, where rows that could not be read are counted too."""
        return row + bisect_right(self._shifts[table], row)

    def _open(self, table: str, wanted: Sequence[str]) -> Path:
        """Make the table of one file and return the file."""
        candidates = [self._directory / f"{table}.{kind}" for kind in ("csv", "parquet")]
        found = [path for path in candidates if path.is_file()]
        if len(found) != 1:
            raise self._refusal(
                f"it has {'both' if found else 'neither'} of {table}.csv and {table}.parquet; one is needed"
            )
        path = found[0]
        read = self._csv if path.suffix == ".csv" else self._parquet
        try:
            source, columns = read(path)
        except (duckdb.Error, UnicodeDecodeError, csv.Error):
            raise self._refusal(f"{path.name} cannot be read as {path.suffix[1:]} in UTF-8") from None
        missing = [column for column in wanted if column not in columns]
        unknown = [column for column in columns if column not in wanted]
        if missing or unknown or len(columns) != len(wanted):
            raise self._refusal(
                f"{path.name} must have the columns {', '.join(wanted)}; "
                f"missing: {', '.join(missing) or 'none'}; unknown: {', '.join(unknown) or 'none'}"
            )
        if path.suffix == ".csv":
            source = self._without_unreadable(table, source)
        self._shifts.setdefault(table, [])
        cells = ", ".join(f"coalesce(CAST({column} AS VARCHAR), '') AS {column}" for column in wanted)
        self._database.execute(
            f"CREATE VIEW {table} AS SELECT row_number() OVER () AS row, {cells} FROM {source}"
        )
        return path

    def _csv(self, path: Path) -> tuple[str, list[str]]:
        with path.open("rb") as file:
            header = file.readline(_LONGEST_HEADER).decode("utf-8-sig")
        columns = next(csv.reader([header], strict=True), [])
        typed = ", ".join(f"{_quoted(column)}: 'VARCHAR'" for column in columns)
        dialect = """header = true, delim = ',', quote = '"', escape = '"', auto_detect = false"""
        return f"read_csv({_quoted(str(path))}, columns = {{{typed}}}, {dialect}, OPTIONS)", columns

    def _without_unreadable(self, table: str, source: str) -> str:
        """Read the file once for its faults; the source that leaves them out, where there are any."""
        names = f"rejects_table = 'rejects_{table}', rejects_scan = 'scan_{table}', rejects_limit = 0"
        listing = source.replace("OPTIONS", f"store_rejects = true, {names}")
        self._database.execute(f"SELECT count(COLUMNS(*)) FROM {listing}").fetchall()  # reads every cell
        rejected: list[tuple[int, str]] = []
        if self._database.execute(f"FROM duckdb_tables() WHERE table_name = 'rejects_{table}'").fetchone():
            rejected = self._database.execute(
                f"SELECT line - 1, min(error_type::VARCHAR) FROM rejects_{table} GROUP BY line ORDER BY line"
            ).fetchall()
        self._faults += [
            Fault(table, row, "row", _UNREADABLE.get(kind, "The row cannot be read."))
            for row, kind in rejected
        ]
        self._shifts[table] = [row - before for before, (row, _) in enumerate(rejected)]
        if not rejected:
            return source.replace("OPTIONS", "ignore_errors = false")
        # Every cell is looked at, since what nobody looks at is not found to be unreadable; and by one$
        # since several stop at the first unclosed quotation mark.
        read = source.replace("OPTIONS", "ignore_errors = true, parallel = false")
        return f"{read} WHERE length(concat({', '.join(self._columns[table])})) >= 0"

    def _parquet(self, path: Path) -> tuple[str, list[str]]:
        source = f"read_parquet({_quoted(str(path))})"
        described = self._database.execute(f"SELECT * FROM {source} LIMIT 0").description
        return source, [str(column[0]) for column in described or ()]

    def _refusal(self, problem: str) -> RegisterRefusedError:
        return RegisterRefusedError(f"The register in {self._directory} was not loaded: {problem}.")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
