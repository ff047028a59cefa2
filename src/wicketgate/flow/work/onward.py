"""What the gate itself does after a person's act: it asks the register, and it releases."""

from __future__ import annotations

from collections.abc import Callable

from wicketgate.core.identifiers import Handle
from wicketgate.core.states import State
from wicketgate.flow.ask import ask
from wicketgate.flow.determine import determine
from wicketgate.flow.gate import Gate, Rows
from wicketgate.flow.release import release
from wicketgate.flow.work.plant import end_exercises
from wicketgate.flow.work.refusals import NotAllowedError
from wicketgate.store import requests
from wicketgate.store.acts import ActRefusedError
from wicketgate.store.services import Service

_STEPS: dict[State, Callable[[Gate, Rows], int]] = {
    State.RECEIVED: determine,
    State.ENDORSED: ask,
    State.APPROVED: lambda gate, rows: end_exercises(gate, rows) or release(gate, rows),
}


def onward(gate: Gate, handle: Handle) -> State | None:
    """Take one request as far as the gate may take it alone; returns its state, None when there is none.

    To be called after every act of a person, and again by whoever tidies up: it does nothing twice.
    Raises what `ask` and `release` raise (`WitnessingError`), and `NotAllowedError` where the database
    refuses; the request then stays where it is, for later.
    """
    before: State | None = None
    refused: ActRefusedError | None = None
    while True:
        with gate.acting(Service.AUDIT) as connection:
            stored = requests.get(connection, handle)
        if stored is None:
            return None
        state, row = stored.standing.state, stored.standing.row
        if state is before and refused is not None:
            raise NotAllowedError(f"{refused} The request stays where it is.")
        step = _STEPS.get(state)
        if step is None or state is before:
            return state
        before, refused = state, None
        try:
            step(gate, Rows(stored.submission, row, row))
        except ActRefusedError as error:
            refused = error  # of another process that was first, unless nothing changed
