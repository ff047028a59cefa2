"""What somebody careless or hostile would try: each ends in one sentence, shows nothing, no wrong trace.

1. An approver finds no address in anybody's free text, and is blind again when a held request begins anew.
2. Strange input ends in a sentence, and no ledger entry is made about a request that does not exist.
3. Whoever claims many requests and then stamps them one after the other is seen.
"""

from __future__ import annotations

import pytest

from tests.stories.people import VALID
from tests.workplace.office import ADA, CORA, ELIAS, ERIN, INA, SAM, Office
from wicketgate.core.actor import Actor
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.core.states import State
from wicketgate.flow.work.blind import AHEAD, masked
from wicketgate.flow.work.claim import claim
from wicketgate.flow.work.decide import approve
from wicketgate.flow.work.declare import declare
from wicketgate.flow.work.dissent import dissent
from wicketgate.flow.work.endorse import endorse
from wicketgate.flow.work.evidence_of_judgement import evidence_of_judgement
from wicketgate.flow.work.onward import onward
from wicketgate.flow.work.queue import queue
from wicketgate.flow.work.refusals import IncompleteError, RotationError, UnknownRequestError
from wicketgate.flow.work.rules import OfficeRules
from wicketgate.store import acts, answers
from wicketgate.store.acts import Act, ActRefusedError
from wicketgate.store.services import Service

TELLING = VALID | {
    "reasons": VALID["reasons"] + " She was served at 4821 Juniper St., Apt 3B, in Salem, OR 97301.",
}


def test_no_free_text_shows_an_approver_the_address(office: Office) -> None:
    other = office.one(TELLING)
    handle = office.endorsed(row=TELLING)
    dissent(office.gate, SAM, handle, "4821 JUNIPER street is a shelter.", office.gate.clock.now())
    before, examiner = office.page(ADA, handle), office.page(ERIN, handle)
    for page in (before, office.page(ADA, handle)):
        texts = [*page.fields.values(), *(each.reasons for each in page.alike)]
        texts += [each.statement for each in page.dissents]
        assert not [text for text in texts if "uniper" in text.lower() or "97301" in text]
    assert other.text in {each.handle for each in before.alike}
    assert "4821 Juniper St., Apt 3B" in examiner.fields["reasons"]
    assert len(before.fields["reasons"]) == len(examiner.fields["reasons"])
    assert before.alike[0].here == examiner.alike[0].here


@pytest.mark.parametrize(
    ("line", "text", "left"),
    [
        ("12 Main Street", "lives at 12 main st, we think", "lives at"),
        ("PO Box 9", "write to P.O. Box 9 or PO Box 9 now", "write to P.O. Box 9 or"),
        ("1 A", "1 a is too short to look for", "1 a is too short"),
        ("(none)", "there is (none) here", "there is ("),
    ],
)
def test_masking(line: str, text: str, left: str) -> None:
    found = masked(text, {"address_line1": line})
    assert found.startswith(left)
    assert len(found) == len(text)
    assert line not in found or "short" in text


def test_blindness_is_for_every_state_before_the_decision(office: Office) -> None:
    assert {*AHEAD} == {
        *(State.RECEIVED, State.REFERRED, State.SUFFICIENT),
        *(State.ENDORSED, State.VERIFIED, State.HELD),
    }
    handle = office.one()
    endorse(office.gate, ERIN, handle, office.take(ERIN, handle), "The second notice convinced me.")
    onward(office.gate, handle)
    office.approve(ADA, handle)
    abel = Actor("abel", Role.APPROVER)
    assert "convinced" in str([step.reasons for step in office.page(abel, handle).timeline])
    with office.gate.acting(Service.OVERSEE) as connection:
        acts.perform(connection, [Act(handle, "hold", Role.GATE, "gate")], office.clock.now())
    with office.gate.acting(Service.OVERSEE) as connection:
        resume = Act(handle, "resume", Role.COUNSEL, CORA.handle)
        acts.perform(connection, [resume], office.clock.now())
    assert onward(office.gate, handle) == "sufficient"
    assert "convinced" not in str([step.reasons for step in office.page(abel, handle).timeline])


def test_what_does_not_exist_leaves_no_trace(office: Office) -> None:
    nobody = Handle.new()
    tries = (
        lambda: claim(office.gate, ERIN, nobody),
        lambda: claim(office.gate, ADA, nobody),
        lambda: declare(office.gate, ERIN, nobody, conflict=False),
        lambda: dissent(office.gate, SAM, nobody, "I object.", office.gate.clock.now()),
        lambda: endorse(office.gate, ERIN, nobody, 1),
    )
    for one in tries:
        with pytest.raises(UnknownRequestError):
            one()
    assert office.kinds(nobody) == []


def test_strange_input_ends_in_a_sentence(office: Office) -> None:
    handle = office.one()
    version = office.take(ERIN, handle)
    for text in ("a\0b", "x" * 10_001):
        with pytest.raises(IncompleteError):
            endorse(office.gate, ERIN, handle, version, text)
        with pytest.raises(IncompleteError):
            dissent(office.gate, ELIAS, handle, text, office.gate.clock.now())
    for after in ("", "~", "2026-03-01T00:00:00~\0", "0001-01-01T00:00:00+14:00~WG-2222-2222-2222", "9~9"):
        with pytest.raises(IncompleteError, match="begin at the first page"):
            queue(office.gate, ERIN, after=after)


def test_a_second_answer_is_refused_in_one_sentence(office: Office) -> None:
    handle = office.one()
    with office.gate.acting(Service.REVIEW) as connection:
        answers.give(connection, {handle: "{}"}, office.clock.now())
    with pytest.raises(ActRefusedError, match="given once"), office.gate.acting(Service.REVIEW) as again:
        answers.give(again, {handle: "{}"}, office.clock.now())


def test_whoever_claims_many_and_stamps_them_in_a_row_is_seen(fresh: Office) -> None:
    rules = OfficeRules(enough_judgements=4)
    sly = Actor("sly", Role.EXAMINER)
    handles = [fresh.one() for _ in range(6)]
    versions = [fresh.take(sly, handle, minutes=0) for handle in handles]
    fresh.clock.on(hours=1)
    for handle, version in zip(handles, versions, strict=True):
        endorse(fresh.gate, sly, handle, version)
        fresh.clock.on(seconds=5)
    for handle in handles:
        onward(fresh.gate, handle)
        fresh.approve(ADA, handle)
    found = evidence_of_judgement(fresh.gate, INA, rules)
    stamps = next(each for each in found.judgements if each.officer == "sly")
    assert stamps.median_time.total_seconds() == 5
    assert any("5 seconds each" in alarm for alarm in stamps.alarms)
    (pair,) = found.agreements
    assert pair.alarms == ("100% of 6 endorsements were approved.",)


def test_the_page_says_beforehand_that_another_approver_takes_it(office: Office) -> None:
    rules = OfficeRules(consecutive_approvals=2)
    olga, gus = Actor("olga", Role.APPROVER), Actor("gus", Role.EXAMINER)
    for _ in range(2):
        handle = office.endorsed(gus)
        approve(office.gate, olga, handle, office.take(olga, handle), office.proof(handle), rules=rules)
    third = office.endorsed(gus)
    version = office.take(olga, third)
    approving = next(each for each in office.page(olga, third, rules).acts if each.act == "approve")
    assert approving.why_not
    with pytest.raises(RotationError, match="another approver"):
        approve(office.gate, olga, third, version, office.proof(third), rules=rules)
    other = next(each for each in office.page(ADA, third, rules).acts if each.act == "approve")
    assert other.why_not == "Somebody else has claimed it."
