"""Planted requests and the evidence of judgement.

1. An exercise looks like any other request to everybody but the inspector, and the ledger says what it is.
2. Two careless people let it pass: it never reaches the register, and it ends before anything is sealed.
3. The inspector, and nobody else, sees who let it pass, who stamps, and which pair always agrees.
"""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest

from tests.stories.people import VALID
from tests.workplace.office import ADA, CLEO, ELIAS, ERIN, INA, Office
from wicketgate.core.actor import Actor
from wicketgate.core.request import Request
from wicketgate.core.roles import Role
from wicketgate.flow.endorse import put_on_record, question_of
from wicketgate.flow.work.endorse import endorse
from wicketgate.flow.work.evidence_of_judgement import evidence_of_judgement
from wicketgate.flow.work.examine import return_with_findings
from wicketgate.flow.work.onward import onward
from wicketgate.flow.work.plant import plant
from wicketgate.flow.work.queue import Filters, queue
from wicketgate.flow.work.receipt import receipt
from wicketgate.flow.work.refusals import IncompleteError, NotAllowedError, UnknownRequestError
from wicketgate.flow.work.rules import OfficeRules
from wicketgate.flow.work.withdraw import withdraw
from wicketgate.store import acts, register, requests
from wicketgate.store.acts import Act, ActRefusedError
from wicketgate.store.register import RegisterError
from wicketgate.store.services import Service

BAD = Request.from_mapping(VALID | {"request_id": "X-1"})
WHY = "The reasons are about somebody else's order."


def test_an_exercise_stops_before_the_register_and_before_the_seal(office: Office) -> None:
    handle = plant(office.gate, INA, BAD, WHY, kin=office.kin)
    genuine = office.one()
    assert office.kinds(handle)[:2] == ["request.received", "exercise"]
    endorse(office.gate, ERIN, handle, office.take(ERIN, handle))
    assert onward(office.gate, handle) == "verified"
    office.approve(ADA, handle)
    endorse(office.gate, ERIN, genuine, office.take(ERIN, genuine))
    onward(office.gate, genuine)
    office.approve(ADA, genuine)
    for viewer in (ERIN, ADA):
        planted, real = office.page(viewer, handle), office.page(viewer, genuine)
        assert planted.exercise is None
        assert [(s.kind, s.act, s.who) for s in planted.timeline] == [
            (s.kind, s.act, s.who) for s in real.timeline
        ]
    assert onward(office.gate, handle) == "refused"
    assert onward(office.gate, handle) == "refused"
    for viewer in (ERIN, ADA):
        last = office.page(viewer, handle).timeline[-1]
        assert (last.kind, last.act, last.who) == ("exercise", "end", "gate")
    with office.gate.database.administer() as connection:
        for table in ("register.ticket", "register.answer", "gate.package"):
            found = connection.execute(
                f"SELECT count(*) FROM {table} WHERE handle = %s".encode(), [handle.text]
            ).fetchone()
            assert found == (0,), table
    assert "disclosure.intended" not in office.kinds(handle)
    assert office.page(INA, handle).exercise == WHY
    assert any(step.kind == "exercise" for step in office.page(INA, handle).timeline)
    with pytest.raises(UnknownRequestError):
        withdraw(office.gate, CLEO, handle, "Ours?")


def test_officers_see_an_exercise_among_the_others_of_its_agency(fresh: Office) -> None:
    others = fresh.receive(VALID, VALID, VALID)
    handle = plant(fresh.gate, INA, BAD, WHY, kin=fresh.kin)
    number = fresh.page(ERIN, others[0]).submission
    assert fresh.page(ERIN, handle).submission == fresh.page(INA, handle).submission == number
    found = queue(fresh.gate, ERIN, Filters(submission=number))
    assert {case.row.handle for case in found.cases} == {each.text for each in (*others, handle)}
    assert found.matching.n == 4
    own = fresh.value("SELECT count(*) FROM gate.request WHERE submission = %s", number)
    assert own == 3, "what an agency is told of its own submission does not know of it"
    received = fresh.page(ERIN, handle).timeline[0]
    for reader, told in ((ERIN, False), (INA, True)):
        opened = receipt(fresh.gate, reader, handle, received.index).openings
        assert ("submission" in opened) is ("row" in opened) is told


def test_only_an_exercise_ends_as_one(office: Office) -> None:
    real = office.endorsed()
    office.approve(ADA, real)
    with (
        pytest.raises(ActRefusedError, match="no exercise"),
        office.gate.acting(Service.RELEASE) as connection,
    ):
        acts.perform(connection, [Act(real, "end exercise", Role.GATE, "gate")], office.clock.now())


def test_the_database_itself_keeps_an_exercise_from_the_register_and_the_seal(office: Office) -> None:
    handle = plant(office.gate, INA, BAD, WHY)
    endorse(office.gate, ELIAS, handle, office.take(ELIAS, handle))
    real = office.endorsed()
    with office.gate.acting(Service.REVIEW) as connection:
        stored = requests.get(connection, handle)
    assert stored is not None
    asked = put_on_record(office.gate, [(handle, question_of(office.gate, stored))])
    with (
        pytest.raises(RegisterError, match="goes no further"),
        office.gate.acting(Service.REVIEW) as mistaken,
    ):
        register.ask(mistaken, asked)
    onward(office.gate, handle)
    office.approve(ADA, handle)
    office.approve(ADA, real)
    with office.gate.database.administer() as connection:
        for statement in (
            (
                "INSERT INTO gate.package (handle, key_id, jwe, digest, sealed_at, expires_at)"
                " SELECT %s, key_id, 'x', 'x', now(), now() + interval '1 day' FROM gate.recipient_key"
            ),
            "INSERT INTO gate.exercise (handle, inspector, reasons, at) VALUES (%s, 'ina', 'x', now())",
        ):
            with pytest.raises(psycopg.errors.CheckViolation), connection.transaction():
                connection.execute(statement.encode(), [handle.text])


def test_only_an_inspector_plants_and_only_what_tests_somebody(office: Office) -> None:
    with pytest.raises(NotAllowedError):
        plant(office.gate, ERIN, BAD, WHY)
    with pytest.raises(IncompleteError, match="tests nobody"):
        plant(office.gate, INA, replace(BAD, statute="8 U.S.C. 1231"), WHY)
    handle = plant(office.gate, INA, BAD, WHY)
    same = Actor(INA.handle, Role.EXAMINER)
    with pytest.raises(NotAllowedError, match="two roles"):
        office.take(same, handle)


def test_the_inspector_sees_who_stamps(fresh: Office) -> None:
    rules = OfficeRules(enough_judgements=3)
    hasty, careful = Actor("hasty", Role.EXAMINER), Actor("careful", Role.EXAMINER)
    for _ in range(3):
        handle = fresh.one()
        endorse(fresh.gate, hasty, handle, fresh.take(hasty, handle, minutes=0.2))
        onward(fresh.gate, handle)
        fresh.approve(ADA, handle)
    planted = plant(fresh.gate, INA, BAD, WHY)
    endorse(fresh.gate, hasty, planted, fresh.take(hasty, planted, minutes=0.2))
    onward(fresh.gate, planted)
    fresh.refuse(ADA, planted)
    for _ in range(3):
        handle = fresh.one()
        return_with_findings(
            fresh.gate, careful, handle, fresh.take(careful, handle), [("B5", "Thin.")], "Thin."
        )
    found = evidence_of_judgement(fresh.gate, INA, rules)
    by_officer = {each.officer: each for each in found.judgements}
    assert by_officer["hasty"].judged == 4
    assert (by_officer["hasty"].exercises, by_officer["hasty"].missed) == (1, 1)
    assert len(by_officer["hasty"].alarms) == 3
    assert by_officer["careful"].alarms == ()
    assert by_officer["careful"].in_favour == 0
    assert (by_officer["ada"].exercises, by_officer["ada"].missed) == (1, 0)
    (pair,) = found.agreements
    assert (pair.examiner, pair.approver, pair.decided, pair.approved) == ("hasty", "ada", 4, 0.75)
    for other in (ERIN, ADA):
        with pytest.raises(NotAllowedError):
            evidence_of_judgement(fresh.gate, other)
