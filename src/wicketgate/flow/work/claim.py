"""Claiming a request and giving it back: one person works on it at a time, and for how long is on record."""

from __future__ import annotations

from datetime import datetime

from wicketgate.core.actor import Actor
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.flow.gate import Gate, Record
from wicketgate.flow.work.acting import attempt, given, known
from wicketgate.flow.work.refusals import NotAllowedError, UnclaimedError
from wicketgate.flow.work.rules import HOUSE_RULES, OfficeRules
from wicketgate.store import work_claims
from wicketgate.store.services import Service

SERVICES = {Role.EXAMINER: Service.REVIEW, Role.COUNSEL: Service.REVIEW, Role.APPROVER: Service.DECIDE}


def claim(gate: Gate, actor: Actor, handle: Handle, rules: OfficeRules = HOUSE_RULES) -> datetime:
    """Claim a request that waits for this role, or keep one's claim for longer; returns until when.

    Raises `OvertakenError` when somebody else has it, and `WorkRefusedError`.
    """
    service = SERVICES.get(actor.role)
    if service is None:
        raise NotAllowedError(f"As {actor.role} you claim no request.")
    at = gate.clock.now()
    until = at + rules.claim_lasts
    with attempt(gate, actor, handle, "claim", service) as connection:
        known(connection, handle)
        work_claims.take(connection, handle, actor, at, until)
        gate.record(connection, [_record(actor, handle, act="claim", until=until.isoformat())])
    return until


def release_claim(gate: Gate, actor: Actor, handle: Handle, reasons: str) -> None:
    """Give a request back to the queue, with reasons; raises `WorkRefusedError`."""
    service = SERVICES.get(actor.role)
    if service is None:
        raise NotAllowedError(f"As {actor.role} you claim no request.")
    with attempt(gate, actor, handle, "release claim", service) as connection:
        text = given(reasons, f"for giving {handle} back")
        if not work_claims.give_back(connection, handle, actor, gate.clock.now(), text):
            raise UnclaimedError(f"You have no claim on {handle} to give back.")
        gate.record(connection, [_record(actor, handle, act="release", reasons=text)])


def _record(actor: Actor, handle: Handle, **fields: str) -> Record:
    return Record("case.claimed", handle, {"officer": actor.handle, "role": actor.role.value} | fields)
