"""What a terminal shows: progress while it works, plain lines in a pipe, one sentence when it fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from wicketgate.flow.progress import Progress, silent

EXIT_REFUSED = 2
"""The exit code when a command could not do its work."""


class Refusal(click.ClickException):
    """One clear sentence on standard error, and exit code 2."""

    exit_code = EXIT_REFUSED

    def show(self, file: object = None) -> None:
        """Print the sentence; no usage text, no traceback."""
        click.echo(f"wicketgate: {self.format_message()}", err=True)


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """Progress on a terminal's standard error; nothing in a pipe."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield silent
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=console, transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def show(step: str, done: int, total: int | None = None) -> None:
            if step not in tasks:
                for earlier in tasks.values():
                    bars.stop_task(earlier)
                tasks[step] = bars.add_task(step, total=total)
            bars.update(tasks[step], completed=done, total=total)

        yield show
