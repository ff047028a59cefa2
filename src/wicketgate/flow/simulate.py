"""What a lawful gate would have done with a file: every room, real roles, scripted officers.

The scripted examiner and approver are two people who approve all that they may. Each
act commits with its entries, so a run that was killed goes on where it stood.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from wicketgate.core.catalogue import CATALOGUE
from wicketgate.core.context import Context
from wicketgate.core.request import Request
from wicketgate.core.states import State
from wicketgate.flow.agency_side import AgencySide
from wicketgate.flow.approve import approve_scripted
from wicketgate.flow.ask import ask
from wicketgate.flow.determine import determine
from wicketgate.flow.endorse import endorse
from wicketgate.flow.file_digest import file_digest
from wicketgate.flow.gate import Gate, Rows
from wicketgate.flow.house import House, opened
from wicketgate.flow.orders import adopt_orders
from wicketgate.flow.outbox import open_all, open_due
from wicketgate.flow.progress import Progress, silent
from wicketgate.flow.receipts import write_receipts
from wicketgate.flow.receive import Incoming, receive
from wicketgate.flow.release import recipient, release
from wicketgate.flow.review_file import FileReview, reviewed, write_review
from wicketgate.flow.simulation_outputs import pick_up_all, publish, write_outcomes
from wicketgate.flow.try_budget import TryBudget
from wicketgate.law import CompiledLaw
from wicketgate.ledger import Policy
from wicketgate.stages.intake import read_batches
from wicketgate.store import requests
from wicketgate.store.requests import Submission
from wicketgate.store.services import Service

EXAMINER = "scripted examiner"
APPROVER = "scripted approver"
CHUNK = 2_000
"""Requests to a transaction."""


@dataclass(frozen=True, slots=True)
class Simulation:
    """The summary of a run: that of the review, and how many requests had each outcome."""

    summary: dict[str, object]
    outcomes: dict[str, int]


def simulate(
    submission: Path,
    register: Path,
    out: Path,
    law: CompiledLaw,
    context: Context,
    *,
    keep: Path | None = None,
    progress: Progress = silent,
) -> Simulation:
    """Run one file through a gate and write the files of interface.md, `simulate`.

    Raises `SubmissionError`, `RegisterRefusedError` or `HouseError`, each with one sentence.
    """
    with simulating(register, law, context, keep=keep, progress=progress) as run:
        return run(submission, out)


@contextmanager
def simulating(
    register: Path,
    law: CompiledLaw,
    context: Context,
    *,
    keep: Path | None = None,
    receipts: bool = False,
    witnesses: Policy | None = None,
    progress: Progress = silent,
) -> Iterator[Callable[[Path, Path], Simulation]]:
    """Open one gate for several files: gives a function of (submission, out).

    With `receipts`, each run also writes what an agency needs to check its own entries. With
    `witnesses`, nothing is released without their cosignatures.
    """
    with opened(law, context, register, keep, progress, witnesses) as house:
        adopt_orders(house.gate)

        yield lambda submission, out: through(house, submission, out, receipts, progress)


def through(
    house: House, submission: Path, out: Path, receipts: bool = False, progress: Progress = silent
) -> Simulation:
    """Run one file through an open gate."""
    gate = house.gate
    with reviewed(submission, gate.law, gate.context, progress) as review:
        summary = write_review(review, out, gate.context)
        known = _received(house, submission, review, progress)
        open_due(gate)
        _decide_all(house, known, progress)
        open_all(gate)
        outcomes = write_outcomes(house, known, review.workspace, out)
        pick_up_all(house, known, progress)
        publish(gate, out / "ledger")
        if receipts:
            write_receipts(gate, known, out / "ledger", out / "receipts")
    return Simulation(summary, outcomes)


def _received(house: House, path: Path, review: FileReview, progress: Progress) -> Submission:
    """Receive every good row that is not in yet; a kept gate also counts how often who was asked for."""
    gate = house.gate
    budget = None if gate.throw_away else TryBudget.kept_in(house.folder)
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
        done = requests.count_received(connection, known.submission)
    total = review.workspace.count("good")
    if known.requests is not None:
        return known
    waiting: list[Incoming] = []
    for number, incoming in enumerate(_incoming(path, review), 1):
        if number <= done:
            continue
        waiting.append(incoming)
        if len(waiting) == CHUNK:
            receive(gate, known, waiting, budget)
            waiting = []
            progress("receive", number, total)
    if waiting:
        receive(gate, known, waiting, budget)
    with gate.acting(Service.INTAKE) as connection:
        requests.close_submission(connection, known.submission, total)
    return known


def _incoming(path: Path, review: FileReview) -> Iterator[Incoming]:
    """The good rows in order: what was written, read again, beside the facts and words found before."""
    written = (each for batch in read_batches(path) for each in batch.rows)
    workspace, law = review.workspace, review.law
    for (row, _, *facts), (_, _, *words) in zip(workspace.facts(), workspace.words(law), strict=True):
        values = next(values for number, _, values in written if number == row)
        named = dict(zip(CATALOGUE, facts, strict=True))
        request = Request(*values)  # type: ignore[arg-type]  # intake refuses a row without a reference
        yield Incoming(int(str(row)), request, named, law.shown(words))  # type: ignore[arg-type]


def _decide_all(house: House, known: Submission, progress: Progress) -> None:
    gate, agency = house.gate, AgencySide(house.folder)
    with gate.acting(Service.AUDIT) as connection:
        last = requests.last_row(connection, known.submission)
    for first in range(1, last + 1, CHUNK):
        rows = Rows(known.submission, first, first + CHUNK - 1)
        determine(gate, rows)
        endorse(gate, rows, EXAMINER)
        ask(gate, rows)
        approve_scripted(gate, rows, APPROVER)
        agency.register(gate, _recipients(gate, rows))
        release(gate, rows)
        progress("examine, verify, decide, release", min(first + CHUNK - 1, last), last)


def _recipients(gate: Gate, rows: Rows) -> list[str]:
    """The officers for whom approved packages could be sealed."""
    with gate.acting(Service.RELEASE) as connection:
        stored = requests.in_state(connection, rows.submission, State.APPROVED, rows.first, rows.last)
    return [officer for each in stored if (officer := recipient(each))]
