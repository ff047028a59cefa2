"""What one agency may read: the policies of the database, asked with the role of its door."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.world import NOW, SLOT, TO_APPROVED, TO_RELEASED, World
from wicketgate.core.finding import Determination
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.store import acts, agency, answers, requests
from wicketgate.store.database import Connection
from wicketgate.store.services import Service

TABLES = (
    "request",
    "answer",
    "act",
    "package",
    "recall",
    "submission",
    "outward",
    "recipient_key",
    "official_key",
)


@contextmanager
def door(world: World, code: str, *codes: str) -> Iterator[Connection]:
    """One transaction of an agency."""
    connection = world.as_(Service.AGENCY)
    with connection.transaction():
        agency.enter(connection, code, codes or (code,))
        yield connection


def seen(world: World, code: str, *codes: str) -> set[str]:
    with door(world, code, *codes) as connection:
        return {each.handle for each in agency.page(connection, after=None, submission=None, most=1000)}


def test_an_agency_sees_its_own_and_its_components_requests_and_no_others(fresh: World) -> None:
    ice = fresh.submit(2, ("DHS-ICE", "DHS"))
    dhs = fresh.submit(1, ("DHS",))
    fresh.submit(3, ("DOJ",))
    unknown = fresh.submit(1, ())
    assert seen(fresh, "DHS", "DHS", "DHS-ICE") == {each.text for each in ice + dhs}
    assert seen(fresh, "DHS-ICE") == {each.text for each in ice}
    assert not seen(fresh, "DHS-CBP")
    # The list of codes is only how the index is read: the policy is on the agency.
    assert seen(fresh, "DHS-ICE", "DHS-ICE", "DHS", "DOJ") == {each.text for each in ice}
    for handle in (*dhs, *unknown):
        with door(fresh, "DHS-ICE", "DHS-ICE", "DHS") as connection:
            assert agency.one(connection, handle) is None
            assert agency.written(connection, handle) is None


@pytest.mark.parametrize("table", TABLES)
def test_whoever_names_no_agency_sees_nothing(fresh: World, table: str) -> None:
    fresh.bring(fresh.submit(1), *TO_RELEASED)
    row = fresh.as_(Service.AGENCY).execute(f"SELECT count(*) FROM gate.{table}".encode()).fetchone()
    assert row == (0,)


def test_the_name_of_the_agency_ends_with_the_transaction(fresh: World) -> None:
    fresh.submit(1, ("DHS",))
    assert seen(fresh, "DHS")
    row = fresh.as_(Service.AGENCY).execute("SELECT count(*) FROM gate.request").fetchone()
    assert row == (0,)


@pytest.mark.parametrize(
    "column", ["state", "version", "changed_at", "facts", "findings", "determination", "authority_digest"]
)
def test_what_is_kept_inside_is_no_column_of_the_door(world: World, column: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), door(world, "DHS") as connection:
        connection.execute(f"SELECT {column} FROM gate.request".encode())


@pytest.mark.parametrize("table", ["package", "answer", "act", "recall"])
def test_the_door_changes_nothing(world: World, table: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), door(world, "DHS") as connection:
        connection.execute(f"DELETE FROM gate.{table}".encode())


def test_a_package_and_its_answer_are_seen_when_their_slot_has_opened(fresh: World) -> None:
    (handle,) = fresh.submit(1, ("DHS",))
    fresh.bring([handle], *TO_APPROVED)
    fresh.seal(handle)
    fresh.do("release", handle)
    release = fresh.as_(Service.RELEASE)
    answers.give(release, {handle: '{"answer": "disclosed"}'}, NOW)
    with door(fresh, "DHS") as connection:
        before = agency.one(connection, handle)
    assert before is not None
    assert (before.status, before.answer, before.expires_at, before.key_id) == (
        "in_progress",
        None,
        None,
        None,
    )
    answers.open_slot(release, (answers.latest_slot(release) or NOW) + SLOT, SLOT)
    with door(fresh, "DHS") as connection:
        after = agency.one(connection, handle)
    assert after is not None
    assert after.status == "disclosed"
    assert after.expires_at is not None
    with door(fresh, "DOJ") as connection:
        assert agency.one(connection, handle) is None


def test_an_exercise_is_nobodys_request(fresh: World) -> None:
    (handle,) = fresh.submit(1, ("DHS",))
    with fresh.administrator() as administrator:
        administrator.execute("SET session_replication_role = replica")
        administrator.execute(
            "INSERT INTO gate.exercise (handle, inspector, reasons, at) VALUES (%s, 'ina', 'why', %s)",
            [handle.text, NOW],
        )
    assert not seen(fresh, "DHS")


INSIDE = [(), ("find sufficient",), ("find sufficient", "endorse"), TO_APPROVED[:3], TO_APPROVED]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.sampled_from(INSIDE), held=st.booleans())
def test_what_happens_inside_changes_nothing_that_the_agency_reads(
    world: World, steps: tuple[str, ...], held: bool
) -> None:
    """Until an answer has left, everything that the door can read of a request is the same."""
    (handle,) = world.submit(1, ("DHS",))
    quiet = everything(world, handle)
    world.bring([handle], *steps)
    if held:
        world.do("hold", handle)
    assert everything(world, handle) == quiet


def everything(world: World, handle: Handle) -> list[object]:
    """All columns of all tables that the role may read of one request."""
    with door(world, "DHS") as connection:
        found: list[object] = [agency.one(connection, handle), agency.written(connection, handle)]
        found += [
            connection.execute(
                f"SELECT count(*) FROM gate.{table} WHERE handle = %s".encode(), [handle.text]
            ).fetchone()
            for table in ("answer", "package", "recall", "act")
        ]
    return found


def test_a_withdrawal_is_seen_and_no_other_act(fresh: World) -> None:
    first, second = fresh.submit(2, ("DHS",))
    fresh.do("find sufficient", first, second)
    acts.perform(
        fresh.as_(Service.INTAKE), [acts.Act(first, "withdraw", Role.CLERK, "cleo", None, "why")], NOW
    )
    with door(fresh, "DHS") as connection:
        assert [
            each.status for each in (agency.one(connection, first), agency.one(connection, second)) if each
        ] == [
            "withdrawn",
            "in_progress",
        ]
        assert connection.execute("SELECT handle, act FROM gate.act").fetchall() == [(first.text, "withdraw")]


def test_a_list_goes_on_where_it_stopped_and_counts_only_its_own(fresh: World) -> None:
    old = fresh.submit(3, ("DHS",), Determination.DEFICIENT)
    fresh.submit(2, ("DOJ",))
    new = fresh.submit(2, ("DHS-ICE", "DHS"))
    fresh.do("find deficient", *old)
    release = fresh.as_(Service.RELEASE)
    finding = '{"code": "A1", "citation": "c", "message": "m", "remedy": "r"}'
    told = f'{{"answer": "deficient", "findings": [{finding}]}}'
    answers.give(release, dict.fromkeys(old[:2], told), NOW)
    answers.open_slot(release, (answers.latest_slot(release) or NOW) + SLOT, SLOT)
    with door(fresh, "DHS", "DHS", "DHS-ICE") as connection:
        read: list[str] = []
        after = None
        while part := agency.page(connection, after=after, submission=None, most=2):
            read += [each.handle for each in part]
            after = agency.Key(part[-1].submission, part[-1].row)
        assert read == [each.text for each in new + old]
        listed = agency.submissions(connection, before=None, most=10)
        assert len(listed) == 2
        assert agency.counts(connection, listed[1].submission) == {"deficient": 2, "in_progress": 1}
        assert [(found["code"], n) for found, n in agency.elements(connection, listed[1].submission)] == [
            ("A1", 2)
        ]
        assert agency.submissions(connection, before=listed[1].submission, most=10) == []
    with door(fresh, "DOJ") as connection:
        assert agency.submission(connection, listed[0].submission) is None
        assert agency.counts(connection, listed[0].submission) == {}
    assert requests.find_submission(
        fresh.as_(Service.INTAKE), listed[0].digest, listed[0].authority_digest, listed[0].as_of
    )
