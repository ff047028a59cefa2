"""A file comes in: its good rows are received in order, a chunk to a transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from wicketgate.flow.file_digest import file_digest
from wicketgate.flow.gate import Gate
from wicketgate.flow.judged import judged
from wicketgate.flow.progress import Progress, silent
from wicketgate.flow.receive import Incoming, close, receive
from wicketgate.flow.review_file import FileReview
from wicketgate.flow.signed import Refused
from wicketgate.flow.try_budget import TryBudget
from wicketgate.flow.work.kin import Kin
from wicketgate.stages.intake import read_batches
from wicketgate.stages.signing import Signature
from wicketgate.store import requests
from wicketgate.store.requests import Submission
from wicketgate.store.services import Service

CHUNK = 2_000
"""Requests to a transaction."""


def receive_file(
    gate: Gate,
    path: Path,
    review: FileReview,
    budget: TryBudget | None,
    kin: Kin | None = None,
    progress: Progress = silent,
    signed: Mapping[int, Signature] | None = None,
    refused: list[Refused] | None = None,
    *,
    elsewhere: bool = False,
) -> Submission:
    """Receive every good row of a reviewed file that is not in yet; what was interrupted goes on.

    `budget`, `kin`, `signed` and `elsewhere` are those of `receive`, and so is what it raises; what it
    returns is added to `refused`.
    """
    digest = file_digest(path)
    with gate.acting(Service.INTAKE) as connection:
        known = requests.find_submission(connection, digest, gate.law.authority.digest, gate.context.as_of)
        if known is None:
            known = requests.open_submission(
                connection,
                name=path.name,
                digest=digest,
                authority=gate.law.authority.name,
                authority_digest=gate.law.authority.digest,
                as_of=gate.context.as_of,
                at=gate.clock.now(),
            )
        last = requests.last_row(connection, known.submission)
    total = review.workspace.count("shown")
    if known.requests is not None:
        return known
    waiting: list[Incoming] = []
    turned_away: list[Refused] = []
    for number, incoming in enumerate(_incoming(path, review), 1):
        if incoming.row <= last:
            continue
        waiting.append(incoming)
        if len(waiting) == CHUNK:
            turned_away += receive(gate, known, waiting, budget, kin, signed, elsewhere=elsewhere)
            waiting = []
            progress("receive", number, total)
    if waiting:
        turned_away += receive(gate, known, waiting, budget, kin, signed, elsewhere=elsewhere)
    with gate.acting(Service.INTAKE) as connection:
        received = requests.count_received(connection, known.submission)
    close(gate, known, received)
    if refused is not None:
        refused += turned_away
    return known


def _incoming(path: Path, review: FileReview) -> Iterator[Incoming]:
    """The good rows in order: what was written, read again, beside the facts and words found before."""
    written = (each for batch in read_batches(path) for each in batch.rows)
    workspace, law = review.workspace, review.law
    for (row, _, *facts), (_, _, *words) in zip(workspace.facts(), workspace.words(law), strict=True):
        values = next(values for number, _, values in written if number == row)
        yield judged(int(str(row)), values, facts, words, law)
