"""Bulk work: each chunk has its effects once, whatever dies."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.contract.world import NOW, World
from wicketgate.core.roles import Role
from wicketgate.core.states import State
from wicketgate.store import acts, chunks, requests
from wicketgate.store.chunks import Chunk
from wicketgate.store.database import Connection
from wicketgate.store.services import Service


def test_a_plan_covers_every_row_once(world: World) -> None:
    review = world.as_(Service.REVIEW)
    for rows, size, expected in (
        (0, 5, []),
        (1, 5, [(1, 1)]),
        (10, 5, [(1, 5), (6, 10)]),
        (7, 5, [(1, 5), (6, 7)]),
    ):
        job = f"{rows}/{size}"
        chunks.plan(review, job, rows, size)
        chunks.plan(review, job, rows, size)
        found = review.execute("SELECT first, last FROM gate.chunk WHERE job = %s ORDER BY number", [job])
        assert found.fetchall() == expected


def test_two_workers_and_an_accident_do_everything_once(fresh: World) -> None:
    fresh.submit(40)
    chunks.plan(fresh.as_(Service.REVIEW), "find", 40, 4)
    accidents = iter([True, False, True])

    def find(connection: Connection, chunk: Chunk) -> None:
        found = requests.in_state(connection, 1, State.RECEIVED, chunk.first, chunk.last)
        assert len(found) == 4
        finds = [acts.Act(r.standing.handle, "find sufficient", Role.GATE, "gate") for r in found]
        acts.perform(connection, finds, NOW)
        if next(accidents, False):
            raise InterruptedError

    def worker(_: int) -> None:
        while True:
            try:
                with fresh.database.connect(Service.REVIEW) as connection:
                    chunks.work(connection, "find", find)
            except InterruptedError:
                continue
            return

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(worker, range(2)))
    assert chunks.progress(fresh.as_(Service.REVIEW), "find") == (10, 10)
    assert fresh.value("SELECT count(*) FROM gate.act") == 40
    assert fresh.value("SELECT count(*) FROM gate.request WHERE state = 'sufficient'") == 40


def test_a_chunk_in_work_is_skipped(world: World) -> None:
    chunks.plan(world.as_(Service.REVIEW), "skip", 2, 1)
    with world.database.connect(Service.REVIEW) as one, world.database.connect(Service.VERIFY) as two:
        assert chunks.claim(one, "skip") == Chunk("skip", 0, 1, 1)
        assert chunks.claim(two, "skip") == Chunk("skip", 1, 2, 2)


def test_a_chunk_that_is_done_stays_done(world: World) -> None:
    review = world.as_(Service.REVIEW)
    chunks.plan(review, "job", 1, 1)
    assert chunks.work(review, "job", lambda *_: None) == 1
    for done in ("true", "false"):
        with pytest.raises(psycopg.errors.CheckViolation):
            review.execute(f"UPDATE gate.chunk SET done = {done}".encode())
