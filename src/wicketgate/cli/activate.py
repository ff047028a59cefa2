"""`wicketgate authority activate`."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import click

from wicketgate.cli.console import Refusal, shown_progress
from wicketgate.cli.options import context_of, place_of
from wicketgate.cli.proof_text import comparison_text
from wicketgate.flow.activate import REFUSALS, Wish
from wicketgate.flow.activate import activate as activate_version
from wicketgate.flow.engines import ENGINES, missing


@click.command()
@click.argument("name")
@click.option(
    "--store",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of activated versions; made if missing. Name it to `review` and `simulate`.",
)
@click.option(
    "--from",
    "first",
    type=click.DateTime(["%Y-%m-%d"]),
    help="First day on which this version applies. Default: the day of the context.",
)
@click.option(
    "--root", type=click.Path(file_okay=False, path_type=Path), help="Folder of authorities to read."
)
@click.option(
    "--overlay", "overlays", multiple=True, help="Activate it with what an overlay adds. Repeatable."
)
@click.option(
    "--context",
    "context_file",
    type=click.Path(path_type=Path),
    help="For the day of the act and the switches. Without it: today, and every switch at its default.",
)
@click.option(
    "--proofs",
    type=click.Path(path_type=Path),
    help="A report of `authority prove --json` on this very version; without it, it is proved now.",
)
@click.option(
    "--accept-comparison",
    "accepted",
    metavar="DIGEST",
    help="The digest of the comparison that was shown, when more requests may pass than before.",
)
@click.option(
    "--replace", is_flag=True, help="A version that has not begun, and would overlap, never begins."
)
def activate(
    name: str,
    store: Path,
    first: datetime | None,
    root: Path | None,
    overlays: tuple[str, ...],
    context_file: Path | None,
    proofs: Path | None,
    accepted: str | None,
    replace: bool,
) -> None:
    """Let a version of an authority apply from a day on.

    NAME may be the path of a draft's folder. It is refused unless every case, every proof
    and every replay of the conformance suite on every engine of this machine is green, and
    unless somebody who lets more requests through has read which. What was looked at is
    kept beside an unchangeable copy of the authority.
    """
    if root is not None and not root.is_dir():
        raise Refusal(f"{root} is no folder of authorities; --root names the folder above an authority's.")
    context = context_of(context_file)
    known, beside = place_of(name) if root is None else (name, root)
    day = first.date() if first else context.as_of
    wish = Wish(known, overlays, day, context, beside, proofs, accepted, replace)
    lacking = missing()
    names = [engine for engine in ENGINES if engine not in lacking]
    try:
        with shown_progress() as progress:
            act = activate_version(store, wish, names, comparison_text, _show, progress)
    except REFUSALS as error:
        raise Refusal(f"{known} is not activated: {error}") from error
    except OSError as error:
        raise Refusal(
            f"{known} is not activated: the store {store} cannot be used: {error.strerror}."
        ) from error
    click.echo(f"\n{known} is activated from {act.first} on, as {act.authority_digest}.")
    click.echo(f"The conformance suite came out as written on {', '.join(names)}.")
    for engine, why in lacking.items():
        click.echo(f"It was not replayed on {engine}: {why}.")
    if act.last is not None:
        after = act.last + timedelta(days=1)
        click.echo(f"Its text changes after {act.last}; activate it again, from {after}, before that day.")


def _show(comparison: str) -> None:
    click.echo(comparison, nl=False)
