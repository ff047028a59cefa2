"""`wicketgate init` and `wicketgate serve`: a standing gate, from its configuration."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wicketgate.cli.console import Refusal
from wicketgate.cli.workers import usual_number, workers
from wicketgate.flow.founding import found_database, make_keys
from wicketgate.flow.outbox_clock import ticking
from wicketgate.flow.refusals import REFUSALS
from wicketgate.flow.standing import Place, Standing, kin_of, open_standing
from wicketgate.flow.work.open_office import open_office

if TYPE_CHECKING:
    from wicketgate.web.configuration import Configuration

ADMINISTRATOR = "WICKETGATE_DATABASE_URL"
PATTERN = Path(__file__).with_name("gate.toml")
"""A configuration to begin with."""

_CONFIG = click.option(
    "--config",
    "file",
    default="gate.toml",
    show_default=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The gate's configuration.",
)


@click.command()
@_CONFIG
def init(file: Path) -> None:
    """Make what a standing gate needs: keys, database, tables. Run it again after every upgrade.

    Where there is no configuration yet, one is written to be filled in. WICKETGATE_DATABASE_URL names a
    database role that may create roles and databases; `serve` needs no such role.
    """
    if not file.exists():
        file.write_text(
            PATTERN.read_text("utf-8").replace("/srv/wicketgate", str(file.resolve().parent)), "utf-8"
        )
        click.echo(f"Wrote {file}. Fill it in, then run `wicketgate init` again.")
        return
    told = told_by(file, make=True)
    administrator = Place(os.environ.get(ADMINISTRATOR, told.standing.place.url), told.standing.place.secrets)
    try:
        for path in make_keys(told.standing, told.origin):
            click.echo(f"made {path}: keep a copy in a safe place")
        found(administrator, told)
    except REFUSALS as error:
        raise Refusal(str(error)) from error
    click.echo("The gate is ready: `wicketgate serve`.")


@click.command()
@_CONFIG
def serve(file: Path) -> None:
    """Serve the gate's pages, until Ctrl-C."""
    told = told_by(file)
    problem = problem_of(told)
    if problem is not None:
        raise Refusal(problem)
    run(told)


def found(administrator: Place, told: Configuration) -> None:
    """Database, tables and static files of a gate whose keys are there, and its office opened."""
    found_database(administrator)
    set_up()
    from wicketgate.web.founding import collect_static, make_tables

    make_tables(administrator)
    collect_static()
    with open_standing(told.standing) as gate:
        open_office(gate)


def set_up() -> None:
    """Django, for the configuration that `WICKETGATE_CONFIG` names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wicketgate.web.settings")
    import django

    django.setup()


def run(told: Configuration) -> None:
    """Serve in processes of their own until a signal ends it, and do meanwhile what the clock asks for."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    set_up()
    from wicketgate.web.founding import forget_sessions

    listen = told.listen
    server = Granian(
        "wicketgate.web.asgi:application",
        address=listen.address,
        port=listen.port,
        interface=Interfaces.ASGINL,
        workers=listen.workers,
        backpressure=OPEN,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN),
        ssl_cert=listen.certificate,
        ssl_key=listen.key,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=5,
    )
    forget_sessions()
    with _clock(told.standing), workers(told.standing, told.uploads, usual_number()):
        server.serve()


@contextmanager
def _clock(standing: Standing) -> Iterator[None]:
    """The clock in a process of its own: the server forks, and a fork beside a thread may never wake."""
    started = get_context("spawn")
    told, end = started.Pipe(duplex=False)
    process = started.Process(target=_tick, args=(standing, told), name="clock", daemon=True)
    process.start()
    told.close()
    try:
        yield
    finally:
        with suppress(BrokenPipeError):
            end.send(None)
        process.join()


def _tick(standing: Standing, told: Connection) -> None:
    """Keep the clock until the server says that it ended, or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's
    with ticking(lambda: open_standing(standing)), suppress(EOFError):
        told.recv()


OPEN = 2_000
"""Connections that one process holds at a time; one whose body is still coming costs no thread."""
HEADERS_WITHIN = 10_000
"""Milliseconds within which a request's headers must be here."""


def told_by(file: Path, *, make: bool = False) -> Configuration:
    """The configuration, named for Django and for the server's processes. Raises `Refusal`."""
    from wicketgate.web.configuration import VARIABLE, ConfigurationError, read

    try:
        told = read(file, make=make)
    except ConfigurationError as error:
        raise Refusal(str(error)) from error
    os.environ[VARIABLE] = str(file.resolve())
    return told


def problem_of(told: Configuration) -> str | None:
    """Why the gate cannot be served; None when it can."""
    try:
        kin_of(told.standing)
        with open_standing(told.standing) as gate:
            open_office(gate)
    except REFUSALS as error:
        return str(error)
    set_up()
    from wicketgate.web.founding import tables_are_present

    if not tables_are_present():
        return "The tables of the web room are missing or older than this program; run `wicketgate init`."
    return None
