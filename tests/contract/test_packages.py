"""A package is sealed for an approved request, picked up once, and only while nothing suspends it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import psycopg
import pytest

from tests.contract.world import DIGEST, NOW, OFFICER, SLOT, TO_APPROVED, TO_RELEASED, World
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.store import acts, answers, packages, suspension
from wicketgate.store.acts import ActRefusedError, SuspendedError
from wicketgate.store.database import Connection
from wicketgate.store.services import Service


def fetch(
    world: World, handle: Handle, key_id: str = OFFICER.key_id, after: timedelta = timedelta()
) -> str | None:
    """A pick-up with its act in one transaction, and what is handed out in the next."""
    return take(world.as_(Service.PORTAL), handle, key_id, after)


def take(connection: Connection, handle: Handle, key_id: str, after: timedelta = timedelta()) -> str | None:
    with connection.transaction():
        if packages.begin_pick_up(connection, {handle: key_id}, NOW + after):
            chosen = acts.Act(handle, "pick up", Role.RECIPIENT_OFFICER, OFFICER.officer)
            acts.perform(connection, [chosen], NOW)
    with connection.transaction():
        handed = packages.hand_out(connection, {handle: key_id}, NOW + after).get(handle)
    return handed.jwe if handed else None


def test_a_package_is_picked_up_once_and_then_gone(world: World) -> None:
    (handle,) = world.submit()
    world.bring([handle], *TO_RELEASED)
    assert fetch(world, handle) == f"jwe of {handle}"
    assert fetch(world, handle) is None
    with world.administrator() as connection:
        assert connection.execute(
            "SELECT jwe, share FROM gate.package WHERE handle = %s", [handle.text]
        ).fetchone() == (None, None)


def test_of_many_pick_ups_at_once_exactly_one_succeeds(world: World) -> None:
    (handle,) = world.submit()
    world.bring([handle], *TO_RELEASED)
    together = Barrier(8)

    def pick_up(_: int) -> str | None:
        with world.database.connect(Service.PORTAL) as connection:
            together.wait()
            return take(connection, handle, OFFICER.key_id)

    with ThreadPoolExecutor(8) as pool:
        received = list(pool.map(pick_up, range(8)))
    assert sorted(filter(None, received)) == [f"jwe of {handle}"]


def test_a_pick_up_without_its_act_did_not_happen(world: World) -> None:
    (handle,) = world.submit()
    world.bring([handle], *TO_RELEASED)
    with pytest.raises(psycopg.errors.CheckViolation, match="not recorded as an act"):
        packages.begin_pick_up(world.as_(Service.PORTAL), {handle: OFFICER.key_id}, NOW)
    assert world.state(handle) == "released"
    assert fetch(world, handle) is not None


def test_many_pick_ups_in_one_call_give_each_its_own(world: World) -> None:
    mine, other = world.submit(2)
    world.bring([mine, other], *TO_RELEASED)
    portal = world.as_(Service.PORTAL)
    with portal.transaction(force_rollback=True):
        keys = {mine: OFFICER.key_id, other: "key-2", Handle.new(): OFFICER.key_id}
        assert packages.begin_pick_up(portal, keys, NOW) == {mine: DIGEST}
        mine_alone = [acts.Act(mine, "pick up", Role.RECIPIENT_OFFICER, OFFICER.officer)]
        acts.perform(portal, mine_alone, NOW)
        handed = packages.hand_out(portal, keys, NOW)
        assert handed == {mine: packages.HandedOut(f"jwe of {mine}", f"share of {mine}", NOW.date())}


def test_nothing_is_handed_out_before_the_pick_up_is_said(world: World) -> None:
    (handle,) = world.submit()
    world.bring([handle], *TO_RELEASED)
    assert packages.hand_out(world.as_(Service.PORTAL), {handle: OFFICER.key_id}, NOW) == {}
    assert fetch(world, handle) is not None


def test_a_pick_up_that_is_rolled_back_did_not_happen(world: World) -> None:
    (handle,) = world.submit()
    world.bring([handle], *TO_RELEASED)
    with world.as_(Service.PORTAL).transaction(force_rollback=True):
        assert fetch(world, handle) is not None
    assert fetch(world, handle) is not None


def test_no_key_no_time_no_state_but_the_right_one(fresh: World) -> None:
    released, approved = fresh.submit(2)
    fresh.bring([released], *TO_RELEASED)
    fresh.bring([approved], *TO_APPROVED)
    fresh.seal(approved)
    assert fetch(fresh, approved) is None
    assert fetch(fresh, Handle.new()) is None
    assert fetch(fresh, released, key_id="key-2") is None
    assert fetch(fresh, released, after=timedelta(days=5)) is None
    packages.revoke_key(fresh.as_(Service.OVERSEE), OFFICER.key_id, "sam", NOW)
    assert fetch(fresh, released) is None


def test_a_destroyed_package_stays_closed(world: World) -> None:
    (handle,) = world.submit()
    world.bring([handle], *TO_RELEASED)
    packages.destroy(world.as_(Service.RELEASE), [handle], NOW)
    assert fetch(world, handle) is None


@pytest.mark.parametrize("steps", [TO_APPROVED[:number] for number in range(4)])
def test_nothing_is_sealed_before_the_approval(world: World, steps: tuple[str, ...]) -> None:
    (handle,) = world.submit()
    world.bring([handle], *steps)
    with pytest.raises(ActRefusedError, match="only for an approved request"):
        world.seal(handle)


def test_nothing_is_released_without_a_package(world: World) -> None:
    (handle,) = world.submit()
    world.bring([handle], *TO_APPROVED)
    with pytest.raises(ActRefusedError, match="no sealed package"):
        world.do("release", handle)


@pytest.mark.parametrize(
    "change",
    [
        "jwe = 'other'",
        "share = 'other'",
        "share = NULL",
        "key_id = 'x'",
        "expires_at = expires_at + interval '1 day'",
        "digest = 'x'",
    ],
)
def test_a_sealed_package_cannot_be_exchanged(world: World, change: str) -> None:
    world.bring(world.submit(), *TO_RELEASED)
    with (
        world.administrator() as connection,
        pytest.raises(psycopg.errors.CheckViolation, match=r"picked up once|go together"),
    ):
        connection.execute(f"UPDATE gate.package SET {change}".encode())


def test_a_private_key_is_never_registered(world: World) -> None:
    private = packages.RecipientKey("key-9", "B. Agent|2|DHS", {"kty": "EC", "d": "secret"})
    with pytest.raises(ActRefusedError, match="only a public P-384 key"):
        packages.register_keys(world.as_(Service.INTAKE), [private], "sam", NOW)


def test_the_newest_valid_key_of_an_officer_is_used(fresh: World) -> None:
    newer = packages.RecipientKey("key-2", OFFICER.officer, OFFICER.jwk)
    intake, oversee = fresh.as_(Service.INTAKE), fresh.as_(Service.OVERSEE)
    packages.register_keys(intake, [OFFICER], "sam", NOW)
    packages.register_keys(intake, [newer], "sam", NOW + timedelta(days=1))
    assert packages.keys_of(intake, [OFFICER.officer]) == {}
    with pytest.raises(ActRefusedError, match="Somebody else"):
        packages.confirm_keys(oversee, ["key-2"], "Sam", NOW)
    assert packages.confirm_keys(oversee, [OFFICER.key_id, "key-2"], "cora", NOW) == 2
    assert packages.keys_of(intake, [OFFICER.officer, "nobody"]) == {OFFICER.officer: newer}
    packages.revoke_key(oversee, "key-2", "sam", NOW + timedelta(days=2))
    assert packages.keys_of(intake, [OFFICER.officer]) == {OFFICER.officer: OFFICER}


def test_a_package_leaves_with_its_answer_and_not_before(fresh: World) -> None:
    (handle,) = fresh.submit()
    fresh.bring([handle], *TO_APPROVED)
    fresh.seal(handle)
    fresh.do("release", handle)
    assert fetch(fresh, handle) is None
    release = fresh.as_(Service.RELEASE)
    answers.open_slot(release, NOW, SLOT)
    answers.give(release, {handle: "{}"}, NOW)
    assert fetch(fresh, handle) is None
    answers.open_slot(release, NOW + SLOT, SLOT)
    assert fetch(fresh, handle) == f"jwe of {handle}"


class TestSuspension:
    """An order stops every disclosing act, at once, for one agency or for all."""

    def suspend(self, fresh: World, scope: str) -> None:
        suspension.suspend(
            fresh.as_(Service.OVERSEE), scope, court="D.D.C.", docket="1:25", actor="counsel-1", at=NOW
        )

    @pytest.mark.parametrize("scope", ["*", "DHS-ICE", "DHS"])
    def test_every_disclosing_act_stops(self, fresh: World, scope: str) -> None:
        handles = fresh.submit(4)
        fresh.bring(handles, "find sufficient", "endorse")
        fresh.bring(handles[1:], "verify")
        fresh.bring(handles[2:], "approve")
        fresh.bring(handles[3:], "release")
        fresh.seal(handles[2])
        self.suspend(fresh, scope)
        for act, handle in zip(("verify", "approve", "release", "pick up"), handles, strict=True):
            with pytest.raises(SuspendedError, match="suspended"):
                fresh.do(act, handle)
        assert fetch(fresh, handles[3]) is None
        fresh.do("hold", handles[0])
        suspension.lift(
            fresh.as_(Service.OVERSEE), scope, court="D.D.C.", docket="1:25", actor="counsel-1", at=NOW
        )
        fresh.do("approve", handles[1])

    def test_an_order_for_one_agency_leaves_others_open(self, fresh: World) -> None:
        self.suspend(fresh, "DOJ")
        (handle,) = fresh.submit()
        fresh.bring([handle], *TO_RELEASED)
        assert fresh.state(handle) == "released"

    def test_an_unknown_agency_is_closed(self, fresh: World) -> None:
        (handle,) = fresh.submit(agency_line=())
        fresh.bring([handle], "find sufficient", "endorse")
        with pytest.raises(SuspendedError):
            fresh.do("verify", handle)

    def test_what_cannot_be_read_is_closed(self, fresh: World) -> None:
        with fresh.administrator() as connection:
            connection.execute("ALTER TABLE gate.suspension DISABLE TRIGGER keep")
            connection.execute("DELETE FROM gate.suspension")
        assert suspension.open_among(fresh.as_(Service.RELEASE), fresh.submit()) == frozenset()

    def test_what_is_under_way_ends_before_a_suspension_holds(self, fresh: World) -> None:
        """Whoever asks meanwhile waits; whoever commits in time was before it."""
        (handle,) = fresh.submit()
        with (
            fresh.database.connect(Service.RELEASE) as release,
            fresh.database.connect(Service.OVERSEE) as order,
        ):
            assert suspension.open_among(release, [handle]) == {handle}
            release.commit()
            suspension.suspend(order, "DHS", court="c", docket="d", actor="counsel-1", at=NOW)
            release.execute("SET lock_timeout = '50ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                suspension.open_among(release, [handle])
            release.rollback()
            order.commit()
            assert not suspension.open_among(release, [handle])

    def test_a_suspension_does_not_wait_for_whoever_is_frozen(self, fresh: World) -> None:
        """A process that found the gate open and does nothing more loses its session, and what it began."""
        (handle,) = fresh.submit()
        fresh.bring([handle], *TO_APPROVED)
        fresh.seal(handle)
        frozen = fresh.database.connect(Service.RELEASE)
        assert suspension.open_among(frozen, [handle]) == {handle}
        acts.perform(frozen, [acts.Act(handle, "release", Role.GATE, "gate")], NOW)
        self.suspend(fresh, "*")
        with pytest.raises(psycopg.OperationalError):
            frozen.commit()
        frozen.close()
        assert fresh.state(handle) == "approved"

    def test_only_a_stop_ends_sessions(self, fresh: World) -> None:
        for service in Service:
            for call in ("end_stragglers", "stand_still", "stopped_scopes"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    fresh.as_(service).execute(f"SELECT gate.{call}()".encode())
