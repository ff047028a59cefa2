"""One request of an agency: checked before it is sent, sent once, followed, and nobody else's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.stories.people import VALID, without
from tests.workplace.office import CLEO, Office
from tests.workplace.signing import OFFICIAL, Signer
from wicketgate.core.actor import Actor
from wicketgate.core.finding import Determination
from wicketgate.core.identifiers import Handle
from wicketgate.core.request import Request
from wicketgate.core.roles import Role
from wicketgate.flow.agency import letters
from wicketgate.flow.agency.ask import UnreadableError, ask, check
from wicketgate.flow.agency.receipts import receipts
from wicketgate.flow.agency.requests import (
    Filters,
    listed,
    listed_submissions,
    request_view,
    results_of,
    submission_view,
)
from wicketgate.flow.outbox import open_all
from wicketgate.flow.signed import UnsignedError
from wicketgate.flow.work.refusals import NotAllowedError, UnknownRequestError
from wicketgate.flow.work.withdraw import withdraw
from wicketgate.ledger import Opening, Receipt, VerifierKey, verify_opening

STRANGER = Actor("dora", Role.CLERK, "DOJ")


def wanted(reference: str, **changed: str) -> Request:
    return Request.from_mapping({**VALID, "request_id": reference, **changed})


def entries(office: Office) -> object:
    return office.value("SELECT count(*) FROM log.entry")


def test_a_check_says_what_the_answer_will_say_and_leaves_no_trace(office: Office) -> None:
    request = Request.from_mapping(
        {**without("taxpayer_first_name", "sole_use_attested"), "request_id": "C-1"}
    )
    before = [entries(office), office.value("SELECT count(*) FROM gate.submission")]
    found = check(office.gate, CLEO, request)
    assert [entries(office), office.value("SELECT count(*) FROM gate.submission")] == before
    assert found.determination is Determination.DEFICIENT
    asked = ask(office.gate, CLEO, request, office.kin)
    assert not request_view(office.gate, "DHS", asked.handle).findings
    open_all(office.gate)
    told = request_view(office.gate, "DHS", asked.handle)
    assert told.line.seen.status == "deficient"
    assert {(each["code"], each["message"], each["remedy"]) for each in told.findings} == {
        (each.code, each.message, each.remedy) for each in found.findings
    }


def test_a_lawful_request_checks_sufficient_and_is_received_once(office: Office) -> None:
    request = wanted("S-1")
    assert check(office.gate, CLEO, request).determination is Determination.SUFFICIENT
    first = ask(office.gate, CLEO, request, office.kin)
    second = ask(office.gate, CLEO, request, office.kin)
    assert (first.handle, first.again, second.again) == (second.handle, False, True)
    assert ask(office.gate, CLEO, wanted("S-2"), office.kin).handle != first.handle


def test_two_clicks_at_once_are_one_request(office: Office) -> None:
    request = wanted("T-1")
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: ask(office.gate, CLEO, request, office.kin), range(4)))
    assert len({each.handle for each in found}) == 1
    assert [each.again for each in found].count(False) == 1


def test_nobody_asks_for_another_agency_or_in_another_role(office: Office) -> None:
    for actor in (STRANGER, Actor("omar", Role.RECIPIENT_OFFICER, "DHS"), Actor("erin", Role.EXAMINER)):
        with pytest.raises((NotAllowedError, UnreadableError)):
            ask(office.gate, actor, wanted("N-1"), office.kin)
        with pytest.raises((NotAllowedError, UnreadableError)):
            check(office.gate, actor, wanted("N-1"))


def test_a_field_that_cannot_be_read_is_named(office: Office) -> None:
    with pytest.raises(UnreadableError) as refused:
        check(office.gate, CLEO, wanted("U-1", address_city="x" * 2_000))
    assert refused.value.column == "address_city"


def test_where_only_signed_requests_count_the_officials_signature_is_needed(fresh: Office) -> None:
    fresh.gate.signed_only = True
    official = Signer(OFFICIAL).registered(fresh)
    row = {**VALID, "request_id": "G-1"}
    request = Request.from_mapping(row)
    with pytest.raises(UnsignedError):
        ask(fresh.gate, CLEO, request, fresh.kin)
    other = official.signs(fresh, {**row, "reasons": "other words"})
    with pytest.raises(Exception, match="does not hold"):
        ask(fresh.gate, CLEO, request, fresh.kin, other)
    asked = ask(fresh.gate, CLEO, request, fresh.kin, official.signs(fresh, row))
    assert not asked.again


def test_another_agencys_numbers_answer_like_numbers_of_nothing(office: Office) -> None:
    asked = ask(office.gate, CLEO, wanted("A-1"), office.kin)
    number = request_view(office.gate, "DHS", asked.handle).line.seen.submission
    for handle in (asked.handle, Handle.new()):
        for act in (request_view, receipts, letters.letter):
            with pytest.raises(UnknownRequestError) as refused:
                act(office.gate, "DOJ", handle)
            assert str(handle) in str(refused.value)
    for submission in (number, 10**9):
        for look in (submission_view, letters.notice):
            with pytest.raises(UnknownRequestError):
                look(office.gate, "DOJ", submission)
    assert not listed(office.gate, "DOJ", Filters()).lines
    assert not listed_submissions(office.gate, "DOJ")[0]
    assert not list(results_of(office.gate, "DOJ", number))


def test_lists_are_narrowed_and_go_on(fresh: Office) -> None:
    made = [ask(fresh.gate, CLEO, wanted(f"L-{n}"), fresh.kin).handle for n in range(3)]
    withdraw(fresh.gate, CLEO, made[0], "sent by mistake")
    assert [each.seen.handle for each in listed(fresh.gate, "DHS", Filters()).lines] == [
        each.text for each in reversed(made)
    ]
    narrowed = listed(fresh.gate, "DHS", Filters(status="withdrawn"))
    assert [each.seen.handle for each in narrowed.lines] == [made[0].text]
    assert narrowed.lines[0].clock == "ended"
    assert not listed(fresh.gate, "DHS", Filters(agency="DHS-ICE")).lines
    fresh.clock.on(days=31)
    assert {each.clock for each in listed(fresh.gate, "DHS", Filters(status="in_progress")).lines} == {"late"}


def test_a_letter_is_the_same_bytes_each_time_and_names_the_custodian(fresh: Office) -> None:
    fresh.gate.context = replace(fresh.gate.context, custodian="Bureau of Careful Answers")
    asked = ask(
        fresh.gate, CLEO, Request.from_mapping({**without("reasons"), "request_id": "P-1"}), fresh.kin
    )
    with pytest.raises(UnknownRequestError):
        letters.letter(fresh.gate, "DHS", asked.handle)
    open_all(fresh.gate)
    made = letters.letter(fresh.gate, "DHS", asked.handle)
    assert made.startswith(b"%PDF")
    assert made == letters.letter(fresh.gate, "DHS", asked.handle)
    number = request_view(fresh.gate, "DHS", asked.handle).line.seen.submission
    assert letters.notice(fresh.gate, "DHS", number) == letters.notice(fresh.gate, "DHS", number)
    fresh.gate.context = replace(fresh.gate.context, custodian="Another Bureau")
    assert made != letters.letter(fresh.gate, "DHS", asked.handle)


def test_receipts_are_of_what_was_told_and_hold(fresh: Office) -> None:
    asked = ask(
        fresh.gate, CLEO, Request.from_mapping({**without("reasons"), "request_id": "Q-1"}), fresh.kin
    )
    assert [each.kind for each in receipts(fresh.gate, "DHS", asked.handle)] == ["request.received"]
    open_all(fresh.gate)
    found = receipts(fresh.gate, "DHS", asked.handle)
    assert [each.kind for each in found] == ["request.received", "request.determined"]
    key = VerifierKey.parse(fresh.gate.key.vkey)
    for each in found:
        receipt = Receipt.parse(each.text)
        for text in each.openings.values():
            opening = Opening.from_text(text)
            assert verify_opening(opening.leaf, opening)
            receipt.verify(opening.leaf, key)
