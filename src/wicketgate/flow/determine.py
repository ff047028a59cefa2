"""The statutory review's determination: sufficient, referred, deficient, or held by an order."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache

from wicketgate.core.context import Order
from wicketgate.core.digest import Canonical, digest
from wicketgate.core.finding import Determination, Finding, Severity
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.core.states import State
from wicketgate.flow.gate import GATE, Gate, Record, Rows
from wicketgate.stages.answer import outward_answer
from wicketgate.stages.review import Deficient, Referred, Resolution, Reviewed, Sufficient, review
from wicketgate.store import acts, answers, requests
from wicketgate.store.acts import Act
from wicketgate.store.requests import StoredRequest
from wicketgate.store.services import Service

ACTS = {
    Determination.SUFFICIENT: "find sufficient",
    Determination.REFERRED: "find referable",
    Determination.DEFICIENT: "find deficient",
}
_ACT = {
    Sufficient: ACTS[Determination.SUFFICIENT],
    Referred: ACTS[Determination.REFERRED],
    Deficient: ACTS[Determination.DEFICIENT],
}


def determine(gate: Gate, rows: Rows) -> int:
    """Determine the received requests among `rows`; returns how many there were.

    A request that shows every element but for a court's order is not deficient:
    it is held and kept, and begins again when the order is lifted.
    """
    with gate.acting(Service.REVIEW) as connection:
        received = requests.in_state(connection, rows.submission, State.RECEIVED, rows.first, rows.last)
        done, records, told = [], [], {}
        for stored in received:
            handle = stored.standing.handle
            outcome = reviewed(gate, stored)
            orders = suspending(gate, stored)
            if isinstance(outcome, Deficient) and orders and _sufficient_but_for_orders(gate, stored):
                done.append(Act(handle, "hold", Role.GATE, GATE, stored.standing.version))
                records += [_held(handle, order, outcome.basis.request) for order in orders]
                continue
            done.append(Act(handle, _ACT[type(outcome)], Role.GATE, GATE, stored.standing.version))
            findings = () if isinstance(outcome, Sufficient) else outcome.findings
            records.append(determined(gate, handle, _ACT[type(outcome)], findings, outcome.basis.request))
            if isinstance(outcome, Deficient):
                told[handle] = answer_text(
                    outward_answer(stored.standing.request_id, State.DEFICIENT, outcome.findings)
                )
        if received:
            at = gate.clock.now()
            acts.perform(connection, done, at)
            answers.give(connection, told, at)
            gate.record(connection, records)
    return len(received)


def reviewed(gate: Gate, stored: StoredRequest, resolutions: Sequence[Resolution] = ()) -> Reviewed:
    """The review of a stored request, made again: what later stages build on is never read from a table.

    Counsel's `resolutions` are read from their acts; they settle referrals and never a defect.
    """
    return review(
        stored.standing.handle, stored.request, stored.facts, gate.law, gate.context.as_of, resolutions
    )


def suspending(gate: Gate, stored: StoredRequest) -> tuple[Order, ...]:
    """The orders of the context that suspend disclosure to the request's agency."""
    return gate.context.orders_for(stored.request.requesting_agency or "")


def answer_text(answer: Mapping[str, object]) -> str:
    """An outward answer as it is sent."""
    return json.dumps(answer, ensure_ascii=False)


def determined(gate: Gate, handle: Handle, act: str, findings: Sequence[Finding], request: str) -> Record:
    """What is recorded of a determination by `act` of the request with this digest."""
    fields: dict[str, Canonical] = {
        "determination": act.removeprefix("find "),
        "findings": [f.code for f in findings if f.severity is not Severity.NOTE],
        "authority_digest": gate.law.authority.digest,
        "switches_digest": _switches_digest(tuple(gate.law.authority.switches.items())),
        "as_of": gate.context.as_of.isoformat(),
        "predecessor": request,
    }
    return Record("request.determined", handle, fields)


@lru_cache(maxsize=8)
def _switches_digest(switches: tuple[tuple[str, Canonical], ...]) -> str:
    return digest(dict(switches))


def _sufficient_but_for_orders(gate: Gate, stored: StoredRequest) -> bool:
    without = {**stored.facts, "order_in_force": False}
    outcome = review(stored.standing.handle, stored.request, without, gate.law, gate.context.as_of)
    return isinstance(outcome, Sufficient)


def _held(handle: Handle, order: Order, request: str) -> Record:
    return Record(
        "request.held",
        handle,
        {"act": "hold", "court": order.court, "docket": order.docket, "actor": GATE, "predecessor": request},
    )
