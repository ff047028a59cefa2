"""An approver approves or refuses one request, on proof of who they are, without ever seeing the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wicketgate.core.actor import Actor
from wicketgate.core.digest import Canonical
from wicketgate.core.identifiers import Handle
from wicketgate.core.states import State
from wicketgate.flow.approve import decided, gathered
from wicketgate.flow.determine import answer_text
from wicketgate.flow.gate import Gate, Record
from wicketgate.flow.work.acting import Done, attempt, despite_dissents, given, move, opened, ready_to_judge
from wicketgate.flow.work.possible import rotation
from wicketgate.flow.work.refusals import ConfirmationError, RotationError
from wicketgate.flow.work.rules import HOUSE_RULES, OfficeRules
from wicketgate.stages.answer import Held, outward_answer
from wicketgate.stages.decide import Decision, FourEyesError
from wicketgate.store import acts, answers, work_claims, work_marks
from wicketgate.store.acts import ActRefusedError
from wicketgate.store.services import Service

CONFIRMED = frozenset({"approve", "refuse"})
"""Acts that need a `Confirmation`."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What makes a decision deliberate: the number as typed, and when the person proved who they are."""

    typed: str
    proved_at: datetime


def approve(
    gate: Gate,
    actor: Actor,
    handle: Handle,
    version: int,
    confirmation: Confirmation,
    reasons: str | None = None,
    dissents: int = 0,
    rules: OfficeRules = HOUSE_RULES,
) -> Done:
    """Approve one verified request that another person endorsed; against a dissent, `reasons` are needed.

    `dissents` is how many of them the approver's page showed.
    Raises `WorkRefusedError`; then nothing was done.
    """
    act = "approve"
    with attempt(gate, actor, handle, act, Service.DECIDE) as connection:
        stored, step = opened(connection, actor, handle, act, version)
        _confirmed(gate, handle, confirmation, rules)
        ready_to_judge(gate, connection, actor, handle)
        text, objections = despite_dissents(connection, handle, reasons, dissents)
        endorsed = acts.latest(connection, [handle], "endorse").get(handle)
        if endorsed is not None:
            work_claims.lock_approver(connection, actor)
            before = work_claims.last_examiners(connection, actor, rules.consecutive_approvals)
            if why_not := rotation(endorsed.actor, before, rules):
                raise RotationError(f"{why_not} Nothing was done to {handle}.")
        fields: dict[str, Canonical] = {"decision": act, "approver": actor.handle, "reasons": text}
        fields["dissent"] = objections
        if handle not in work_marks.exercises(connection, [handle]):
            evidence = gathered(gate, connection, [stored])
            decision = Decision(handle, actor.handle, approve=True, at=gate.clock.now())
            try:
                fields["predecessor"] = decided(gate, stored, evidence, decision).verified
            except FourEyesError as error:
                raise ActRefusedError(str(error)) from None
        done = move(gate, connection, actor, stored, step, text)
        gate.record(connection, [Record("decision", handle, fields)])
    return done


def refuse(
    gate: Gate,
    actor: Actor,
    handle: Handle,
    version: int,
    confirmation: Confirmation,
    reasons: str,
    rules: OfficeRules = HOUSE_RULES,
) -> Done:
    """Refuse one verified request, with reasons that stay inside; the requester gets the uniform answer.

    Raises `WorkRefusedError`; then nothing was done.
    """
    act = "refuse"
    with attempt(gate, actor, handle, act, Service.DECIDE) as connection:
        stored, step = opened(connection, actor, handle, act, version)
        _confirmed(gate, handle, confirmation, rules)
        ready_to_judge(gate, connection, actor, handle)
        text = given(reasons, f"for refusing {handle}")
        done = move(gate, connection, actor, stored, step, text)
        answer = outward_answer(stored.standing.request_id, State.REFUSED, held=Held())
        answers.give(connection, {handle: answer_text(answer)}, gate.clock.now())
        fields = {"decision": act, "approver": actor.handle, "reasons": text}
        gate.record(connection, [Record("decision", handle, fields)])
    return done


def _confirmed(gate: Gate, handle: Handle, confirmation: Confirmation, rules: OfficeRules) -> None:
    if confirmation.typed.strip().upper() != handle.text:
        raise ConfirmationError(f"The number that you typed is not {handle}; nothing was done.")
    proved_lately(gate, handle, confirmation.proved_at, rules)


def proved_lately(gate: Gate, handle: Handle, proved_at: datetime, rules: OfficeRules) -> None:
    """Raise `ConfirmationError` unless the person proved within the last minutes who they are."""
    age = gate.clock.now() - proved_at
    if not -rules.proof_of_identity / 10 <= age <= rules.proof_of_identity:
        minutes = int(rules.proof_of_identity.total_seconds() // 60)
        raise ConfirmationError(
            f"Prove again who you are: for {handle} that must be at most {minutes} minutes ago. "
            "Nothing was done."
        )
