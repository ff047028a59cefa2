"""`wicketgate report`: the yearly reports, and counting their figures again."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from wicketgate.cli.console import Refusal
from wicketgate.cli.standing import CONFIG, standing_gate
from wicketgate.flow.refusals import REFUSALS
from wicketgate.flow.report_check import check_reports
from wicketgate.flow.reports import ReportError, write_record, write_reports
from wicketgate.law import AuthorityError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FILE = click.Path(dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group()
def report() -> None:
    """The yearly reports to the public, to the committee and on safeguards."""


@report.command()
@CONFIG
@click.option("--year", required=True, type=click.IntRange(2000, 2199), help="The calendar year (UTC).")
@click.option("--out", required=True, type=_FOLDER, help="Folder for the reports; made if missing.")
def make(config: Path, year: int, out: Path) -> None:
    """Write the reports of a year as CSV and accessible PDF, with the ledger and what they are counted from.

    Each report is put on record with its digests. The public report is made once the year's last quarter is
    published; the other two at any time. What is written for the check names no person, but it tells of
    single requests by handle: it is for those who may examine the account.
    """
    with standing_gate(config, ReportError) as gate, writing(out):
        for path in write_reports(gate, year, out):
            click.echo(path)


@report.command()
@CONFIG
@click.option("--out", required=True, type=_FILE, help="The file to write.")
def record(config: Path, out: Path) -> None:
    """Write the standardised record of all requests and disclosures as CSV, one row for each request.

    By handle, made of the ledger: when it came and from whom, how it was determined and decided, what was
    disclosed, to whom and for what, and what was called back. For those who may examine the account.
    """
    with standing_gate(config, ReportError) as gate, writing(out):
        number = write_record(gate, out)
    click.echo(f"{number:,} request(s) are in {out}.")


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """Whatever cannot be written is named; what fails elsewhere is not told as if it were `out`."""
    try:
        yield
    except OSError as error:
        named = error.filename if isinstance(error.filename, str | Path) else None
        where = "A file of the gate" if named is None else str(named)
        if named is not None and Path(named).is_relative_to(out.parent if out.suffix else out):
            raise Refusal(f"{where} cannot be written: {error.strerror}.") from error
        if error.errno in _FULL:
            raise Refusal(f"{out} cannot be written: {error.strerror}.") from error
        raise Refusal(f"Nothing more was written: {where} failed ({error.strerror}).") from error


@report.command()
@click.argument("directory", type=_FOLDER)
@click.option("--vkey", help="The log's key, as text, from somebody you trust.")
@click.pass_context
def verify(context: click.Context, directory: Path, vkey: str | None) -> None:
    """Count every figure of the reports in DIRECTORY again, from the ledger alone.

    No database is asked. Every entry of the log is shown to be of the kind that is stated, none is left out,
    and the reports are made again from what is counted. Exit 0 only when every figure and every byte of them
    is the same, 1 when one differs, 2 when they cannot be checked.
    """
    try:
        good, bad = check_reports(directory, vkey)
    except (*REFUSALS, ReportError, AuthorityError) as error:
        raise Refusal(str(error)) from error
    for line in (*good, *bad):
        click.echo(line)
    click.echo("It does not hold." if bad else "Everything holds.")
    context.exit(1 if bad else 0)
