"""Intake of a submission: bytes into rows of `Request`, streaming, in bounded memory, for files of any size.

A row that cannot be read is reported with its row and line, and the rest of the file goes on.
Every row is handed on; which rows repeat an earlier row's `request_id` is for whoever has all
references together (the first stands).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, TypeVar

from wicketgate.stages.intake.csv_rows import Piece, read_csv, read_csv_pieces
from wicketgate.stages.intake.json_rows import read_json_lines
from wicketgate.stages.intake.kind import SNIFFED, kind_of
from wicketgate.stages.intake.parquet_rows import read_parquet
from wicketgate.stages.intake.rows import Batch, Columns, Limits, Malformed, Received, SubmissionError, Values
from wicketgate.stages.intake.xlsx_rows import read_xlsx
from wicketgate.stages.intake.xml_rows import read_xml

__all__ = [
    "Batch",
    "Columns",
    "Limits",
    "Malformed",
    "Piece",
    "Received",
    "SubmissionError",
    "Values",
    "read_batches",
    "read_pieces",
    "read_submission",
]

_USUAL = Limits()


def read_batches(path: Path, rows: int = 2_000, *, limits: Limits = _USUAL) -> Iterator[Batch]:
    """All rows of a CSV, JSON Lines, Parquet, XLSX or XML file in order, in batches of about `rows`.

    Raises `SubmissionError`, with one sentence, when the file cannot be read at all or not any further.
    """
    return _read(path, rows, limits, read_csv)


def read_pieces(path: Path, rows: int = 2_000, *, limits: Limits = _USUAL) -> Iterator[Batch | Piece]:
    """The same rows in the same order, where the file's kind allows it in pieces for others to take apart."""
    return _read(path, rows, limits, read_csv_pieces)


_READERS = {"json_lines": read_json_lines, "xlsx": read_xlsx, "xml": read_xml}
_Part = TypeVar("_Part", Batch, Batch | Piece)


def _read(
    path: Path, rows: int, limits: Limits, csv: Callable[[BinaryIO, Limits, int], Iterator[_Part]]
) -> Iterator[Batch | _Part]:
    try:
        if not path.is_file():
            raise SubmissionError(f"{_name(path)} is not a file.")
        with path.open("rb") as file:
            kind = kind_of(file.read(SNIFFED), path.suffix.lower())
            file.seek(0)
            if kind == "parquet":
                yield from filter(len, read_parquet(path, limits, rows))
            elif kind == "csv":
                yield from filter(len, csv(file, limits, rows))
            else:
                yield from filter(len, _READERS[kind](file, limits, rows))
    except OSError as problem:
        raise SubmissionError(f"{_name(path)} cannot be read: {problem.strerror}.") from None


def read_submission(path: Path, *, limits: Limits = _USUAL) -> Iterator[Received | Malformed]:
    """All rows in the file's order, one by one. Raises as `read_batches` does."""
    for batch in read_batches(path, limits=limits):
        yield from batch


def _name(path: Path) -> str:
    return ascii(path.name)
