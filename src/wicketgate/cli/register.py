"""`wicketgate register`: what the custodian should know about its own register."""

from __future__ import annotations

from pathlib import Path

import click

from wicketgate.cli.console import Refusal, shown_progress
from wicketgate.flow import REFUSALS
from wicketgate.flow.audit_report import COUNT_TITLES, write_report
from wicketgate.flow.register_audit import LIMIT, POPULATION_SHARE, Audit
from wicketgate.flow.register_audit import audit as count_twins


@click.group()
def register() -> None:
    """Examine the custodian's register; nothing in it is shown."""


@register.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for audit.json and audit.html; made if missing.",
)
@click.option(
    "--population-share",
    default=POPULATION_SHARE,
    show_default=True,
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="c: the share of the people who could be asked for that are on file. The smaller it is, the more "
    "people are missing who could be the twin of somebody on file.",
)
@click.option(
    "--limit",
    default=LIMIT,
    show_default=True,
    type=click.FloatRange(0, 1, min_open=True),
    help="Unseen twins per record that the weakest accepted field set may have at most.",
)
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
