"""The states of a request and the ONE table of what may follow what.

The diagram in the docs, the guard in the database and every page's buttons
are made from `TRANSITIONS`; nothing else says what may happen next.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from wicketgate.core.roles import Role


class State(StrEnum):
    """Where a request stands."""

    RECEIVED = "received"
    DEFICIENT = "deficient"
    REFERRED = "referred"
    SUFFICIENT = "sufficient"
    ENDORSED = "endorsed"
    NOT_VERIFIED = "not_verified"
    VERIFIED = "verified"
    REFUSED = "refused"
    APPROVED = "approved"
    RELEASED = "released"
    PICKED_UP = "picked_up"
    EXPIRED = "expired"
    RECALLED = "recalled"
    RECALL_NOTICED = "recall_noticed"
    WITHDRAWN = "withdrawn"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Transition:
    """`role` may do `act` to a request in `source`, which puts it in `target`."""

    act: str
    source: State
    target: State
    role: Role


_S, _R = State, Role
_OPEN = (_S.RECEIVED, _S.REFERRED, _S.SUFFICIENT, _S.ENDORSED, _S.VERIFIED, _S.APPROVED)
"""States in which nothing has left the custodian and the request can still succeed."""

INITIAL = State.RECEIVED

TRANSITIONS: tuple[Transition, ...] = (
    Transition("find deficient", _S.RECEIVED, _S.DEFICIENT, _R.GATE),
    Transition("find referable", _S.RECEIVED, _S.REFERRED, _R.GATE),
    Transition("find sufficient", _S.RECEIVED, _S.SUFFICIENT, _R.GATE),
    Transition("resolve referral", _S.REFERRED, _S.SUFFICIENT, _R.COUNSEL),
    Transition("reject referral", _S.REFERRED, _S.DEFICIENT, _R.COUNSEL),
    Transition("endorse", _S.SUFFICIENT, _S.ENDORSED, _R.EXAMINER),
    Transition("refer", _S.SUFFICIENT, _S.REFERRED, _R.EXAMINER),
    Transition("return", _S.SUFFICIENT, _S.DEFICIENT, _R.EXAMINER),
    Transition("verify", _S.ENDORSED, _S.VERIFIED, _R.GATE),
    Transition("fail to verify", _S.ENDORSED, _S.NOT_VERIFIED, _R.GATE),
    Transition("approve", _S.VERIFIED, _S.APPROVED, _R.APPROVER),
    Transition("refuse", _S.VERIFIED, _S.REFUSED, _R.APPROVER),
    Transition("release", _S.APPROVED, _S.RELEASED, _R.GATE),
    # A request that was planted to be refused, and that two people let pass.
    Transition("end exercise", _S.APPROVED, _S.REFUSED, _R.GATE),
    Transition("pick up", _S.RELEASED, _S.PICKED_UP, _R.RECIPIENT_OFFICER),
    Transition("expire", _S.RELEASED, _S.EXPIRED, _R.GATE),
    Transition("recall", _S.RELEASED, _S.RECALLED, _R.COUNSEL),
    # What was opened can only be asked back: the officer certifies that nothing is left.
    Transition("recall", _S.PICKED_UP, _S.RECALL_NOTICED, _R.COUNSEL),
    Transition("certify destruction", _S.RECALL_NOTICED, _S.RECALLED, _R.RECIPIENT_OFFICER),
    *(Transition("withdraw", source, _S.WITHDRAWN, _R.CLERK) for source in _OPEN),
    *(Transition("hold", source, _S.HELD, _R.GATE) for source in _OPEN),
    # A request that was held begins again: nothing found before the order is relied on after it.
    Transition("resume", _S.HELD, _S.RECEIVED, _R.COUNSEL),
)

_BY_STEP = {(t.source, t.target): t for t in TRANSITIONS}


class TransitionError(ValueError):
    """The table has no such step, or not for this role."""


def step(source: State, target: State, role: Role) -> Transition:
    """The transition from `source` to `target` by `role`.

    Raises `TransitionError` with one sentence when the table has none.
    """
    transition = _BY_STEP.get((source, target))
    if transition is None:
        raise TransitionError(f"A request that is {source} cannot become {target}.")
    if transition.role is not role:
        raise TransitionError(
            f"Only the {transition.role} may {transition.act} a request that is {source}; you act as {role}."
        )
    return transition


def allowed(source: State, role: Role) -> tuple[Transition, ...]:
    """What `role` may do to a request in `source`."""
    return tuple(t for t in TRANSITIONS if t.source is source and t.role is role)


FINAL: frozenset[State] = frozenset(State) - {t.source for t in TRANSITIONS}
"""States that nothing follows."""
