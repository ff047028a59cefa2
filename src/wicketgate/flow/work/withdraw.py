"""The requesting agency's clerk withdraws one request of that agency."""

from __future__ import annotations

from wicketgate.core.actor import Actor
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.core.states import State, allowed
from wicketgate.flow.gate import Gate, Record
from wicketgate.flow.work.acting import Done, attempt, given
from wicketgate.flow.work.refusals import NotAllowedError, UnknownRequestError
from wicketgate.store import acts, requests, work_marks
from wicketgate.store.acts import Act
from wicketgate.store.services import Service

_ACT = "withdraw"
_BEFORE_THE_REGISTER = (State.RECEIVED, State.REFERRED, State.SUFFICIENT)


def withdraw(gate: Gate, actor: Actor, handle: Handle, reasons: str) -> Done:
    """Withdraw one request of the clerk's own agency or of its components, before an examiner endorses it.

    Later nobody can: whether it still could be would tell what the register answered. The sentence is the
    same whatever became of the request, and that of another agency's request is the same as of none.
    Raises `WorkRefusedError`; then nothing was done.
    """
    with attempt(gate, actor, handle, _ACT, Service.INTAKE) as connection:
        if actor.role is not Role.CLERK or actor.agency is None:
            raise NotAllowedError("Only a clerk of the requesting agency withdraws a request.")
        text = given(reasons, f"for withdrawing {handle}")
        requests.lock(connection, handle)
        found = requests.standing_of(connection, handle)
        if (
            found is None
            or actor.agency not in found[1]
            or handle in work_marks.exercises(connection, [handle])
        ):
            raise UnknownRequestError(f"Your agency has no request {handle}.")
        standing = found[0]
        steps = [step for step in allowed(standing.state, actor.role) if step.act == _ACT]
        if not steps or standing.state not in _BEFORE_THE_REGISTER:
            raise NotAllowedError(f"Request {handle} can no longer be withdrawn; wait for its answer.")
        acts.perform(
            connection,
            [Act(handle, _ACT, actor.role, actor.handle, standing.version, text)],
            gate.clock.now(),
        )
        fields = {"actor": actor.handle, "reasons": text}
        gate.record(connection, [Record("request.withdrawn", handle, fields)])
    return Done(handle, _ACT, steps[0].target.value, standing.version + 1)
