"""The workers of uploads: beside the server that started them, or by themselves on another machine."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from threading import Event, Thread

import click

from wicketgate.cli.console import Refusal
from wicketgate.flow.bulk.place import Uploads
from wicketgate.flow.bulk.worker import Worker
from wicketgate.flow.refusals import REFUSALS
from wicketgate.flow.standing import Standing, kin_of, open_standing

MOST = 4
"""More workers than this wait for each other at the ledger."""


@contextmanager
def workers(standing: Standing, folder: Path, number: int) -> Iterator[None]:
    """So many processes that work on uploads until the end of the block; one that dies is started again."""
    started = get_context("spawn")
    told, end = started.Pipe(duplex=False)
    keeper = started.Process(target=_keep, args=(standing, folder, number, told), name="workers")
    keeper.start()
    told.close()
    try:
        yield
    finally:
        with suppress(BrokenPipeError):
            end.send(None)
        keeper.join()


def _keep(standing: Standing, folder: Path, number: int, told: Connection) -> None:
    """Start workers, and again whichever ends before it is told to."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's
    started = get_context("spawn")
    running: list[tuple[SpawnProcess, Connection]] = []
    while True:
        running = [each for each in running if each[0].is_alive()]
        while len(running) < number:
            heard, end = started.Pipe(duplex=False)
            process = started.Process(target=_work, args=(standing, folder, heard), name="worker")
            process.start()
            heard.close()
            running.append((process, end))
        with suppress(EOFError):
            if not told.poll(1.0):
                continue
            told.recv()
        break
    for _, end in running:
        with suppress(BrokenPipeError):
            end.send(None)
    for process, _ in running:
        process.join()


def _work(standing: Standing, folder: Path, told: Connection) -> None:
    """One worker, until it is told to end or whoever started it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ended = Event()

    def listen() -> None:
        with suppress(EOFError, OSError):
            told.recv()
        ended.set()

    Thread(target=listen, name="end", daemon=True).start()
    Worker(standing, Uploads(folder), ended).run()


def usual_number() -> int:
    """As many as there are processors, within bounds."""
    return min(MOST, os.cpu_count() or 1)


@click.command("work")
@click.option(
    "--config",
    "file",
    default="gate.toml",
    show_default=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The gate's configuration.",
)
@click.option("--workers", "number", type=click.IntRange(1, 64), help="How many; as many as processors.")
def work(file: Path, number: int | None) -> None:
    """Work on files that agencies sent, beside a server elsewhere, until Ctrl-C.

    `serve` does this too. The folder `state` of the configuration must be the one that the server uses.
    """
    from wicketgate.cli.serve import told_by

    told = told_by(file)
    try:
        kin_of(told.standing)
        open_standing(told.standing).close()
    except REFUSALS as error:
        raise Refusal(str(error)) from error
    with workers(told.standing, told.uploads, number or usual_number()), suppress(KeyboardInterrupt):
        Event().wait()
