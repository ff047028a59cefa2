"""An Excel workbook into rows: its one sheet, with the names of the columns in the first row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from wicketgate.stages.intake.columns import arrangement, check_columns
from wicketgate.stages.intake.rows import Batch, Collector, Limits, SubmissionError
from wicketgate.stages.intake.xlsx_book import Cell, open_sheet


def read_xlsx(file: BinaryIO, limits: Limits, rows: int) -> Iterator[Batch]:
    """Every row below the first that holds anything, in batches of about `rows`; the line is the sheet's.

    Text is taken as it stands, a whole number as its digits, a day as its ISO date; a formula, an error
    and any other number are refused by row and column. Raises `SubmissionError` like `open_sheet`, and
    for a first row that does not hold the names of columns.
    """
    with open_sheet(file) as sheet:
        written = ((line, cells) for line, cells in sheet.rows() if cells)
        first = next(written, None)
        if first is None:
            raise SubmissionError("The sheet is empty; its first row must hold the column names.")
        names = _names(first[1])
        arrange = arrangement(names)
        collect = Collector(limits, rows)
        for row, (line, cells) in enumerate(written, 1):
            problem = _problem(cells, names)
            if problem:
                collect.refuse(row, line, *problem)
            else:
                texts: list[str | None] = [None] * (len(names) + 1)
                for column, text, _ in cells:
                    texts[column] = text if text and not text.isspace() else None
                values = arrange(texts)
                collect.add(row, line, values, sum(len(text) for text in values if text))
            if collect.full:
                yield collect.take()
        yield collect.take()


def _names(cells: list[Cell]) -> tuple[str, ...]:
    if [cell.column for cell in cells] != list(range(len(cells))) or any(cell.text is None for cell in cells):
        raise SubmissionError("The first row must hold the column names as text, from A on without gaps.")
    names = tuple(cell.text or "" for cell in cells)
    check_columns(names)
    return names


def _problem(cells: list[Cell], names: tuple[str, ...]) -> tuple[str | None, str] | None:
    """The first thing that makes the row unreadable: a column and a sentence."""
    places: set[int] = set()
    for column, text, problem in cells:
        if column >= len(names):
            return None, "The row has a cell outside the named columns; remove it or name its column."
        if column in places:
            return names[column], f"The {names[column]} stands twice in the row; save the workbook again."
        places.add(column)
        if problem:
            return names[column], f"The {names[column]} {problem}."
        if text and "\0" in text:
            return names[column], f"The {names[column]} holds a NUL character; remove it."
    return None
