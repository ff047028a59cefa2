"""`wicketgate authority backtest`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from wicketgate.cli.console import Refusal, shown_progress
from wicketgate.cli.options import context_of, place_of
from wicketgate.core.context import Context
from wicketgate.flow.backtest import backtest as backtest_file
from wicketgate.flow.backtest_report import as_html
from wicketgate.flow.backtest_result import Backtest, Change, Side, summary
from wicketgate.flow.refusals import REFUSALS
from wicketgate.law import AuthorityError, compile_authority, load

_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--old", required=True, help="The version before: an authority's name or its folder.")
@click.option("--new", required=True, help="The version to be tried: an authority's name or its folder.")
@click.option("--out", required=True, type=_FOLDER, help="Folder for the results; made if missing.")
@click.option("--old-root", type=_FOLDER, help="Folder of authorities in which --old is.")
@click.option("--new-root", type=_FOLDER, help="Folder of authorities in which --new is.")
@click.option("--overlay", "overlays", multiple=True, help="An overlay of both versions. Repeatable.")
@click.option("--new-overlay", "added", multiple=True, help="An overlay of the new version only. Repeatable.")
@click.option("--context", "context_file", type=_FILE, help="The custodian's context, with day and switches.")
@click.option(
    "--new-context", "new_file", type=_FILE, help="The context of the new version. Default: the same."
)
def backtest(
    file: Path,
    old: str,
    new: str,
    out: Path,
    old_root: Path | None,
    new_root: Path | None,
    overlays: tuple[str, ...],
    added: tuple[str, ...],
    context_file: Path | None,
    new_file: Path | None,
) -> None:
    """Apply two versions of the law to a past submission and show what changes, and why.

    \b
    Results in the --out folder:
      changed.csv     each changed row: what was found, what would be found, the elements responsible
      backtest.json   counts by change and by element
      backtest.html   the same as a page with charts
    """
    context = context_of(context_file)
    before = _side(old, old_root, overlays, context)
    now = _side(new, new_root, (*overlays, *added), context_of(new_file) if new_file else context)
    try:
        with shown_progress() as progress:
            found = backtest_file(file, out, before, now, progress)
        (out / "backtest.json").write_text(
            json.dumps(summary(found), indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        (out / "backtest.html").write_text(as_html(found), encoding="utf-8")
    except REFUSALS as error:
        raise Refusal(str(error)) from error
    except OSError as error:
        raise Refusal(f"The results cannot be written to {out}: {error.strerror}.") from error
    click.echo(_result(found, out))


def _side(text: str, root: Path | None, overlays: tuple[str, ...], context: Context) -> Side:
    name, beside = place_of(text) if root is None else (text, root)
    if beside is not None and not beside.is_dir():
        raise Refusal(f"{beside} is no folder of authorities.")
    try:
        law = compile_authority(
            load(name, overlays, on=context.as_of, switches=context.switches, root=beside)
        )
    except AuthorityError as error:
        raise Refusal(str(error)) from error
    return Side(law, context)


def _result(found: Backtest, out: Path) -> str:
    words = {
        Change.PASSES: "newly pass",
        Change.FAILS: "newly fail",
        Change.REFERRED: "are newly referred",
        Change.RELIEVED: "are no longer deficient",
        Change.FINDINGS: "have other findings only",
    }
    changes = found.changes()
    told = ", ".join(f"{changes[change]:,} {text}" for change, text in words.items())
    return f"{found.requests:,} requests: {told}. Results are in {out}."
