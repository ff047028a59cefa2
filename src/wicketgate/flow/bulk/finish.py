"""When the last chunk of an upload is done, or it was cancelled: its entry, and its results to download."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from wicketgate.flow.bulk import pieces
from wicketgate.flow.bulk.place import FORMATS, Place
from wicketgate.flow.bulk.tables import write_tables
from wicketgate.flow.determine import determine
from wicketgate.flow.gate import Gate, Rows
from wicketgate.flow.receive import close
from wicketgate.flow.receive_file import CHUNK
from wicketgate.store import requests
from wicketgate.store import uploads as store
from wicketgate.store.requests import Submission
from wicketgate.store.services import Service
from wicketgate.store.uploads import Upload

RESULTS = ("row", "request_id", "handle", "determination", "findings")
PROBLEMS = ("row", "line", "column", "problem")


def finish(gate: Gate, place: Place, upload: Upload, submission: Submission) -> None:
    """Determine what a crash left behind, and close the submission. Every step may come twice."""
    with gate.acting(Service.AUDIT) as connection:
        left = requests.undetermined(connection, submission.submission)
    if left is not None:
        for first in range(left[0], left[1] + 1, CHUNK):
            determine(gate, Rows(submission.submission, first, first + CHUNK - 1))
    if submission.requests is None:
        with gate.acting(Service.INTAKE) as connection:
            received = requests.count_received(connection, submission.submission)
        close(gate, submission, received)
    with gate.acting(Service.INTAKE) as connection:
        store.end(connection, upload.upload, "done")
    pieces.forget(place)


def write_results(gate: Gate, place: Place, upload: Upload, submission: Submission) -> None:
    """Write what can be downloaded of a file that is over, from what is stored: again, it is the same."""
    write_tables(place, "problems", PROBLEMS, lambda: _problems(gate, place, upload))
    write_tables(place, "results", RESULTS, lambda: _results(gate, submission))
    with gate.acting(Service.INTAKE) as connection:
        store.complain(connection, upload.upload, None)


def is_written(place: Place) -> bool:
    """True when every table is there."""
    return all(place.table(name, kind).is_file() for name in ("results", "problems") for kind in FORMATS)


def _results(gate: Gate, submission: Submission) -> Iterator[tuple[object, ...]]:
    with gate.acting(Service.AUDIT) as connection:
        yield from store.results(connection, submission.submission)


def _problems(gate: Gate, place: Place, upload: Upload) -> Iterator[tuple[object, ...]]:
    """Rows that could not be read and rows that were not received, each kind in row order."""
    with duckdb.connect(config={"threads": 1}) as reader:
        found = reader.execute("SELECT * FROM read_parquet(?) ORDER BY ALL", [str(place.malformed)])
        while some := found.fetchmany(5_000):
            for row, line, field, problem in some:
                yield row, line, field or "", problem
    with gate.acting(Service.AUDIT) as connection:
        for each in store.refused_rows(connection, upload.upload):
            yield each.row, each.line, each.field, each.problem
