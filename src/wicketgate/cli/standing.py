"""What commands on a standing gate share: the gate itself, who acts, and a request by its handle."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wicketgate.cli.console import Refusal
from wicketgate.core.actor import Actor
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role

if TYPE_CHECKING:
    from wicketgate.flow.gate import Gate

CONFIG = click.option(
    "--config",
    "config",
    default="gate.toml",
    show_default=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The gate's configuration.",
)


@contextmanager
def standing_gate(config: Path, *refusals: type[Exception]) -> Iterator[Gate]:
    """The gate as it stands today; what refuses, `refusals` too, ends the command with its sentence."""
    from wicketgate.flow.refusals import REFUSALS
    from wicketgate.flow.standing import open_standing
    from wicketgate.web.configuration import ConfigurationError, read

    told: tuple[type[Exception], ...] = (*REFUSALS, ConfigurationError, *refusals)
    try:
        with open_standing(read(config).standing) as gate:
            yield gate
    except told as error:
        raise Refusal(str(error)) from error


def actor_as(who: str, role: str) -> Actor:
    """Whoever acts, as `--as` and `--role` say. Raises `Refusal`."""
    try:
        return Actor(who, Role(role))
    except ValueError as error:
        raise Refusal(f"--as {who!a} is no handle: {error}.") from error


class HandleType(click.ParamType[Handle]):
    """The handle of a request."""

    name = "handle"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Handle:
        """Read it, in capitals or not."""
        try:
            return value if isinstance(value, Handle) else Handle(str(value).strip().upper())
        except ValueError as problem:
            self.fail(f"{problem}.", param, ctx)
