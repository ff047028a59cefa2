"""Run synthetic submissions through the gate and hold the results against their truth."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from wicketgate.core.context import Context
from wicketgate.flow import load_context
from wicketgate.flow.simulate import simulating
from wicketgate.law import CompiledLaw, compile_authority, load
from wicketgate.synthetic import make_register, make_submission
from wicketgate.synthetic.submission import Kind

DAY = date(2026, 3, 1)
AUTHORITY = "usc26-6103-i2"


@dataclass
class Tally:
    """Counts over any number of submissions."""

    disclosed: int = 0
    wrong_person: int = 0
    not_allowed: int = 0
    """Disclosures of requests that the truth does not allow."""
    should: int = 0
    """Requests that a lawful gate should answer with a disclosure."""
    answered: int = 0
    """Those of them that were."""
    differences: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(truth, outcome) where they differ."""

    def add(self, submission: Path, out: Path) -> None:
        """Count one finished run."""
        truth = _rows(submission.with_name(submission.name + ".truth.csv"), "request_id")
        outcomes = _rows(out / "outcomes.csv", "request_id")
        disclosed = _rows(out / "disclosed.csv", "request_id")
        assert set(truth) == set(outcomes)
        for request_id, true in truth.items():
            lawful, outcome = true["lawful_outcome"], outcomes[request_id]["outcome"]
            self.should += lawful == "disclosed"
            self.answered += lawful == outcome == "disclosed"
            if lawful != outcome:
                self.differences[lawful, outcome] += 1
            if outcome == "disclosed":
                self.disclosed += 1
                self.not_allowed += lawful != "disclosed"
                self.wrong_person += disclosed[request_id]["person_id"] != true["person_id"]


def law_and_context() -> tuple[CompiledLaw, Context]:
    """The shipped authority and directory on the day for which synthetic requests are written."""
    found = load_context(None, today=DAY)
    context = Context(DAY, found.agencies, found.switches)
    return compile_authority(load(AUTHORITY, on=DAY)), context


def run(folder: Path, persons: int, submissions: list[tuple[Kind, int]], seed: int) -> dict[Kind, Tally]:
    """Make a register and submissions with this seed, run them, and tally each kind."""
    law, context = law_and_context()
    register = folder / "register"
    make_register(register, persons=persons, seed=seed)
    tallies: dict[Kind, Tally] = {}
    with simulating(register, law, context) as simulate:
        for kind, rows in submissions:
            file = folder / f"{kind}.csv"
            make_submission(file, rows=rows, kind=kind, seed=seed, register=register)
            simulate(file, folder / kind)
            tallies.setdefault(kind, Tally()).add(file, folder / kind)
    return tallies


def _rows(path: Path, key: str) -> dict[str, dict[str, str]]:
    with path.open(newline="") as file:
        return {row[key]: row for row in csv.DictReader(file)}
