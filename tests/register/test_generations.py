"""The register is replaced while it answers: the next generation grows beside it and takes over at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest

from tests.register.gate import Gate
from tests.register.town import home, person, question
from wicketgate.core.identity import PersonRecord
from wicketgate.core.states import State
from wicketgate.store import register
from wicketgate.store.services import Service

ANN = person("Ann||Smith|", "222334444", "", home("3 Elm Ave"))
ASKED_ANN = question("Ann||Smith|", "222334444", line1="3 Elm Ave")


def test_the_old_register_answers_while_the_next_is_loaded(gate: Gate) -> None:
    gate.load([person()])

    def slowly() -> Iterator[PersonRecord]:
        yield gate.blind(ANN)
        assert gate.verify(question(), ASKED_ANN) == ["one", "not_one"]

    with gate.database.connect(Service.LOAD) as connection:
        assert register.load(connection, slowly(), gate.sealed(ANN)) == (1, 1)
    assert gate.verify(question(), ASKED_ANN) == ["not_one", "one"]


def test_whoever_reads_sees_one_register_until_the_end(gate: Gate) -> None:
    gate.load([person()])
    first, second = gate.ask([question(), question()])
    with gate.database.connect(Service.VERIFY) as reading, gate.database.connect(Service.LOAD) as loading:
        assert register.answer(reading, [first]) == {first: "one"}
        loading.execute("SET lock_timeout = '50ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            register.load(loading, [], [])
        loading.rollback()
        assert register.answer(reading, [second]) == {second: "one"}
        reading.commit()
        assert register.load(loading, [], []) == (0, 0)


def test_a_release_after_the_exchange_is_judged_by_the_new_register(gate: Gate) -> None:
    jose = person()
    gate.load([jose])
    handles = gate.ask([question()])
    assert gate.answer(handles) == ["one"]
    gate.bring(handles, State.APPROVED)
    gate.load([jose, ANN])
    assert list(gate.release(handles)) == handles
    gate.load([ANN])
    assert gate.release(handles) == {}


def test_two_loads_do_not_mix(gate: Gate) -> None:
    def meanwhile() -> Iterator[PersonRecord]:
        yield gate.blind(ANN)
        with pytest.raises(register.RegisterError, match="another load is under way"):
            gate.load([person()])

    with gate.database.connect(Service.LOAD) as connection:
        assert register.load(connection, meanwhile(), gate.sealed(ANN)) == (1, 1)
    assert gate.verify(ASKED_ANN) == ["one"]


def test_a_load_that_fails_leaves_nothing_behind(gate: Gate) -> None:
    gate.load([person()])

    def breaks() -> Iterator[PersonRecord]:
        yield gate.blind(ANN)
        raise RuntimeError("the disk is gone")

    for persons, wanted in ((breaks(), RuntimeError), (iter([gate.blind(ANN)] * 2), register.UnsoundError)):
        with gate.database.connect(Service.LOAD) as connection, pytest.raises(wanted):
            register.load(connection, persons, gate.sealed(ANN))
    left = gate.owner.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'register_next'::regnamespace"
    )
    assert left.fetchall() == []
    with gate.database.connect(Service.LOAD) as connection:
        assert [each.persons for each in register.generations(connection)] == [1]
    assert gate.verify(question()) == ["one"]


def test_generations_are_counted_and_answers_say_which_one_gave_them(gate: Gate) -> None:
    gate.load([person()])
    gate.verify(question())
    with gate.database.connect(Service.LOAD) as connection:
        register.load(connection, [gate.blind(ANN)], gate.sealed(ANN), "sha256:1")
        first, second = register.generations(connection)
    gate.verify(ASKED_ANN)
    assert (first.persons, first.addresses, second.source) == (1, 1, "sha256:1")
    told = gate.owner.execute("SELECT generation FROM register.answer ORDER BY answered_at").fetchall()
    assert told == [(first.number,), (second.number,)]


def test_what_grows_can_be_filled_and_not_read(gate: Gate) -> None:
    with gate.database.connect(Service.LOAD) as connection:
        connection.execute("SELECT register.open_load()")
        for statement in ("SELECT FROM register_next.person", "DELETE FROM register_next.address"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(statement.encode())


def test_every_text_goes_in_as_it_is(gate: Gate) -> None:
    odd = 'back\\slash \\N "quoted" {brace}, comma\' é'
    record = person("Ann||Smith|", "222334444", "", home("3 Elm Ave"))
    odd_person = replace(gate.blind(record), person_id=odd)
    with gate.database.connect(Service.LOAD) as connection:
        register.load(
            connection, [odd_person], [replace(each, person_id=odd) for each in gate.sealed(record)]
        )
    kept = gate.owner.execute(
        "SELECT person_id, flags FROM register.person JOIN register.address USING (person_id)"
    )
    assert kept.fetchall() == [(odd, [])]
