"""What was released ends by expiry or recall: unopened it is destroyed, opened it is asked back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.stories.people import VALID
from tests.workplace.office import CORA, Office
from tests.workplace.signing import OFFICER, Signer, fetched
from wicketgate.core.identifiers import Handle
from wicketgate.flow.outbox import open_all
from wicketgate.flow.recall import CERTIFICATE_DUE, certify_destruction, destroy_again, expire, recall
from wicketgate.keys import KeysError
from wicketgate.stages.disclose import EXPIRES_AFTER
from wicketgate.store import recalls
from wicketgate.store.acts import ActRefusedError
from wicketgate.store.database import Database
from wicketgate.store.services import Service

WHY = "The order that the request rests on was vacated."


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Iterator[Office]:
    made = Office(database, tmp_path)
    yield made
    made.gate.close()


def released(office: Office) -> Handle:
    handle = office.one(VALID)
    office.endorse_and_approve(handle)
    open_all(office.gate)
    return handle


def test_a_recall_before_the_pick_up_destroys_in_every_copy(office: Office) -> None:
    handle = released(office)
    copy = office.row("SELECT jwe, share, sealed_at FROM gate.package WHERE handle = %s", handle.text)
    assert recall(office.gate, CORA, handle, WHY) == "recalled"
    assert office.row("SELECT jwe, share FROM gate.package WHERE handle = %s", handle.text) == (None, None)
    assert fetched(office, handle) is None
    # A backup is brought back, state and all: the key process does not forget.
    with office.gate.database.administer() as owner:
        owner.execute("SET session_replication_role = replica; ALTER TABLE gate.package DISABLE TRIGGER ALL")
        owner.execute("ALTER TABLE gate.request DISABLE TRIGGER ALL")
        owner.execute(
            "UPDATE gate.package SET jwe = %s, share = %s, destroyed_at = NULL WHERE handle = %s",
            [*copy[:2], handle.text],
        )
        owner.execute("UPDATE gate.request SET state = 'released' WHERE handle = %s", [handle.text])
        owner.execute(
            "ALTER TABLE gate.package ENABLE TRIGGER ALL; ALTER TABLE gate.request ENABLE TRIGGER ALL"
        )
    with pytest.raises(KeysError, match="used or destroyed"):
        fetched(office, handle)


def test_a_recall_after_the_pick_up_asks_for_a_signed_certificate(office: Office) -> None:
    handle = released(office)
    officer, stranger = Signer(OFFICER).registered(office), Signer("B. Broder|1|DHS").registered(office)
    assert fetched(office, handle) is not None
    assert recall(office.gate, CORA, handle, WHY) == "recall_noticed"
    with office.gate.acting(Service.AUDIT) as connection:
        assert recalls.overdue(connection, office.clock.now()) == []
        late = recalls.overdue(connection, office.clock.now() + CERTIFICATE_DUE + timedelta(seconds=1))
    assert [each.handle for each in late] == [handle]
    for certificate in (
        stranger.certifies(handle),
        Signer(OFFICER).certifies(handle),
        officer.certifies(Handle.new()),
        officer.certifies(handle, copies=0),
        officer.certifies(handle, method="burned"),
    ):
        with pytest.raises(ActRefusedError):
            certify_destruction(office.gate, certificate)
    for certificate, sentence in (
        (stranger.certifies(handle), "Only the officer who picked the package up certifies"),
        (replace(officer.certifies(handle), jws=""), "It is not signed"),
        (officer.certifies(handle, on=date(2026, 3, 2)), "a day that has not come"),
        (replace(officer.certifies(handle), media="paper"), "does not hold"),
        (replace(officer.certifies(handle), media="stone"), "on what"),
        (replace(stranger.certifies(handle), officer=OFFICER), "not signed with a registered key of this"),
    ):
        with pytest.raises(ActRefusedError, match=sentence):
            certify_destruction(office.gate, certificate)
    assert office.state(handle) == "recall_noticed"
    certify_destruction(office.gate, officer.certifies(handle, copies=2, method="purge"))
    assert office.state(handle) == "recalled"
    with office.gate.acting(Service.AUDIT) as connection:
        assert recalls.overdue(connection, office.clock.now() + timedelta(days=400)) == []
        found = recalls.of(connection, handle)
    assert found is not None
    assert found.certified_at is not None
    with pytest.raises(ActRefusedError, match="No recall"):
        certify_destruction(office.gate, officer.certifies(handle))


def test_what_nobody_picked_up_in_time_is_destroyed(office: Office) -> None:
    handle = released(office)
    assert expire(office.gate) == 0
    office.clock.on(seconds=EXPIRES_AFTER.total_seconds())
    assert fetched(office, handle) is None
    assert expire(office.gate) == 1
    assert office.state(handle) == "expired"
    assert office.row("SELECT jwe, share FROM gate.package WHERE handle = %s", handle.text) == (None, None)
    assert expire(office.gate) == 0
    with pytest.raises(ActRefusedError, match="Nothing of"):
        recall(office.gate, CORA, handle, WHY)


def test_a_recall_stands_when_the_key_process_is_away_and_is_told_later(office: Office) -> None:
    handle, keys = released(office), office.gate.keys
    office.gate.keys = None
    with pytest.raises(KeysError):
        recall(office.gate, CORA, handle, WHY)
    assert office.state(handle) == "recalled"
    office.gate.keys = keys
    assert destroy_again(office.gate) == 1


def test_a_recall_needs_reasons_counsel_and_something_that_is_out(office: Office) -> None:
    handle = office.one(VALID)
    with pytest.raises(ActRefusedError, match="Nothing of"):
        recall(office.gate, CORA, handle, WHY)
    with pytest.raises(ActRefusedError, match="reasons"):
        recall(office.gate, CORA, handle, " ")


def test_a_notice_without_its_day_and_a_certificate_without_its_words_did_not_happen(office: Office) -> None:
    handle = released(office)
    assert fetched(office, handle) is not None
    with (
        pytest.raises(Exception, match="needs its notice"),
        office.gate.acting(Service.OVERSEE) as connection,
    ):
        connection.execute(
            "INSERT INTO gate.act (handle, act, role, actor, at, reasons)"
            " VALUES (%s, 'recall', 'counsel', 'cora', now(), 'x')",
            [handle.text],
        )
    assert office.state(handle) == "picked_up"
