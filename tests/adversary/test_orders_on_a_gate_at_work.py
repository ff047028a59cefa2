"""A small version of the campaign: an order stops a gate at work, a frozen process included."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaigns import orders
from tests.workplace.office import ADA, CORA, INA, SAM, Office
from wicketgate.core.identifiers import Handle
from wicketgate.flow.gate import Gate
from wicketgate.flow.orders import OrderRefusedError
from wicketgate.flow.rehearsal import rehearse
from wicketgate.store import suspension
from wicketgate.store.database import Database, DatabaseError
from wicketgate.store.services import Service

_NO_LOCK = """CREATE OR REPLACE FUNCTION gate.stand_still() RETURNS integer LANGUAGE sql AS 'SELECT 0'"""
_HANDED_OUT = """INSERT INTO gate.package (handle, key_id, digest, sealed_at, expires_at, picked_up_at)
    SELECT %s, min(key_id), '', now(), now() + interval '1 day', now() FROM gate.recipient_key"""


def test_all_stand_still_in_two_seconds_and_nothing_leaves_after(database: Database, tmp_path: Path) -> None:
    found = orders.run(database, tmp_path, count=2_000, processes=2, sessions=5, times=4, seed=1)
    assert found.afterwards == 0
    assert all(found.disclosed), "each time something was disclosed before the order"
    assert found.slowest < orders.ALLOWED


def test_a_rehearsal_suspends_nothing_and_says_what_it_was(database: Database, tmp_path: Path) -> None:
    office = Office(database, tmp_path)
    handle = office.endorsed()
    done = rehearse(office.gate, INA, hold=0)
    assert (done.released, done.ended) == (0, 0)
    assert office.value("SELECT count(*) FROM gate.court_order") == 0
    assert office.value("SELECT count(*) FROM gate.stop") == 0
    assert office.value("SELECT count(*) FROM log.entry WHERE kind IN ('rehearsal', 'order.act')") == 2
    office.approve(ADA, handle)
    with pytest.raises(OrderRefusedError):
        rehearse(office.gate, SAM, hold=0)
    office.gate.close()


def test_a_rehearsal_counts_what_leaves_a_gate_that_only_seems_to_stand(
    database: Database, tmp_path: Path
) -> None:
    """An act beside the lock, and a package that a door hands out unasked: neither shows in the log."""
    office = Office(database, tmp_path)
    handle, picked_up = office.endorsed(), office.endorsed()
    with database.administer() as owner:
        owner.execute(_NO_LOCK)
        owner.execute("ALTER TABLE gate.package DISABLE TRIGGER USER")

    def meanwhile(_: float) -> None:
        office.approve(ADA, handle)
        with database.administer() as owner:
            owner.execute(_HANDED_OUT, [picked_up.text])

    assert rehearse(office.gate, INA, wait=meanwhile).released == 2
    assert rehearse(office.gate, INA, hold=0).released == 0
    told = office.value(
        "SELECT body ->> 'released' FROM log.entry WHERE kind = 'rehearsal' ORDER BY idx LIMIT 1"
    )
    assert told == "2"
    office.gate.close()


def test_a_gate_goes_on_after_its_session_was_ended(database: Database, tmp_path: Path) -> None:
    """What it had begun was not done; its log is verified again before it writes."""
    office = Office(database, tmp_path)
    handle = office.endorsed()
    with pytest.raises(DatabaseError, match="nothing of this step was done"):
        stopped_in_the_middle(office.gate, handle)
    assert office.state(handle) == "verified"
    office.approve(ADA, handle)
    assert office.state(handle) == "approved"
    office.gate.close()


def stopped_in_the_middle(gate: Gate, handle: Handle) -> None:
    with gate.acting(Service.DECIDE) as connection:
        assert suspension.open_among(connection, [handle])
        assert rehearse(gate, CORA, hold=0).ended == 1
        connection.execute("SELECT")
