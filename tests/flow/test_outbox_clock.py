"""Answers of a served gate leave by themselves, on the clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Event

import psycopg
import pytest

from tests.workplace.office import ERIN, Office
from wicketgate.core.identifiers import Handle
from wicketgate.flow import outbox_clock
from wicketgate.flow.clock_steps import STEPS, Step, look
from wicketgate.flow.gate import Gate
from wicketgate.flow.health import clock_goes, failing_steps
from wicketgate.flow.house import HouseError
from wicketgate.flow.outbox_clock import ticking, until_next
from wicketgate.keys import KeysError
from wicketgate.stages.disclose import EXPIRES_AFTER
from wicketgate.store import answers
from wicketgate.store.acts import ActRefusedError
from wicketgate.store.database import Database
from wicketgate.store.services import Service


def read(office: Office) -> int:
    with office.gate.acting(Service.PORTAL) as connection:
        row = connection.execute("SELECT count(handle) FROM gate.answer").fetchone()
    return int(row[0]) if row else -1


def test_what_is_due_leaves_and_what_is_not_waits(database: Database, tmp_path: Path) -> None:
    office = Office(database, tmp_path)
    assert look(office.gate)
    office.one({"reasons": "none"})  # deficient, so it is answered at once
    assert look(office.gate)
    assert until_next(office.gate) == timedelta(minutes=10)
    assert read(office) == 0
    office.clock.on(days=1)
    office.clock.at = office.clock.at.replace(hour=0, minute=0)
    office.clock.on(hours=23, minutes=57)
    assert look(office.gate)
    assert until_next(office.gate) == timedelta(minutes=3)
    assert read(office) == 1
    with office.gate.acting(Service.RELEASE) as connection:
        assert answers.latest_slot(connection) == office.clock.at.replace(hour=0, minute=0)
    office.gate.close()


def test_the_clock_opens_slots_by_itself(database: Database, tmp_path: Path) -> None:
    office = Office(database, tmp_path)
    assert look(office.gate)
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


PERSON = "Doe, Jane, 123-45-6789"


@pytest.mark.parametrize("fault", [ActRefusedError, psycopg.errors.CheckViolation, ZeroDivisionError])
def test_a_step_that_fails_keeps_no_other_waiting_and_is_tried_again(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str], fault: type[Exception]
) -> None:
    office = Office(database, tmp_path)
    tried: list[str] = []

    def fails(gate: Gate) -> None:
        tried.append("fails")
        if len(tried) < 4:
            raise fault(PERSON)

    steps = (Step("publish figures", fails), Step("go on", lambda _: tried.append("went on")))
    assert not look(office.gate, steps)
    first = office.clock.now()
    office.clock.on(minutes=1)
    assert not look(office.gate, steps)
    assert tried == ["fails", "went on"] * 2
    assert failing_steps(office.gate) == ["publish figures"]
    told = clock_goes(office.gate)
    assert told is not None
    assert told.startswith(f"it could not publish figures since {first:%Y-%m-%d %H:%M} UTC: {fault.__name__}")
    said = capsys.readouterr().err
    assert said.count(f"wicketgate: the clock could not publish figures: {fault.__name__}") == 2
    assert "Doe" not in said + told
    assert look(office.gate, steps)
    assert (failing_steps(office.gate), clock_goes(office.gate)) == ([], None)
    office.clock.on(hours=1)
    assert "has not looked since" in str(clock_goes(office.gate))
    office.gate.close()


@pytest.mark.parametrize(
    "name", ["enter the context's orders", "begin and end orders", "close and open doors"]
)
def test_answers_wait_while_an_order_could_not_be_seen_to(
    database: Database, tmp_path: Path, name: str
) -> None:
    office = Office(database, tmp_path)
    look(office.gate)
    office.one({"reasons": "none"})
    office.clock.on(days=1)

    def fails(_: Gate) -> None:
        raise ActRefusedError

    broken = tuple(replace(each, do=fails) if each.name == name else each for each in STEPS)
    assert broken != STEPS
    assert not look(office.gate, broken)
    assert read(office) == 0
    assert look(office.gate)
    assert read(office) == 1
    office.gate.close()


def test_whatever_happens_the_clock_looks_again(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gate fails to open with an error that nobody expects; the next look does its work."""
    monkeypatch.setattr(outbox_clock, "_AGAIN", timedelta(0))
    office, opened, again = Office(database, tmp_path), list[int](), Event()
    handle = office.one()
    office.endorse_and_approve(handle)
    office.clock.on(days=EXPIRES_AFTER.days)

    def opens() -> Gate:
        opened.append(1)
        if len(opened) == 1:
            raise ZeroDivisionError(PERSON)
        again.set()
        return office.gate

    with ticking(opens):
        assert again.wait(60)
    assert office.state(handle) == "expired"
    office.gate.close()


def test_a_key_process_that_did_not_hear_of_a_destruction_is_told_at_the_next_look(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(database, tmp_path)
    look(office.gate)
    handle = office.one()
    office.endorse_and_approve(handle)
    office.clock.on(days=EXPIRES_AFTER.days)
    heard: list[list[Handle]] = []

    def deaf(keys: object, destroyed: Mapping[Handle, date]) -> None:
        heard.append(list(destroyed))
        if len(heard) < 3:
            raise KeysError("The key process does not answer.")

    monkeypatch.setattr(type(office.gate.the_keys()), "destroy_shares", deaf)
    assert not look(office.gate)
    assert look(office.gate)
    assert heard == [[handle]] * 3
    for hours in (2, 4):
        office.clock.on(hours=hours)
        assert look(office.gate)
    assert len(heard) == 4, "once more for what was under way, and no more after that"
    office.gate.close()
