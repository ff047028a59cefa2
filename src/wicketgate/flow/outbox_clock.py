"""What the clock does while the gate is served: orders, answers, quarters, packages that nobody fetched."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

from wicketgate.flow.clock_steps import look
from wicketgate.flow.gate import Gate
from wicketgate.flow.outbox import next_slot
from wicketgate.flow.refusals import REFUSALS

_LONGEST = timedelta(minutes=10)
"""Between two looks, so that another length of the slots is soon noticed."""
_AGAIN = timedelta(minutes=1)
"""After a failure."""


@contextmanager
def ticking(opened: Callable[[], Gate], passed: Event | None = None) -> Iterator[None]:
    """Keep the clock in a thread until the end of the block; `opened` gives today's gate, to be closed.

    `passed` is set after each look. While the gate cannot be opened nothing leaves, and a line on standard
    error says why; whatever happens, it looks again.
    """
    ended = Event()

    def tick() -> None:
        wait = timedelta(0)
        while not ended.wait(wait.total_seconds()):
            try:
                with opened() as gate:
                    wait = until_next(gate) if look(gate) else _AGAIN
            except REFUSALS as error:
                sys.stderr.write(f"wicketgate: answers wait: {error}\n")
                wait = _AGAIN
            except Exception as error:  # noqa: BLE001  # a clock that stops tells nobody
                sys.stderr.write(f"wicketgate: answers wait: {type(error).__name__}\n")
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
    """How long to wait before the next look."""
    return max(timedelta(seconds=1), min(_LONGEST, next_slot(gate) - gate.clock.now()))
