"""`wicketgate register`: check, load and refresh the custodian's register, and count its twins."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from wicketgate.cli.console import Refusal, shown_progress
from wicketgate.flow.audit_report import COUNT_TITLES, write_report
from wicketgate.flow.progress import Progress
from wicketgate.flow.refusals import REFUSALS
from wicketgate.flow.register_audit import LIMIT, POPULATION_SHARE, Audit, Profile
from wicketgate.flow.register_audit import audit as count_twins
from wicketgate.flow.register_files import Listener, RegisterProblem, read
from wicketgate.flow.register_files import check as check_rows
from wicketgate.flow.register_home import Generation, RegisterHome
from wicketgate.flow.register_view import view

SOURCE_VARIABLE = "WICKETGATE_REGISTER_URL"
F = TypeVar("F", bound=Callable[..., Any])

_PROBLEMS = click.option(
    "--problems",
    type=click.Path(dir_okay=False, path_type=Path),
    help="CSV file for every row that must be mended; without it the first hundred are shown.",
)


def _where(command: F) -> F:
    """Whose register: that of a standing gate, or of a kept simulation."""
    for option in (
        click.option(
            "--config",
            default="gate.toml",
            show_default=True,
            type=click.Path(dir_okay=False, path_type=Path),
            help="The configuration of the standing gate.",
        ),
        click.option(
            "--keep",
            type=click.Path(file_okay=False, path_type=Path),
            help="The folder of a kept simulation, instead of a standing gate.",
        ),
    ):
        command = option(command)
    return command


def _profile(command: F) -> F:
    """What the bound of the register's own twins is judged by."""
    for option in (
        click.option(
            "--limit",
            default=LIMIT,
            show_default=True,
            type=click.FloatRange(0, 1, min_open=True),
            help="Unseen twins per record that the weakest accepted field set may have at most.",
        ),
        click.option(
            "--population-share",
            default=POPULATION_SHARE,
            show_default=True,
            type=click.FloatRange(0, 1, min_open=True, max_open=True),
            help="c: the share of the people who could be asked for that are on file. The smaller it is, the "
            "more people are missing who could be the twin of somebody on file.",
        ),
    ):
        command = option(command)
    return command


@click.group()
def register() -> None:
    """Load and examine the custodian's register; nothing in it is shown."""


@register.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@_PROBLEMS
def check(directory: Path, problems: Path | None) -> None:
    """Read the register in DIRECTORY and list the rows that must be mended; nothing is loaded."""
    with _refusing(), _listening(problems) as (progress, listener):
        persons, addresses = check_rows(read(directory, progress, listener))
    click.echo(f"{persons:,} persons and {addresses:,} addresses; every row can be loaded.")


@register.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@_PROBLEMS
@_where
@_profile
def load(
    directory: Path,
    problems: Path | None,
    config: Path,
    keep: Path | None,
    population_share: float,
    limit: float,
) -> None:
    """Replace the register by the one in DIRECTORY, while the gate works.

    The next register is built beside the one in force and takes over at once when all of it
    is there. A single bad row refuses it, and the one in force goes on. For a standing gate the
    twins of the register are counted first, as by `register audit`: above the limit it is refused.
    """
    profile = None if keep else Profile(population_share, limit)
    with _refusing(), _listening(problems) as (progress, listener):
        files = read(directory, progress, listener)
        loaded = _home(config, keep).replace(files, directory, profile, progress)
    click.echo(_told(loaded))


@register.command()
@click.option("--schema", default="wicketgate", show_default=True, help="The schema of the two views.")
@_PROBLEMS
@_where
@_profile
def refresh(
    schema: str,
    problems: Path | None,
    config: Path,
    keep: Path | None,
    population_share: float,
    limit: float,
) -> None:
    """Replace the register by what the custodian's own database holds now.

    WICKETGATE_REGISTER_URL names that database and a role that can only read; in SCHEMA there are two views,
    `persons` and `addresses`, with the columns of a register directory. Both are read as of one
    moment and nothing is written there. Twins are counted as by `register load`.
    """
    url = os.environ.get(SOURCE_VARIABLE)
    if not url:
        raise Refusal(f"Set {SOURCE_VARIABLE} to the custodian's database, with a role that can only read.")
    profile = None if keep else Profile(population_share, limit)
    with _refusing(), _listening(problems) as (progress, listener):
        files = view(url, schema, progress, listener)
        loaded = _home(config, keep).replace(files, profile=profile, progress=progress)
    click.echo(_told(loaded))


@register.command()
@_where
def generations(config: Path, keep: Path | None) -> None:
    """List the registers that were loaded, the one in force last."""
    with _refusing():
        for each in _home(config, keep).generations():
            click.echo(_told(each))


def _home(config: Path, keep: Path | None) -> RegisterHome:
    if keep is not None:
        return RegisterHome(keep=keep)
    from wicketgate.web.configuration import ConfigurationError
    from wicketgate.web.configuration import read as read_configuration

    try:
        return RegisterHome(read_configuration(config).standing)
    except ConfigurationError as error:
        raise Refusal(str(error)) from error


def _told(loaded: Generation) -> str:
    when = loaded.at.isoformat(sep=" ", timespec="seconds")
    return (
        f"generation {loaded.number}, {when}: {loaded.persons:,} persons, {loaded.addresses:,} addresses,"
        f" from {loaded.source}"
    )


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except (*REFUSALS, OSError) as error:
        raise Refusal(str(error)) from error


@contextmanager
def _listening(path: Path | None) -> Iterator[tuple[Progress, Listener | None]]:
    """Progress, and every problem into a file where one is named."""
    with shown_progress() as progress:
        if path is None:
            yield progress, None
            return
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(("file", "row", "column", "problem"))

            def listen(problem: RegisterProblem) -> None:
                rows.writerow((problem.file, problem.row, problem.column, problem.problem))

            yield progress, listen


@register.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for audit.json and audit.html; made if missing.",
)
@_profile
def audit(directory: Path, out: Path | None, population_share: float, limit: float) -> None:
    """Count how often the gate could mean the wrong person, on the register in DIRECTORY.

    For each set of fields that a verification can rest on: how many people share all of
    it with somebody else on file (t), and the bound t x (1 - c) / c of people like them who
    are not on file. Exit code 2 when the bound of the weakest set exceeds the limit.
    """
    try:
        with shown_progress() as progress:
            found = count_twins(directory, population_share, limit, progress)
        if out is not None:
            write_report(found, out)
    except (*REFUSALS, OSError) as error:
        raise Refusal(str(error)) from error
    click.echo(_summary(found))
    if out is not None:
        click.echo(f"The report is in {out / 'audit.html'}.")
    if found.refusal:
        raise Refusal(found.refusal)
    click.echo("The profile is within its limit.")


def _summary(found: Audit) -> str:
    lines = [f"{COUNT_TITLES[name]}: {count:,}" for name, count in found.counts.items()]
    lines.append(f"unseen twins per record (c = {found.population_share:g}, limit {found.limit:.1e}):")
    for rate in found.rates:
        counted = f"{rate.twins:,} of {rate.holders:,} have a twin"
        bound = (
            f"bound {rate.bound(found.population_share):.1e}"
            if rate.holders
            else "nobody on file has all of it"
        )
        alone = "" if rate.fields.accepted else " (never enough alone)"
        lines.append(f"  {rate.fields.title}{alone}: {counted}, {bound}")
    return "\n".join(lines)
