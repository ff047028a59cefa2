"""Counsel lets a held request begin again: once nothing closes the gate for it, and with reasons.

It begins at the beginning. Nothing that was found or said before it was held is relied on after it.
"""

from __future__ import annotations

from wicketgate.core.actor import Actor
from wicketgate.core.identifiers import Handle
from wicketgate.flow.determine import suspending
from wicketgate.flow.gate import Gate, Record
from wicketgate.flow.work.acting import Done, attempt, given, move, opened
from wicketgate.flow.work.refusals import SuspendedError
from wicketgate.store import suspension
from wicketgate.store.services import Service

_ACT = "resume"


def resume(gate: Gate, actor: Actor, handle: Handle, version: int, reasons: str) -> Done:
    """Resume one held request; the gate then determines it anew. Raises `WorkRefusedError`."""
    with attempt(gate, actor, handle, _ACT, Service.OVERSEE) as connection:
        still_closed = not suspension.open_among(connection, [handle])
        stored, step = opened(connection, actor, handle, _ACT, version)
        if still_closed or suspending(gate, stored):
            raise SuspendedError(
                f"Request {handle} stays held: disclosure to its agency, or to an officer it names, is still "
                "suspended. Resume it when that has ended."
            )
        text = given(reasons, f"for resuming {handle}")
        done = move(gate, connection, actor, stored, step, text)
        fields = {"act": _ACT, "actor": actor.handle, "reasons": text}
        gate.record(connection, [Record("request.held", handle, fields)])
    return done
