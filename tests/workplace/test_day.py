"""A day in the office: examiner, counsel and approver at work, with the mistakes that people make.

1. Erin declares, claims, endorses; the gate asks the register; Ada approves on proof; the gate releases.
2. Before that nothing works: undeclared, unclaimed, on an old page, with a mistyped number, as both people.
3. Cora determines what the law or an examiner referred; the requester is told in the law's words.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.stories.people import VALID
from tests.workplace.office import ABEL, ADA, CLEO, CORA, ELIAS, ERIN, REFERABLE, SAM, Office
from wicketgate.core.actor import Actor
from wicketgate.core.roles import Role
from wicketgate.flow.work.claim import claim, release_claim
from wicketgate.flow.work.decide import Confirmation, approve
from wicketgate.flow.work.declare import declare
from wicketgate.flow.work.determine_referral import reject_referral, resolve_referral
from wicketgate.flow.work.dissent import answer_dissent, dissent
from wicketgate.flow.work.endorse import endorse
from wicketgate.flow.work.examine import refer, return_with_findings
from wicketgate.flow.work.onward import onward
from wicketgate.flow.work.refusals import (
    ConfirmationError,
    IncompleteError,
    NotAllowedError,
    OvertakenError,
    RecusedError,
    RotationError,
    SuspendedError,
    UnclaimedError,
    UndeclaredError,
    UnknownRequestError,
)
from wicketgate.flow.work.rules import OfficeRules
from wicketgate.flow.work.withdraw import withdraw
from wicketgate.store import suspension
from wicketgate.store.services import Service


def test_a_lawful_request_goes_through_two_peoples_hands(office: Office) -> None:
    handle = office.one()
    assert office.state(handle) == "sufficient"
    with pytest.raises(UndeclaredError):
        endorse(office.gate, ERIN, handle, 1)
    declare(office.gate, ERIN, handle, conflict=False)
    with pytest.raises(UnclaimedError):
        endorse(office.gate, ERIN, handle, 1)
    claim(office.gate, ERIN, handle)
    office.clock.on(minutes=12)
    done = endorse(office.gate, ERIN, handle, office.page(ERIN, handle).version)
    assert (done.state, done.version) == ("endorsed", 2)
    assert onward(office.gate, handle) == "verified"

    page = office.page(ADA, handle)
    assert not any(name.startswith("address") for name in page.fields)
    assert "address_line1" in page.withheld
    assert {act.act for act in page.acts} == {
        *("approve", "refuse", "release claim", "claim", "declare", "dissent"),
    }
    office.approve(ADA, handle)
    assert onward(office.gate, handle) == "released"
    assert office.kinds(handle) == [
        *("request.received", "request.determined", "conflict.declared", "case.claimed"),
        *("request.endorsed", "verification.asked", "verification.answered"),
        *("conflict.declared", "case.claimed", "decision", "disclosure.intended", "disclosure.released"),
    ]
    shown = [step.kind for step in office.page(ERIN, handle).timeline]
    assert shown == [kind for kind in office.kinds(handle) if kind != "verification.asked"]


def test_a_decision_is_deliberate(office: Office) -> None:
    handle = office.endorsed()
    other = office.one()
    version = office.take(ADA, handle)
    old = office.clock.now() - timedelta(minutes=6)
    for wrong in (Confirmation(other.text, office.clock.now()), Confirmation(handle.text, old)):
        with pytest.raises(ConfirmationError):
            approve(office.gate, ADA, handle, version, wrong)
    with pytest.raises(OvertakenError):
        approve(office.gate, ADA, handle, version - 1, office.proof(handle))
    approve(office.gate, ADA, handle, version, Confirmation(f" {handle.text.lower()} ", office.clock.now()))
    assert office.kinds(handle).count("decision") == 1
    assert office.kinds(handle).count("access.denied") == 2


def test_nobody_is_two_people(office: Office) -> None:
    handle = office.endorsed()
    same = Actor(ERIN.handle, Role.APPROVER)
    with pytest.raises(NotAllowedError, match="two roles"):
        declare(office.gate, same, handle, conflict=False)
    with pytest.raises(NotAllowedError, match="two roles"):
        claim(office.gate, same, handle)
    assert any("two roles" in (act.why_not or "") for act in office.page(same, handle).acts)
    with pytest.raises(NotAllowedError):
        endorse(office.gate, ADA, handle, office.page(ADA, handle).version)


def test_one_works_on_a_request_at_a_time_until_the_claim_ends(office: Office) -> None:
    handle = office.one()
    office.take(ERIN, handle)
    declare(office.gate, ELIAS, handle, conflict=False)
    with pytest.raises(OvertakenError, match="claimed by somebody else"):
        claim(office.gate, ELIAS, handle)
    with pytest.raises(IncompleteError):
        release_claim(office.gate, ERIN, handle, " ")
    release_claim(office.gate, ERIN, handle, "My shift ends.")
    claim(office.gate, ELIAS, handle)
    with pytest.raises(UnclaimedError):
        endorse(office.gate, ERIN, handle, 1)
    office.clock.on(hours=9)
    with pytest.raises(UnclaimedError):
        endorse(office.gate, ELIAS, handle, 1)
    claim(office.gate, ERIN, handle)
    endorse(office.gate, ERIN, handle, 1)


def test_whoever_has_a_conflict_is_out_for_good(office: Office) -> None:
    handle = office.one()
    office.take(ERIN, handle)
    with pytest.raises(IncompleteError):
        declare(office.gate, ERIN, handle, conflict=True)
    declare(office.gate, ERIN, handle, conflict=True, reasons="She is my neighbour.")
    with pytest.raises(RecusedError):
        declare(office.gate, ERIN, handle, conflict=False)
    with pytest.raises(NotAllowedError):
        claim(office.gate, ERIN, handle)
    with pytest.raises(RecusedError):
        endorse(office.gate, ERIN, handle, 1)
    endorse(office.gate, ELIAS, handle, office.take(ELIAS, handle))


def test_what_is_returned_is_told_in_the_laws_words(office: Office) -> None:
    handle = office.one()
    version = office.take(ERIN, handle)
    with pytest.raises(IncompleteError, match="no element"):
        return_with_findings(office.gate, ERIN, handle, version, [("Z9", "?")], "Not specific.")
    return_with_findings(
        office.gate, ERIN, handle, version, [("B5", "The same story as in forty others.")], "Not specific."
    )
    assert office.state(handle) == "deficient"
    told = str(office.value("SELECT body FROM gate.answer WHERE handle = %s", handle.text))
    assert "B5" in told
    assert "forty" not in told
    assert "specific." not in told


def test_counsel_determines_every_point_that_was_referred(office: Office) -> None:
    handle = office.one(REFERABLE)
    assert office.state(handle) == "referred"
    view = office.page(CORA, handle)
    (code,) = {each.code for each in view.elements if each.standing == "refer"}
    version = office.take(CORA, handle)
    with pytest.raises(IncompleteError, match="still open"):
        resolve_referral(office.gate, CORA, handle, version, [("A1", "Unasked.")])
    resolve_referral(office.gate, CORA, handle, version, [(code, "The provision is a criminal one.")])
    standings = {each.code: each.standing for each in office.page(ERIN, handle).elements}
    assert standings[code] == "resolved"
    version = office.take(ERIN, handle)
    refer(office.gate, ERIN, handle, version, [("B5", "Is this specific?")], "I am in doubt.")
    version = office.take(CORA, handle)
    with pytest.raises(IncompleteError, match="B5"):
        resolve_referral(office.gate, CORA, handle, version, [(code, "Again.")])
    resolve_referral(office.gate, CORA, handle, version, [("B5", "It is.")])
    endorse(office.gate, ERIN, handle, office.take(ERIN, handle))
    assert onward(office.gate, handle) == "verified"
    office.approve(ADA, handle)
    assert onward(office.gate, handle) == "released"


def test_counsel_may_find_against_the_request(office: Office) -> None:
    handle = office.one(REFERABLE)
    code = next(each.code for each in office.page(CORA, handle).elements if each.standing == "refer")
    version = office.take(CORA, handle)
    reject_referral(office.gate, CORA, handle, version, [(code, "It is a civil provision.")])
    assert office.state(handle) == "deficient"
    assert "civil provision" not in str(
        office.value("SELECT body FROM gate.answer WHERE handle = %s", handle.text)
    )


def test_an_approver_is_blind_until_the_decision(office: Office) -> None:
    handle = office.one()
    endorse(office.gate, ERIN, handle, office.take(ERIN, handle), "The second notice convinced me.")
    onward(office.gate, handle)
    assert "second notice convinced" in str(office.page(CORA, handle).timeline[4].reasons)
    before = office.page(ADA, handle)
    assert not any("convinced" in (step.reasons or "") for step in before.timeline)
    office.refuse(ADA, handle)
    after = office.page(ADA, handle)
    assert any("convinced" in (step.reasons or "") for step in after.timeline)
    assert "address_line1" not in after.fields
    assert "no_disclosure" in str(office.value("SELECT body FROM gate.answer WHERE handle = %s", handle.text))


def test_a_dissent_is_answered_by_whoever_proceeds(office: Office) -> None:
    handle = office.one()
    version = office.take(ERIN, handle)
    dissent(office.gate, ELIAS, handle, "Nothing here is about this person.", office.gate.clock.now())
    with pytest.raises(OvertakenError, match="did not show"):
        endorse(office.gate, ERIN, handle, version, "Written before the dissent was there.")
    with pytest.raises(IncompleteError, match="dissent"):
        endorse(office.gate, ERIN, handle, version, dissents=1)
    endorse(office.gate, ERIN, handle, version, "The reasons name her own acts.", dissents=1)
    onward(office.gate, handle)
    version = office.take(ADA, handle)
    with pytest.raises(IncompleteError, match="dissent"):
        approve(office.gate, ADA, handle, version, office.proof(handle), dissents=1)
    approve(office.gate, ADA, handle, version, office.proof(handle), "I read both.", dissents=1)
    late = dissent(office.gate, SAM, handle, "Their safeguards are not what they were.", office.clock.now())
    assert onward(office.gate, handle) == "approved"
    with pytest.raises(NotAllowedError):
        answer_dissent(office.gate, SAM, handle, late, "Never mind.")
    answer_dissent(office.gate, ADA, handle, late, "The plan of last month mends it.")
    assert onward(office.gate, handle) == "released"
    seen = office.page(ADA, handle).dissents
    assert [(each.officer, each.signer) for each in seen] == [("elias", "gate"), ("sam", "gate")]
    assert office.kinds(handle).count("dissent") == 2


def test_a_clerk_withdraws_what_is_open_and_their_own(office: Office) -> None:
    handle, closed = office.receive(VALID, {**VALID, "statute": "8 U.S.C. 1231"})
    stranger = Actor("dora", Role.CLERK, "DOJ")
    with pytest.raises(UnknownRequestError):
        withdraw(office.gate, stranger, handle, "Not ours.")
    withdraw(office.gate, CLEO, handle, "She has been found.")
    assert office.state(handle) == "withdrawn"
    for gone in (handle, closed):
        with pytest.raises(NotAllowedError, match="can no longer be withdrawn"):
            withdraw(office.gate, CLEO, gone, "Again.")


def test_one_pair_of_people_does_not_decide_for_ever(office: Office) -> None:
    rules = OfficeRules(consecutive_approvals=2)
    grace, gus = Actor("grace", Role.APPROVER), Actor("gus", Role.EXAMINER)
    for _ in range(2):
        handle = office.endorsed(gus)
        approve(office.gate, grace, handle, office.take(grace, handle), office.proof(handle), rules=rules)
    third = office.endorsed(gus)
    version = office.take(grace, third)
    with pytest.raises(RotationError):
        approve(office.gate, grace, third, version, office.proof(third), rules=rules)
    release_claim(office.gate, grace, third, "Rotation.")
    approve(office.gate, ABEL, third, office.take(ABEL, third), office.proof(third), rules=rules)


def test_an_order_stops_the_approver_and_the_clock(fresh: Office) -> None:
    handle = fresh.endorsed()
    due = fresh.page(ADA, handle).due_at
    version = fresh.take(ADA, handle)

    def order(stop: bool) -> None:
        change = suspension.suspend if stop else suspension.lift
        with fresh.gate.acting(Service.OVERSEE) as connection:
            change(connection, "DHS", court="D.D.C.", docket="1:26-cv-1", actor="ina", at=fresh.clock.now())

    order(stop=True)
    assert fresh.page(ADA, handle).clock == "stopped"
    with pytest.raises(SuspendedError):
        approve(fresh.gate, ADA, handle, version, fresh.proof(handle))
    assert fresh.state(handle) == "verified"
    fresh.clock.on(days=3)
    order(stop=False)
    fresh.clock.on(days=1)
    view = fresh.page(ADA, handle)
    assert view.due_at - due == timedelta(days=3)
    assert view.clock == "in_time"
