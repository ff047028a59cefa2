"""A signed request counts once, from the official it names, for that recipient, unchanged."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from tests.stories.people import VALID
from tests.workplace.office import CORA, ERIN, SAM, Office
from tests.workplace.signing import OFFICER, OFFICIAL, Signer, fetched, send
from wicketgate.core.actor import Actor
from wicketgate.core.roles import Role
from wicketgate.flow.agency_side import AgencySide
from wicketgate.flow.official_keys import confirm_key, register_key, revoke_key
from wicketgate.flow.outbox import open_all
from wicketgate.flow.signed import UnsignedError
from wicketgate.flow.work.onward import onward
from wicketgate.keys import KeysError
from wicketgate.stages.disclose import new_officer_key
from wicketgate.stages.signing import REQUEST, Signature, sign
from wicketgate.store import packages
from wicketgate.store.acts import ActRefusedError
from wicketgate.store.database import Database
from wicketgate.store.packages import RecipientKey
from wicketgate.store.services import Service

OTHER = Actor("sofia", Role.SAFEGUARDS_OFFICER)


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Iterator[Office]:
    made = Office(database, tmp_path)
    made.gate.signed_only = True
    yield made
    made.gate.close()


def kinds(office: Office) -> list[str]:
    with office.gate.acting(Service.AUDIT) as connection:
        return [kind for (kind,) in connection.execute("SELECT kind FROM log.entry ORDER BY idx")]


def test_a_signed_request_comes_in_once_and_its_signature_is_kept(office: Office) -> None:
    official = Signer(OFFICIAL).registered(office)
    signature = official.signs(office, VALID)
    (handle,), refused = send(office, VALID, signature)
    assert refused == []
    again, refused = send(office, VALID, signature)
    assert (again, [each.why for each in refused]) == (
        [],
        ["Its signature, or its number in the official's count, was used before."],
    )
    kept = office.value("SELECT jws FROM gate.signed_request WHERE handle = %s", handle.text)
    assert kept == signature.jws
    assert kinds(office)[-2:] == ["request.received", "access.denied"]


def test_of_many_who_send_the_same_signature_at_once_one_is_received(office: Office) -> None:
    official = Signer(OFFICIAL).registered(office)
    signature = official.signs(office, VALID)
    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(lambda _: send(office, VALID, signature), range(6)))
    assert sorted(len(received) for received, _ in results) == [0] * 5 + [1]


def spoiled(office: Office, name: str, official: Signer) -> tuple[dict[str, str], Signature]:
    """A row and a signature that must not count together."""
    good, late = official.signs(office, VALID), office.clock.now() + timedelta(days=400)
    stranger, unconfirmed = Signer(OFFICIAL), Signer(OFFICIAL)
    register_key(office.gate, CORA, unconfirmed.registration())
    other = Signer("Somebody Else").registered(office)
    elsewhere = Signer(OFFICIAL, "DOJ").registered(office)
    with office.gate.acting(Service.INTAKE) as connection:
        public, _ = new_officer_key()
        packages.register_keys(
            connection, [RecipientKey("not-hers", "B. Broder", public)], "sam", office.clock.now()
        )
    with office.gate.acting(Service.OVERSEE) as connection:
        packages.confirm_keys(connection, ["not-hers"], "cora", office.clock.now())
    changed = replace(good.terms, sequence=good.terms.sequence + 1)
    bent = sign({"another": "document"}, official.private, REQUEST)
    return {
        "a changed request": (VALID | {"taxpayer_first_name": "Roza"}, good),
        "changed terms": (VALID, replace(good, terms=changed)),
        "another document": (VALID, replace(good, jws=bent)),
        "a key that nobody registered": (VALID, stranger.signs(office, VALID)),
        "a key that nobody confirmed": (VALID, unconfirmed.signs(office, VALID)),
        "another official's key": (VALID, other.signs(office, VALID)),
        "another agency's key": (VALID, elsewhere.signs(office, VALID)),
        "expired": (VALID, official.signs(office, VALID, expires=office.clock.now())),
        "too long": (VALID, official.signs(office, VALID, expires=late)),
        "another officer's key": (
            VALID,
            official.signs(office, VALID, recipient_key="not-hers"),
        ),
        "an unknown recipient": (VALID, official.signs(office, VALID, recipient_key="sha256:0")),
        "the number of another": (VALID, official.signs(office, VALID, sequence=77)),
    }[name]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("a changed request", "does not hold"),
        ("changed terms", "does not hold"),
        ("another document", "does not hold"),
        ("a key that nobody registered", "not registered, not confirmed or revoked"),
        ("a key that nobody confirmed", "not registered, not confirmed or revoked"),
        ("another official's key", "somebody else than the official"),
        ("another agency's key", "another agency"),
        ("expired", "expired"),
        ("too long", "more than 90 days"),
        ("another officer's key", "not one of the first officer"),
        ("an unknown recipient", "not one of the first officer"),
        ("the number of another", "used before"),
    ],
)
def test_whatever_is_not_as_it_was_signed_is_refused_and_on_record(
    office: Office, name: str, why: str
) -> None:
    official = Signer(OFFICIAL).registered(office)
    send(office, VALID, official.signs(office, VALID, sequence=77))
    row, signature = spoiled(office, name, official)
    received, refused = send(office, row, signature)
    assert received == []
    assert why in refused[0].why
    assert kinds(office)[-1] == "access.denied"
    assert "Rosa" not in refused[0].why


def test_an_unsigned_request_is_refused_where_signatures_are_required(office: Office) -> None:
    with pytest.raises(UnsignedError, match="signed requests only"):
        office.receive(VALID)
    received, refused = send(office, VALID, None)
    assert (received, refused[0].why) == ([], "It is not signed.")
    office.gate.signed_only = False
    assert len(office.receive(VALID)) == 1


class TestKeys:
    """A key counts once two people have said whose it is, and ends at one person's word."""

    def test_one_person_alone_makes_no_key_count(self, office: Office) -> None:
        official = Signer(OFFICIAL)
        register_key(office.gate, SAM, official.registration())
        for actor in (SAM, Actor("SAM".lower(), Role.COUNSEL)):
            with pytest.raises(ActRefusedError, match="Somebody else"):
                confirm_key(office.gate, actor, official.key_id)
        confirm_key(office.gate, OTHER, official.key_id)
        with pytest.raises(ActRefusedError, match="waits to be confirmed"):
            confirm_key(office.gate, CORA, official.key_id)
        assert kinds(office)[-2:] == ["official.key", "official.key"]

    def test_whoever_does_not_hold_the_key_registers_nothing(self, office: Office) -> None:
        victim, thief = Signer(OFFICIAL), Signer(OFFICIAL)
        stolen = replace(victim.registration(), official="Mal Lory")
        other = replace(victim.registration(), jwk=thief.public)
        for registration in (stolen, other, replace(victim.registration(), proof="a..b")):
            with pytest.raises(ActRefusedError, match="not registered"):
                register_key(office.gate, CORA, registration)
        private = replace(victim.registration(), jwk=victim.private)
        with pytest.raises(ActRefusedError, match="only a public"):
            register_key(office.gate, CORA, private)

    def test_only_those_who_keep_keys_register_them_and_only_for_known_agencies(self, office: Office) -> None:
        with pytest.raises(ActRefusedError, match="Only counsel or a safeguards officer"):
            register_key(office.gate, ERIN, Signer(OFFICIAL).registration())
        with pytest.raises(ActRefusedError, match="knows no agency"):
            register_key(office.gate, CORA, Signer(OFFICIAL, "XYZ").registration())
        register_key(office.gate, CORA, (official := Signer(OFFICIAL)).registration())
        with pytest.raises(ActRefusedError, match="registered already"):
            register_key(office.gate, CORA, official.registration())

    def test_a_revoked_key_signs_nothing_more_and_a_new_one_takes_its_place(self, office: Office) -> None:
        official = Signer(OFFICIAL).registered(office)
        with pytest.raises(ActRefusedError, match="reasons"):
            revoke_key(office.gate, CORA, official.key_id, " ")
        revoke_key(office.gate, CORA, official.key_id, "Lost with a bag.")
        _, refused = send(office, VALID, official.signs(office, VALID))
        assert "revoked" in refused[0].why
        with pytest.raises(ActRefusedError, match="in use"):
            revoke_key(office.gate, CORA, official.key_id, "Again.")
        received, _ = send(office, VALID, Signer(OFFICIAL).registered(office).signs(office, VALID))
        assert len(received) == 1

    def test_even_the_owner_changes_nothing_else_about_a_key(self, office: Office) -> None:
        official = Signer(OFFICIAL).registered(office)
        with office.gate.database.administer() as owner:
            for change in ("official = 'x'", "confirmed_by = 'y'", "jwk = '{}'", "registered_by = 'z'"):
                with pytest.raises(psycopg.Error, match=r"confirmed once|check"), owner.transaction():
                    owner.execute(f"UPDATE gate.official_key SET {change}".encode())
        assert official.key_id


def test_a_package_goes_to_the_key_that_was_signed_for_and_to_a_signed_pick_up_once(office: Office) -> None:
    """Signed from end to end; a newer key of the same officer is not what the official signed."""
    official, officer = Signer(OFFICIAL).registered(office), Signer(OFFICER).registered(office)
    (handle,), _ = send(office, VALID, official.signs(office, VALID))
    onward(office.gate, handle)
    signed_for = AgencySide(office.folder).key_id(OFFICER)
    with office.gate.acting(Service.INTAKE) as connection:
        newer = RecipientKey("newer", OFFICER, new_officer_key()[0])
        packages.register_keys(connection, [newer], "sam", office.clock.now() + timedelta(days=1))
    with office.gate.acting(Service.OVERSEE) as connection:
        packages.confirm_keys(connection, [newer.key_id], "cora", office.clock.now())
    office.endorse_and_approve(handle)
    open_all(office.gate)
    assert office.value("SELECT key_id FROM gate.package WHERE handle = %s", handle.text) == signed_for
    assert fetched(office, handle) is None  # not signed
    stranger = Signer(OFFICER)
    assert fetched(office, handle, stranger.asks_for(office, handle)) is None
    assert fetched(office, handle, officer.asks_for(office, handle, expires=office.clock.now())) is None
    mine = officer.asks_for(office, handle)
    assert fetched(office, handle, mine._replace(nonce="x" * 20)) is None
    assert office.state(handle) == "released"
    with ThreadPoolExecutor(6) as pool:
        got = [each for each in pool.map(lambda _: fetched(office, handle, mine), range(6)) if each]
    assert len(got) == 1
    assert office.state(handle) == "picked_up"
    assert fetched(office, handle, mine) is None
    assert fetched(office, handle, officer.asks_for(office, handle)) is None


def test_what_was_recorded_and_not_handed_out_waits_for_a_signature_of_now(office: Office) -> None:
    official, officer = Signer(OFFICIAL).registered(office), Signer(OFFICER).registered(office)
    stranger, keys = Signer("B. Broder|1|DHS").registered(office), office.gate.keys
    (handle,), _ = send(office, VALID, official.signs(office, VALID))
    onward(office.gate, handle)
    office.endorse_and_approve(handle)
    open_all(office.gate)
    office.gate.keys, mine = None, officer.asks_for(office, handle)
    with pytest.raises(KeysError):
        fetched(office, handle, mine)
    office.gate.keys = keys
    assert office.state(handle) == "picked_up"
    assert fetched(office, handle) is None
    assert fetched(office, handle, stranger.asks_for(office, handle)) is None
    assert fetched(office, handle, mine) is None  # it counted once
    assert fetched(office, handle, officer.asks_for(office, handle)) is not None
