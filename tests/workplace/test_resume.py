"""A held request begins again: by counsel, with reasons, and not before what held it has ended.

1. While the order holds, nobody resumes. Afterwards counsel does, and the request is determined anew.
2. It is examined and decided anew, and never by the approver who had decided before: that one has read
   what an approver decides without.
"""

from __future__ import annotations

import pytest

from tests.workplace.office import ABEL, ADA, CORA, ERIN, INA, Office
from wicketgate.core.actor import Actor
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.flow.work.decide import approve
from wicketgate.flow.work.endorse import endorse
from wicketgate.flow.work.onward import onward
from wicketgate.flow.work.queue import Filters, next_free, queue
from wicketgate.flow.work.refusals import IncompleteError, NotAllowedError, SuspendedError
from wicketgate.flow.work.resume import resume
from wicketgate.store import acts, suspension
from wicketgate.store.acts import Act, ActRefusedError
from wicketgate.store.services import Service

ORDER = {"court": "D.D.C.", "docket": "1:26-cv-1", "actor": "ina"}


def ordered(office: Office, suspended: bool) -> None:
    """A court suspends disclosure to the agency, or lifts that."""
    change = suspension.suspend if suspended else suspension.lift
    with office.gate.acting(Service.OVERSEE) as connection:
        change(connection, "DHS", **ORDER, at=office.clock.now())


def held(office: Office) -> Handle:
    """A request that was approved when an order came."""
    handle = office.endorsed()
    onward(office.gate, handle)
    office.approve(ADA, handle)
    ordered(office, True)
    assert onward(office.gate, handle) == "held"
    return handle


def version(office: Office, actor: Actor, handle: Handle) -> int:
    """As the page says."""
    return office.page(actor, handle).version


def test_nobody_resumes_under_the_order_and_counsel_afterwards(fresh: Office) -> None:
    handle = held(fresh)
    shown = {act.act: act.why_not for act in fresh.page(CORA, handle).acts}
    assert "still suspended" in (shown["resume"] or "")
    with pytest.raises(SuspendedError, match="stays held"):
        resume(fresh.gate, CORA, handle, version(fresh, CORA, handle), "I think it ended.")
    ordered(fresh, False)
    assert {act.act: act.why_not for act in fresh.page(CORA, handle).acts}["resume"] is None
    assert handle.text in [case.row.handle for case in queue(fresh.gate, CORA, Filters(state="held")).cases]
    for other in (ERIN, ADA, INA):
        with pytest.raises(NotAllowedError):
            resume(fresh.gate, other, handle, version(fresh, other, handle), "I think so.")
    with pytest.raises(IncompleteError, match="State your reasons"):
        resume(fresh.gate, CORA, handle, version(fresh, CORA, handle), " ")
    done = resume(fresh.gate, CORA, handle, version(fresh, CORA, handle), "The order was lifted on 1 March.")
    assert done.state == "received"
    assert onward(fresh.gate, handle) == "sufficient"
    steps = [(step.kind, step.act, step.who, step.reasons) for step in fresh.page(CORA, handle).timeline]
    assert ("request.held", "resume", "cora", "The order was lifted on 1 March.") in steps


def test_another_approver_decides_on_what_began_again(fresh: Office) -> None:
    handle = held(fresh)
    ordered(fresh, False)
    resume(fresh.gate, CORA, handle, version(fresh, CORA, handle), "The order was lifted.")
    onward(fresh.gate, handle)
    endorse(fresh.gate, ERIN, handle, fresh.take(ERIN, handle))
    assert onward(fresh.gate, handle) == "verified"

    before = {act.act: act.why_not for act in fresh.page(ADA, handle).acts}
    assert all("before it was held" in (before[act] or "") for act in ("approve", "refuse", "claim"))
    assert next_free(fresh.gate, ADA) != handle
    with pytest.raises(NotAllowedError, match="before it was held"):
        fresh.take(ADA, handle)
    with (
        pytest.raises(ActRefusedError, match="does not decide on it again"),
        fresh.gate.acting(Service.DECIDE) as connection,
    ):
        acts.perform(connection, [Act(handle, "approve", Role.APPROVER, "Ada", None, "x")], fresh.clock.now())

    assert next_free(fresh.gate, ABEL) == handle
    approve(fresh.gate, ABEL, handle, fresh.take(ABEL, handle), fresh.proof(handle))
    assert onward(fresh.gate, handle) == "released"
    decisions = [step.who for step in fresh.page(INA, handle).timeline if step.kind == "decision"]
    assert decisions == ["ada", "abel"]
