"""The statutory review's determination: sufficient, referred, deficient, or held by an order."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from wicketgate.core.context import Order
from wicketgate.core.digest import Canonical, digest
from wicketgate.core.finding import Severity
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

_ACT = {Sufficient: "find sufficient", Referred: "find referable", Deficient: "find deficient"}


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
            records.append(_determined(gate, handle, outcome))
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


def _sufficient_but_for_orders(gate: Gate, stored: StoredRequest) -> bool:
    without = {**stored.facts, "order_in_force": False}
    outcome = review(stored.standing.handle, stored.request, without, gate.law, gate.context.as_of)
    return isinstance(outcome, Sufficient)


def _determined(gate: Gate, handle: Handle, outcome: Reviewed) -> Record:
    fields: dict[str, Canonical] = {
        "determination": _ACT[type(outcome)].removeprefix("find "),
        "findings": [],
        "authority_digest": gate.law.authority.digest,
        "switches_digest": digest(dict(gate.law.authority.switches)),
        "as_of": gate.context.as_of.isoformat(),
        "predecessor": outcome.basis.request,
    }
    if not isinstance(outcome, Sufficient):
        fields["findings"] = [f.code for f in outcome.findings if f.severity is not Severity.NOTE]
    return Record("request.determined", handle, fields)


def _held(handle: Handle, order: Order, request: str) -> Record:
    return Record(
        "request.held",
        handle,
        {"act": "hold", "court": order.court, "docket": order.docket, "actor": GATE, "predecessor": request},
    )
