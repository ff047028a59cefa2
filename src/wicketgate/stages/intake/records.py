"""Finds one CSV record among physical lines, and says what spoils it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from wicketgate.stages.intake.lines import Block
from wicketgate.stages.intake.quoting import QuotingError, split_record

_MANY_COLUMNS = 8
"""From so many columns on, a line with a whole row's commas is a row and not somebody's prose."""


class Record(NamedTuple):
    """A record of `span` lines: its fields, or the column and problem that spoil it.

    `each` says that every one of its lines is a spoiled row of its own.
    """

    span: int
    size: int
    fields: list[str] | None
    column: str | None = None
    problem: str = ""
    each: bool = False


class Unfinished(Exception):  # noqa: N818  # nothing is wrong: the record's end lies in the next block
    """The record goes on after the block's last line."""


def read_record(block: Block, at: int, names: Sequence[str], longest: int) -> Record:
    """The record that begins with the block's line `at`.

    Its extent follows RFC 4180: a quoted field may hold line feeds. Where that reading fails
    (text after a closing mark, another number of fields, no closing mark within `longest`
    characters or the file) the mark on the first line is a stray one; then the record is that
    line alone and spoiled, and the lines after it are read on their own.

    Raises `Unfinished` when more lines are needed to tell.
    """
    line = block.lines[at].removesuffix("\r")
    if '"' not in line and not block.faults:
        fields = line.split(",")
        if len(fields) == len(names) and "\r" not in line:
            return Record(1, len(line), fields)
    span, text = 1, line
    if line.count('"') % 2:
        span, text = _quoted_lines(block, at, longest)
    try:
        fields = split_record(text)
        if span > 1 and len(fields) != len(names):
            fields = split_record(line)
    except QuotingError as problem:
        span, fields = 1, []
        column, complaint = _where(names, line, problem)
    else:
        column, complaint = None, f"The row has {len(fields)} fields where the header has {len(names)}."
    number = block.first + at
    for faulty in range(number, number + span) if block.faults else ():
        if faulty in block.faults:
            return Record(span, 0, None, _faulty_column(fields, names), block.faults[faulty])
    if len(fields) != len(names):
        return Record(span, 0, None, column, complaint)
    if span > 1 and _rows_inside(block.lines[at : at + span], len(names)):
        complaint = (
            f"Lines {number} to {number + span - 1} stand between two quotation marks and look like rows; "
            "correct the marks on the first and the last of them."
        )
        return Record(span, 0, None, None, complaint, each=True)
    return Record(span, len(text), fields)


def _quoted_lines(block: Block, at: int, longest: int) -> tuple[int, str]:
    """The lines up to the one that closes what line `at` leaves open; that line alone when none does."""
    size = 0
    for end in range(at + 1, len(block.lines)):
        size += len(block.lines[end])
        if size > longest:
            break
        if block.lines[end].count('"') % 2:
            text = "\n".join(block.lines[at : end + 1])
            return end + 1 - at, text.removesuffix("\r")
    else:
        if not block.last:
            raise Unfinished
    return 1, block.lines[at].removesuffix("\r")


def _where(names: Sequence[str], line: str, problem: QuotingError) -> tuple[str | None, str]:
    """The column and the complaint about the first line, read alone."""
    try:
        split_record(line)
    except QuotingError as alone:
        problem = alone
    return names[problem.field] if problem.field < len(names) else None, str(problem)


def _faulty_column(fields: Sequence[str], names: Sequence[str]) -> str | None:
    if len(fields) == len(names):
        for name, field in zip(names, fields, strict=True):
            if "\0" in field or "\ufffd" in field:
                return name
    return None


def _rows_inside(lines: Sequence[str], width: int) -> bool:
    """True when every line has a whole row's commas: two stray marks hide rows from each other."""
    return width >= _MANY_COLUMNS and all(line.count(",") >= width - 1 for line in lines if line.strip())
