"""One chunk of an upload: its requests come in and are determined, with their entries, in one transaction."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress

import duckdb

from wicketgate.core.catalogue import CATALOGUE
from wicketgate.flow.bulk import pieces
from wicketgate.flow.bulk.place import Place
from wicketgate.flow.determine import determine
from wicketgate.flow.gate import Gate, Rows
from wicketgate.flow.judged import judged
from wicketgate.flow.receive import Arrival, Incoming
from wicketgate.flow.signed import read_signatures
from wicketgate.flow.try_budget import TryBudget
from wicketgate.flow.work.kin import Kin
from wicketgate.store import chunks
from wicketgate.store import uploads as store
from wicketgate.store.chunks import Chunk
from wicketgate.store.database import Connection
from wicketgate.store.requests import Submission
from wicketgate.store.services import Service
from wicketgate.store.uploads import RefusedRow, Upload

NICENESS = 10
"""By how much: people who wait for a page come first."""


def do_chunk(gate: Gate, kin: Kin, place: Place, upload: Upload, submission: Submission) -> bool:
    """Do the next free chunk; False when there is none, or the upload was stopped.

    All of it commits, or none: its requests, what was found, and one entry for each of the two. What goes
    beyond the agency's budget of tries comes in like the rest, and waits for a person.
    """
    with gate.acting(Service.INTAKE) as connection:
        if not store.may_go_on(connection, upload.upload):
            return False
        chunk = chunks.claim(connection, upload.job)
        if chunk is None:
            return False
        _step_back(connection)
        good, foreign = _sorted(gate, place, upload, chunk)
        lies = pieces.signatures_of(place, chunk.number)
        signed = read_signatures(lies) if lies.is_file() else {} if place.signatures.is_file() else None
        budget, incoming = TryBudget.beside(kin.key), [each for _, each in good]
        arrival = Arrival(gate, submission, incoming, budget, kin, signed, determine=True)
        arrival.store(connection)
        lines = {each.row: line for line, each in good}
        refused = [RefusedRow(each.row, lines[each.row], "", each.why) for each in arrival.refused]
        store.refuse_rows(connection, upload.upload, [*foreign, *refused])
        chunks.finish(connection, chunk)
        gate.record(connection, arrival.records())
    if arrival.waiting:
        determine(gate, Rows(submission.submission, chunk.first, chunk.last))
    return True


def _sorted(
    gate: Gate, place: Place, upload: Upload, chunk: Chunk
) -> tuple[list[tuple[int, Incoming]], list[RefusedRow]]:
    """Line and request of each row that comes in, and the rows that name another agency than the sender's."""
    written = pieces.rows_of(place, chunk.number)
    good, foreign = [], []
    for row, *found in _judged_rows(place, chunk):
        line, values = written[int(str(row))]
        incoming = judged(int(str(row)), values, found[: len(CATALOGUE)], found[len(CATALOGUE) :], gate.law)
        named = gate.context.line(incoming.request.requesting_agency or "")
        if named and upload.agency not in named:
            problem = (
                "The request names another agency; your account sends for your own and its components only."
            )
            foreign.append(RefusedRow(incoming.row, line, "requesting_agency", problem))
        else:
            good.append((line, incoming))
    return good, foreign


def _judged_rows(place: Place, chunk: Chunk) -> Iterator[tuple[object, ...]]:
    """(row, facts, words) of the chunk's good rows, in order."""
    with duckdb.connect(config={"threads": 1, "memory_limit": "128MB"}) as reader:
        yield from reader.execute(
            "SELECT * FROM read_parquet(?) WHERE row BETWEEN ? AND ? ORDER BY row",
            [str(place.facts), chunk.first, chunk.last],
        ).fetchall()


def _step_back(connection: Connection) -> None:
    """Let the database work for everybody else first, where it runs on this machine and as this user may."""
    if connection.info.host.startswith("/"):
        with suppress(OSError):
            own = os.getpriority(os.PRIO_PROCESS, 0)
            os.setpriority(os.PRIO_PROCESS, connection.info.backend_pid, own)
