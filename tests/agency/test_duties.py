"""What recipients owe: notices, reports, plans, certificates, incidents, and what the custodian replies."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import psycopg
import pytest

from tests.stories.people import VALID
from tests.workplace.office import CLEO, CORA, LAW, SAM, Office
from tests.workplace.signing import OFFICER, Signer, fetched
from wicketgate.core.actor import Actor
from wicketgate.core.identifiers import Handle
from wicketgate.core.request import Request
from wicketgate.core.roles import Role
from wicketgate.flow.agency.ask import check
from wicketgate.flow.agency.collect import acknowledge, count_waiting, package, packages
from wicketgate.flow.agency.duties import (
    KINDS,
    Handed,
    answer,
    document,
    documents_of,
    hand_in,
    handed_in,
    one_handed_in,
    open_findings,
)
from wicketgate.flow.outbox import open_all
from wicketgate.flow.recall import recall
from wicketgate.flow.safeguards import close_finding, find, keep
from wicketgate.flow.work.refusals import IncompleteError, NotAllowedError, UnknownRequestError
from wicketgate.stages.duties import Times
from wicketgate.store import duties
from wicketgate.store.acts import ActRefusedError
from wicketgate.store.duties import NewDocument

KIM = Actor("kim", Role.SAFEGUARDS_CONTACT, "DHS")
OMAR = Actor("omar", Role.RECIPIENT_OFFICER, "DHS")
STRANGER = Actor("lena", Role.SAFEGUARDS_CONTACT, "DOJ")
PLANNED = {**VALID, "request_id": "B-1", "automated_analysis": "planned"}


def codes(office: Office) -> set[str]:
    return {each.code for each in check(office.gate, CLEO, Request.from_mapping(PLANNED)).findings}


def notice(office: Office, actor: Actor = KIM, agency: str = "DHS") -> int:
    body = {"system": "Case triage", "begins_on": "2026-05-01"}
    return hand_in(office.gate, actor, Handed("automated_analysis_notice", agency, body))


def test_planned_analysis_is_deficient_until_its_notice_is_acknowledged(fresh: Office) -> None:
    assert codes(fresh) == {"B12"}
    number = notice(fresh)
    assert codes(fresh) == {"B12"}
    answer(fresh.gate, SAM, number, "returned", "Say which data is analysed.")
    assert codes(fresh) == {"B12"}
    answer(fresh.gate, SAM, notice(fresh), "accepted", "")
    assert codes(fresh) == set()


def test_a_notice_counts_for_its_own_agency_alone(fresh: Office) -> None:
    answer(fresh.gate, SAM, notice(fresh, agency="DHS-ICE"), "accepted", "")
    assert codes(fresh) == {"B12"}


def test_each_document_is_handed_in_by_whom_it_belongs_to_and_stays_as_it_is(fresh: Office) -> None:
    for kind, roles in KINDS.items():
        for role in set(Role) - roles - {Role.GATE}:
            with pytest.raises(NotAllowedError):
                hand_in(fresh.gate, Actor("somebody", role, "DHS"), Handed(kind, "DHS", {}))
    with pytest.raises(IncompleteError):
        notice(fresh, agency="DOJ")
    number = notice(fresh)
    for change in (
        "UPDATE gate.safeguard_document SET kind = 'training'",
        "DELETE FROM gate.safeguard_document",
    ):
        with fresh.gate.database.administer() as administrator, pytest.raises(Exception, match="refused"):
            administrator.execute(change.encode())
    assert document(fresh.gate, "DHS", number).document.body["system"] == "Case triage"


def test_documents_are_answered_once_by_the_office_of_safeguards(fresh: Office) -> None:
    number = notice(fresh)
    for actor in (KIM, CLEO, CORA):
        with pytest.raises(NotAllowedError):
            answer(fresh.gate, actor, number, "accepted", "")
    with pytest.raises(IncompleteError):
        answer(fresh.gate, SAM, number, "returned", " ")
    answer(fresh.gate, SAM, number, "accepted", "Until the yearly report.", date(2027, 3, 1))
    with pytest.raises(ActRefusedError, match="already"):
        answer(fresh.gate, SAM, number, "returned", "No.")
    assert one_handed_in(fresh.gate, SAM, number).document.counts_until == date(2027, 3, 1)
    assert [each.document.document for each in handed_in(fresh.gate, SAM)[0]] == [number]


def test_another_agencys_documents_are_not_there(fresh: Office) -> None:
    number = notice(fresh)
    assert documents_of(fresh.gate, "DOJ") == ([], None)
    for missing in (number, 10**9):
        with pytest.raises(UnknownRequestError):
            document(fresh.gate, "DOJ", missing)


def test_an_incident_is_timed_from_its_discovery(fresh: Office) -> None:
    discovered = fresh.clock.now() - timedelta(hours=3)
    body = {"discovered_at": discovered.isoformat(), "what": "A print-out was left in a meeting room."}
    early = document(fresh.gate, "DHS", hand_in(fresh.gate, OMAR, Handed("incident", "DHS", body)))
    assert (early.reported_after, early.in_time) == (timedelta(hours=3), True)
    fresh.clock.on(hours=22)
    late = document(fresh.gate, "DHS", hand_in(fresh.gate, CLEO, Handed("incident", "DHS", body)))
    assert late.in_time is False


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("safeguards_report", "to"),
        ("training", "from"),
        ("retention", "on"),
        ("incident", "discovered_at"),
        ("incident", "discovered_on"),
    ],
)
def test_nothing_is_reported_before_it_happened(fresh: Office, kind: str, name: str) -> None:
    now = fresh.clock.now()
    ahead = now + timedelta(minutes=1) if name == "discovered_at" else now.date() + timedelta(days=1)
    if name == "discovered_on":
        name, ahead = "discovered_at", now.date() + timedelta(days=1)
    for written, sentence in ((ahead.isoformat(), "lies in the future"), ("soon", "is no day")):
        with pytest.raises(IncompleteError, match=f"{name} {sentence}"):
            hand_in(fresh.gate, KIM, Handed(kind, "DHS", {name: written}))
    assert documents_of(fresh.gate, "DHS")[0] == []
    assert hand_in(fresh.gate, KIM, Handed(kind, "DHS", {name: now.date().isoformat()}))


def test_the_times_are_the_authoritys() -> None:
    known = Times.of({"incident_report_hours": 24, "practice_notice_days": 45})
    assert known == Times.of(LAW.authority.parameters)
    assert Times.of({}) == Times(None, None)


def test_the_end_of_a_use_has_come(fresh: Office) -> None:
    handle = picked_up(fresh)
    assert fetched(fresh, handle) is not None
    with pytest.raises(IncompleteError, match="ended_on lies in the future"):
        hand_in(fresh.gate, KIM, Handed("use_ended", "DHS", {"ended_on": "2026-03-02"}, handle))


def test_a_plan_keeps_its_actions_with_their_days(fresh: Office) -> None:
    items = [("Encrypt the archive", date(2026, 6, 1)), ("Train the night shift", date(2026, 7, 1))]
    keep(fresh.gate, SAM, "DHS", date(2027, 1, 1))
    number = find(fresh.gate, SAM, "DHS", "Copies on a laptop.", date(2026, 6, 1))
    plan = Handed("corrective_plan", "DHS", {"finding": str(number)}, items=items)
    assert document(fresh.gate, "DHS", hand_in(fresh.gate, KIM, plan)).items == items


def test_a_plan_answers_an_open_finding_about_its_own_agency(fresh: Office) -> None:
    for code in ("DHS", "DHS-ICE", "DOJ"):
        keep(fresh.gate, SAM, code, date(2027, 1, 1))
    ours, parts, theirs = (
        find(fresh.gate, SAM, code, "Copies on a laptop.", date(2026, 6, 1))
        for code in ("DHS", "DHS-ICE", "DOJ")
    )
    assert [each.number for each in open_findings(fresh.gate, "DHS")] == [ours, parts]
    for wrong in ("SSR-7", str(parts), str(theirs), "", str(10**9)):
        plan = Handed("corrective_plan", "DHS", {"finding": wrong}, items=[("Encrypt it", date(2026, 6, 1))])
        with pytest.raises(IncompleteError, match="an open finding about DHS, by its number"):
            hand_in(fresh.gate, KIM, plan)
        new = NewDocument(("DHS",), "corrective_plan", None, plan.body, "sha256:" + 64 * "0", "kim")
        with fresh.gate.database.administer() as owner, pytest.raises(psycopg.errors.CheckViolation):
            duties.submit(owner, new, fresh.clock.now())
    close_finding(fresh.gate, Actor("sara", Role.SAFEGUARDS_OFFICER), ours, "It was destroyed.")
    with pytest.raises(IncompleteError):
        hand_in(fresh.gate, KIM, Handed("corrective_plan", "DHS", {"finding": str(ours)}))


def picked_up(office: Office) -> Handle:
    handle = office.one()
    office.endorse_and_approve(handle)
    open_all(office.gate)
    return handle


def test_a_package_is_shown_to_its_officer_and_acknowledged_by_its_digest(fresh: Office) -> None:
    handle = picked_up(fresh)
    (waiting,) = packages(fresh.gate, OMAR, OFFICER).packages
    assert waiting.waits
    for officer in ("Ben Broder|5678|DHS", "Alma Agent|9999|DHS"):
        assert not packages(fresh.gate, OMAR, officer).packages
        assert count_waiting(fresh.gate, OMAR, officer) == 0
        with pytest.raises(UnknownRequestError):
            package(fresh.gate, OMAR, officer, handle)
    digest = waiting.seen.package_digest or ""
    with pytest.raises(UnknownRequestError):
        acknowledge(fresh.gate, OMAR, OFFICER, handle, digest)
    assert fetched(fresh, handle) is not None
    with pytest.raises(UnknownRequestError):
        acknowledge(fresh.gate, OMAR, OFFICER, handle, "sha256:" + "0" * 64)
    assert acknowledge(fresh.gate, OMAR, OFFICER, handle, digest)
    assert not acknowledge(fresh.gate, OMAR, OFFICER, handle, digest)
    assert package(fresh.gate, OMAR, OFFICER, handle).acknowledged_at == fresh.clock.now()
    assert fresh.value("SELECT count(*) FROM log.entry WHERE kind = 'disclosure.acknowledged'") == 1


def test_an_officers_packages_go_on_from_page_to_page_and_those_that_wait_come_first(fresh: Office) -> None:
    handles = [picked_up(fresh) for _ in range(5)]
    assert fetched(fresh, handles[-1]) is not None
    found, after = list[Handle](), None
    while True:
        page = packages(fresh.gate, OMAR, OFFICER, after, most=2)
        found += [Handle(each.seen.handle) for each in page.packages]
        if (after := page.after) is None:
            break
    assert found == [*reversed(handles[:-1]), handles[-1]]
    assert count_waiting(fresh.gate, OMAR, OFFICER) == 4


def test_the_end_of_use_and_destruction_are_certified_by_the_officers_signature(fresh: Office) -> None:
    handle = picked_up(fresh)
    signer = Signer(OFFICER).registered(fresh)
    ended = Handed("use_ended", "DHS", {"ended_on": "2026-03-01", "what": "made_undisclosable"}, handle)
    with pytest.raises(UnknownRequestError):
        hand_in(fresh.gate, KIM, ended)
    assert fetched(fresh, handle) is not None
    hand_in(fresh.gate, KIM, ended)
    signed, today = signer.certifies(handle, 2), fresh.clock.now().date()
    stranger = Signer("Ben Broder|5678|DHS").registered(fresh)
    for wrong, sentence in (
        (None, "certified by its officer"),
        (replace(signed, handle=Handle.new()), "certified by its officer"),
        (replace(signed, copies=1), "does not hold"),
        (replace(signed, media="paper"), "does not hold"),
        (replace(signed, jws=""), "not signed"),
        (stranger.certifies(handle), "Only the officer who picked"),
        (signer.certifies(handle, on=today + timedelta(days=1)), "has not come"),
    ):
        with pytest.raises(IncompleteError, match=sentence):
            hand_in(fresh.gate, OMAR, Handed("destruction", "DHS", {}, handle, certificate=wrong))
    number = hand_in(fresh.gate, OMAR, Handed("destruction", "DHS", {}, handle, certificate=signed))
    assert document(fresh.gate, "DHS", number).document.body == signed.document()
    assert document(fresh.gate, "DHS", number).document.handle == handle.text
    with pytest.raises(UnknownRequestError):
        hand_in(fresh.gate, STRANGER, Handed("use_ended", "DOJ", {}, handle))


def test_a_certificate_that_is_handed_in_answers_the_recall_that_waits_for_it(fresh: Office) -> None:
    handle = picked_up(fresh)
    signer = Signer(OFFICER).registered(fresh)
    assert fetched(fresh, handle) is not None
    recall(fresh.gate, CORA, handle, "The order that the request rests on was vacated.")
    hand_in(fresh.gate, OMAR, Handed("destruction", "DHS", {}, handle, certificate=signer.certifies(handle)))
    assert fresh.state(handle) == "recalled"
    assert fresh.kinds(handle)[-1] == "destruction.certified"
