"""`wicketgate authority what-if`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from wicketgate.cli.console import Refusal, shown_progress
from wicketgate.cli.options import place_of
from wicketgate.cli.standing import CONFIG, standing_gate
from wicketgate.core.context import SwitchValue
from wicketgate.flow.backtest_report import as_html
from wicketgate.flow.backtest_result import Change, summary
from wicketgate.flow.inspect.what_if import draft, write_changed
from wicketgate.flow.inspect.what_if import what_if as replayed
from wicketgate.law import AuthorityError

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command("what-if")
@click.option("--out", required=True, type=_FOLDER, help="Folder for the results; made if missing.")
@click.option("--new", help="The draft: an authority's name or its folder. Default: the version in force.")
@click.option(
    "--switch", "switches", multiple=True, metavar="NAME=VALUE", help="Another reading. Repeatable."
)
@click.option("--overlay", "overlays", multiple=True, help="A further overlay. Repeatable.")
@CONFIG
def what_if(
    out: Path, new: str | None, switches: tuple[str, ...], overlays: tuple[str, ...], config: Path
) -> None:
    """Judge every request on record again under a draft of the law or another reading, before activating it.

    \b
    Results in the --out folder:
      changed.csv    each request of which something else would be found, by handle and agency
      what-if.json   counts by change, by element and by agency
      what-if.html   the same as a page with charts
    Nothing is activated and nothing in the gate is changed.
    """
    name, root = place_of(new) if new else (None, None)
    chosen = dict(_switch(each) for each in switches)
    with standing_gate(config, AuthorityError) as gate:
        kept = tuple(overlay.name for overlay in gate.law.authority.overlays)
        law = draft(gate, authority=name, root=root, overlays=(*kept, *overlays), switches=chosen)
        with shown_progress() as progress:
            found = replayed(gate, law, progress=progress)
    try:
        out.mkdir(parents=True, exist_ok=True)
        write_changed(out / "changed.csv", found)
        told = summary(found.all) | {
            "by_agency": {
                agency: {str(change): number for change, number in counted.items()}
                for agency, counted in found.by_agency().items()
            }
        }
        (out / "what-if.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
        (out / "what-if.html").write_text(as_html(found.all, found.by_agency()), encoding="utf-8")
    except OSError as error:
        raise Refusal(f"The results cannot be written to {out}: {error.strerror}.") from error
    changes = found.all.changes()
    click.echo(
        f"{found.all.requests:,} requests: {changes[Change.PASSES]:,} would newly pass,"
        f" {changes[Change.FAILS]:,} newly fail, {changes[Change.REFERRED]:,} be newly referred,"
        f" {changes[Change.RELIEVED]:,} no longer be deficient. Results are in {out}."
    )


def _switch(text: str) -> tuple[str, SwitchValue]:
    name, equals, value = text.partition("=")
    if not equals:
        raise Refusal(f"--switch says NAME=VALUE, and {text[:80]!a} does not.")
    return name, int(value) if value.isdecimal() else value
