"""The scratch database of one file's review: facts in, facts about the set, determinations out.

DuckDB holds a bounded part of it in memory and the rest in a private folder, so memory does not grow
with the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import duckdb

from wicketgate.core.catalogue import CATALOGUE
from wicketgate.core.facts import FactType
from wicketgate.flow.fact_lines import KEY_LISTS, KEYS, SEPARATOR
from wicketgate.flow.relations import Dialect, derived, stated
from wicketgate.law import CompiledLaw
from wicketgate.stages.facts import PART_FACTS

__all__ = ["KEYS", "KEY_LISTS", "ROW_FACTS", "Workspace"]

ROW_FACTS = tuple(name for part in PART_FACTS for name in part)
"""In the order of a line of `FactLines`."""
_NUMBER = "CAST('0x' || {} AS UBIGINT)"
_NUMBERS = "CAST('[0x' || replace({}, ' ', ', 0x') || ']' AS UBIGINT[])"
_KEYS_AS_NUMBERS = "* REPLACE ({})".format(
    ", ".join((_NUMBERS if key in KEY_LISTS else _NUMBER).format(key) + f" AS {key}" for key in KEYS)
)
"""Numbers are joined in half the time of texts."""
_DIALECT = Dialect("unnest({})", "{}[1]", "{}[2]")
_NO_LINES = "none"
"""A file that lets a folder be read into which nothing was written."""
_PROBLEM = dict.fromkeys(("field", "problem"), "VARCHAR")
MEMORY = "512MB"
"""What DuckDB may hold in memory; tables beyond it lie on the disk. It is enough for 12.8 M rows."""

_ROW_GROUP = 4_096
"""Rows of a sheet that are read together."""

_SQL_TYPE: Mapping[FactType, str] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "list": "VARCHAR[]",
}


class Workspace:
    """Tables of one review in a private folder: `stated` (facts of each good row), `shown`, `malformed`."""

    def __init__(self, folder: Path, threads: int) -> None:
        self.folder = folder
        self._facts, self._problems = folder / "facts", folder / "problems"
        self._parts = [folder / f"part_{place}" for place in range(len(PART_FACTS))]
        for each in (self._facts, self._problems, *self._parts):
            each.mkdir(mode=0o700, exist_ok=True)
            (each / _NO_LINES).touch()
        self.connection = duckdb.connect(
            config={
                "memory_limit": MEMORY,
                "threads": threads,
                "temp_directory": str(folder / "spill"),
                "preserve_insertion_order": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )

    def add(self, number: int, facts: bytes, problems: bytes, parts: Iterable[bytes]) -> None:
        """Keep one batch's lines for `load`: coded facts, problems and what the codes of each part mean."""
        for folder, lines in ((self._facts, facts), (self._problems, problems)):
            if lines:
                (folder / f"{number:08d}").write_bytes(lines)
        for folder, lines in zip(self._parts, parts, strict=True):
            if lines:
                (folder / f"{number:08d}").write_bytes(lines)

    def load(self, engagements: Mapping[str, int]) -> None:
        """Make the tables of all batches and the facts about the set.

        `engagements` are open requests per officer key before this submission.
        """
        head = {"row": "BIGINT", "line": "BIGINT", "request_id": "VARCHAR"}
        codes = [f"part_{place}" for place in range(len(PART_FACTS))]
        columns = head | dict.fromkeys(codes, "BIGINT") | dict.fromkeys(KEYS, "VARCHAR")
        self._read("asked", self._facts, columns, _KEYS_AS_NUMBERS)
        self._read("unread", self._problems, dict.fromkeys(("row", "line"), "BIGINT") | _PROBLEM)
        for code, facts, folder in zip(codes, PART_FACTS, self._parts, strict=True):
            columns = {name: _SQL_TYPE[CATALOGUE[name].type] for name in facts}
            self._read(code, folder, {"code": "BIGINT"} | columns)
        self.connection.execute("CREATE TABLE engagement (key UBIGINT, open_requests BIGINT)")
        if engagements:
            before = [(int(key, 16), count) for key, count in engagements.items()]
            self.connection.executemany("INSERT INTO engagement VALUES (?, ?)", before)
        relations = derived(_DIALECT)
        kinds = {each.name: "TABLE" if each.read_often else "VIEW" for each in relations}
        for each in relations:
            self.connection.execute(f"CREATE {kinds[each.name]} {each.name} AS {each.query}")
        # In two steps, since every join of one query holds memory.
        told = ", ".join(f"good.{name}" for name in ("row", "request_id", *codes))
        self.connection.execute(f"CREATE TABLE counted AS {stated(told, _DIALECT)}")
        # Tables that nothing reads any more hold memory, and at ten million rows most of it.
        for name, kind in (kinds | {"asked": "TABLE"}).items():
            if name != "malformed":
                self.connection.execute(f"DROP {kind} {name}")
        # A code without a meaning leaves its facts unknown, and an unknown fact shows nothing.
        meanings = "".join(f" LEFT JOIN {code} ON {code}.code = counted.{code}" for code in codes)
        self.connection.execute(
            f"CREATE VIEW stated AS SELECT counted.* EXCLUDE ({', '.join(codes)}), {', '.join(ROW_FACTS)} "
            f"FROM counted{meanings}"
        )

    def evaluate(self, law: CompiledLaw) -> None:
        """Make `shown`, reference and words of element bits of each good row; `signature`, one row a set."""
        self.connection.execute(f"CREATE TABLE shown AS SELECT row, request_id, {_words(law)} FROM stated")
        names = self.word_names(law)
        self.connection.execute(
            f"CREATE TABLE signature AS SELECT {names}, count(*) AS requests FROM shown GROUP BY {names}"
        )

    def word_names(self, law: CompiledLaw) -> str:
        """The column names of the words, for SQL."""
        return ", ".join(f"word_{i}" for i in range(len(law.duckdb_words())))

    def count(self, table: str) -> int:
        """How many rows `table` has."""
        found = self.connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        return int(found[0]) if found else 0

    def facts(self) -> Iterator[tuple[object, ...]]:
        """(row, request_id, every fact of the catalogue in its order) of each good row, in row order."""
        names = ", ".join(CATALOGUE)
        return self._stream(f"SELECT row, request_id, {names} FROM stated ORDER BY row")

    def words(self, law: CompiledLaw) -> Iterator[tuple[object, ...]]:
        """(row, request_id, the words of element bits) of each good row, in row order."""
        names = self.word_names(law)
        return self._stream(f"SELECT row, request_id, {names} FROM shown ORDER BY row")

    def malformed(self) -> Iterator[tuple[object, ...]]:
        """(row, request_id where known, problem) of each row that is no request, in row order."""
        return self._stream("SELECT row, request_id, problem FROM malformed ORDER BY row, line")

    def write_sheet(self, law: CompiledLaw, path: Path) -> None:
        """Row, every fact and every word of each good row, in row order, as Parquet: for other processes."""
        # The rules once more, since a join of all rows would take more memory than there is.
        self._write(f"SELECT row, {', '.join(CATALOGUE)}, {_words(law)} FROM stated ORDER BY row", path)

    def write_problems(self, path: Path) -> None:
        """Row, line, field and problem of each row that is no request, in row order, as Parquet."""
        self._write("SELECT row, line, field, problem FROM malformed ORDER BY row, line", path)

    def _write(self, sql: str, path: Path) -> None:
        self.connection.execute(f"COPY ({sql}) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE {_ROW_GROUP})")

    def close(self) -> None:
        """Release the database; the folder belongs to the caller."""
        self.connection.close()

    def _read(self, table: str, folder: Path, columns: Mapping[str, str], wanted: str = "*") -> None:
        """Make `table` of what is `wanted` of the lines in a folder, which have these columns."""
        typed = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
        self.connection.execute(
            f"CREATE TABLE {table} AS SELECT {wanted} FROM read_csv(?, columns = {{{typed}}}, "
            f"delim = '{SEPARATOR}', quote = '', escape = '', nullstr = '', header = false, "
            "auto_detect = false, new_line = '\\n', max_line_size = 1000000)",
            [str(folder / "*")],
        )

    def _stream(self, sql: str) -> Iterator[tuple[object, ...]]:
        cursor = self.connection.cursor().execute(sql)
        while rows := cursor.fetchmany(5_000):
            yield from rows


def _words(law: CompiledLaw) -> str:
    """The words of element bits of a row of `stated`, for SQL."""
    return ", ".join(f"{expression} AS word_{i}" for i, expression in enumerate(law.duckdb_words()))
