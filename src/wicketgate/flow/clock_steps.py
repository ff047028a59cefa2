"""One look of the clock: its steps in order, each by itself; one that fails keeps no other waiting."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg

from wicketgate.flow.closing import close_doors
from wicketgate.flow.gate import Gate
from wicketgate.flow.orders import adopt_orders, apply_orders
from wicketgate.flow.outbox import open_due
from wicketgate.flow.recall import destroy_again, expire
from wicketgate.flow.refusals import REFUSALS
from wicketgate.flow.retention import carry_out_all
from wicketgate.flow.statistics import publish_due
from wicketgate.store import clock_steps
from wicketgate.store.clock_steps import StepStanding
from wicketgate.store.services import Service


@dataclass(frozen=True, slots=True)
class Step:
    """Something that is due by the clock alone."""

    name: str
    do: Callable[[Gate], object]
    stops: bool = False
    """What it stops must not leave in the same look."""
    lets_out: bool = False
    """It waits while one that stops has failed."""


KEYS = "tell the key process what is destroyed"
STEPS = (
    Step("enter the context's orders", adopt_orders, stops=True),
    Step("begin and end orders", apply_orders, stops=True),
    Step("close and open doors", close_doors, stops=True),
    Step("let answers out", open_due, lets_out=True),
    Step("publish figures", publish_due),
    Step("expire packages", expire),
    Step(KEYS, lambda gate: destroy_again(gate, since=_done_at(gate, KEYS))),
    Step("carry out dispositions", carry_out_all),
)


def look(gate: Gate, steps: Sequence[Step] = STEPS) -> bool:
    """Take every step; True when all were done. How each fared is kept for those who watch.

    A step that fails leaves a line on standard error and is taken again at the next look.
    """
    outcomes: dict[str, str | None] = {}
    stopped = True
    for step in steps:
        if step.lets_out and not stopped:
            outcomes[step.name] = "It waits: what must stop before it has failed."
            continue
        outcomes[step.name] = problem = _problem(step, gate)
        stopped = stopped and not (step.stops and problem)
        if problem:
            sys.stderr.write(f"wicketgate: the clock could not {step.name}: {problem}\n")
    noted = _problem(Step("note how it fared", lambda then: _note(then, outcomes)), gate)
    if noted:
        sys.stderr.write(f"wicketgate: how the clock fared is not kept: {noted}\n")
    return not noted and not any(outcomes.values())


def fared(gate: Gate) -> Sequence[StepStanding]:
    """How each step fared when it was last taken."""
    with gate.acting(Service.AUDIT) as connection:
        return clock_steps.standings(connection)


def _problem(step: Step, gate: Gate) -> str | None:
    """Take one step; None when it was done."""
    try:
        step.do(gate)
    except REFUSALS as error:
        return str(error) or type(error).__name__
    except psycopg.Error as error:  # its words may hold a row
        return f"{type(error).__name__} {error.sqlstate or ''}".strip()
    except Exception as error:  # noqa: BLE001  # a clock that stops tells nobody; the words may hold a row
        return type(error).__name__
    return None


def _note(gate: Gate, outcomes: dict[str, str | None]) -> None:
    with gate.acting(Service.OVERSEE) as connection:
        clock_steps.note(connection, outcomes, gate.clock.now())


def _done_at(gate: Gate, step: str) -> datetime | None:
    """A while before a step was last done, so that what was under way then is not left out."""
    done = [each.done_at for each in fared(gate) if each.step == step and each.done_at is not None]
    return done[0] - timedelta(hours=1) if done else None
