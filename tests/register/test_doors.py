"""The doors of the register: who may ask, what is answered, and what nobody can do."""

from __future__ import annotations

import psycopg
import pytest

from tests.register.gate import Gate
from tests.register.town import home, person, question
from wicketgate.core.identity import FLAGS
from wicketgate.core.states import State
from wicketgate.stages.verify_rule import Record
from wicketgate.store import register
from wicketgate.store.services import Service

STRANGER = question(line1="400 Elm Ave")
TABLES = {"person": "tin", "address": "unit", "ticket": "tin", "answer": "outcome"}
FUNCTIONS = {
    "register.ask('[]')": {Service.REVIEW},
    "register.verify('{}')": {Service.VERIFY},
    "register.release('{}')": {Service.RELEASE},
    "register.person_of('{}')": {Service.LOAD},
    "register.open_load()": {Service.LOAD},
    "register.judge('{}')": set(),
    "register.open_for('{}')": set(),
}


def test_no_role_of_the_gate_can_read_or_change_the_register(gate: Gate) -> None:
    statements = [
        statement
        for table, column in TABLES.items()
        for statement in (
            f"SELECT FROM register.{table}",
            f"DELETE FROM register.{table}",
            f"UPDATE register.{table} SET {column} = ''",
            f"TRUNCATE register.{table} CASCADE",
        )
    ]
    for service in Service:
        with gate.database.connect(service) as connection:
            connection.autocommit = True
            for statement in (*statements, "SET ROLE register_owner"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement.encode())


def test_each_function_belongs_to_one_role(gate: Gate) -> None:
    for service in Service:
        with gate.database.connect(service) as connection:
            for call, owners in FUNCTIONS.items():
                with connection.transaction(force_rollback=True):
                    if service in owners:
                        connection.execute(f"SELECT {call}".encode())
                    else:
                        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                            connection.execute(f"SELECT {call}".encode())


def test_nobody_adds_to_the_register_in_force_and_it_cannot_be_given_questions(gate: Gate) -> None:
    gate.load([person()])
    for service in Service:
        for table in TABLES:
            found = gate.owner.execute(
                "SELECT has_table_privilege(%s, %s, 'INSERT')", [service, f"register.{table}"]
            ).fetchone()
            assert found == (False,)


def test_a_question_must_be_committed_before_it_is_asked(gate: Gate) -> None:
    """A superuser in one transaction stands for any caller that could do both."""
    gate.load([person()])
    (handle,) = gate.receive(1)
    gate.bring([handle], State.ENDORSED)
    connection = gate.database.administer()
    gate.put(connection, [(handle, question())])
    with pytest.raises(register.RegisterError, match="committed before it is asked"):
        register.answer(connection, [handle])
    connection.close()
    with pytest.raises(register.RegisterError, match="committed before it is asked"):
        gate.answer([handle])


def test_a_question_hidden_in_a_savepoint_is_refused_too(gate: Gate) -> None:
    gate.load([person()])
    (handle,) = gate.receive(1)
    gate.bring([handle], State.ENDORSED)
    with gate.database.administer() as connection:
        connection.execute("SELECT")  # begins the transaction around the savepoint
        with connection.transaction():
            gate.put(connection, [(handle, question())])
        with pytest.raises(register.RegisterError, match="committed before it is asked"):
            register.answer(connection, [handle])


def test_rolling_back_leaves_the_question_on_record_and_wins_no_new_answer(gate: Gate) -> None:
    gate.load([person()])
    (handle,) = gate.ask([question()])
    connection = gate.database.connect(Service.VERIFY)
    assert register.answer(connection, [handle]) == {handle: "one"}
    connection.rollback()
    connection.close()
    on_record = gate.owner.execute("SELECT handle, asked_by FROM register.ticket").fetchall()
    assert on_record == [(str(handle), "gate_review")]
    assert gate.answer([handle]) == ["one"]


def test_the_same_question_asked_again_has_the_same_answer(gate: Gate) -> None:
    gate.load([person()])
    handles = gate.ask([question(), STRANGER])
    assert gate.answer(handles) == ["one", "not_one"]
    gate.load([])
    assert gate.answer(handles) == ["one", "not_one"]
    assert gate.verify(question()) == ["not_one"]


def test_one_request_has_one_question(gate: Gate) -> None:
    gate.load([person()])
    (handle,) = gate.ask([question(line1="18 N Oak Street")])
    with gate.database.connect(Service.REVIEW) as connection:
        gate.put(connection, [(handle, question(line1="18 N Oak Street"))])
        with pytest.raises(register.RegisterError, match="a different question is on record"):
            gate.put(connection, [(handle, question())])


def test_only_an_endorsed_request_has_a_question(gate: Gate) -> None:
    (handle,) = gate.receive(1)
    for state in (State.RECEIVED, State.SUFFICIENT, State.VERIFIED, State.APPROVED):
        gate.bring([handle], state)
        with (
            gate.database.connect(Service.REVIEW) as connection,
            pytest.raises(register.RegisterError, match="not endorsed"),
        ):
            gate.put(connection, [(handle, question())])


def test_a_question_of_a_withdrawn_request_is_not_answered(gate: Gate) -> None:
    gate.load([person()])
    (handle,) = gate.ask([question()])
    with gate.database.connect(Service.INTAKE) as connection:
        connection.execute(
            "INSERT INTO gate.act (handle, act, role, actor, at) "
            "VALUES (%s, 'withdraw', 'clerk', 'C. Clerk', now())",
            [str(handle)],
        )
    with pytest.raises(register.RegisterError, match="not endorsed"):
        gate.answer([handle])


def test_nothing_is_read_while_disclosure_is_suspended(gate: Gate) -> None:
    gate.load([person()])
    handles = gate.ask([question(), question()])
    assert gate.answer(handles[:1]) == ["one"]
    gate.bring(handles[:1], State.APPROVED)
    with gate.database.connect(Service.OVERSEE) as connection:
        connection.execute(
            "SELECT gate.set_suspension('DHS', true, 'D.D.C.', '1:25-cv-00457', 'Counsel', now())"
        )
    with pytest.raises(register.RegisterError, match="suspended"):
        gate.answer(handles[1:])
    with pytest.raises(register.RegisterError, match="suspended"):
        gate.release(handles[:1])


def test_release_gives_the_last_known_address_and_nothing_else(gate: Gate) -> None:
    old = home("9 Elm Ave", periods=(2010, 2014), last_known=False)
    gate.load([person("José|Luis|García López|", "123456789", "", old, home("2 New Rd", "Apt 1"))])
    handles = gate.ask([question(line1="9 Elm Ave")])
    assert gate.answer(handles) == ["one"]
    gate.bring(handles, State.APPROVED)
    assert gate.release(handles) == {
        handles[0]: {
            "line1": "2 New Rd",
            "line2": "Apt 1",
            "city": "Dayton",
            "state": "OH",
            "postal_code": "45402",
            "country": "US",
        }
    }


def test_release_refuses_before_approval(gate: Gate) -> None:
    gate.load([person()])
    handles = gate.ask([question()])
    assert gate.answer(handles) == ["one"]
    for state in (State.ENDORSED, State.VERIFIED):
        gate.bring(handles, state)
        with pytest.raises(register.RegisterError, match="not approved"):
            gate.release(handles)


def test_release_refuses_the_whole_list_for_one_request_that_was_not_verified(gate: Gate) -> None:
    gate.load([person()])
    handles = gate.ask([question(), STRANGER])
    assert gate.answer(handles) == ["one", "not_one"]
    gate.bring(handles, State.APPROVED)  # the register does not rely on the state alone
    with pytest.raises(register.RegisterError, match="not verified"):
        gate.release(handles)
    assert list(gate.release(handles[:1])) == handles[:1]


def test_release_judges_again(gate: Gate) -> None:
    """Ambiguous, held back, another number, gone: whatever the register has learned since."""
    later: tuple[list[Record], ...] = (
        [person(), person("José|Luis|García López|", "222334444")],
        [person(flags=("informant",))],
        [person("José|Luis|García López|", "999887777")],
        [],
    )
    for register_then in later:
        gate.load([person()])
        handles = gate.ask([question()])
        assert gate.answer(handles) == ["one"]
        gate.bring(handles, State.APPROVED)
        gate.load(register_then)
        assert gate.release(handles) == {}


def test_a_flag_holds_a_disclosure_back(gate: Gate) -> None:
    for flag in FLAGS:
        gate.load([person(flags=(flag,))])
        handles = gate.ask([question(), STRANGER])
        assert gate.answer(handles) == ["held", "not_one"]
        if flag == "canary":  # nothing goes on any more: tests/register/test_canary.py
            continue
        gate.bring(handles, State.APPROVED)
        with pytest.raises(register.RegisterError, match="not verified"):
            gate.release(handles[:1])


def test_the_disclosed_address_must_be_of_a_stated_period(gate: Gate) -> None:
    for since, until, strict in (
        (2020, 2025, "one"),
        (2023, 2023, "one"),
        (2015, None, "one"),
        (2024, 2025, "held"),
        (2015, 2021, "held"),
        (None, None, "held"),
        (None, 2023, "held"),
    ):
        gate.load([person("José|Luis|García López|", "123456789", "", home(periods=(since, until)))])
        asked = (
            question(periods=(2022, 2023)),
            question(periods=(2022, 2023), period_bound=False),
            question(periods=()),
        )
        assert gate.verify(*asked) == [strict, "one", "held"]


def test_a_person_without_a_last_known_address_is_held(gate: Gate) -> None:
    gate.load([person("José|Luis|García López|", "123456789", "", home(last_known=False))])
    assert gate.verify(question(period_bound=False)) == ["held"]


def test_who_was_meant_is_for_the_custodian_alone(gate: Gate) -> None:
    jose = person()
    gate.load([jose, person("Ann||Smith|", "222334444", flags=("canary",))])
    handles = gate.ask([question(), STRANGER, question("Ann||Smith|", "222334444")])
    assert gate.answer(handles) == ["one", "not_one", "held"]
    with gate.database.connect(Service.LOAD) as connection:
        assert register.persons(connection, handles) == {handles[0]: jose.person.person_id}


def test_a_load_replaces_the_register_whole_or_not_at_all(gate: Gate) -> None:
    assert gate.load([person()]) == (1, 1)
    twice = person("Ann||Smith|", "222334444")
    with pytest.raises(register.RegisterError, match="person_id occurs twice"):
        gate.load([twice, twice])
    two_homes = person("Ann||Smith|", "222334444", "", home(), home("1 Elm Ave"))
    with pytest.raises(register.RegisterError, match="two last known addresses"):
        gate.load([two_homes])
    with (
        gate.database.connect(Service.LOAD) as connection,
        pytest.raises(register.RegisterError, match="no person has"),
    ):
        register.load(connection, [], gate.sealed(twice))
    assert gate.verify(question()) == ["one"]
    assert gate.load([]) == (0, 0)
    assert gate.verify(question()) == ["not_one"]
