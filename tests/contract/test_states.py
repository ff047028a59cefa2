"""A request moves along the one table, by an act, with two people; nothing else moves it."""

from __future__ import annotations

from datetime import date

import psycopg
import pytest

from tests.contract.world import DIGEST, NOW, TO_RELEASED, World
from wicketgate.core.finding import Determination
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.core.states import TRANSITIONS, State
from wicketgate.store import acts, requests, versions
from wicketgate.store.acts import Act, ActRefusedError, StaleError
from wicketgate.store.services import DISCLOSING, Service, services_of


def test_the_whole_way(world: World) -> None:
    (handle,) = world.submit()
    world.bring([handle], *TO_RELEASED)
    assert world.state(handle) == "released"
    history = acts.history(world.as_(Service.AUDIT), handle)
    assert [one.target for one in history] == ["sufficient", "endorsed", "verified", "approved", "released"]
    assert [one.version for one in history] == [1, 2, 3, 4, 5]


def test_the_last_time_of_an_act_is_found_for_many_requests(world: World) -> None:
    twice, once, never = world.submit(3)
    world.bring([twice, once], "find sufficient")
    world.bring([twice], "hold", "resume", "find sufficient")
    found = acts.latest(world.as_(Service.AUDIT), [twice, once, never], "find sufficient")
    assert {handle: past.version for handle, past in found.items()} == {twice: 4, once: 1}


def test_the_guards_table_is_the_one_table(world: World) -> None:
    rows = world.as_(Service.AUDIT).execute(
        "SELECT source, act, target, role, services, discloses FROM gate.transition"
    )
    expected = {(t.source, t.act, t.target, t.role, services_of(t), t.act in DISCLOSING) for t in TRANSITIONS}
    assert {(*row[:4], tuple(row[4]), row[5]) for row in rows} == expected
    assert {t.act for t in TRANSITIONS} >= DISCLOSING


@pytest.mark.parametrize(
    "act", sorted({t.act for t in TRANSITIONS} - {"find sufficient", "withdraw", "hold"})
)
def test_a_received_request_can_do_nothing_but_be_found(world: World, act: str) -> None:
    (handle,) = world.submit()
    transition = next(t for t in TRANSITIONS if t.act == act)
    actor = "gate" if transition.role is Role.GATE else "someone"
    with pytest.raises(ActRefusedError):
        acts.perform(world.as_(services_of(transition)[0]), [Act(handle, act, transition.role, actor)], NOW)
    assert world.state(handle) == "received"


@pytest.mark.parametrize("state", sorted(set(State) - {State.RECEIVED}))
def test_not_even_the_superuser_moves_a_request_without_an_act(world: World, state: State) -> None:
    (handle,) = world.submit()
    with world.administrator() as connection:
        connection.execute("SET session_replication_role = replica")
        with pytest.raises(psycopg.errors.CheckViolation, match="without an act that allows it"):
            connection.execute(
                "UPDATE gate.request SET state = %s, version = 1 WHERE handle = %s", [state, handle.text]
            )


@pytest.mark.parametrize(
    "column", ["body = '{}'", "request_id = 'x'", "row = 9", "agency_line = '{X}'", "received_at = now()"]
)
def test_what_was_asked_cannot_be_changed(world: World, column: str) -> None:
    (handle,) = world.submit()
    with world.administrator() as connection, pytest.raises(psycopg.errors.CheckViolation, match="says"):
        connection.execute(f"UPDATE gate.request SET {column} WHERE handle = %s".encode(), [handle.text])


def test_a_determination_stands_once_the_request_went_on(world: World) -> None:
    handles = world.submit(2)
    found = requests.Reviewed({}, Determination.DEFICIENT, ("A2",), DIGEST, date(2026, 3, 2))
    requests.determine(world.as_(Service.REVIEW), {handles[0]: found})
    stored = requests.get(world.as_(Service.AUDIT), handles[0])
    assert stored is not None
    assert (stored.determination, stored.findings) == (Determination.DEFICIENT, ("A2",))
    assert (stored.authority_digest, stored.determined_on) == (DIGEST, date(2026, 3, 2))
    world.do("find sufficient", handles[1])
    with pytest.raises(psycopg.errors.CheckViolation, match="stands"):
        requests.determine(world.as_(Service.REVIEW), {handles[1]: found})


def test_a_determination_says_on_which_day_and_under_which_version_and_answers(world: World) -> None:
    first, second = world.submit(2)
    stored = requests.get(world.as_(Service.AUDIT), first)
    assert stored is not None
    assert stored.determined_on == date(2026, 3, 1)
    assert stored.authority_digest is not None
    version = versions.get(world.as_(Service.AUDIT), stored.authority_digest)
    assert version == versions.Version(DIGEST, "a", ("b",), {"most": 25}, {"S1": "strict", "S2": 1})
    assert versions.get(world.as_(Service.AUDIT), "sha256:" + "9" * 64) is None

    unknown = requests.Reviewed({}, Determination.SUFFICIENT, (), "sha256:" + "9" * 64, date(2026, 3, 1))
    with pytest.raises(psycopg.errors.CheckViolation, match="under which version"):
        requests.determine(world.as_(Service.REVIEW), {first: unknown})
    world.do("find sufficient", second)
    with world.administrator() as connection:
        for statement, says in [
            ("UPDATE gate.request SET determined_on = '2020-01-01'", "stands"),
            ("UPDATE gate.version SET switches = '{}'", "refused"),
            ("DELETE FROM gate.version", "refused"),
        ]:
            with pytest.raises(psycopg.Error, match=says):
                connection.execute(statement.encode())
        with pytest.raises(psycopg.errors.CheckViolation, match="on which day"):
            connection.execute("UPDATE gate.request SET determined_on = NULL WHERE handle = %s", [first.text])


def test_a_request_is_found_to_be_what_was_determined(world: World) -> None:
    (handle,) = world.submit(determination=Determination.DEFICIENT)
    with pytest.raises(ActRefusedError, match="not determined"):
        world.do("find sufficient", handle)
    world.do("find deficient", handle)
    assert world.state(handle) == "deficient"


def test_a_request_begins_at_the_beginning(world: World) -> None:
    world.submit()
    columns = "request_id, agency_line, officer_scopes, body, facts, received_at, changed_at"
    with pytest.raises(psycopg.errors.CheckViolation, match="begin at the beginning"):
        world.as_(Service.INTAKE).execute(
            f"INSERT INTO gate.request (submission, handle, row, state, {columns})"
            " SELECT max(submission), 'WG-2222-2222-2222', 2, 'approved', 'x', '{}', '{}', '{}', '{}', now(),"
            " now() FROM gate.submission".encode()
        )


@pytest.mark.parametrize("determination", list(Determination))
def test_a_request_that_is_determined_at_once_has_its_act(world: World, determination: Determination) -> None:
    handles = world.submit(3, determination=determination, at_once=True)
    for handle in handles:
        assert world.state(handle) == determination
        (past,) = acts.history(world.as_(Service.AUDIT), handle)
        assert (past.version, past.source, past.target, past.role, past.actor) == (
            *(1, "received", determination),
            *("gate", "gate"),
        )
        assert past.act.startswith("find ")


@pytest.mark.parametrize(
    ("state", "determination", "version"),
    [
        ("approved", "sufficient", 1),
        ("sufficient", "deficient", 1),
        ("held", "held", 1),
        ("received", "received", 1),
        ("sufficient", "sufficient", 2),
        ("sufficient", "sufficient", 0),
    ],
)
def test_a_request_is_born_in_no_other_state(
    world: World, state: str, determination: str, version: int
) -> None:
    world.submit()
    before = world.value("SELECT count(*) FROM gate.request"), world.value("SELECT count(*) FROM gate.act")
    columns = (
        "request_id, agency_line, officer_scopes, body, facts, authority_digest, determined_on, received_at,"
        " changed_at"
    )
    with pytest.raises(psycopg.errors.CheckViolation, match="begin at the beginning"):
        world.as_(Service.INTAKE).execute(
            f"INSERT INTO gate.request (submission, handle, row, state, determination, version, {columns})"
            " SELECT max(submission), 'WG-2222-2222-2222', 2, %s, %s, %s, 'x', '{}', '{}', '{}', '{}', %s,"
            " '2026-03-01', now(), now() FROM gate.submission".encode(),
            [state, determination, version, DIGEST],
        )
    after = world.value("SELECT count(*) FROM gate.request"), world.value("SELECT count(*) FROM gate.act")
    assert after == before


@pytest.mark.parametrize("table", ["request", "act", "package", "answer", "chunk", "suspension"])
@pytest.mark.parametrize("statement", ["DELETE FROM gate.{}", "TRUNCATE gate.{} CASCADE"])
def test_nothing_of_a_case_is_ever_deleted(world: World, table: str, statement: str) -> None:
    handles = world.submit()
    world.bring(handles, *TO_RELEASED)
    with world.administrator() as connection:
        connection.execute("SET session_replication_role = replica")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="refused"):
            connection.execute(statement.format(table).encode())


def test_an_act_is_never_changed(world: World) -> None:
    world.bring(world.submit(), "find sufficient")
    with world.administrator() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("UPDATE gate.act SET actor = 'somebody else'")


class TestFourEyes:
    """Two different people for every disclosure."""

    def test_the_examiner_cannot_approve(self, world: World) -> None:
        (handle,) = world.submit()
        world.bring([handle], "find sufficient", "endorse", "verify")
        for same in ("examiner-1", "Examiner-1"):
            with pytest.raises(ActRefusedError, match="two roles"):
                world.do("approve", handle, actor=same)
        assert world.state(handle) == "verified"

    def test_nobody_else_holds_two_roles_either(self, world: World) -> None:
        (handle,) = world.submit()
        world.bring([handle], *TO_RELEASED)
        with pytest.raises(ActRefusedError, match="two roles"):
            world.do("pick up", handle, actor="approver-1")

    def test_without_an_endorsement_nothing_is_approved(self, fresh: World) -> None:
        """Even when the table of transitions itself were tampered with."""
        (handle,) = fresh.submit()
        fresh.do("find sufficient", handle)
        with fresh.administrator() as connection:
            connection.execute(
                "INSERT INTO gate.transition VALUES ('sufficient', 'approve', 'approved', 'approver',"
                " '{gate_decide}', true)"
            )
        with pytest.raises(ActRefusedError, match="no other person has endorsed"):
            fresh.do("approve", handle)

    def test_an_endorsement_before_a_hold_counts_no_more(self, fresh: World) -> None:
        (handle,) = fresh.submit()
        fresh.bring([handle], "find sufficient", "endorse", "hold", "resume", "find sufficient")
        with fresh.administrator() as connection:
            connection.execute(
                "INSERT INTO gate.transition VALUES ('sufficient', 'approve', 'approved', 'approver',"
                " '{gate_decide}', true)"
            )
        with pytest.raises(ActRefusedError, match="no other person has endorsed"):
            fresh.do("approve", handle)

    def test_a_person_cannot_pass_for_the_gate_nor_the_gate_for_a_person(self, world: World) -> None:
        (handle,) = world.submit()
        with pytest.raises(ActRefusedError, match="Only the gate"):
            world.do("find sufficient", handle, actor="examiner-1")
        world.do("find sufficient", handle)
        with pytest.raises(ActRefusedError, match="Only the gate"):
            world.do("endorse", handle, actor="gate")


WITHOUT_ACTS = {Service.AUDIT, Service.LOAD, Service.WITNESS, Service.WEB, Service.AGENCY}


@pytest.mark.parametrize("service", sorted(set(Service) - {Service.DECIDE} - WITHOUT_ACTS))
def test_only_the_approvers_service_approves(world: World, service: Service) -> None:
    (handle,) = world.submit()
    world.bring([handle], "find sufficient", "endorse", "verify")
    with pytest.raises(ActRefusedError, match=f"{service} may not approve"):
        acts.perform(world.as_(service), [Act(handle, "approve", Role.APPROVER, "approver-1")], NOW)


def test_not_even_the_administrator_acts(world: World) -> None:
    (handle,) = world.submit()
    with world.administrator() as connection, pytest.raises(ActRefusedError, match="may not find"):
        acts.perform(connection, [Act(handle, "find sufficient", Role.GATE, "gate")], NOW)


def test_an_act_on_an_older_version_is_stale(world: World) -> None:
    (handle,) = world.submit()
    world.do("find sufficient", handle, version=0)
    with pytest.raises(StaleError):
        world.do("endorse", handle, version=0)
    world.do("endorse", handle, version=1)


def test_of_many_acts_all_or_none_happen(world: World) -> None:
    handles = world.submit(3)
    world.do("find sufficient", handles[2])
    with pytest.raises(ActRefusedError):
        world.do("find sufficient", *handles)
    assert [world.state(handle) for handle in handles] == ["received", "received", "sufficient"]
    with pytest.raises(ActRefusedError, match="There is no request"):
        world.do("find sufficient", Handle.new())


def test_each_service_sees_only_the_states_it_works_on(world: World) -> None:
    handles = world.submit(4)
    world.bring(handles[1:], "find sufficient")
    world.bring(handles[2:], "endorse", "verify")
    world.bring(handles[3:], "approve")
    seen = {
        service: {
            handle
            for handle in handles
            if world.as_(service)
            .execute("SELECT 1 FROM gate.request WHERE handle = %s", [handle.text])
            .fetchone()
        }
        for service in (Service.REVIEW, Service.VERIFY, Service.DECIDE, Service.RELEASE, Service.AUDIT)
    }
    assert seen == {
        Service.REVIEW: set(handles[:2]),
        Service.VERIFY: {handles[2]},
        Service.DECIDE: set(handles[2:]),
        Service.RELEASE: {handles[3]},
        Service.AUDIT: set(handles),
    }


def test_a_request_comes_back_as_it_was_stored(world: World) -> None:
    (handle,) = world.submit(agency_line=("DHS-ICE", "DHS"))
    stored = requests.get(world.as_(Service.REVIEW), handle)
    assert stored is not None
    assert stored.request.taxpayer_last_name == "O'Neil"
    assert stored.agency_line == ("DHS-ICE", "DHS")
    assert stored.findings == ("A1", "B2:AD-08")
    assert stored.facts == {"form": "written"}
    review = world.as_(Service.REVIEW)
    assert requests.in_state(review, stored.submission, State.RECEIVED, 1, 9) == [stored]
    assert requests.in_state(review, stored.submission, State.RECEIVED, 2, 9) == []
    with world.as_(Service.INTAKE).transaction():
        assert list(requests.standings(world.as_(Service.INTAKE), stored.submission)) == [stored.standing]
