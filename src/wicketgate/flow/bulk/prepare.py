"""Reads an upload once: facts of each row, facts of all rows together, words, and the plan of its chunks.

It goes on where it was broken off, piece by piece. What `review` says of the file is said here too: the
same functions read it, judge it and compare its requests.
"""

from __future__ import annotations

import os
import shutil
from collections import deque
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path

from wicketgate.core.finding import Severity
from wicketgate.flow import outputs
from wicketgate.flow.agency.notices import present_context
from wicketgate.flow.bulk import pieces
from wicketgate.flow.bulk.place import Place
from wicketgate.flow.fact_pool import MOST_RUNS, fact_batches
from wicketgate.flow.gate import Gate
from wicketgate.flow.workspace import Workspace
from wicketgate.stages.facts import open_requests
from wicketgate.stages.intake import Batch, Piece, SubmissionError, read_pieces
from wicketgate.store import chunks, requests
from wicketgate.store import uploads as store
from wicketgate.store.services import Service
from wicketgate.store.uploads import Upload

Stop = Callable[[], bool]
"""True when the work is to be laid down: paused, cancelled, or the server ends."""


def prepare(gate: Gate, place: Place, upload: Upload, stop: Stop) -> None:
    """Read the whole file, then plan its chunks. Raises `SubmissionError` or `UnsignedError`.

    Only one process does this at a time (`uploads.hold`).
    """
    if not place.file.is_file():
        raise SubmissionError("The file did not arrive whole; send it again.")
    spool = place.spool
    for folder in (spool, place.pieces):
        folder.mkdir(mode=0o700, exist_ok=True)
    workspace = Workspace(spool, threads=os.cpu_count() or 1)
    try:
        if not _read(gate, place, upload, workspace, stop):
            return
        workspace.load(open_requests(gate.context.engagements))
        workspace.evaluate(gate.law)
        workspace.write_sheet(gate.law, place.facts)
        workspace.write_problems(place.malformed)
        _plan(gate, place, upload, workspace)
    finally:
        workspace.close()
    shutil.rmtree(spool, ignore_errors=True)


def _read(gate: Gate, place: Place, upload: Upload, workspace: Workspace, stop: Stop) -> bool:
    """Judge every piece that is not yet; False when it was laid down."""
    spool, begun = place.spool, deque[int]()

    def waiting() -> Iterator[Batch | Piece]:
        for number, piece in enumerate(read_pieces(place.file)):
            if not _mark(spool, number).exists():
                pieces.keep(place, number, piece)
                begun.append(number)
                yield piece

    context, vocabulary = present_context(gate), gate.law.authority.vocabulary
    rows = sum(_counts(spool).values())
    for part in fact_batches(waiting(), context, vocabulary, run=_next_run(spool)):
        number = begun.popleft()
        workspace.add(number, part.facts, part.problems, part.parts)
        _mark(spool, number).write_text(str(part.rows))
        rows += part.rows
        with gate.acting(Service.INTAKE) as connection:
            store.tell_rows(connection, upload.upload, rows)
        if stop():
            return False
    return True


def _plan(gate: Gate, place: Place, upload: Upload, workspace: Workspace) -> None:
    counts = _counts(place.spool)
    numbers = sorted(counts)
    lasts = list(accumulate(counts[number] for number in numbers))
    if place.signatures.is_file():
        pieces.split_signatures(place, lasts)
    ranges = [(number, last - counts[number] + 1, last) for number, last in zip(numbers, lasts, strict=True)]
    rows = lasts[-1] if lasts else 0
    summary = _summary(gate, workspace, rows)
    with gate.acting(Service.INTAKE) as connection:
        submission = requests.open_submission(
            connection,
            name=upload.name,
            digest=upload.digest,
            authority=gate.law.authority.name,
            authority_digest=gate.law.authority.digest,
            as_of=gate.context.as_of,
            at=upload.sent_at,
        )
        if store.begin(connection, upload.upload, submission.submission, rows, summary):
            chunks.plan_ranges(connection, upload.job, ranges)


def _summary(gate: Gate, workspace: Workspace, rows: int) -> dict[str, object]:
    """What `review` says of the file, and each element that was not shown, in the law's own words."""
    law = gate.law
    found = outputs.signatures(workspace, law)
    counted = outputs.Counted(rows, workspace.count("shown"), workspace.count("malformed"))
    summary = outputs.summary(counted, found, law, gate.context, {})
    words = {
        finding.code: outputs.explained(finding)
        for signature in found
        for finding in signature.findings
        if finding.severity is not Severity.NOTE
    }
    by_code = outputs.counts(found)["by_code"]
    assert isinstance(by_code, dict)  # noqa: S101  # it says so
    elements = [words[code] | {"requests": number} for code, number in by_code.items()]
    return summary | {"elements": sorted(elements, key=lambda each: -int(str(each["requests"])))}


def _mark(spool: Path, number: int) -> Path:
    return spool / f"{number:08d}.read"


def _counts(spool: Path) -> dict[int, int]:
    """How many rows each piece that was read has."""
    return {int(path.stem): int(path.read_text()) for path in spool.glob("*.read")}


def _next_run(spool: Path) -> int:
    """How often the reading was begun before; no code of an earlier run is used again."""
    path = spool / "runs"
    run = int(path.read_text()) if path.is_file() else 0
    if run + 1 >= MOST_RUNS:
        raise SubmissionError("The file was begun too often; send it again.")
    path.write_text(str(run + 1))
    return run
