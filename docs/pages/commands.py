"""All commands, from their own help."""

from __future__ import annotations

from collections.abc import Iterator

import click

from docs.pages.markdown import fence, page
from wicketgate.cli import main

WIDTH = 96
_INTRODUCTION = (
    "The same texts as `wicketgate --help` and `wicketgate COMMAND --help`. In a clone of the repository the "
    "program is `.venv/bin/wicketgate`. Exit codes: 0 when the command did its work, whatever the "
    "determinations were; 2, with one sentence on standard error, when it could not. `ledger verify` exits 0 "
    "only when everything holds."
)


def commands() -> str:
    """`reference/commands.md`."""
    parts = []
    top = click.Context(main, info_name="wicketgate", terminal_width=WIDTH, **main.context_settings)
    for path, context in _walk(top):
        parts += [f"## {path}", fence(context.get_help(), "text")]
    return page("Commands", _INTRODUCTION, *parts)


def _walk(context: click.Context) -> Iterator[tuple[str, click.Context]]:
    yield context.command_path, context
    command = context.command
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None and not child.hidden:
                yield from _walk(click.Context(child, parent=context, info_name=name, terminal_width=WIDTH))
