"""`wicketgate recall`: what was disclosed elsewhere, so that it can be called back, and its certificates."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from wicketgate.cli.console import shown_progress
from wicketgate.cli.standing import CONFIG, actor_as, standing_gate
from wicketgate.flow import recall_campaign as acts
from wicketgate.flow.recall import MEDIA, METHODS
from wicketgate.flow.recall_import import import_answered

_AS = click.option("--as", "who", required=True, help="The handle of whoever acts; it is recorded.")
_ROLE = click.option(
    "--role",
    required=True,
    type=click.Choice(sorted(role.value for role in acts.PROPOSERS)),
    help="The role in which.",
)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def recall() -> None:
    """Recalls of a standing gate. Two people propose and start them on its pages alone."""


@recall.command("import")
@click.argument("file", type=_FILE)
@click.option("--procedure", required=True, help="By what it was answered; recalls are chosen by this name.")
@click.option(
    "--disclosed-on", "on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day of the answers."
)
@CONFIG
@_AS
@_ROLE
def import_(file: Path, procedure: str, on: datetime, config: Path, who: str, role: str) -> None:
    """Receive FILE, a file of requests that were all answered elsewhere, so that the answers can be recalled.

    FILE has the columns of a submission and nothing but requests that were answered by this one procedure on
    this one day; import the others from files of their own. The requests are held here. Nobody has signed
    them for this gate, they count as no try, and they stand in no agency's count. The command can be
    repeated: what is in is not taken in twice.
    """
    actor = actor_as(who, role)
    with standing_gate(config, acts.RecallRefusedError) as gate, shown_progress() as progress:
        done = import_answered(gate, actor, file, procedure, on.date(), progress)
    click.echo(
        f"Submission {done.submission}: {done.noted:,} disclosures noted under {procedure.strip()!a}."
        + (f" {done.malformed:,} rows are no requests and were not received." if done.malformed else "")
    )


@recall.command()
@click.argument("number", type=click.IntRange(min=1))
@click.argument("document", type=_FILE)
@click.option("--agency", required=True, help="Whose certificate it is, by its code.")
@click.option("--copies", required=True, type=click.IntRange(min=1), help="How many copies were destroyed.")
@click.option("--media", required=True, type=click.Choice(MEDIA), help="On what they were.")
@click.option("--method", required=True, type=click.Choice(METHODS), help="How they were destroyed.")
@CONFIG
@_AS
@_ROLE
def certify(
    number: int,
    document: Path,
    agency: str,
    copies: int,
    media: str,
    method: str,
    config: Path,
    who: str,
    role: str,
) -> None:
    """Record the certificate DOCUMENT of an agency for what recall NUMBER asked back and was imported.

    What this gate itself disclosed is certified by the officers who picked it up, one by one, over their
    signature. The document's digest is kept; the document is yours to keep.
    """
    actor = actor_as(who, role)
    with standing_gate(config, acts.RecallRefusedError) as gate:
        done = acts.certify_imported(
            gate,
            actor,
            number,
            agency,
            copies=copies,
            media=media,
            method=method,
            document=document.read_bytes(),
        )
        left = acts.standing(gate, number).residue
    click.echo(f"{done:,} disclosures are certified as destroyed; {left:,} of recall {number} are not yet.")
