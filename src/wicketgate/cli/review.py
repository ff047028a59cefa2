"""`wicketgate review`."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

import click
import duckdb

from wicketgate.cli.console import Refusal, shown_progress
from wicketgate.cli.options import context_of, law_of, letter_options, review_options
from wicketgate.core.context import Context
from wicketgate.flow import SubmissionError
from wicketgate.flow.letters.for_file import Form, write_letters
from wicketgate.flow.review_file import reviewed, write_review
from wicketgate.flow.spark_review import review_on_spark
from wicketgate.flow.spark_session import MASTER, EngineError, spark_session
from wicketgate.law import CompiledLaw


@click.command()
@review_options
@letter_options
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "spark"]),
    default="duckdb",
    show_default=True,
    help="What computes: this process, or Spark, for files and folders wherever Spark reads and writes "
    f"(the extra [spark] and Java 17; {MASTER} names a cluster).",
)
def review(
    file: Path,
    out: Path,
    authority_name: str,
    overlays: tuple[str, ...],
    context_file: Path | None,
    store: Path | None,
    letters: bool,
    form: str,
    engine: str,
) -> None:
    """Review every request of FILE against the statute; the register is never read.

    FILE is CSV, JSON Lines, Parquet, XLSX or XML with one complete request per row.
    Each row stands alone: a row that cannot be read is reported and the rest goes on.

    \b
    Results in the --out folder:
      determinations.csv   each request: sufficient, deficient or referred, and the element codes
      findings.jsonl       each distinct set of findings: citation, what is missing, how to mend it
      malformed.csv        rows that could not be read: row, line, column, problem
      summary.json         counts by determination and by element, the authority's digest, switches

    With --engine spark, FILE and --out may be URIs such as s3a://bucket/requests.parquet, FILE
    may be a folder of Parquet files, and determinations.parquet is written beside the CSV.
    """
    context = context_of(context_file)
    law = law_of(authority_name, overlays, context, store)
    if engine == "spark":
        if letters:
            raise Refusal("Letters are written by --engine duckdb; leave --letters or --engine spark away.")
        place = _uri(out)
        click.echo(_result(_on_spark(_uri(file), place, law, context), place))
        return
    try:
        with shown_progress() as progress, reviewed(file, law, context, progress) as outcome:
            summary = write_review(outcome, out, context)
            if letters:
                write_letters(out / "letters", file.name, outcome, context, Form(form), progress)
    except SubmissionError as error:
        raise Refusal(str(error)) from error
    except (duckdb.OutOfMemoryException, duckdb.IOException):
        raise Refusal(
            f"The review ran out of memory, or of room for its scratch files in {tempfile.gettempdir()}, so"
            f" what is in {out} is not whole; free some, or set TMPDIR to a larger disk, and run it again."
        ) from None
    click.echo(_result(summary, str(out)))


def _on_spark(file: str, out: str, law: CompiledLaw, context: Context) -> dict[str, Any]:
    try:
        with (
            tempfile.TemporaryDirectory(prefix="wicketgate-", ignore_cleanup_errors=True) as scratch,
            shown_progress() as progress,
            spark_session(Path(scratch)) as spark,
        ):
            return review_on_spark(spark, file, out, law, context, progress)
    except (SubmissionError, EngineError) as error:
        raise Refusal(str(error)) from error


def _uri(path: Path) -> str:
    """The path as it was given: a `Path` makes one slash of the two after a URI's scheme."""
    return re.sub(r"^([A-Za-z][A-Za-z0-9+.-]+):/(?!/)", r"\1://", str(path))


def _result(summary: dict[str, Any], out: str) -> str:
    by = summary["by_determination"]
    return (
        f"{summary['rows']:,} rows: {by['sufficient']:,} sufficient, {by['deficient']:,} deficient, "
        f"{by['referred']:,} referred, {summary['malformed']:,} malformed. Results are in {out}."
    )
