"""`wicketgate authority`: the law as data."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from wicketgate.cli.activate import activate
from wicketgate.cli.backtest import backtest
from wicketgate.cli.console import Refusal
from wicketgate.cli.options import context_of, place_of
from wicketgate.cli.prove import compare, conformance, prove
from wicketgate.cli.statute_html import as_html
from wicketgate.cli.statute_text import as_text
from wicketgate.cli.what_if import what_if
from wicketgate.law import AuthorityError, authorities, load
from wicketgate.law.check import check as check_authority
from wicketgate.law.coverage import read_coverage
from wicketgate.law.describe import describe
from wicketgate.law.proof_status import NOT_PROVED, ProofFileError, read_proofs


@click.group()
def authority() -> None:
    """Read and check the statutes that the gate applies."""


@authority.command("list")
def list_authorities() -> None:
    """List the authorities and their overlays."""
    for name in authorities():
        try:
            found = load(name, on=datetime.now(UTC).date())
        except AuthorityError as error:
            click.echo(f"{name}\tunreadable: {error}")
            continue
        click.echo(f"{name}\t{found.citation}\t{found.title}\t{len(found.elements)} elements")


@authority.command()
@click.argument("name")
@click.option("--overlay", "overlays", multiple=True, help="Show the conditions that an overlay adds.")
@click.option("--context", "context_file", type=click.Path(path_type=Path), help="For its day and switches.")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write one HTML page instead.")
@click.option(
    "--proofs",
    "proof_file",
    type=click.Path(path_type=Path),
    help="A proof report (JSON), to show whether this version is proved.",
)
def show(
    name: str,
    overlays: tuple[str, ...],
    context_file: Path | None,
    html: Path | None,
    proof_file: Path | None,
) -> None:
    """Show an authority as a lawyer reads it: sense, elements, parameters, switches, coverage, proofs.

    NAME may be the path of a draft's folder.
    """
    context = context_of(context_file)
    known, root = place_of(name)
    try:
        found = load(known, overlays, on=context.as_of, switches=context.switches, root=root)
        described = describe(found, read_coverage(known, root))
        proofs = read_proofs(proof_file, found) if proof_file else NOT_PROVED
    except (AuthorityError, ProofFileError) as error:
        raise Refusal(str(error)) from error
    if html is None:
        click.echo_via_pager(as_text(described, proofs))
        return
    try:
        html.write_text(as_html(described, proofs), encoding="utf-8")
    except OSError as error:
        raise Refusal(f"{html.name} cannot be written: {error.strerror}.") from error
    click.echo(f"{name} is in {html}.")


@authority.command()
@click.argument("name")
def check(name: str) -> None:
    """Load and compile an authority, run the cases beside its rules, and ask for its coverage.

    NAME may be the path of a draft's folder.
    """
    known, root = place_of(name)
    try:
        problems = check_authority(known, on=datetime.now(UTC).date(), root=root)
    except AuthorityError as error:
        raise Refusal(str(error)) from error
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise Refusal(f"{name} has {len(problems)} problem(s) and cannot be used.")
    click.echo(
        f"{name}: every element compiles and every case gives the outcome written beside it, "
        "and every clause of the law is answered for."
    )


for command in (prove, compare, conformance, activate, backtest, what_if):
    authority.add_command(command)
