"""`wicketgate inspect`: the inspector's work at a terminal."""

from __future__ import annotations

from pathlib import Path

import click

from wicketgate.cli.console import Refusal
from wicketgate.cli.standing import CONFIG, HandleType, actor_as, standing_gate
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.flow.inspect.bundle import bundle as bundled
from wicketgate.flow.inspect.opening import open_request
from wicketgate.flow.work.refusals import WorkRefusedError

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def inspect() -> None:
    """Look into a gate: evidence about requests, by handle."""


@inspect.command()
@click.argument("handles", nargs=-1, required=True, type=HandleType())
@CONFIG
@click.option("--inspector", required=True, help="The handle of the inspector who opens them.")
@click.option("--purpose", required=True, help="For what; it is put on record for each request.")
@click.option("--out", required=True, type=_FILE, help="The ZIP file to write.")
def bundle(handles: tuple[Handle, ...], config: Path, inspector: str, purpose: str, out: Path) -> None:
    """Write a bundle of evidence about the requests HANDLES: records, proofs, the law and a verifier.

    Each request is opened for the stated purpose, which is an entry of the ledger before anything is read.
    The bundle holds what the requests say: keep it as what it is. It is checked without the gate:

    \b
      unzip bundle.zip -d evidence && cd evidence
      python3 wicketgate-verify.pyz --bundle . --vkey KEY
    """
    actor = actor_as(inspector, Role.INSPECTOR)
    with standing_gate(config, WorkRefusedError) as gate:
        for handle in handles:
            open_request(gate, actor, handle, purpose)
        made = bundled(gate, actor, handles)
    try:
        out.touch(0o600)
        out.write_bytes(made)
    except OSError as error:
        raise Refusal(f"{out} cannot be written: {error.strerror}.") from error
    click.echo(f"{len(handles)} request(s) are in {out}.")
