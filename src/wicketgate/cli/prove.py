"""`wicketgate authority prove`, `compare` and `conformance`: the law decided by solvers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from wicketgate.cli.console import Refusal, shown_progress
from wicketgate.cli.options import context_of, place_of
from wicketgate.cli.proof_text import comparison_text, failure_text, report_text
from wicketgate.core.context import Context
from wicketgate.core.facts import Facts
from wicketgate.law import AuthorityError, CompiledLaw, compile_authority, load
from wicketgate.law.compare import compare as compare_laws
from wicketgate.law.conformance import ENGINES, read_suite, replay
from wicketgate.law.prove import ProofError
from wicketgate.law.prove import prove as prove_authority
from wicketgate.law.prove.suite import write_suite
from wicketgate.law.prove.witness import complete_request

_CONTEXT = click.option(
    "--context", "context_file", type=click.Path(path_type=Path), help="For its day and switches."
)
_OVERLAYS = click.option(
    "--overlay", "overlays", multiple=True, help="With the conditions that an overlay adds. Repeatable."
)
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("name")
@_OVERLAYS
@_CONTEXT
@click.option("--json", "json_file", type=_FILE, help="Write the whole report into this file.")
def prove(name: str, overlays: tuple[str, ...], context_file: Path | None, json_file: Path | None) -> None:
    """Prove what an authority can never do. NAME may be the path of a draft's folder.

    z3 decides every obligation and cvc5 decides it again; what does not hold is shown as
    a request. Exit 0 only when everything holds, 1 when something does not.
    """
    context = context_of(context_file)
    with _refusing(), shown_progress() as progress:
        known, root = place_of(name)
        report = prove_authority(
            known, overlays, on=context.as_of, switches=context.switches, root=root, progress=progress
        )
    click.echo(report_text(report))
    for outcome in report.failures:
        click.echo(failure_text(outcome), err=True)
    if json_file is not None:
        _write(json_file, report.to_json() + "\n")
    if not report.all_hold:
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("old")
@click.argument("new")
@_OVERLAYS
@_CONTEXT
@click.option(
    "--limit", default=5, show_default=True, type=click.IntRange(1), help="Requests shown for each change."
)
def compare(old: str, new: str, overlays: tuple[str, ...], context_file: Path | None, limit: int) -> None:
    """Show the requests that newly pass, fail or are referred.

    OLD and NEW are names of authorities or paths of their folders, read with the same
    overlays, day and switches. Exit 1 when something newly passes or is no longer
    deficient, else 0.
    """
    context = context_of(context_file)
    with _refusing():
        (first, base), (second, _) = (_law(text, overlays, context) for text in (old, new))
        found = compare_laws(first, second, base=base, limit=limit)
    click.echo(comparison_text(found))
    if found.relation in ("looser", "neither"):
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("name")
@click.option("--write", "file", type=_FILE, help="Let the solvers write the suite anew into this file.")
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), help="With --write, the day of the rules. Default: today."
)
def conformance(name: str, file: Path | None, on: datetime | None) -> None:
    """Replay the suite that tells the law from mistakes in it.

    Its requests must come out as written in Python and in DuckDB. NAME may be the path of
    a draft's folder.
    """
    with _refusing(), shown_progress() as progress:
        known, root = place_of(name)
        if file is None:
            suite = read_suite(known, root)
        else:
            suite = write_suite(known, on=(on or datetime.now(UTC)).date(), root=root, progress=progress)
            _write(file, suite.to_text())
        problems = [
            f"{engine}: {problem}"
            for setting in suite.settings
            for engine, of in ENGINES.items()
            for problem in replay(setting.law, setting.rows, of(setting.law))
        ]
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise click.exceptions.Exit(1)
    same = len(suite.unchanging)
    click.echo(
        f"{known}: {suite.rows} requests come out as written in {' and '.join(ENGINES)}. They tell "
        f"{suite.mutants - same} mistakes from the law; {same} more change nothing, by proof."
    )


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except (AuthorityError, ProofError) as error:
        raise Refusal(str(error)) from error


def _law(text: str, overlays: tuple[str, ...], context: Context) -> tuple[CompiledLaw, Facts]:
    name, root = place_of(text)
    law = compile_authority(load(name, overlays, on=context.as_of, switches=context.switches, root=root))
    return law, complete_request(law, root)


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Refusal(f"{file} cannot be written: {error.strerror}.") from error
