"""A court says that disclosures were unlawful: exactly these are called back, by two people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest

from tests.stories.people import VALID
from tests.workplace.office import ADA, CONTEXT, CORA, ERIN, INA, LAW, SAM, Office
from tests.workplace.signing import OFFICER, Signer, fetched
from wicketgate.core.actor import Actor
from wicketgate.core.context import Schedule
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.flow import recall_campaign as campaign
from wicketgate.flow import retention
from wicketgate.flow.closing import close_doors
from wicketgate.flow.closures import closures
from wicketgate.flow.outbox import open_all, open_due
from wicketgate.flow.recall import certify_destruction
from wicketgate.flow.recall_campaign import RecallRefusedError, Standing
from wicketgate.flow.recall_selection import DryRun, Selection, select
from wicketgate.flow.retention import Scope
from wicketgate.flow.statistics import figures, publish_due
from wicketgate.flow.work.refusals import SuspendedError
from wicketgate.law import compile_authority, load
from wicketgate.store import log
from wicketgate.store.database import Database
from wicketgate.store.services import Service

WHY = "The court of appeals reads the statute otherwise."
COREY = Actor("corey", Role.COUNSEL)


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Iterator[Office]:
    made = Office(database, tmp_path)
    yield made
    made.gate.close()


def released(office: Office) -> Handle:
    handle = office.one(VALID)
    office.endorse_and_approve(handle)
    open_all(office.gate)
    return handle


def proposed(office: Office, selection: Selection, days: int = 10) -> int:
    chosen = select(office.gate, selection)
    return campaign.propose(office.gate, SAM, chosen, selection.told(), WHY, days)


def chosen(office: Office, selection: Selection) -> set[Handle]:
    return {each.handle for each in select(office.gate, selection).members}


def test_what_is_on_record_chooses(office: Office) -> None:
    """By version, switch, officer, agency, submission, day and entry of the ledger; never by a person."""
    first, second = released(office), released(office)
    office.one(VALID)  # not disclosed, so never chosen
    both, day = {first, second}, office.clock.at.date()
    submission = int(str(office.value("SELECT submission FROM gate.request WHERE handle = %s", second.text)))
    entry = int(
        str(
            office.value(
                "SELECT idx FROM log.entry WHERE kind = 'disclosure.released' AND handle = %s", second.text
            )
        )
    )
    for selection, expected in (
        (Selection(authority=LAW.authority.digest), both),
        (Selection(authority="sha256:" + "0" * 64), set()),
        (Selection(switch=("S2_request_address_standard", "concordant")), both),
        (Selection(switch=("S2_request_address_standard", "complete_postal")), set()),
        (Selection(officer=OFFICER.lower()), both),
        (Selection(officer=f" {OFFICER.replace('|', '  | ')}"), both),
        (Selection(officer=OFFICER.split("|")[0].upper()), both),
        (Selection(officer="Cy Keeper|99|DHS"), set()),
        (Selection(agency="DHS"), both),
        (Selection(agency="DOJ"), set()),
        (Selection(submission=submission), {second}),
        (Selection(since=day, until=day), both),
        (Selection(since=day + timedelta(days=1)), set()),
        (Selection(first=entry), {second}),
        (Selection(last=entry - 1), {first}),
        (Selection(agency="DHS", first=entry), {second}),
        (Selection(element="B5"), set()),
    ):
        assert chosen(office, selection) == expected, selection


def test_what_was_expunged_is_counted_and_holds_nothing_up(office: Office) -> None:
    """A dry run says how many fit and are gone; a list on which one is gone meanwhile is called back."""
    gone, kept = released(office), released(office)
    for handle in (gone, kept):
        assert fetched(office, handle) is not None
    number = proposed(office, Selection(agency="DHS"))
    schedule = Schedule("disclosures", ("picked_up",), 5, "GRS 4.2 item 050")
    office.clock.on(days=366 * 6)
    office.gate.context = replace(office.gate.context, retention=(schedule,), as_of=office.clock.now().date())
    retention.place_hold(office.gate, CORA, Scope(handle=kept), "Doe v. Agency, 1:26-cv-1")
    retention.confirm(office.gate, CORA, retention.propose(office.gate, SAM, "disclosures", WHY))
    for under in (None, LAW):
        found = select(office.gate, Selection(agency="DHS"), under=under)
        assert (found.examined, found.expunged) == (1, 1)
    assert select(office.gate, Selection(agency="DOJ")).expunged == 0
    assert started(office, number).residue == 1
    lines = {line.handle: line.outcome for line in campaign.listed(office.gate, number, "DHS")}
    assert lines == {gone.text: "gone", kept.text: "noticed"}


def test_another_version_of_the_law_chooses(office: Office) -> None:
    """Re-evaluation: what today's reading would refuse is asked back, and nothing else."""
    handle = released(office)
    forbidden = compile_authority(
        load(
            LAW.authority.name,
            on=CONTEXT.as_of,
            switches={**CONTEXT.switches, "S1_address_only_output": "forbidden"},
        )
    )
    everything = Selection(agency="DHS")
    assert select(office.gate, everything, under=LAW).members == ()
    found = select(office.gate, everything, under=forbidden)
    assert [each.handle for each in found.members] == [handle]
    assert found.counts()["state"] == {"released": 1}
    assert select(office.gate, everything, under=forbidden, elements=["B2"]).members == ()


def started(office: Office, number: int) -> Standing:
    """Counsel starts it, and the workers call all of it back."""
    campaign.start(office.gate, CORA, number)
    while campaign.go_on(office.gate, number):
        pass
    return campaign.standing(office.gate, number)


def test_a_dry_run_recalls_nothing_and_nobody_starts_it_alone(office: Office) -> None:
    handle = released(office)
    number = proposed(office, Selection(agency="DHS"))
    assert office.state(handle) == "released"
    with pytest.raises(RecallRefusedError, match="who may not start"):
        campaign.start(office.gate, SAM, number)
    with pytest.raises(RecallRefusedError, match="another person"):
        campaign.start(office.gate, Actor("sam", Role.COUNSEL), number)
    assert office.state(handle) == "released"
    started(office, number)
    assert office.state(handle) == "recalled"


def test_the_unopened_is_destroyed_and_the_opened_is_asked_back(office: Office) -> None:
    unopened, opened = released(office), released(office)
    officer = Signer(OFFICER).registered(office)
    assert fetched(office, opened) is not None
    number = proposed(office, Selection(agency="DHS"), days=5)
    found = started(office, number)
    (dhs,) = found.agencies
    assert (dhs.listed, dhs.destroyed, dhs.noticed, dhs.certified, found.residue) == (2, 1, 1, 0, 1)
    assert office.row("SELECT jwe, share FROM gate.package WHERE handle = %s", unopened.text) == (None, None)
    assert fetched(office, unopened) is None
    lines = {line.handle: line for line in campaign.listed(office.gate, number, "DHS")}
    assert lines[unopened.text].outcome == "destroyed"
    assert lines[opened.text].due_on == office.clock.at.date() + timedelta(days=5)
    certify_destruction(office.gate, officer.certifies(opened, copies=3, method="destroy"))
    assert campaign.standing(office.gate, number).residue == 0


def test_a_recall_that_was_interrupted_goes_on_from_where_it_stood(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was not picked up is gone at once; a crash after that leaves the rest to whoever goes on."""
    unopened, opened, other = released(office), released(office), released(office)
    Signer(OFFICER).registered(office)
    assert fetched(office, opened) is not None
    number = proposed(office, Selection(agency="DHS"), days=5)
    with pytest.raises(RecallRefusedError, match="not started"):
        campaign.go_on(office.gate, number)
    assert campaign.under_way(office.gate) == []
    monkeypatch.setattr(campaign, "_PIECE", 1)
    found = campaign.start(office.gate, CORA, number)
    assert (found.waiting, found.residue) == (3, 0)
    assert fetched(office, unopened) is None
    assert fetched(office, other) is None
    assert campaign.under_way(office.gate) == [number]
    assert campaign.go_on(office.gate, number) == 1

    def dies(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr("wicketgate.store.campaigns.settle", dies)
        with pytest.raises(ZeroDivisionError):
            campaign.go_on(office.gate, number)
    assert campaign.standing(office.gate, number).waiting == 2
    assert campaign.start(office.gate, CORA, number).waiting == 2, "starting it again starts nothing anew"
    assert [campaign.go_on(office.gate, number) for _ in range(3)] == [1, 1, 0]
    assert campaign.under_way(office.gate) == []
    (dhs,) = campaign.standing(office.gate, number).agencies
    assert (dhs.waiting, dhs.destroyed, dhs.noticed) == (0, 2, 1)
    assert office.value("SELECT count(*) FROM log.entry WHERE kind = 'disclosure.recalled'") == 3
    assert office.value("SELECT count(*) FROM log.entry WHERE kind = 'recall'") == 2


def test_overdue_suspends_the_agency_by_itself_until_the_certificate_is_there(office: Office) -> None:
    opened = released(office)
    officer = Signer(OFFICER).registered(office)
    assert fetched(office, opened) is not None
    waiting = office.endorsed()
    started(office, proposed(office, Selection(agency="DHS"), days=5))
    office.clock.on(days=5)
    assert close_doors(office.gate) == 0, "not overdue yet"
    office.clock.on(minutes=1)
    assert close_doors(office.gate) == 1
    assert [(each.scope, each.cause) for each in closures(office.gate)] == [("DHS", "recall")]
    assert office.value("SELECT gate.stands_still(%s, '{}')", waiting.text), "clocks stand still"
    with pytest.raises(SuspendedError):
        office.approve(ADA, waiting)
    certify_destruction(office.gate, officer.certifies(opened))
    assert close_doors(office.gate) == 1
    assert closures(office.gate) == ()
    assert office.value("SELECT count(*) FROM log.entry WHERE kind = 'closure'") == 2


def test_service_of_the_notice_is_proved_once(office: Office) -> None:
    opened = released(office)
    assert fetched(office, opened) is not None
    number = proposed(office, Selection(agency="DHS"))
    served = (number, "DHS", office.clock.at.date(), "registered mail", "RR 1234")
    with pytest.raises(RecallRefusedError, match="not started"):
        campaign.serve(office.gate, SAM, *served)
    campaign.start(office.gate, CORA, number)
    for wrong in (
        (number, "DOJ", *served[2:]),
        (number, "DHS", office.clock.at.date() + timedelta(days=1), *served[3:]),
        (*served[:3], "shouted", "x"),
        (*served[:4], " "),
    ):
        with pytest.raises(RecallRefusedError):
            campaign.serve(office.gate, SAM, *wrong)
    campaign.serve(office.gate, SAM, *served)
    assert campaign.standing(office.gate, number).agencies[0].proof == "RR 1234"
    with pytest.raises(RecallRefusedError, match="once"):
        campaign.serve(office.gate, SAM, *served)


def test_the_public_learns_of_a_recall_and_of_no_small_number(office: Office) -> None:
    released(office)
    started(office, proposed(office, Selection(agency="DHS")))
    with office.gate.acting(Service.AUDIT) as connection:
        rows = connection.execute("SELECT body FROM log.entry WHERE kind = 'recall' ORDER BY idx").fetchall()
    told = [(body["act"], body["disclosures"]) for (body,) in rows]
    assert told == [("propose", 0), ("start", 0)]


def test_what_was_disclosed_elsewhere_is_asked_back_too(office: Office) -> None:
    (handle,) = office.receive(VALID, determined=False)
    submission, row = office.row("SELECT submission, row FROM gate.request WHERE handle = %s", handle.text)
    done = campaign.import_disclosures(office.gate, submission, [row], "two paths", date(2025, 8, 7))
    assert (done, office.state(handle)) == (1, "held")
    number = proposed(office, Selection(procedure="two paths"))
    assert started(office, number).residue == 1
    done = campaign.certify_imported(
        office.gate, SAM, number, "DHS", copies=2, media="backup", method="purge", document=b"%PDF signed"
    )
    assert done == 1
    assert campaign.standing(office.gate, number).residue == 0
    with office.gate.acting(Service.AUDIT) as connection:
        (entry,) = log.about(connection, [handle], ["disclosure.recalled"])[handle]
    assert entry.body["campaign"] == number, "so that a count knows which certificate is about it"
    with pytest.raises(RecallRefusedError, match="Nothing"):
        campaign.certify_imported(
            office.gate, SAM, number, "DHS", copies=2, media="backup", method="purge", document=b"%PDF"
        )


def test_the_quarter_tells_what_was_asked_back(office: Office) -> None:
    office.receive(VALID | {"statute": "8 U.S.C. 1231"})  # an answer, so that there is a quarter to tell
    handles = office.receive(*[VALID] * 12, determined=False)
    (submission, *_), rows = (
        office.row("SELECT submission FROM gate.request WHERE handle = %s", handles[0].text),
        list(range(1, 13)),
    )
    campaign.import_disclosures(office.gate, submission, rows, "two paths", date(2025, 8, 7))
    started(office, proposed(office, Selection(procedure="two paths")))
    office.clock.on(days=1)
    open_due(office.gate)
    office.clock.on(days=64)
    assert publish_due(office.gate) == 1
    told = [(each.row, each.part, each.count) for each in figures(office.gate) if each.topic == "recall"]
    assert ("asked back", "", 12) in told
    assert "destruction certified" not in {row for row, _, _ in told}, "the residue stays"


def test_what_makes_no_recall_is_refused_in_a_sentence(office: Office) -> None:
    released(office)
    found, told = select(office.gate, Selection(agency="DHS")), {"agency": "DHS"}
    for actor, chosen_, words, reasons, days, problem in (
        (ERIN, found, told, WHY, 10, "act as examiner"),
        (INA, DryRun((), 0), told, WHY, 10, "fits no disclosure"),
        (INA, found, {}, WHY, 10, "Say by what"),
        (INA, found, told, " ", 10, "needs reasons"),
        (INA, found, told, WHY, 0, "1 to 365 days"),
    ):
        with pytest.raises(RecallRefusedError, match=problem):
            campaign.propose(office.gate, actor, chosen_, words, reasons, days)
    with pytest.raises(RecallRefusedError, match="There is no recall 9"):
        campaign.start(office.gate, COREY, 9)
    with office.gate.database.administer() as owner:
        statement = (
            "INSERT INTO gate.recall_campaign"
            " VALUES (1, 'x', '{}', 1, 'sha256:' || repeat('0', 64), 1, 'a', now(), 'A', now())"
        )
        with pytest.raises(psycopg.errors.CheckViolation), owner.transaction():
            owner.execute(statement.encode())
