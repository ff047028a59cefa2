"""What a lawful gate would have done with a file: every room, real roles, scripted officers.

The scripted examiner and approver are two people who approve all that they may. Each
act commits with its entries, so a run that was killed goes on where it stood.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from wicketgate.core.context import Context
from wicketgate.core.states import State
from wicketgate.flow.agency_side import AgencySide
from wicketgate.flow.approve import approve_scripted
from wicketgate.flow.ask import ask
from wicketgate.flow.determine import determine
from wicketgate.flow.endorse import endorse
from wicketgate.flow.entry_counts import publish_counts, write_kinds
from wicketgate.flow.gate import Gate, Rows
from wicketgate.flow.house import House, opened
from wicketgate.flow.orders import adopt_orders
from wicketgate.flow.outbox import open_all, open_due
from wicketgate.flow.progress import Progress, silent
from wicketgate.flow.receipts import write_receipts
from wicketgate.flow.receive_file import CHUNK, receive_file
from wicketgate.flow.release import recipient, release
from wicketgate.flow.review_file import reviewed, write_review
from wicketgate.flow.second_verification import require_agreement
from wicketgate.flow.simulation_outputs import pick_up_all, publish, write_outcomes
from wicketgate.flow.statement import write_statements
from wicketgate.flow.try_budget import TryBudget
from wicketgate.law import CompiledLaw
from wicketgate.ledger import Policy
from wicketgate.store import requests
from wicketgate.store.requests import Submission
from wicketgate.store.services import Service

EXAMINER = "scripted examiner"
APPROVER = "scripted approver"


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

        loaded = register if keep is None else None  # a kept gate may have loaded another since
        yield lambda submission, out: through(house, submission, out, receipts, progress, loaded)


def through(
    house: House,
    submission: Path,
    out: Path,
    receipts: bool = False,
    progress: Progress = silent,
    register: Path | None = None,
) -> Simulation:
    """Run one file through an open gate; with its `register`, every answer is decided twice."""
    gate = house.gate
    with reviewed(submission, gate.law, gate.context, progress) as review:
        summary = write_review(review, out, gate.context)
        budget = None if gate.throw_away else TryBudget.kept_in(house.folder)
        known = receive_file(gate, submission, review, budget, progress=progress)
        open_due(gate)
        _decide_all(house, known, progress)
        if register is not None:
            require_agreement(gate, known, register, progress)
        open_all(gate)
        outcomes = write_outcomes(house, known, review.workspace, out)
        pick_up_all(house, known, progress)
        publish_counts(gate)
        size = publish(gate, out / "ledger")
        write_kinds(gate, size, out / "kinds.jsonl")
        if receipts:
            write_receipts(gate, known, out / "ledger", out / "receipts")
            AgencySide(house.folder).hand_over(out / "receipts")
            write_statements(gate, out / "ledger", out / "statements")
    return Simulation(summary, outcomes)


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
