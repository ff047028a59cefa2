"""A table of many rows as CSV, JSON Lines, XML, XLSX and Parquet, in one pass and bounded memory.

No cell can become a formula: CSV puts an apostrophe before what a spreadsheet would run, and a workbook
keeps texts as texts.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from io import TextIOWrapper
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape

import duckdb

from wicketgate.core.cells import safe_cell
from wicketgate.flow.bulk.place import FORMATS, Place
from wicketgate.flow.bulk.workbook import Workbook
from wicketgate.flow.outputs import quoted

Row = Sequence[object]
_AT_ONCE = 1_000


def write_tables(place: Place, name: str, columns: Sequence[str], rows: Callable[[], Iterable[Row]]) -> None:
    """Write `name` in every format; no file has its name before all of them are whole."""
    drafts = {kind: place.table(name, f"{kind}.new") for kind in FORMATS}
    with ExitStack() as files:

        def text(kind: str) -> TextIOWrapper:
            return files.enter_context(drafts[kind].open("w", encoding="utf-8", newline=""))

        book = files.enter_context(Workbook(drafts["xlsx"], columns))
        writers = (
            _Csv(text("csv"), columns),
            _JsonLines(text("jsonl"), columns),
            _Xml(text("xml"), name, columns),
        )
        waiting: list[Row] = []
        for row in rows():
            waiting.append(row)
            if len(waiting) == _AT_ONCE:
                _write(waiting, book, writers)
        _write(waiting, book, writers)
        writers[2].end()
    _write_parquet(drafts["jsonl"], drafts["parquet"], columns)
    for kind, draft in drafts.items():
        draft.rename(place.table(name, kind))


def _write(waiting: list[Row], book: Workbook, writers: Sequence[_Csv | _JsonLines | _Xml]) -> None:
    book.add(waiting)
    for writer in writers:
        writer.add(waiting)
    waiting.clear()


class _Csv:
    def __init__(self, file: IO[str], columns: Sequence[str]) -> None:
        self._rows = csv.writer(file, lineterminator="\n")
        self._rows.writerow(columns)

    def add(self, rows: Sequence[Row]) -> None:
        self._rows.writerows(
            [safe_cell(cell) if isinstance(cell, str) else cell for cell in row] for row in rows
        )


class _JsonLines:
    def __init__(self, file: IO[str], columns: Sequence[str]) -> None:
        self._file, self._columns = file, columns

    def add(self, rows: Sequence[Row]) -> None:
        made = (json.dumps(dict(zip(self._columns, row, strict=True)), ensure_ascii=False) for row in rows)
        self._file.write("".join(f"{line}\n" for line in made))


class _Xml:
    def __init__(self, file: IO[str], name: str, columns: Sequence[str]) -> None:
        self._file, self._name, self._columns = file, name, columns
        file.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<{name}>\n')

    def add(self, rows: Sequence[Row]) -> None:
        for row in rows:
            cells = "".join(
                f"<{column}>{escape(visible(cell))}</{column}>"
                for column, cell in zip(self._columns, row, strict=True)
            )
            self._file.write(f"  <item>{cells}</item>\n")

    def end(self) -> None:
        self._file.write(f"</{self._name}>\n")


def visible(cell: object) -> str:
    """A cell as text that XML can hold."""
    text = str(cell)
    return text if text.isprintable() else "".join(each for each in text if each.isprintable())


def _write_parquet(lines: Path, path: Path, columns: Sequence[str]) -> None:
    typed = ", ".join(
        f"'{column}': '{'BIGINT' if column in ('row', 'line') else 'VARCHAR'}'" for column in columns
    )
    with duckdb.connect(config={"threads": 1, "memory_limit": "256MB"}) as writer:
        writer.execute(
            f"COPY (SELECT * FROM read_json(?, format = 'newline_delimited', columns = {{{typed}}}))"
            f" TO {quoted(path)} (FORMAT parquet)",
            [str(lines)],
        )
