"""What the requester is told: full reasons for the statutory review, one uniform text afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wicketgate.core.context import Order
from wicketgate.core.finding import Finding, Severity
from wicketgate.core.states import State

NO_DISCLOSURE = (
    "No disclosure is made on this request. This answer does not say whether any record exists, "
    "and it is the same for every request that is not answered with a disclosure."
)
"""The uniform answer: not on file, not matching, ambiguous, refused by a person, held back."""

DISCLOSED = "The package is sealed to the recipient officer and can be picked up once, before it expires."
REFERRED = (
    "A person at the custodian must determine the points below. "
    "Nothing is needed from you unless you are asked."
)
DEFICIENT = (
    "The request does not show every element that the law requires. "
    "Each point below says what is missing and what would mend it."
)

_UNIFORM = frozenset({State.NOT_VERIFIED, State.REFUSED})
_DISCLOSED = frozenset({State.RELEASED, State.PICKED_UP})
_REVIEWED = {State.DEFICIENT: DEFICIENT, State.REFERRED: REFERRED}


@dataclass(frozen=True, slots=True)
class Held:
    """Why a request is held: by which orders, or (empty) for a reason inside the register."""

    orders: tuple[Order, ...] = ()


def outward_answer(
    request_id: str,
    state: State,
    findings: Sequence[Finding] = (),
    held: Held | None = None,
) -> dict[str, object]:
    """The answer to one request, exactly as the requester gets it.

    For every request that passed review and ends without a disclosure the answer
    is the same but for the requester's own reference. Raises `ValueError` for a
    state in which no answer is due yet.
    """
    if state in _UNIFORM or (state is State.HELD and held is not None and not held.orders):
        return _answer(request_id, "no_disclosure", NO_DISCLOSURE)
    if state is State.HELD and held is not None:
        return _answer(request_id, "suspended", _suspended(held.orders))
    if state in _REVIEWED:
        answer = _answer(request_id, str(state), _REVIEWED[state])
        answer["findings"] = [_explained(f) for f in findings if f.severity is not Severity.NOTE]
        return answer
    if state in _DISCLOSED:
        return _answer(request_id, "disclosed", DISCLOSED)
    raise ValueError(f"No answer is due for a request that is {state}.")


def _answer(request_id: str, outcome: str, text: str) -> dict[str, object]:
    return {"request_id": request_id, "answer": outcome, "text": text}


def _explained(finding: Finding) -> dict[str, str]:
    return {
        "code": finding.code,
        "citation": finding.citation,
        "message": finding.message,
        "remedy": finding.remedy,
    }


def _suspended(orders: Sequence[Order]) -> str:
    named = "; ".join(f"{order.court}, {order.docket}" for order in orders)
    return f"Disclosure is suspended by order of {named}. The request is kept and its clock stands still."
