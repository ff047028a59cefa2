"""What the clock does while the gate is served: orders, answers, quarters, packages that nobody fetched."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

from wicketgate.flow.closing import close_doors
from wicketgate.flow.gate import Gate
from wicketgate.flow.orders import adopt_orders, apply_orders
from wicketgate.flow.outbox import open_due
from wicketgate.flow.recall import expire
from wicketgate.flow.refusals import REFUSALS
from wicketgate.flow.retention import carry_out_all
from wicketgate.flow.statistics import publish_due

_LONGEST = timedelta(minutes=10)
"""Between two looks, so that another length of the slots is soon noticed."""
_AGAIN = timedelta(minutes=1)
"""After a failure."""


@contextmanager
def ticking(opened: Callable[[], Gate], passed: Event | None = None) -> Iterator[None]:
    """Keep the clock in a thread until the end of the block; `opened` gives today's gate, to be closed.

    `passed` is set after each look. While the gate cannot be opened nothing leaves, and a line on standard
    error says why.
    """
    ended = Event()

    def tick() -> None:
        wait = timedelta(0)
        while not ended.wait(wait.total_seconds()):
            try:
                with opened() as gate:
                    # Orders first: what they stop must not leave in the same round.
                    adopt_orders(gate)
                    apply_orders(gate)
                    close_doors(gate)
                    wait = until_next(gate)
                    publish_due(gate)
                    expire(gate)
                    carry_out_all(gate)
            except REFUSALS as error:
                sys.stderr.write(f"wicketgate: answers wait: {error}\n")
                wait = _AGAIN
            if passed is not None:
                passed.set()

    thread = Thread(target=tick, name="outbox clock", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def until_next(gate: Gate) -> timedelta:
    """Let out what is due; how long to wait before the next look."""
    next_slot = open_due(gate) + gate.context.answer_slot
    return max(timedelta(seconds=1), min(_LONGEST, next_slot - gate.clock.now()))
