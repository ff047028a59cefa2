"""An answer about a canary pauses the programme: at once, for everybody, and only through the register."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg
import pytest

from tests.register.gate import Gate
from tests.register.town import person, question
from wicketgate.core.states import State
from wicketgate.store import register, suspension
from wicketgate.store.services import Service

CANARY = person("Ann||Smith|", "222334444", flags=("canary",))
ASKED = question("Ann||Smith|", "222334444")


def is_open(gate: Gate, agency: str) -> bool:
    fresh = gate.receive(1, agency)
    with gate.database.connect(Service.OVERSEE) as connection:
        return suspension.open_among(connection, fresh) == set(fresh)


def is_paused(gate: Gate) -> bool:
    with gate.database.connect(Service.OVERSEE) as connection:
        return suspension.is_paused(connection)


def test_one_answer_about_a_canary_closes_the_gate_for_every_agency(gate: Gate) -> None:
    gate.load([person(), CANARY])
    before = gate.ask([question()])
    (hit,) = gate.ask([ASKED])
    assert is_open(gate, "DHS")
    assert gate.answer([hit]) == ["held"]
    assert not is_open(gate, "DHS")
    assert not is_open(gate, "TREAS")
    with pytest.raises(register.RegisterError, match="suspended"):
        gate.answer(before)
    with pytest.raises(psycopg.Error, match="suspended"):
        gate.bring(before, State.VERIFIED)
    with gate.database.connect(Service.OVERSEE) as connection:
        assert suspension.canary_hits(connection, [hit, *before]) == {hit}


def test_the_pause_and_the_answer_commit_together(gate: Gate) -> None:
    gate.load([CANARY])
    handles = gate.ask([ASKED])
    with gate.database.connect(Service.VERIFY) as connection:
        assert register.answer(connection, handles) == {handles[0]: "held"}
        connection.rollback()
    assert is_open(gate, "DHS")
    assert gate.answer(handles) == ["held"]
    assert is_paused(gate)


def test_nobody_else_on_file_pauses_anything(gate: Gate) -> None:
    gate.load([person(flags=("informant", "tax_case_sensitive")), CANARY])
    missed = question("Ann||Smith|", "222334445")  # the canary's name and home, another number
    assert gate.verify(question(), missed) == ["held", "not_one"]
    assert is_open(gate, "DHS")
    assert not is_paused(gate)


def test_an_order_and_the_pause_are_lifted_apart(gate: Gate) -> None:
    gate.load([CANARY])
    gate.verify(ASKED)
    order = {"court": "D.D.C.", "docket": "1:25-cv-1", "actor": "overseer", "at": datetime.now(UTC)}
    with gate.database.connect(Service.OVERSEE) as connection:
        suspension.suspend(connection, suspension.EVERYBODY, **order)  # type: ignore[arg-type]
        suspension.lift(connection, suspension.EVERYBODY, **order)  # type: ignore[arg-type]
    assert not is_open(gate, "DHS")
    with gate.database.connect(Service.OVERSEE) as connection:
        suspension.lift(connection, suspension.PAUSE, **order)  # type: ignore[arg-type]
    assert is_open(gate, "DHS")
    assert not is_paused(gate)


@pytest.mark.parametrize("service", Service)
def test_no_role_pauses_by_itself_or_forgets_a_hit(gate: Gate, service: Service) -> None:
    gate.load([CANARY])
    (hit,) = gate.ask([ASKED])
    statements = [
        f"SELECT gate.pause_for_canary('{hit}')",
        f"INSERT INTO gate.canary_hit VALUES ('{hit}', now())",
        "DELETE FROM gate.canary_hit",
        "UPDATE gate.canary_hit SET at = now()",
        "SELECT register.notice_canary()",
        "ALTER TABLE register.answer DISABLE TRIGGER notice_canary",
    ]
    if service is not Service.OVERSEE:
        statements.append("SELECT gate.set_suspension('!', false, NULL, NULL, 'gate', now())")
    with gate.database.connect(service) as connection:
        connection.autocommit = True
        for statement in statements:
            with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.FeatureNotSupported)):
                connection.execute(statement.encode())


def test_a_hit_is_kept_even_from_its_owner(gate: Gate) -> None:
    gate.load([CANARY])
    gate.verify(ASKED)
    with pytest.raises(psycopg.Error, match="refused"):
        gate.owner.execute("DELETE FROM gate.canary_hit")
