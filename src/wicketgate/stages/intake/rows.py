"""What intake hands on: rows that could be read, and rows that could not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from wicketgate.core.request import COLUMNS, Request

Values: TypeAlias = "tuple[str | None, ...]"
"""The texts of one row in the interface's column order; empty or blank is None. `Request(*values)`."""

LONG_COLUMNS = frozenset({"reasons", "other_uses", "engaged_officers"})
_BATCH_CHARACTERS = 8 * 1024 * 1024
_SIDE_BY_SIDE = 200


class SubmissionError(ValueError):
    """The file cannot be read at all, or not any further; one clear sentence says why."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of what a row may hold."""

    reference: int = 200
    """Characters of the requester's own reference."""
    cell: int = 1_000
    """Characters of an ordinary column."""
    long_cell: int = 10_000
    """Characters of the columns that hold prose or a list (`LONG_COLUMNS`)."""
    record: int = 16 * 1024 * 1024
    """Bytes of one line, and of one record that a quoted cell spreads over lines."""

    def of(self, column: str) -> int:
        """The most characters that the column may hold."""
        if column == "request_id":
            return self.reference
        return self.long_cell if column in LONG_COLUMNS else self.cell


@dataclass(frozen=True, slots=True)
class Received:
    """A row that was read. `row` counts data rows from 1; `line` is its first physical line.

    A Parquet file has no lines; there `line` is the row's number.
    """

    row: int
    line: int
    request: Request


@dataclass(frozen=True, slots=True)
class Malformed:
    """A row that could not be read, and why. The problem never repeats a value of the row."""

    row: int
    line: int
    column: str | None
    problem: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Some consecutive rows, side by side, or some that could not be read."""

    rows: Sequence[int]
    lines: Sequence[int]
    texts: Sequence[Sequence[str | None]]
    """For each column of the interface, in its order, the text of each row."""
    malformed: Sequence[Malformed] = ()


@dataclass(slots=True)
class Batch:
    """Some consecutive rows; plain data, so that it can travel to a worker process."""

    rows: list[tuple[int, int, Values]] = field(default_factory=list)
    """(row, line, values) of the rows that were read."""
    malformed: list[Malformed] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows) + len(self.malformed)

    def columns(self) -> Iterator[Columns]:
        """The rows side by side, some hundred at a time, and then those that could not be read."""
        for start in range(0, len(self.rows), _SIDE_BY_SIDE):
            rows, lines, values = zip(*self.rows[start : start + _SIDE_BY_SIDE], strict=True)
            yield Columns(rows, lines, list(zip(*values, strict=True)))
        if self.malformed:
            yield Columns((), (), [()] * len(COLUMNS), self.malformed)

    def __iter__(self) -> Iterator[Received | Malformed]:
        """Everything in the order of the file."""
        malformed = iter(self.malformed)
        waiting = next(malformed, None)
        for row, line, values in self.rows:
            while waiting is not None and waiting.row < row:
                yield waiting
                waiting = next(malformed, None)
            yield Received(row, line, Request(*values))  # type: ignore[arg-type]  # the row checks saw to it
        if waiting is not None:
            yield waiting
        yield from malformed


class Collector:
    """Gathers rows into batches and checks what every row must keep, whatever its format."""

    def __init__(self, limits: Limits, rows: int) -> None:
        self._reference = limits.reference
        self._ordinary = min(limits.cell, limits.long_cell)
        self._limits = tuple((name, limits.of(name)) for name in COLUMNS)
        self._rows = rows
        self._batch = Batch()
        self._count = self._size = 0
        self.full = False
        """True when the batch should be taken: by its rows or by its characters."""

    def add(self, row: int, line: int, values: Values, size: int) -> None:
        """Take a row; `size` is at least the number of characters of all its values together."""
        reference = values[0]
        if reference is None:
            problem = "The request_id is empty; give every request a reference of its own."
            self.refuse(row, line, "request_id", problem)
        elif (len(reference) > self._reference or size > self._ordinary) and (over := self._too_long(values)):
            column, limit = over
            self.refuse(row, line, column, f"The {column} is longer than {limit:,} characters; shorten it.")
        elif not reference.isprintable():
            problem = "The request_id holds a control or invisible character; use visible ones."
            self.refuse(row, line, "request_id", problem)
        else:
            self._batch.rows.append((row, line, values))
            self._count += 1
            self._size += size
            self.full = self._count >= self._rows or self._size >= _BATCH_CHARACTERS

    def refuse(self, row: int, line: int, column: str | None, problem: str) -> None:
        """Take note of a row that cannot be read."""
        self._batch.malformed.append(Malformed(row, line, column, problem))
        self._count += 1
        self.full = self._count >= self._rows

    def take(self) -> Batch:
        """The batch so far; a new one begins."""
        batch, self._batch = self._batch, Batch()
        self._count = self._size = 0
        self.full = False
        return batch

    def _too_long(self, values: Values) -> tuple[str, int] | None:
        for (name, limit), text in zip(self._limits, values, strict=True):
            if text is not None and len(text) > limit:
                return name, limit
        return None
