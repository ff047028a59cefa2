"""Options and look-ups that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from wicketgate.cli.console import Refusal
from wicketgate.core.context import Context
from wicketgate.flow import ContextError, load_context
from wicketgate.flow.law_store import LawStore
from wicketgate.flow.letters.for_file import Form
from wicketgate.law import AuthorityError, CompiledLaw, compile_authority, load
from wicketgate.law.activation import ActivationError
from wicketgate.law.source import FILES

DEFAULT_AUTHORITY = "usc26-6103-i2"

F = TypeVar("F", bound=Callable[..., Any])


def review_options(command: F) -> F:
    """The file, the place for results, the authority and the custodian's context."""
    for option in (
        click.option(
            "--store",
            type=click.Path(file_okay=False, path_type=Path),
            help="Folder of activated versions: use the one in force on the day of the review, "
            "not the installed authority.",
        ),
        click.option(
            "--context",
            "context_file",
            type=click.Path(path_type=Path),
            help="The custodian's agencies, orders, open matters and switches (TOML). "
            "Without it, a directory of federal agencies without orders is used.",
        ),
        click.option(
            "--overlay",
            "overlays",
            multiple=True,
            help="An agreement that adds conditions to the authority, e.g. mou-2025-04-07. Repeatable.",
        ),
        click.option(
            "--authority",
            "authority_name",
            default=DEFAULT_AUTHORITY,
            show_default=True,
            help="The statute to review against, or the folder of a draft; see `wicketgate authority list`.",
        ),
        click.option(
            "--out",
            required=True,
            type=click.Path(file_okay=False, path_type=Path),
            help="Folder for the results; made if missing.",
        ),
        click.argument("file", type=click.Path(path_type=Path)),
    ):
        command = option(command)
    return command


def letter_options(command: F) -> F:
    """Whether to write letters, and how."""
    as_ = click.option(
        "--letters-as",
        "form",
        type=click.Choice([form.value for form in Form]),
        default=Form.PDF.value,
        show_default=True,
        help="Accessible PDF, about 200 a second, or plain text, about a hundred times as many.",
    )
    wanted = click.option(
        "--letters",
        is_flag=True,
        help="Also write a notice about the file, and one letter per request that is not sufficient.",
    )
    return wanted(as_(command))


def context_of(file: Path | None) -> Context:
    """The custodian's context, or a refusal that says which key is wrong."""
    try:
        return load_context(file, today=datetime.now(UTC).date())
    except ContextError as error:
        raise Refusal(str(error)) from error


def place_of(text: str) -> tuple[str, Path | None]:
    """The name of an authority and the folder above it; None for the installed ones.

    `text` is a name or the path of an authority's folder.
    """
    folder = Path(text)
    if (folder / FILES[0]).is_file():
        folder = folder.resolve()
        return folder.name.replace("_", "-"), folder.parent
    return text, None


def law_of(name: str, overlays: tuple[str, ...], context: Context, store: Path | None = None) -> CompiledLaw:
    """The authority as it stands on the context's day, compiled, or a refusal.

    With `store`, the version that was activated for that day.
    """
    try:
        if store is None:
            known, root = place_of(name)
            return compile_authority(
                load(known, overlays, on=context.as_of, switches=context.switches, root=root)
            )
        version = LawStore(store, name, overlays).version(context.as_of, context.switches)
        return compile_authority(version)
    except (AuthorityError, ActivationError) as error:
        raise Refusal(str(error)) from error
