"""Answers of a served gate leave by themselves, on the clock."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from tests.workplace.office import ERIN, Office
from wicketgate.flow.gate import Gate
from wicketgate.flow.house import HouseError
from wicketgate.flow.outbox_clock import ticking, until_next
from wicketgate.stages.disclose import EXPIRES_AFTER
from wicketgate.store import answers
from wicketgate.store.database import Database
from wicketgate.store.services import Service


def read(office: Office) -> int:
    with office.gate.acting(Service.PORTAL) as connection:
        row = connection.execute("SELECT count(handle) FROM gate.answer").fetchone()
    return int(row[0]) if row else -1


def test_what_is_due_leaves_and_what_is_not_waits(database: Database, tmp_path: Path) -> None:
    office = Office(database, tmp_path)
    until_next(office.gate)
    office.one({"reasons": "none"})  # deficient, so it is answered at once
    assert until_next(office.gate) == timedelta(minutes=10)
    assert read(office) == 0
    office.clock.on(days=1)
    office.clock.at = office.clock.at.replace(hour=0, minute=0)
    office.clock.on(hours=23, minutes=57)
    assert until_next(office.gate) == timedelta(minutes=3)
    assert read(office) == 1
    with office.gate.acting(Service.RELEASE) as connection:
        assert answers.latest_slot(connection) == office.clock.at.replace(hour=0, minute=0)
    office.gate.close()


def test_the_clock_opens_slots_by_itself(database: Database, tmp_path: Path) -> None:
    office = Office(database, tmp_path)
    until_next(office.gate)
    office.one({"reasons": "none"})
    office.clock.on(days=1)
    passed = Event()
    with ticking(lambda: office.gate, passed):
        assert passed.wait(60)
    assert read(office) == 1
    assert ERIN.handle  # the office has people, and none of them opened the slot
    office.gate.close()


def test_the_clock_destroys_what_nobody_picked_up_in_time(database: Database, tmp_path: Path) -> None:
    office = Office(database, tmp_path)
    handle = office.one()
    office.endorse_and_approve(handle)
    office.clock.on(days=EXPIRES_AFTER.days)
    passed = Event()
    with ticking(lambda: office.gate, passed):
        assert passed.wait(60)
    assert office.state(handle) == "expired"
    office.gate.close()


def test_a_gate_that_cannot_be_opened_lets_nothing_out(capsys: pytest.CaptureFixture[str]) -> None:
    passed = Event()

    def broken() -> Gate:
        raise HouseError("The log's key is missing.")

    with ticking(broken, passed):
        assert passed.wait(60)
    assert capsys.readouterr().err == "wicketgate: answers wait: The log's key is missing.\n"
