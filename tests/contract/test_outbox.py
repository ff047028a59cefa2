"""Answers leave in slots of the clock, all kinds alike, in random order, and nothing shows before."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from tests.contract.world import NOW, SLOT, World
from wicketgate.core.identifiers import Handle
from wicketgate.store import answers
from wicketgate.store.acts import ActRefusedError
from wicketgate.store.services import Service

ANSWERING = (Service.REVIEW, Service.VERIFY, Service.DECIDE, Service.RELEASE)
BEFORE_ALL = NOW - timedelta(days=365)


@pytest.fixture
def hourly(fresh: World) -> World:
    """A gate whose answers leave once an hour."""
    answers.open_slot(fresh.as_(Service.RELEASE), NOW, SLOT)
    return fresh


def told(world: World) -> list[tuple[object, Handle, str]]:
    with world.as_(Service.PORTAL).transaction():
        return list(answers.left_after(world.as_(Service.PORTAL), BEFORE_ALL))


def test_an_answer_is_given_once_and_read_when_its_slot_opens(hourly: World) -> None:
    (handle,) = hourly.submit()
    review, portal = hourly.as_(Service.REVIEW), hourly.as_(Service.PORTAL)
    open_slot = hourly.as_(Service.RELEASE)
    answers.give(review, {handle: "{}"}, NOW + timedelta(minutes=1))
    for at in (NOW, NOW + timedelta(minutes=59, seconds=59)):
        assert answers.open_slot(open_slot, at, SLOT) == NOW
        assert answers.read(portal, handle) is None
    assert answers.open_slot(open_slot, NOW + SLOT, SLOT) == NOW + SLOT
    assert answers.read(portal, handle) == "{}"
    with pytest.raises(ActRefusedError, match="once"):
        answers.give(review, {handle: "other"}, NOW)


def test_every_service_that_answers_answers_into_the_same_slot(hourly: World) -> None:
    handles = hourly.submit(len(ANSWERING))
    for number, (service, handle) in enumerate(zip(ANSWERING, handles, strict=True)):
        answers.give(hourly.as_(service), {handle: "{}"}, NOW + timedelta(minutes=number * 14))
    answers.open_slot(hourly.as_(Service.RELEASE), NOW + SLOT, SLOT)
    assert {(at, body) for at, _, body in told(hourly)} == {(NOW + SLOT, "{}")}
    assert {handle for _, handle, _ in told(hourly)} == set(handles)


def test_an_answer_that_comes_after_its_slot_waits_for_the_next(hourly: World) -> None:
    (handle,) = hourly.submit()
    release, portal = hourly.as_(Service.RELEASE), hourly.as_(Service.PORTAL)
    answers.open_slot(release, NOW + SLOT, SLOT)
    answers.give(release, {handle: "{}"}, NOW)  # decided long before, recorded late
    assert answers.read(portal, handle) is None
    answers.open_slot(release, NOW + 2 * SLOT, SLOT)
    assert answers.read(portal, handle) == "{}"


def test_a_slot_opens_after_what_is_under_way(hourly: World) -> None:
    (handle,) = hourly.submit()
    with hourly.database.connect(Service.REVIEW) as review, hourly.database.connect(Service.RELEASE) as clock:
        answers.give(review, {handle: "{}"}, NOW)
        clock.execute("SET lock_timeout = '50ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            answers.open_slot(clock, NOW + SLOT, SLOT)
        clock.rollback()
        review.commit()
        answers.open_slot(clock, NOW + SLOT, SLOT)
        clock.commit()
    assert answers.read(hourly.as_(Service.PORTAL), handle) == "{}"


def test_the_clock_never_goes_back(hourly: World) -> None:
    release = hourly.as_(Service.RELEASE)
    assert answers.open_slot(release, NOW, SLOT) == NOW
    assert answers.open_slot(release, NOW - timedelta(days=3), SLOT) == NOW


@pytest.mark.parametrize("length", [timedelta(), timedelta(seconds=59), timedelta(days=8), -SLOT])
def test_a_slot_is_a_minute_to_a_week(hourly: World, length: timedelta) -> None:
    with pytest.raises((psycopg.errors.CheckViolation, psycopg.errors.DataError)):
        answers.open_slot(hourly.as_(Service.RELEASE), NOW, length)


def test_the_order_within_a_slot_is_nobodys(hourly: World) -> None:
    handles = hourly.submit(64)
    release = hourly.as_(Service.RELEASE)
    answers.give(release, dict.fromkeys(handles[:32], "{}"), NOW)
    answers.give(release, dict.fromkeys(handles[32:], "{}"), NOW)
    answers.open_slot(release, NOW + SLOT, SLOT)
    left = [handle for _, handle, _ in told(hourly)]
    assert sorted(left) == sorted(handles)
    assert left != handles
    assert left != sorted(handles)
    assert {handles.index(handle) < 32 for handle in left[:32]} == {True, False}
    assert left == [handle for _, handle, _ in told(hourly)]


@pytest.mark.parametrize("column", ["ctid", "xmin", "count(*)", "max(ready_at)", "max(place::text)"])
def test_the_door_learns_nothing_of_what_waits(hourly: World, column: str) -> None:
    portal = hourly.as_(Service.PORTAL)

    def seen() -> object:
        try:
            return portal.execute(f"SELECT {column} FROM gate.answer".encode()).fetchall()
        except psycopg.errors.InsufficientPrivilege:
            return "refused"

    before = seen()
    answers.give(hourly.as_(Service.DECIDE), dict.fromkeys(hourly.submit(3), "{}"), NOW)
    assert seen() == before
    if column in ("ctid", "xmin"):
        assert before == "refused"


@pytest.mark.parametrize("service", sorted(set(Service) - {Service.RELEASE}))
def test_only_the_releasing_service_opens_a_slot(world: World, service: Service) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        answers.open_slot(world.as_(service), NOW, SLOT)


@pytest.mark.parametrize("service", Service)
def test_nobody_answers_past_the_outbox(world: World, service: Service) -> None:
    (handle,) = world.submit()
    for statement in (
        f"INSERT INTO gate.answer (handle, body, ready_at) VALUES ('{handle}', '{{}}', now())",
        "UPDATE gate.outbox SET opened_until = now()",
        "DELETE FROM gate.answer",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            world.as_(service).execute(statement.encode())
