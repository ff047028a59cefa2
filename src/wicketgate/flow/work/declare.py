"""Each person says of each request whether they have a conflict of interest, before judging it."""

from __future__ import annotations

from wicketgate.core.actor import Actor
from wicketgate.core.identifiers import Handle
from wicketgate.flow.gate import Gate, Record
from wicketgate.flow.work.acting import attempt, given, known
from wicketgate.flow.work.claim import SERVICES
from wicketgate.flow.work.refusals import NotAllowedError, RecusedError
from wicketgate.store import work_claims, work_marks


def declare(gate: Gate, actor: Actor, handle: Handle, conflict: bool, reasons: str | None = None) -> None:
    """Declare that there is no conflict, or recuse oneself with reasons: for good, and the claim goes back.

    Who declares the same again changes nothing.     Raises `WorkRefusedError`; then nothing was done.
    """
    service = SERVICES.get(actor.role)
    if service is None:
        raise NotAllowedError(f"As {actor.role} you judge no request and declare nothing.")
    with attempt(gate, actor, handle, "declare", service) as connection:
        known(connection, handle)
        text = given(reasons, f"for recusing yourself from {handle}") if conflict else None
        if not conflict and work_marks.declared(connection, handle, actor).recused:
            raise RecusedError(f"You recused yourself from {handle}; that is for good.")
        at = gate.clock.now()
        work_marks.declare(connection, handle, actor, conflict, text, at)
        if conflict:
            work_claims.give_back(connection, handle, actor, at, "recused")
        fields = {
            "officer": actor.handle,
            "role": actor.role.value,
            "act": "recuse" if conflict else "no conflict",
            "reasons": text,
        }
        gate.record(connection, [Record("conflict.declared", handle, fields)])
