"""Of many pick-ups at once one is handed out (invariant 11); a door broken on purpose is seen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.conftest import copy_of
from tests.contract.world import NOW, OFFICER, TO_RELEASED, World
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.store import acts, packages
from wicketgate.store.database import Database
from wicketgate.store.services import Service

AT_ONCE = 8


def handed_out(world: World, handle: Handle) -> int:
    """How often a package leaves when its officer picks it up many times at once."""
    with world.as_(Service.PORTAL).transaction():
        assert packages.begin_pick_up(world.as_(Service.PORTAL), {handle: OFFICER.key_id}, NOW)
        said = acts.Act(handle, "pick up", Role.RECIPIENT_OFFICER, OFFICER.officer)
        acts.perform(world.as_(Service.PORTAL), [said], NOW)
    together = Barrier(AT_ONCE)

    def take(_: int) -> int:
        with world.database.connect(Service.PORTAL) as connection:
            together.wait()
            return len(packages.hand_out(connection, {handle: OFFICER.key_id}, NOW))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(pool.map(take, range(AT_ONCE)))


TAKEN = "UPDATE gate.package p SET jwe = NULL, share = NULL WHERE p.handle = of_handle;"


@pytest.mark.parametrize("broken", [False, True])
def test_one_is_handed_out_and_a_broken_door_hands_out_more(template: Database, broken: bool) -> None:
    with copy_of(template) as database:
        world = World(database)
        if broken:
            with world.administrator() as owner:
                source = owner.execute(
                    "SELECT pg_get_functiondef('gate.hand_out(text, text, timestamptz)'::regprocedure)"
                ).fetchone()
                assert source is not None
                assert TAKEN in source[0]
                owner.execute(source[0].replace(TAKEN, "").encode())
        (handle,) = world.submit()
        world.bring([handle], *TO_RELEASED)
        count = handed_out(world, handle)
        world.close()
    assert count > 1 if broken else count == 1
