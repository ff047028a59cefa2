"""`wicketgate doctor`: is everything here that the gate needs?"""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import click

from wicketgate.cli.console import Refusal
from wicketgate.cli.serve import problem_of, told_by
from wicketgate.flow.gate import Gate
from wicketgate.flow.health import clock_goes, database_answers, keys_answer
from wicketgate.flow.standing import open_standing
from wicketgate.law import authorities
from wicketgate.law.check import check

LEAST_FREE = 2 * 1024**3


@click.command()
@click.option(
    "--config",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A standing gate's configuration: check what it names, too.",
)
def doctor(file: Path | None) -> None:
    """Check this machine: Python, disk, the database, every authority; exit 0 when all is well."""
    failed = 0
    for name, problem in chain(_checks(), _standing(file) if file else ()):
        click.echo(f"{'ok  ' if problem is None else 'FAIL'}  {name}" + (f": {problem}" if problem else ""))
        failed += problem is not None
    if failed:
        raise Refusal(f"{failed} check(s) failed; the lines above say what to mend.")


def _checks() -> Iterator[tuple[str, str | None]]:
    yield f"Python {platform.python_version()}", None
    yield "room on the disk for scratch files", _room()
    yield (
        "PostgreSQL " + ("at WICKETGATE_DATABASE_URL" if _url() else "from the embedded binaries"),
        _tried(lambda: database_answers(_url())),
    )
    for name in authorities():
        yield f"authority {name}", _tried(lambda name=name: _first(check(name, on=datetime.now(UTC).date())))  # type: ignore[misc]


def _standing(file: Path) -> Iterator[tuple[str, str | None]]:
    yield f"the gate of {file.name}: keys, database, law, tables", _tried(lambda: problem_of(told_by(file)))
    yield f"the key process of {file.name}", _tried(lambda: _asked(file, keys_answer))
    yield f"the clock of {file.name}", _tried(lambda: _asked(file, clock_goes))


def _asked(file: Path, question: Callable[[Gate], str | None]) -> str | None:
    with open_standing(told_by(file).standing) as gate:
        return question(gate)


def _url() -> str | None:
    return os.environ.get("WICKETGATE_DATABASE_URL")


def _room() -> str | None:
    folder = Path(tempfile.gettempdir())
    free = shutil.disk_usage(folder).free
    if free >= LEAST_FREE:
        return None
    return f"{folder} has {free / 1024**3:.1f} GiB free; make 2 GiB free or set TMPDIR to another folder."


def _first(problems: list[str]) -> str | None:
    return problems[0] if problems else None


def _tried(check: Callable[[], str | None]) -> str | None:
    """The check's problem; one that fails outright is a problem too, in one line."""
    try:
        return check()
    except Exception as error:  # noqa: BLE001 - a doctor reports what it finds
        return str(error).splitlines()[0] if str(error) else type(error).__name__
