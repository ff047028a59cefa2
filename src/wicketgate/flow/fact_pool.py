"""Computes the facts of a file's requests, on every core, in the file's order."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing.connection import wait
from multiprocessing.queues import SimpleQueue
from threading import Thread

from wicketgate.core.context import Context
from wicketgate.flow.codebook import Codebook
from wicketgate.flow.fact_lines import FactLines, problem_line
from wicketgate.law import Vocabulary
from wicketgate.stages.facts import Observer
from wicketgate.stages.intake import Batch, Piece

ALONE_BELOW = 8
"""Batches up to which starting other processes costs more than it gains."""
MOST_RUNS = 10_000
"""How often the reading of one file may begin again where it was broken off."""


@dataclass(frozen=True, slots=True)
class FactBatch:
    """One batch for `Workspace.add`, and how many rows it has in all."""

    facts: bytes
    problems: bytes
    rows: int
    parts: tuple[bytes, ...] = ()
    """For each part of the facts, the lines of its code book that are new with this batch."""


class _Side:
    """What a worker needs for every batch, made once."""

    lines: FactLines
    books: tuple[Codebook, ...] = ()


def fact_batches(
    batches: Iterable[Batch | Piece],
    context: Context,
    vocabulary: Vocabulary,
    workers: int | None = None,
    run: int = 0,
) -> Iterator[FactBatch]:
    """The facts of each batch, in order and in codes; at most a few batches are in memory at a time.

    Several runs over parts of one file get different codes by their numbers, below `MOST_RUNS`.
    """
    if run >= MOST_RUNS:
        raise ValueError(f"a file is read in at most {MOST_RUNS} runs")
    waiting = iter(batches)
    first = list(islice(waiting, ALONE_BELOW))
    count = workers or os.cpu_count() or 1
    if len(first) < ALONE_BELOW or count == 1:
        _prepare_codes(context, vocabulary, run * count, MOST_RUNS * count)
        yield from map(facts_of, chain(first, waiting))
        return
    spawn = multiprocessing.get_context("spawn")
    numbers = spawn.SimpleQueue()
    for number in range(count):
        numbers.put(run * count + number)
    with ProcessPoolExecutor(count, spawn, _begin, (context, vocabulary, numbers, MOST_RUNS * count)) as pool:
        running: deque[Future[FactBatch]] = deque()
        try:
            for batch in chain(first, waiting):
                running.append(pool.submit(facts_of, batch))
                if len(running) > 2 * count:
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def prepare(context: Context, vocabulary: Vocabulary) -> None:
    """Let `facts_of` write every fact out in this process."""
    _Side.lines, _Side.books = FactLines(Observer(context, vocabulary)), ()


def facts_of(batch: Batch | Piece) -> FactBatch:
    """The facts of one batch, as this process was prepared for."""
    lines, problems = [], []
    for columns in batch.columns():
        lines += _Side.lines.lines(columns)
        problems += [problem_line(m.row, m.line, m.column, m.problem) for m in columns.malformed]
    parts = tuple(book.take() for book in _Side.books)
    return FactBatch(_joined(lines), _joined(problems), len(lines) + len(problems), parts)


def _begin(context: Context, vocabulary: Vocabulary, numbers: SimpleQueue[int], step: int) -> None:
    """Prepare a worker; no two get the same number."""
    Thread(target=_leave_with_parent, daemon=True).start()
    _prepare_codes(context, vocabulary, numbers.get(), step)
    gc.set_threshold(2_000_000, 50, 50)  # rows leave no cycles behind, so look for some rarely


def _leave_with_parent() -> None:
    """A worker whose parent was killed would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _prepare_codes(context: Context, vocabulary: Vocabulary, number: int, step: int) -> None:
    observer = Observer(context, vocabulary)
    _Side.books = books = tuple(Codebook(number, step) for _ in observer.parts)
    _Side.lines = FactLines(observer, lambda place, text: books[place].code(text))


def _joined(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode() if lines else b""
