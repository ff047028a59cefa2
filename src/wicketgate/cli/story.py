"""`wicketgate story`: three submissions through the gate, and why the gate exists, in one screen."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from wicketgate.cli.console import Refusal, shown_progress
from wicketgate.cli.options import DEFAULT_AUTHORITY, context_of, law_of
from wicketgate.core.context import Context
from wicketgate.flow.progress import Progress
from wicketgate.flow.refusals import REFUSALS
from wicketgate.flow.simulate import Simulation, simulating
from wicketgate.ledger.verify import verify_folder
from wicketgate.synthetic import SyntheticError, make_register, make_submission
from wicketgate.synthetic.procedure_2025 import Procedure2025, procedure_2025
from wicketgate.synthetic.submission import AS_OF, Kind

SEED = 20250807
KINDS: tuple[tuple[Kind, int], ...] = (("lawful", 2_000), ("mixed", 2_000), ("august-2025", 20_000))
_SHOWN_CODES = 6


@dataclass(frozen=True, slots=True)
class Story:
    """What happened to one submission."""

    kind: Kind
    simulation: Simulation
    wrongly: int
    """Disclosures that the truth beside the submission does not allow; the gate's promise is 0."""
    without_gate: Procedure2025


@click.command()
@click.option(
    "--folder",
    default="story",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the made-up data and the results go; its former content is replaced.",
)
@click.option("--persons", default=100_000, show_default=True, type=click.IntRange(100))
@click.option("--scale", default=1.0, show_default=True, help="Times the number of requests.")
def story(folder: Path, persons: int, scale: float) -> None:
    """Make 100,000 made-up people and three submissions, and run them through the gate.

    One submission is lawful, one mixed, one has the shape of the file of August 2025.
    The result stands beside what the procedure of 2025 would have disclosed.
    """
    if folder.exists() and not (folder / "register").is_dir() and any(folder.iterdir()):
        raise Refusal(f"{folder} holds other files; name an empty folder with --folder.")
    shutil.rmtree(folder, ignore_errors=True)
    context = story_context()
    law = law_of(DEFAULT_AUTHORITY, (), context)
    register, stories = folder / "register", []
    try:
        with shown_progress() as progress:
            _make(folder, persons, scale, progress)
            with simulating(register, law, context, keep=folder / "gate", progress=progress) as run:
                for kind, _ in KINDS:
                    file = folder / f"{kind}.csv"
                    result = run(file, folder / kind)
                    stories.append(
                        Story(kind, result, _wrongly(file, folder / kind), procedure_2025(file, register))
                    )
    except (*REFUSALS, SyntheticError) as error:
        raise Refusal(str(error)) from error
    _show(stories, folder, persons)


def story_context() -> Context:
    """The default directory of agencies on the day of the made-up requests."""
    found = context_of(None)
    return Context(date(AS_OF.year, AS_OF.month, AS_OF.day), found.agencies, found.switches)


def _make(folder: Path, persons: int, scale: float, progress: Progress) -> None:
    make_register(
        folder / "register",
        persons=persons,
        seed=SEED,
        progress=lambda done: progress("make people", done, persons),
    )
    for kind, rows in KINDS:
        make_submission(
            folder / f"{kind}.csv",
            rows=max(1, int(rows * scale)),
            kind=kind,
            seed=SEED,
            register=folder / "register",
            progress=lambda done, kind=kind: progress(f"write {kind} requests", done),  # type: ignore[misc]
        )


def _wrongly(submission: Path, out: Path) -> int:
    """Count disclosures that the truth does not allow, or that are about another person."""
    with submission.with_name(submission.name + ".truth.csv").open(newline="") as file:
        meant = {
            row["request_id"]: row["person_id"]
            for row in csv.DictReader(file)
            if row["lawful_outcome"] == "disclosed"
        }
    with (out / "disclosed.csv").open(newline="") as file:
        return sum(meant.get(row["request_id"]) != row["person_id"] for row in csv.DictReader(file))


def _show(stories: list[Story], folder: Path, persons: int) -> None:
    console = Console(highlight=False)
    console.print(f"\n[bold]Three submissions about {persons:,} made-up people[/bold]\n")
    console.print(_outcomes(stories))
    console.print(_refusals(stories, folder))
    ledger = folder / stories[-1].kind / "ledger"
    report = verify_folder(ledger)
    for line in report.failures:
        console.print(f"[red]{line}[/red]")
    entries = (ledger / "checkpoint").read_text().splitlines()[1]
    verdict = "verified" if report.ok else "DOES NOT HOLD"
    console.print(
        f"Ledger: {int(entries):,} entries, {verdict}. Every request is in it, refused ones included."
    )
    console.print(f"Check it yourself: [bold]wicketgate ledger verify {ledger}[/bold]")
    console.print(f"Everything else is in {folder}/: register, submissions, truth, results.\n")
    if not report.ok or any(story.wrongly for story in stories):
        raise Refusal("The gate did not keep its promise; the lines above say where.")


def _outcomes(stories: list[Story]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("")
    for story in stories:
        table.add_column(story.kind, justify="right")

    def row(name: str, *values: int, style: str = "") -> None:
        table.add_row(name, *(f"{value:,}" for value in values), style=style)

    outcome = [story.simulation.outcomes for story in stories]
    row("asked for", *(sum(each.values()) for each in outcome))
    row("refused: an element is missing", *(each["deficient"] for each in outcome))
    row("referred to a person", *(each["referred"] for each in outcome))
    row("not exactly one person", *(each["not_verified"] for each in outcome))
    row("held back", *(each["held"] for each in outcome))
    row("disclosed, sealed to one officer", *(each["disclosed"] for each in outcome), style="bold")
    row("… of these not allowed by the truth", *(story.wrongly for story in stories), style="bold")
    table.add_section()
    before = [story.without_gate for story in stories]
    row("the procedure of 2025 would have sent", *(each.disclosed for each in before))
    row("… of these unlawful", *(each.unlawful for each in before), style="red")
    row("… on an address that is none", *(each.junk_address for each in before), style="red")
    row("… about another person", *(each.wrong_person for each in before), style="red")
    return table


def _refusals(stories: list[Story], folder: Path) -> Table:
    """The most frequent elements missing in the last submission, with citation and sense."""
    kind = stories[-1].kind
    summary: dict[str, Any] = stories[-1].simulation.summary
    explained: dict[str, dict[str, str]] = {}
    for line in (folder / kind / "findings.jsonl").read_text(encoding="utf-8").splitlines():
        for element in json.loads(line)["elements"]:
            explained.setdefault(element["code"], element)
    table = Table(box=None, pad_edge=False, header_style="bold", title_justify="left")
    table.title = f"Why {kind} is refused (the most frequent elements)"
    table.add_column("requests", justify="right")
    for name in ("element", "citation", "finding"):
        table.add_column(name)
    ranked = sorted(summary["by_code"].items(), key=lambda item: -item[1])
    for code, count in ranked[:_SHOWN_CODES]:
        element = explained[code]
        table.add_row(f"{count:,}", code, element["citation"], element["message"])
    return table
