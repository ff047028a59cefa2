"""`make bench`: what the gate costs, beside the physical limit and beside its peers on the same input."""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import judge, law, ledger, requests, review
from bench.verify import verify
from wicketgate.synthetic import make_register, make_submission

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    """Run the chosen parts, print a short table and write one JSON file."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000, help="rows of the reviewed submission")
    parser.add_argument("--fact-rows", type=int, default=1_280_000, help="rows of facts for the rules")
    parser.add_argument("--people", type=int, default=1_176_000, help="of whom 85 in 100 are on file")
    parser.add_argument("--asked", type=int, default=100_000, help="requests about them")
    parser.add_argument("--copies", type=int, default=10, help="such populations side by side")
    parser.add_argument("--kind", choices=("mixed", "lawful", "august-2025"), default="mixed")
    parser.add_argument("--only", nargs="+", choices=sorted(PARTS), default=sorted(PARTS))
    chosen = parser.parse_args()
    results: dict[str, Any] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "kind": chosen.kind,
    }
    with tempfile.TemporaryDirectory(prefix="wicketgate-bench-") as scratch:
        folder = Path(scratch)
        make_register(folder / "register", persons=50_000, seed=1)

        def submission(rows: int) -> Path:
            file = folder / f"submission-{rows}.csv"
            if not file.exists():
                make_submission(file, rows, chosen.kind, 1, folder / "register")
            return file

        for name in chosen.only:
            results[name] = PARTS[name](submission, folder, chosen)
            show(name, results[name])
    RESULTS.mkdir(exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    (RESULTS / f"bench-{stamp}.json").write_text(json.dumps(results, indent=2) + "\n")


def show(name: str, found: dict[str, Any]) -> None:
    """One line per thing measured."""
    print(f"\n{name}")
    rows = found if all(isinstance(value, dict) for value in found.values()) else {"": found}
    for title, figures in rows.items():
        told = (f"{key.replace('_', ' ')} {_figure(value)}" for key, value in figures.items())
        print(f"  {title:22}" + ", ".join(told))


def _figure(value: object) -> str:
    if isinstance(value, dict):
        return " ".join(f"{key.replace('_', ' ')} {_figure(each)}" for key, each in value.items())
    return f"{value:,}" if isinstance(value, int | float) else str(value)


Submission = Callable[[int], Path]
PARTS: dict[str, Callable[[Submission, Path, argparse.Namespace], dict[str, Any]]] = {
    "address": lambda file, folder, chosen: judge.judges(file(chosen.rows), folder),
    "law": lambda file, folder, chosen: law.law(file(chosen.fact_rows // law.COPIES), folder),
    "ledger": lambda _, folder, __: ledger.ledger(folder),
    "one_request": lambda file, _, chosen: requests.one_request(file(5_000)),
    "review": lambda file, folder, chosen: review.review(file(chosen.rows), chosen.rows, folder),
    "verify": lambda _, folder, chosen: verify(folder, chosen.people, chosen.asked, chosen.copies),
}

if __name__ == "__main__":
    main()
