"""What the database itself refuses, whatever the program above it does."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from tests.workplace.office import ADA, ELIAS, ERIN, SAM, Office
from wicketgate.core.actor import Actor
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.flow.work.claim import claim
from wicketgate.flow.work.declare import declare
from wicketgate.flow.work.dissent import dissent
from wicketgate.store import acts, work, work_case, work_claims, work_marks
from wicketgate.store.acts import Act, ActRefusedError, StaleError
from wicketgate.store.database import Connection
from wicketgate.store.services import Service

KEPT = ("dissent", "dissent_answer", "declaration", "point", "exercise", "kin", "claim")


@pytest.mark.parametrize("table", KEPT)
def test_what_was_said_is_removed_by_nobody(office: Office, table: str) -> None:
    handle = office.one()
    dissent(office.gate, SAM, handle, "I object.", office.gate.clock.now())
    with office.gate.database.administer() as connection:
        connection.autocommit = True
        connection.execute("SET session_replication_role = replica")
        for statement in (f"DELETE FROM gate.{table}", f"TRUNCATE gate.{table} CASCADE"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="stays"):
                connection.execute(statement.encode())
    for service in Service:
        if service is Service.WEB:
            continue
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            office.gate.acting(service) as connection,
        ):
            connection.execute(f"DELETE FROM gate.{table}".encode())


def test_a_dissent_cannot_be_reworded(office: Office) -> None:
    handle = office.one()
    dissent(office.gate, SAM, handle, "I object.", office.gate.clock.now())
    with office.gate.database.administer() as connection:
        connection.autocommit = True
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE gate.dissent SET statement = 'I agree.'")
    assert [each.statement for each in office.page(SAM, handle).dissents] == ["I object."]


def test_no_two_roles_among_acts_claims_declarations_and_dissents(office: Office) -> None:
    at, later = office.clock.now(), office.clock.now().replace(year=2027)
    as_counsel = Actor(ELIAS.handle, Role.COUNSEL)
    attempts: tuple[Callable[[Connection, Handle], object], ...] = (
        lambda c, h: work_marks.declare(c, h, as_counsel, False, None, at),
        lambda c, h: work_marks.dissent(c, h, as_counsel, "x", "sha256:" + "0" * 64, "signed", at),
        lambda c, h: work_claims.take(c, h, as_counsel, at, later),
    )
    firsts: tuple[Callable[[Handle], object], ...] = (
        lambda h: declare(office.gate, ELIAS, h, conflict=False),
        lambda h: claim(office.gate, ELIAS, h),
        lambda h: dissent(office.gate, ELIAS, h, "No.", office.gate.clock.now()),
    )
    for first in firsts:
        handle = office.one()
        first(handle)
        for attempt in attempts:
            with pytest.raises(ActRefusedError, match="two roles"), office.gate.acting(Service.REVIEW) as c:
                attempt(c, handle)


def test_an_act_against_a_claim_a_recusal_or_a_dissent_is_refused(office: Office) -> None:
    handle = office.one()

    def endorse(actor: Actor, reasons: str | None = None) -> None:
        with office.gate.acting(Service.REVIEW) as connection:
            acts.perform(
                connection,
                [Act(handle, "endorse", Role.EXAMINER, actor.handle, None, reasons)],
                office.clock.now(),
            )

    claim(office.gate, ERIN, handle)
    with pytest.raises(StaleError, match="claimed"):
        endorse(ELIAS, "x")
    dissent(office.gate, SAM, handle, "I object.", office.gate.clock.now())
    with pytest.raises(ActRefusedError, match="dissent"):
        endorse(ERIN)
    declare(office.gate, ERIN, handle, conflict=True, reasons="A cousin.")
    with pytest.raises(ActRefusedError, match="conflict"):
        endorse(ERIN, "x")
    without = Act(handle, "return", Role.EXAMINER, ELIAS.handle, None, " ")
    with pytest.raises(ActRefusedError, match="needs reasons"), office.gate.acting(Service.REVIEW) as one:
        acts.perform(one, [without], office.clock.now())


def test_a_late_dissent_withholds_the_release_in_the_database(office: Office) -> None:
    handle = office.endorsed()
    office.approve(ADA, handle)
    dissent(office.gate, SAM, handle, "Too late?", office.gate.clock.now())
    with (
        pytest.raises(ActRefusedError, match=r"package|withheld"),
        office.gate.acting(Service.RELEASE) as connection,
    ):
        acts.perform(connection, [Act(handle, "release", Role.GATE, "gate")], office.clock.now())
    with office.gate.acting(Service.RELEASE) as connection:
        assert work_marks.withheld(connection, [handle]) == {handle}


def test_a_person_is_the_same_however_the_name_is_written(office: Office) -> None:
    """What the database holds against an act is held against it on every page too."""
    handle = office.one()
    office.endorse_and_approve(handle)
    with office.gate.database.administer() as owner:  # as older rows may have it
        owner.execute("ALTER TABLE gate.act DISABLE TRIGGER ALL")
        owner.execute("UPDATE gate.act SET actor = upper(actor)")
        owner.execute("ALTER TABLE gate.act ENABLE TRIGGER ALL")
    with office.gate.acting(Service.AUDIT) as connection:
        assert work.barred(connection, [handle.text], ADA) == {handle.text}
        kept = work_case.kept(connection, handle, ADA, office.clock.now(), 1)
    assert kept is not None
    assert kept.decided
