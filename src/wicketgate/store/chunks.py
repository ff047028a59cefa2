"""Bulk work in chunks: claimed, worked on and marked done in one transaction, so each has its effect once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wicketgate.store.database import Connection


@dataclass(frozen=True, slots=True)
class Chunk:
    """A range of rows of a job, both ends inclusive."""

    job: str
    number: int
    first: int
    last: int


def plan(connection: Connection, job: str, rows: int, size: int = 5000) -> None:
    """Cut rows 1 … `rows` into chunks, once: planning a job again changes nothing."""
    connection.execute(
        "INSERT INTO gate.chunk (job, number, first, last)"
        " SELECT %(job)s, n, n * %(size)s::bigint + 1, least((n + 1) * %(size)s::bigint, %(rows)s)"
        " FROM generate_series(0, (%(rows)s + %(size)s - 1) / %(size)s - 1) AS n ON CONFLICT DO NOTHING",
        {"job": job, "size": size, "rows": rows},
    )


def plan_ranges(connection: Connection, job: str, ranges: Sequence[tuple[int, int, int]]) -> None:
    """Plan chunks (number, first row, last row) of a job, once: planning a job again changes nothing."""
    connection.execute(
        "INSERT INTO gate.chunk (job, number, first, last)"
        " SELECT %s, number, first, last FROM unnest(%b::integer[], %b::bigint[], %b::bigint[])"
        " AS new (number, first, last) ON CONFLICT DO NOTHING",
        [job, *([each[place] for each in ranges] for place in range(3))],
    )


def claim(connection: Connection, job: str) -> Chunk | None:
    """A chunk that is not done and that nobody else works on, held until the transaction ends; or None."""
    row = connection.execute(
        "SELECT number, first, last FROM gate.chunk WHERE job = %s AND NOT done"
        " ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED",
        [job],
    ).fetchone()
    return None if row is None else Chunk(job, row[0], row[1], row[2])


def finish(connection: Connection, chunk: Chunk) -> None:
    """Mark a claimed chunk done, in the transaction of its effects."""
    connection.execute(
        "UPDATE gate.chunk SET done = true WHERE job = %s AND number = %s", [chunk.job, chunk.number]
    )


def work(connection: Connection, job: str, effect: Callable[[Connection, Chunk], None]) -> int:
    """Do chunks of a job until none is free, each with its effects in one transaction; returns how many.

    A crash or an error undoes the chunk at hand and no other.
    """
    done = 0
    while True:
        with connection.transaction():
            chunk = claim(connection, job)
            if chunk is None:
                return done
            effect(connection, chunk)
            finish(connection, chunk)
        done += 1


def progress(connection: Connection, job: str) -> tuple[int, int]:
    """How many chunks of a job are done, and how many there are."""
    row = connection.execute(
        "SELECT count(*) FILTER (WHERE done), count(*) FROM gate.chunk WHERE job = %s", [job]
    ).fetchone()
    return (0, 0) if row is None else (row[0], row[1])


def rows_done(connection: Connection, job: str) -> int:
    """How many rows the chunks have that are done."""
    row = connection.execute(
        "SELECT coalesce(sum(last - first + 1), 0) FROM gate.chunk WHERE job = %s AND done", [job]
    ).fetchone()
    return int(row[0]) if row else 0
