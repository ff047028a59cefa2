"""What a person may do with a request now, from the transition table: these buttons and no others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wicketgate.core.actor import Actor
from wicketgate.core.roles import Role
from wicketgate.core.states import FINAL, State, allowed
from wicketgate.flow.work.rules import OfficeRules
from wicketgate.store.services import DISCLOSING
from wicketgate.store.work_case import Kept, Objection

JUDGES = frozenset({Role.EXAMINER, Role.COUNSEL, Role.APPROVER})
DISSENTERS = JUDGES | {Role.SAFEGUARDS_OFFICER}
JUDGING = frozenset(
    {"endorse", "refer", "return", "resolve referral", "reject referral", "approve", "refuse"}
)
"""Acts for which a person declares, and claims the request."""
PROCEEDING = frozenset({"endorse", "approve", "resolve referral"})
"""Acts in the request's favour: against a dissent they need reasons, and the others always do."""


@dataclass(frozen=True, slots=True)
class Possible:
    """An act, the state that it leads to (none for acts beside the table), and why it is not possible now."""

    act: str
    target: State | None = None
    why_not: str | None = None
    needs_reasons: bool = False


def rotation(examiner: str, before: Sequence[str], rules: OfficeRules) -> str | None:
    """Why an approver may not approve what `examiner` endorsed, having approved that of those `before`."""
    most = rules.consecutive_approvals
    if list(before[:most]) != [examiner] * most:
        return None
    return f"Your last {most} approvals were all of this examiner's endorsements; another approver takes it."


def possible_acts(
    actor: Actor,
    kept: Kept,
    dissents: Sequence[Objection],
    rotated: str | None = None,
    *,
    still_closed: bool = False,
) -> tuple[Possible, ...]:
    """The acts of this role in this state, each with what stands in its way for this person.

    `rotated` is what `rotation` says; `still_closed` whether what holds a request has not ended.
    """
    state = State(kept.state)
    steps = [step for step in allowed(state, actor.role) if step.act in JUDGING]
    barred = _barred(actor, kept)
    found = []
    for step in steps:
        why_not = barred
        if why_not is None and not kept.declared:
            why_not = "Declare first whether you have a conflict of interest."
        if why_not is None and kept.claimed_by != actor.handle:
            why_not = "Claim the request first."
        if why_not is None and step.act in DISCLOSING and kept.stopped:
            why_not = "Disclosure to this agency is suspended."
        if why_not is None and step.act == "approve":
            why_not = rotated
        needs_reasons = step.act not in PROCEEDING or bool(dissents)
        found.append(Possible(step.act, step.target, why_not, needs_reasons))
    if steps:
        mine = kept.claimed_by == actor.handle
        found.append(Possible("release claim", None, None if mine else "You have not claimed it.", True))
        found.append(Possible("claim", None, barred if not mine else None))
        found.append(Possible("declare", None, None if not kept.recused else barred))
    if state is State.HELD and actor.role is Role.COUNSEL:
        closed_now = "Disclosure to its agency, or to an officer it names, is still suspended."
        why_not = _barred(actor, kept) or (closed_now if still_closed else None)
        found.append(Possible("resume", State.RECEIVED, why_not, True))
    if actor.role in DISSENTERS:
        found.append(Possible("dissent", None, _other_role(kept), True))
    if actor.role in (Role.COUNSEL, Role.APPROVER) and state is State.APPROVED and dissents:
        found.append(Possible("answer dissent", None, _other_role(kept), True))
    return tuple(found)


def _barred(actor: Actor, kept: Kept) -> str | None:
    if kept.recused:
        return "You declared a conflict of interest; another person takes it."
    if kept.claimed_by is not None and kept.claimed_by != actor.handle:
        return "Somebody else has claimed it."
    if kept.decided and actor.role is Role.APPROVER and State(kept.state) not in FINAL:
        return "You decided on it before it was held; another approver takes it."
    return _other_role(kept)


def _other_role(kept: Kept) -> str | None:
    if kept.other_role is None:
        return None
    return f"You have acted on it as {kept.other_role}; nobody holds two roles on one request."
