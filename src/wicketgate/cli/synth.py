"""`wicketgate synth`: made-up people and submissions."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from wicketgate.cli.console import Refusal, shown_progress
from wicketgate.synthetic import SyntheticError, make_identities, make_register, make_submission
from wicketgate.synthetic.register import Format, Source
from wicketgate.synthetic.submission import Kind

_SEED = click.option("--seed", default=1, show_default=True, help="The same seed gives the same bytes.")


@click.group()
def synth() -> None:
    """Make synthetic registers and submissions; no real person is in them."""


@synth.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option("--persons", default=10_000, show_default=True, type=click.IntRange(1))
@_SEED
@click.option(
    "--source",
    type=click.Choice(["own", "pseudopeople"]),
    default="own",
    show_default=True,
    help="pseudopeople needs `pip install wicketgate[pseudopeople]`.",
)
@click.option("--format", "kind", type=click.Choice(["csv", "parquet"]), default="csv", show_default=True)
def register(directory: Path, persons: int, seed: int, source: Source, kind: Format) -> None:
    """Make a register of made-up people in DIRECTORY (persons and addresses).

    Families, juniors and seniors, two surnames, movers with their history, dense
    buildings, Puerto Rico, military and rural addresses are in it.
    """
    try:
        with shown_progress() as progress:
            make_register(
                directory,
                persons=persons,
                seed=seed,
                source=source,
                format=kind,
                progress=lambda done: progress("make people", done, persons),
            )
    except (SyntheticError, OSError) as error:
        raise Refusal(str(error)) from error
    click.echo(f"A register of about {persons:,} made-up people is in {directory}.")


@synth.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--people", default=10_000, show_default=True, type=click.IntRange(1), help="85 in 100 are on file."
)
@_SEED
def identities(directory: Path, people: int, seed: int) -> None:
    """Make a register in DIRECTORY and hard requests about every adult, on file or not.

    requests.csv holds complete requests in which only identity varies: exact, reformatted, with a typo, a
    nickname, another transliteration, a former address, no unit, an initial, one of two surnames or a
    wrong number; and about strangers, relatives and namesakes who are not on file.
    requests.csv.truth.csv has the kind of each and the person meant.
    """
    try:
        with shown_progress() as progress:
            requests = make_identities(
                directory, people, seed, progress=lambda done: progress("make people", done, people)
            )
    except (SyntheticError, OSError) as error:
        raise Refusal(str(error)) from error
    click.echo(f"A register and {requests:,} requests are in {directory}, their truth beside them.")


@synth.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--rows", default=1_000, show_default=True, type=click.IntRange(1))
@click.option(
    "--kind",
    type=click.Choice(["lawful", "august-2025", "mixed"]),
    required=True,
    help="lawful: a gate should answer them; august-2025: the shape of the 2025 file; mixed: both and more.",
)
@_SEED
@click.option(
    "--register",
    "register_directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="The register whose people are asked for.",
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    default="2026-03-01",
    show_default=True,
    help="The day of review that the requests are made for.",
)
def submission(
    file: Path, rows: int, kind: Kind, seed: int, register_directory: Path, as_of: datetime | date
) -> None:
    """Make a submission FILE (.csv, .jsonl or .parquet), and beside it the truth, FILE.truth.csv."""
    day = as_of.date() if isinstance(as_of, datetime) else as_of
    try:
        with shown_progress() as progress:
            make_submission(
                file,
                rows=rows,
                kind=kind,
                seed=seed,
                register=register_directory,
                as_of=day,
                progress=lambda done: progress("write requests", done, rows),
            )
    except (SyntheticError, OSError) as error:
        raise Refusal(str(error)) from error
    click.echo(f"{rows:,} {kind} requests are in {file}, their truth in {file}.truth.csv.")
