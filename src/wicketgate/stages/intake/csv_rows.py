"""CSV (UTF-8, header row, RFC 4180) into rows, with exact row and line numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from wicketgate.stages.intake.columns import arrangement, check_columns
from wicketgate.stages.intake.csv_columns import plain_columns
from wicketgate.stages.intake.lines import Block, Chunk, read_blocks, read_chunks
from wicketgate.stages.intake.quoting import QuotingError, split_record
from wicketgate.stages.intake.records import Record, Unfinished, read_record
from wicketgate.stages.intake.rows import Batch, Collector, Columns, Limits, SubmissionError

_LONGEST_HEADER = 20_000
_AT_ONCE = 64 * 1024
"""Bytes whose rows, taken apart, stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines of a CSV file that can be read without what stands before and after them, anywhere."""

    names: tuple[str, ...]
    limits: Limits
    chunk: Chunk
    rows_before: int

    def __len__(self) -> int:
        """How many rows; every line is one."""
        return self.chunk.length

    def read(self) -> Batch:
        """Its rows."""
        reader = _Reader(self.names, self.limits, len(self), self.rows_before)
        whole = Batch()
        for batch in (*reader.read(self.chunk.block()), reader.collect.take()):
            whole.rows += batch.rows
            whole.malformed += batch.malformed
        return whole

    def columns(self) -> Iterator[Columns]:
        """The same rows, some hundred side by side; the short way where nothing is wrong with any of them."""
        row = self.rows_before
        for chunk in self.chunk.parts(_AT_ONCE):
            texts = plain_columns(chunk.data, self.names, self.limits)
            if texts is None:
                yield from Piece(self.names, self.limits, chunk, row).read().columns()
            else:
                rows = range(row + 1, row + 1 + chunk.length)
                yield Columns(rows, range(chunk.first, chunk.first + chunk.length), texts)
            row += chunk.length


def read_csv(file: BinaryIO, limits: Limits, rows: int) -> Iterator[Batch]:
    """Every data row of the file, in batches of about `rows`; empty lines are no rows.

    Raises `SubmissionError` for a header that is not one.
    """
    blocks = read_blocks(file, limits.record)
    block = next(blocks)
    reader = _Reader(_header(block), limits, rows)
    for each in chain((block,), blocks):
        yield from reader.read(each)
    yield reader.collect.take()


def read_csv_pieces(file: BinaryIO, limits: Limits, rows: int) -> Iterator[Batch | Piece]:
    """What `read_csv` reads, in the same order, most of it not yet taken apart."""
    chunks = read_chunks(file, limits.record)
    block = next(chunks).block()
    names = _header(block)
    reader = _Reader(names, limits, rows)
    yield from reader.read(block)
    for chunk in chunks:
        if reader.unfinished is None and _stands_alone(chunk):
            yield reader.collect.take()
            yield Piece(names, limits, chunk, reader.row)
            reader.row += chunk.length
        else:
            yield from reader.read(chunk.block())
    yield reader.collect.take()


def _stands_alone(chunk: Chunk) -> bool:
    """True when every line is one row: none is empty, too long, or opens what it does not close."""
    data = chunk.data
    if chunk.last or chunk.overlong or _has_empty_line(data) or data[:1] in b"\r\n":
        return False
    marks = data.translate(None, _NO_MARKS)
    return b'"' not in marks.replace(b'""', b"")


_has_empty_line = re.compile(rb"\n\r?\n").search
_NO_MARKS = bytes(set(range(256)) - set(b'"\n'))
"""All but quotation marks and line feeds: without these, the marks of each line lie side by side."""


class _Reader:
    """Takes consecutive blocks of one file apart."""

    def __init__(self, names: tuple[str, ...], limits: Limits, rows: int, row: int = 0) -> None:
        self.collect = Collector(limits, rows)
        self.row = row
        self.unfinished: Block | None = None
        """The beginning of a record whose end is still to come."""
        self._names, self._longest = names, limits.record
        self._arrange = arrangement(names)

    def read(self, block: Block) -> Iterator[Batch]:
        """The batches that the block fills."""
        if self.unfinished is not None:
            block.prepend(self.unfinished, 0)
        collect, at = self.collect, 0
        while at < len(block.lines):
            if len(block.lines[at]) <= 1 and block.empty_at(at):
                at += 1
                continue
            try:
                record = read_record(block, at, self._names, self._longest)
            except Unfinished:
                break
            self.row += 1
            if record.fields is not None:
                texts = [text if text and not text.isspace() else None for text in record.fields]
                texts.append(None)
                collect.add(self.row, block.first + at, self._arrange(texts), record.size)
            else:
                self.row = _refuse(collect, record, block, at, self.row)
            at += record.span
            if collect.full:
                yield collect.take()
        block.drop(at)
        self.unfinished = block if block.lines else None


def _refuse(collect: Collector, record: Record, block: Block, at: int, row: int) -> int:
    """Report a spoiled record; the number of the last row that it is."""
    collect.refuse(row, block.first + at, record.column, record.problem)
    for inside in range(at + 1, at + record.span) if record.each else ():
        if not block.empty_at(inside):
            row += 1
            collect.refuse(row, block.first + inside, record.column, record.problem)
    return row


def _header(block: Block) -> tuple[str, ...]:
    """The names of the columns; their line is dropped from the block."""
    while block.empty_at(0):
        block.drop(1)
    fault = block.faults.get(block.first)
    if fault:
        raise SubmissionError(f"The first row does not hold column names. {fault}")
    line = block.lines[0].removesuffix("\r") if block.lines else ""
    if not line.strip():
        raise SubmissionError("The file is empty; its first row must hold the column names.")
    if "\r" in line:
        raise SubmissionError("The file's rows end with carriage returns alone; save it with line feeds.")
    if len(line) > _LONGEST_HEADER:
        raise SubmissionError("The first row is too long to hold column names.")
    try:
        names = split_record(line)
    except QuotingError as problem:
        raise SubmissionError(f"The first row does not hold column names. {problem}") from None
    check_columns(names)
    block.drop(1)
    return tuple(names)
