"""Parquet into rows. Types are exact or refused by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import duckdb

from wicketgate.stages.intake.columns import arrangement, check_columns
from wicketgate.stages.intake.rows import Batch, Collector, Limits, SubmissionError

_FETCH = 500
_EXACT = frozenset(
    {"VARCHAR", "BOOLEAN", "DATE", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"}
    | {"UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"}
)
"""Types with one exact text: the text, ``true``/``false``, the ISO date, the decimal number."""
LISTS = frozenset({"taxable_periods", "items_requested", "engaged_officers"})
"""Columns in which a list of texts may stand; they are joined by ``;``."""


def read_parquet(path: Path, limits: Limits, rows: int) -> Iterator[Batch]:
    """Every row of the file, in batches of about `rows`; the line is the row's number.

    Raises `SubmissionError` for a file that is damaged, also in the middle, and for
    columns whose values have no exact text (floating point, times, nested values).
    A list of texts is joined by ``;`` where the interface has lists.
    """
    try:
        with duckdb.connect(config=_CONFIG) as database:
            yield from _rows(database, path, limits, rows)
    except duckdb.Error as problem:
        raise SubmissionError(f"The Parquet file cannot be read: {_reason(problem)}") from None


_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "512MB",
    "threads": 1,
    "temp_directory": "",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def _rows(database: duckdb.DuckDBPyConnection, path: Path, limits: Limits, rows: int) -> Iterator[Batch]:
    described = database.execute("DESCRIBE SELECT * FROM read_parquet(?)", [_literal(path)]).fetchall()
    types = {str(name): str(kind) for name, kind, *_ in described}
    check_columns(list(types))
    columns = [_as_text(name, kind, limits.of(name)) for name, kind in types.items()]
    # The names were checked against the interface's own before they became SQL.
    question = f"SELECT {', '.join(columns)} FROM read_parquet(?)"  # noqa: S608
    found = database.execute(question, [_literal(path)])
    fetched = chain.from_iterable(iter(lambda: found.fetchmany(_FETCH), []))
    yield from gather(enumerate(fetched, 1), list(types), limits, rows)


def gather(
    found: Iterable[tuple[int, Sequence[str | None]]], names: Sequence[str], limits: Limits, rows: int
) -> Iterator[Batch]:
    """Rows, each with its number and its cells in the order of the columns `names`, in batches."""
    arrange = arrangement(names)
    collect = Collector(limits, rows)
    for row, cells in found:
        texts = [text if text and not text.isspace() else None for text in cells]
        texts.append(None)
        values = arrange(texts)
        if any(text is not None and "\0" in text for text in values):
            collect.refuse(row, row, None, "The row holds a NUL character; remove it.")
        else:
            collect.add(row, row, values, sum(map(len, filter(None, values))))
        if collect.full:
            yield collect.take()
    yield collect.take()


def _as_text(name: str, kind: str, limit: int) -> str:
    """SQL for the column's text, cut one character past the limit so that no value grows without bound."""
    column = '"' + name + '"'
    if kind == "VARCHAR[]" and name in LISTS:
        column = f"array_to_string({column}, ';')"
    elif kind not in _EXACT:
        raise SubmissionError(
            f"The column {name} has the Parquet type {kind}, whose values have no one exact text; store text."
        )
    elif kind != "VARCHAR":
        column = f"CAST({column} AS VARCHAR)"
    return f"left({column}, {limit + 1})"


def _literal(path: Path) -> str:
    """The path for a function that would otherwise read ``*`` and the like as a pattern."""
    return "".join(f"[{mark}]" if mark in "*?[" else mark for mark in str(path))


def _reason(problem: duckdb.Error) -> str:
    """What a person can use of the reader's own words, which may quote the file."""
    if isinstance(problem, duckdb.OutOfMemoryException):
        return "it unfolds to more memory than the gate allows; write it with smaller row groups."
    if "encoding" in str(problem).lower() or "utf" in str(problem).lower():
        return "a text in it is not UTF-8."
    return "it is damaged or uses a feature that is not supported; write it again."
