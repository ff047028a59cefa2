"""`wicketgate drill recall`: the disclosures of 2025, made up again, and called back."""

from __future__ import annotations

from pathlib import Path

import click

from wicketgate.cli.console import Refusal, shown_progress
from wicketgate.cli.options import DEFAULT_AUTHORITY, law_of
from wicketgate.cli.story import story_context
from wicketgate.core.finding import Severity
from wicketgate.flow.house import opened
from wicketgate.flow.progress import Progress
from wicketgate.flow.recall_drill import ADDRESS, RecallDrill, drill
from wicketgate.flow.refusals import REFUSALS
from wicketgate.law import CompiledLaw
from wicketgate.synthetic import SyntheticError, make_register, make_submission
from wicketgate.synthetic.answered_2025 import Answered, answered_2025
from wicketgate.synthetic.august import SENT

ALLOWED = 60.0
"""Seconds within which the list of what must come back stands and its notices are out."""
_DISCLOSURES, _REQUESTS, _PERSONS = 47_289, 1_280_000, 200_000


@click.command()
@click.option(
    "--folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="For the made-up data; what is there already is used again.",
)
@click.option("--requests", "rows", default=_REQUESTS, show_default=True, type=click.IntRange(1_000))
@click.option("--disclosures", default=_DISCLOSURES, show_default=True, type=click.IntRange(1))
@click.option("--persons", default=_PERSONS, show_default=True, type=click.IntRange(1_000))
@click.option("--seed", default=2025, show_default=True)
def recall(folder: Path, rows: int, disclosures: int, persons: int, seed: int) -> None:
    """Make 47,289 disclosures of the procedure of 2025 up again, and call back those that must come back.

    A file of the shape of August 2025 is answered as the procedure with two paths would have answered it. A
    gate of its own receives the whole file and notes what was answered; that is judged again under the
    court's reading (an address that is none is no address; a number cures nothing), and recalled by two
    scripted people. At full size the gate receives for some 15 minutes before it starts to look. Exit 0
    when there is something to find, each list equals the truth beside the file row for row, and all of it is
    asked back, in less than a minute.
    """
    try:
        with shown_progress() as progress:
            answered, found = rehearsed(folder, rows, disclosures, persons, seed, progress)
    except (*REFUSALS, SyntheticError) as error:
        raise Refusal(str(error)) from error
    _tell(answered, found.imported, found.importing)
    for each in found.lists:
        click.echo(f"{each.name}: {each.listed:,} listed, {each.missing} missing, {each.extra} extra")
    click.echo(
        f"listed, recalled and noticed in {found.recalling:.1f} s;"
        f" {found.residue:,} of {found.called_back:,} to be certified"
    )
    if not found.as_it_must_be or found.recalling > ALLOWED:
        raise Refusal("The recall is not what it must be; see the lines above.")


def rehearsed(
    folder: Path, rows: int, disclosures: int, persons: int, seed: int, progress: Progress
) -> tuple[Answered, RecallDrill]:
    """Make the data up in `folder` unless it is there, and carry the drill out. Raises what either raises."""
    context = story_context()
    law = law_of(DEFAULT_AUTHORITY, (), context)
    file = folder / f"august-{rows}-{seed}.csv"
    register = folder / f"register-{persons}-{seed}"
    if not register.is_dir():
        progress("make people", 0)
        make_register(register, persons=persons, seed=seed)
    if not file.is_file():
        progress("write requests", 0)
        make_submission(file, rows=rows, kind="august-2025", seed=seed, register=register)
    progress("answer as in 2025", 0)
    told = answered_2025(file, register, disclosures, _defects(law))
    with opened(law, context, None, None, progress) as house:
        found = drill(house.gate, file, told.answered, told.by_number, told.no_address, SENT, progress)
    return told, found


def _defects(law: CompiledLaw) -> list[str]:
    """The codes with which an address is none."""
    return [
        element.code
        for element in law.elements
        if element.code.split(":")[0] == ADDRESS and element.severity is Severity.DEFECT
    ]


def _tell(answered: Answered, imported: int, seconds: float) -> None:
    click.echo(
        f"{answered.requests:,} requests, {len(answered.answered):,} answered"
        f" ({len(answered.by_number):,} by number); {imported:,} imported in {seconds:.0f} s"
    )
