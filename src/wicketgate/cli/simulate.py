"""`wicketgate simulate`."""

from __future__ import annotations

from pathlib import Path

import click

from wicketgate.cli.console import Refusal, shown_progress
from wicketgate.cli.options import context_of, law_of, letter_options, review_options
from wicketgate.flow.letters.for_file import Form, write_letters
from wicketgate.flow.refusals import REFUSALS
from wicketgate.flow.review_file import reviewed
from wicketgate.flow.simulate import simulating
from wicketgate.ledger import Policy


@click.command()
@review_options
@click.option(
    "--register",
    "register_directory",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder with persons and addresses (.csv or .parquet).",
)
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the database in this folder, and continue an interrupted run there.",
)
@click.option(
    "--witness-policy",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Witnesses with URLs and a quorum (C2SP tlog-policy), without whom nothing is released.",
)
@click.option("--receipts", is_flag=True, help="Also write receipts that an agency can check offline.")
@letter_options
def simulate(
    file: Path,
    out: Path,
    authority_name: str,
    overlays: tuple[str, ...],
    context_file: Path | None,
    store: Path | None,
    register_directory: Path,
    keep: Path | None,
    witness_policy: Path | None,
    receipts: bool,
    letters: bool,
    form: str,
) -> None:
    """Run FILE through the whole gate: what a lawful gate would have done.

    A PostgreSQL of its own is started, with all roles; two scripted officers, an
    examiner and an approver, approve all that they may. Nothing leaves this machine.

    \b
    Results in the --out folder, besides those of `wicketgate review`:
      outcomes.csv     deficient, referred, not_verified, held, disclosed or malformed, per row
      disclosed.csv    who was meant by each disclosure, for the custodian's own eyes
      kinds.jsonl      of which kind each entry of the log is, for an inspector
      outward.jsonl    exactly what the requester would be sent, per row
      ledger/          the public log; check it with `wicketgate ledger verify`
      receipts/        with --receipts: per row, proof that the request and its answer are in the log
      statements/      with --receipts: the custodian's side of it, for `wicketgate ledger reconcile`
    """
    context = context_of(context_file)
    law = law_of(authority_name, overlays, context, store)
    try:
        with shown_progress() as progress:
            with simulating(
                register_directory,
                law,
                context,
                keep=keep,
                receipts=receipts,
                witnesses=_policy(witness_policy),
                progress=progress,
            ) as run:
                result = run(file, out)
            if letters:
                with reviewed(file, law, context, progress) as outcome:
                    write_letters(out / "letters", file.name, outcome, context, Form(form), progress)
    except REFUSALS as error:
        raise Refusal(str(error)) from error
    counted = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in result.outcomes.items())
    click.echo(f"{sum(result.outcomes.values()):,} rows: {counted}. Results are in {out}.")


def _policy(file: Path | None) -> Policy | None:
    if file is None:
        return None
    try:
        return Policy.parse(file.read_bytes())
    except OSError as error:
        raise Refusal(f"{file} cannot be read: {error.strerror}.") from error
