"""`wicketgate retention`: what is due, what is held, and what must be destroyed again."""

from __future__ import annotations

from pathlib import Path

import click

from wicketgate.cli.console import Refusal
from wicketgate.cli.standing import CONFIG, HandleType, actor_as, standing_gate
from wicketgate.core.identifiers import Handle
from wicketgate.flow import retention as acts

_AS = click.option("--as", "who", required=True, help="The handle of whoever acts.")
_ROLE = click.option(
    "--role",
    required=True,
    type=click.Choice(sorted(role.value for role in acts.HOLDERS)),
    help="The role in which.",
)


@click.group()
def retention() -> None:
    """Schedules and holds of a standing gate. Two people dispose of records on its pages alone."""


@retention.command()
@CONFIG
def due(config: Path) -> None:
    """Show what every schedule says today, the holds, and the lists that were proposed."""
    with standing_gate(config, acts.ActRefusedError) as gate:
        for line in acts.due(gate):
            click.echo(
                f"{line.schedule.name}: {line.found.due:,} due (last act before {line.before}),"
                f" {line.found.held:,} kept by a hold"
            )
        if not gate.context.retention:
            click.echo("The context names no schedule, so nothing is ever due.")
        for hold in acts.holds(gate):
            ended = f", lifted by {hold.lifted_by}" if hold.lifted_by else ""
            click.echo(f"hold {hold.number} on {hold.scope}: {hold.matter} (by {hold.placed_by}{ended})")
        for each in acts.dispositions(gate):
            state = (
                "carried out"
                if each.carried_out_at
                else f"confirmed by {each.confirmed_by}"
                if each.confirmed_at
                else f"withdrawn by {each.withdrawn_by}"
                if each.withdrawn_at
                else "waits for its second person"
            )
            click.echo(
                f"disposition {each.number} of {each.requests:,} under {each.schedule},"
                f" proposed by {each.proposed_by}: {state}"
            )


@retention.command()
@CONFIG
@_AS
@_ROLE
@click.option("--matter", required=True, help="The matter for which records are kept.")
@click.option("--request", "handle", type=HandleType(), help="One request, by its handle.")
@click.option("--agency", help="An agency with its components.")
@click.option("--submission", type=int, help="A submission, by its number.")
@click.option("--everything", is_flag=True, help="All records.")
def hold(
    config: Path,
    who: str,
    role: str,
    matter: str,
    handle: Handle | None,
    agency: str | None,
    submission: int | None,
    everything: bool,
) -> None:
    """Keep records from being disposed of; one person is enough."""
    if [handle is not None, agency is not None, submission is not None, everything].count(True) != 1:
        raise Refusal("Say what to hold: one of --request, --agency, --submission and --everything.")
    actor, scope = actor_as(who, role), acts.Scope(handle, agency, submission)
    with standing_gate(config, acts.ActRefusedError) as gate:
        number = acts.place_hold(gate, actor, scope, matter)
    click.echo(f"Hold {number} on {scope} holds.")


@retention.command()
@CONFIG
@_AS
@_ROLE
@click.argument("number", type=int)
@click.option("--reasons", required=True, help="Why it ends.")
def lift(config: Path, who: str, role: str, number: int, reasons: str) -> None:
    """Lift hold NUMBER; what it kept is due again, for two people."""
    actor = actor_as(who, role)
    with standing_gate(config, acts.ActRefusedError) as gate:
        acts.lift_hold(gate, actor, number, reasons)
    click.echo(f"Hold {number} is lifted.")


@retention.command()
@CONFIG
def again(config: Path) -> None:
    """Destroy again what two people disposed of: after an older copy of the keys was brought back."""
    with standing_gate(config, acts.ActRefusedError) as gate:
        number = acts.carry_out_all(gate, again=True)
    click.echo(f"{number} disposition(s) carried out.")
