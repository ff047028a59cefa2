"""`wicketgate drill`: rehearsals on a gate at work, and of what a court would order."""

from __future__ import annotations

from pathlib import Path

import click

from wicketgate.cli.console import Refusal
from wicketgate.cli.drill_recall import recall
from wicketgate.cli.standing import CONFIG, actor_as, standing_gate
from wicketgate.core.roles import Role
from wicketgate.flow.orders import OrderRefusedError
from wicketgate.flow.rehearsal import rehearse

ALLOWED = 2.0
"""Seconds within which everything must stand still."""


@click.group()
def drill() -> None:
    """Rehearse what must work on the day: an order of a court, a recall."""


@drill.command()
@CONFIG
@click.option("--as", "handle", required=True, help="Who rehearses, by handle; it is recorded.")
@click.option(
    "--role",
    type=click.Choice([Role.COUNSEL.value, Role.INSPECTOR.value]),
    default=Role.INSPECTOR.value,
    show_default=True,
    help="In which role.",
)
@click.option(
    "--hold",
    default=0.5,
    show_default=True,
    type=click.FloatRange(0, 5),
    help="Seconds for which it stands still and is watched.",
)
def order(config: Path, handle: str, role: str, hold: float) -> None:
    """Bring a gate at work to a stand, as an order does, measure how long it takes, and let it go on.

    Nothing is suspended: no request is held, no clock stops, no order is in the book. The ledger says in
    public that it was a rehearsal. Sessions that are frozen or take longer than 0.7 seconds lose what they
    had begun, as under an order; it is done again later. Exit 0 when everything stood still within 2
    seconds and nothing was disclosed meanwhile.
    """
    actor = actor_as(handle, role)
    with standing_gate(config, OrderRefusedError) as gate:
        found = rehearse(gate, actor, hold)
    click.echo(f"at rest after {1000 * found.seconds:,.0f} ms")
    click.echo(f"sessions ended because they took too long: {found.ended}")
    click.echo(f"disclosed while all stood still ({hold:g} s): {found.released}")
    if found.released or found.seconds > ALLOWED:
        raise Refusal(f"The gate did not stand still within {ALLOWED:g} seconds; see the lines above.")


drill.add_command(recall)
