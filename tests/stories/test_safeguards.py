"""Safeguards are a condition for receiving: what is missing or overdue closes the door, with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.workplace.office import ADA, CORA, ERIN, SAM, Office
from wicketgate.core.actor import Actor
from wicketgate.core.roles import Role
from wicketgate.flow import incidents, safeguards
from wicketgate.flow.agency.duties import Handed, hand_in
from wicketgate.flow.closing import close_doors
from wicketgate.flow.closures import closures
from wicketgate.flow.incidents import DECIDED, TOLD, IncidentRefusedError
from wicketgate.flow.safeguards import SafeguardsRefusedError
from wicketgate.flow.work.refusals import SuspendedError
from wicketgate.store.database import Database

SARA = Actor("sara", Role.SAFEGUARDS_OFFICER)
PAPERS = ("safeguards_report", "training", "retention")


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Iterator[Office]:
    made = Office(database, tmp_path)
    yield made
    made.gate.close()


def today(office: Office) -> date:
    return office.clock.at.date()


def accepted(office: Office, *kinds: str, until: date | None = None, finding: int | None = None) -> None:
    """Papers of DHS that the custodian has accepted, as the agency's door and the reply would leave them."""
    at = office.clock.now()
    with office.gate.database.administer() as owner:
        for kind in kinds:
            row = owner.execute(
                "INSERT INTO gate.safeguard_document (agency, agency_line, kind, body, digest, submitted_by,"
                " submitted_at) VALUES ('DHS', '{DHS}', %s, %s, 'sha256:' || repeat('0', 64), 'dan', %s)"
                " RETURNING document",
                [kind, Jsonb({} if finding is None else {"finding": str(finding)}), at],
            ).fetchone()
            assert row is not None
            owner.execute(
                "INSERT INTO gate.safeguard_reply (document, outcome, words, counts_until, answered_by,"
                " answered_at) VALUES (%s, 'accepted', '', %s, 'sam', %s)",
                [row[0], until, at],
            )
    close_doors(office.gate)


def why(office: Office) -> str | None:
    return safeguards.agency_file(office.gate, "DHS").standing.closed


def test_an_agency_without_papers_receives_nothing_and_is_told_why(office: Office) -> None:
    handle = office.endorsed()
    assert why(office) is None, "an agency that the book does not keep stands as the context says"
    safeguards.keep(office.gate, SAM, "DHS", today(office))
    assert why(office) == "retention missing, safeguards report missing, training missing"
    assert [(each.scope, each.cause) for each in closures(office.gate)] == [("DHS", "safeguards")]
    with pytest.raises(SuspendedError):
        office.approve(ADA, handle)
    accepted(office, *PAPERS)
    assert closures(office.gate) == ()
    office.approve(ADA, handle)
    assert office.state(handle) == "approved"


def test_what_runs_out_closes_the_door_on_the_day_after(office: Office) -> None:
    accepted(office, *PAPERS)
    accepted(office, "training", until=today(office) + timedelta(days=400))
    safeguards.keep(office.gate, SAM, "DHS", today(office))
    assert why(office) is None
    office.clock.on(days=365)
    assert close_doors(office.gate) == 0, "the last day counts"
    office.clock.on(days=1)
    assert close_doors(office.gate) == 1
    assert why(office) == "safeguards report overdue", "training counts as long as its reply says"
    accepted(office, "safeguards_report")
    assert why(office) is None


def test_an_open_finding_needs_an_accepted_plan_by_its_day(office: Office) -> None:
    accepted(office, *PAPERS)
    safeguards.keep(office.gate, SAM, "DHS", today(office))
    number = safeguards.find(office.gate, SAM, "DHS", "Copies on a laptop.", today(office))
    assert why(office) is None, "until the day, it may be handed in"
    office.clock.on(days=1)
    assert close_doors(office.gate) == 1
    assert why(office) == "corrective plan missing"
    another = safeguards.find(office.gate, SAM, "DHS", "Print-outs in a corridor.", today(office))
    accepted(office, "corrective_plan", finding=number)
    assert why(office) is None
    office.clock.on(days=1)
    close_doors(office.gate)
    assert why(office) == "corrective plan missing", "a plan for one finding is none for another"
    accepted(office, "corrective_plan", finding=another)
    assert why(office) is None
    safeguards.close_finding(office.gate, SARA, another, "Seen on the spot.")
    office.clock.on(days=190)
    close_doors(office.gate)
    assert why(office) == "corrective plan overdue", "a plan is brought up to date every half year"
    with pytest.raises(SafeguardsRefusedError, match="another person"):
        safeguards.close_finding(office.gate, SAM, number, "Done.")
    safeguards.close_finding(office.gate, SARA, number, "The laptop was destroyed; seen on the spot.")
    assert why(office) is None
    with pytest.raises(SafeguardsRefusedError, match="no open finding"):
        safeguards.close_finding(office.gate, SARA, number, "Again.")


def test_a_review_visit_is_due_every_three_years(office: Office) -> None:
    soon = today(office) + timedelta(days=2_000)
    accepted(office, *PAPERS, until=soon)
    safeguards.keep(office.gate, SAM, "DHS", today(office))
    office.clock.on(days=3 * 366)
    close_doors(office.gate)
    assert why(office) == "visit overdue"
    safeguards.visited(office.gate, SAM, "DHS", today(office), "Rooms, logs and copies were looked at.")
    assert why(office) is None


def test_what_is_no_act_on_the_book_is_refused(office: Office) -> None:
    day = today(office)
    for act in (
        lambda: safeguards.keep(office.gate, ERIN, "DHS", day),
        lambda: safeguards.keep(office.gate, SAM, "KGB", day),
        lambda: safeguards.find(office.gate, SAM, "DHS", "x", day),
        lambda: safeguards.visited(office.gate, SAM, "DHS", day + timedelta(days=1), "x"),
        lambda: safeguards.agency_file(office.gate, "KGB"),
    ):
        with pytest.raises(SafeguardsRefusedError):
            act()
    safeguards.keep(office.gate, SAM, "DHS", day)
    for act in (
        lambda: safeguards.keep(office.gate, SAM, "DHS", day),
        lambda: safeguards.find(office.gate, SAM, "DHS", " ", day),
        lambda: safeguards.find(office.gate, SAM, "DHS", "x", day - timedelta(days=1)),
    ):
        with pytest.raises(SafeguardsRefusedError):
            act()


def test_an_incident_runs_its_clocks_and_people_decide_who_is_told(office: Office) -> None:
    """A day for the inspector general and for Safeguards; whether people are told, counsel decides."""
    number = incidents.begin(office.gate, SAM, "DHS", "A list lay on a shared drive.", office.clock.now())
    office.clock.on(hours=23)
    assert incidents.one(office.gate, number).overdue == 0
    incidents.take(office.gate, SAM, number, "inspector general told", "By telephone and in writing.")
    office.clock.on(hours=2)
    assert incidents.one(office.gate, number).overdue == 1, "Safeguards was not told in time"
    for actor, step, choice, problem in (
        (SAM, DECIDED, "notify", "for counsel"),
        (CORA, DECIDED, None, "notify or do not notify"),
        (SAM, TOLD, None, "has not decided"),
        (SAM, "inspector general told", None, "taken before"),
        (SAM, "forgotten", None, "no such step"),
    ):
        with pytest.raises(IncidentRefusedError, match=problem):
            incidents.take(office.gate, actor, number, step, "words", choice)
    incidents.take(office.gate, CORA, number, DECIDED, "A charge was brought.", "notify")
    with pytest.raises(IncidentRefusedError, match="told first"):
        incidents.take(office.gate, SAM, number, TOLD, "By letter.")
    incidents.take(office.gate, SAM, number, "office of safeguards told", "With the text.")
    texts = incidents.texts(office.gate, incidents.one(office.gate, number))
    assert "7431(e)" in texts[TOLD].citation
    assert "01 March 2026" in texts[TOLD].text
    incidents.take(office.gate, SAM, number, TOLD, "By letter.")
    assert office.value("SELECT count(*) FROM log.entry WHERE kind = 'incident.act'") == 5


def test_by_when_a_step_is_due_is_the_authoritys_word(office: Office) -> None:
    law, begun = office.gate.law, office.clock.now()
    number = incidents.begin(office.gate, SAM, "DHS", "x", begun)

    def days(parameters: Mapping[str, int | date]) -> list[float | None]:
        office.gate.law = copy(law)
        office.gate.law.authority = replace(law.authority, parameters=parameters)
        due = [clock.due_at for clock in incidents.one(office.gate, number).clocks]
        return [None if each is None else (each - begun) / timedelta(days=1) for each in due]

    known = law.authority.parameters
    assert days({**known, "incident_report_hours": 48}) == [2, 2, 3, 30, 45, 90]
    office.clock.on(days=80)
    assert days({}) == [None, None, 3, 30, 45, 90]
    assert incidents.one(office.gate, number).overdue == 3, "what has no time is not overdue"


def test_nobody_is_told_before_it_was_decided_even_by_hand(office: Office) -> None:
    number = incidents.begin(office.gate, SAM, "DHS", "x", office.clock.now())
    with office.gate.database.administer() as owner, pytest.raises(psycopg.errors.CheckViolation):
        owner.execute(
            "INSERT INTO gate.incident_step VALUES (%s, 'affected people told', NULL, 'x', 'sam', now())",
            [number],
        )


def test_a_decision_against_telling_ends_that_clock(office: Office) -> None:
    number = incidents.begin(office.gate, SAM, "DHS", "x", office.clock.now())
    incidents.take(office.gate, CORA, number, DECIDED, "Nobody's record was in it.", "do not notify")
    assert TOLD not in {clock.step for clock in incidents.one(office.gate, number).clocks}
    for agency, when in (("KGB", office.clock.now()), ("DHS", office.clock.now() + timedelta(hours=1))):
        with pytest.raises(IncidentRefusedError):
            incidents.begin(office.gate, SAM, agency, "x", when)
    with pytest.raises(IncidentRefusedError, match="no incident"):
        incidents.one(office.gate, 99)


def test_an_incident_names_the_report_of_its_own_agency_or_none(office: Office) -> None:
    now = office.clock.now()
    body = {"discovered_at": now.isoformat(), "what": "A print-out was left in a meeting room."}
    clerk = Actor("cleo", Role.CLERK, "DHS")
    report = hand_in(office.gate, clerk, Handed("incident", "DHS", body))
    other = hand_in(office.gate, clerk, Handed("incident", "DHS-ICE", body))
    contact = Actor("kim", Role.SAFEGUARDS_CONTACT, "DHS")
    training = hand_in(office.gate, contact, Handed("training", "DHS", {"people": "1", "trained": "1"}))
    for wrong in (other, training, 10**9):
        with pytest.raises(
            IncidentRefusedError, match=f"Document {wrong} is no report of an incident by DHS"
        ):
            incidents.begin(office.gate, SAM, "DHS", "x", now, wrong)
        with office.gate.database.administer() as owner, pytest.raises(psycopg.IntegrityError):
            owner.execute(
                "INSERT INTO gate.incident (agency, document, what, discovered_at, recorded_by, recorded_at)"
                " VALUES ('DHS', %s, 'x', now(), 'sam', now())",
                [wrong],
            )
    number = incidents.begin(office.gate, SAM, "DHS", "x", now, report)
    assert incidents.one(office.gate, number).incident.document == report
