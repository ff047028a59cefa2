"""What the accounting says of one person: two people, a delay, that person alone, and no way to search."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pikepdf
import psycopg
import pytest
from pdfua import validate

from tests.stories.people import ROSA, ROSA_HOME, VALID, write_register
from tests.workplace.office import ADA, CORA, ERIN, INA, SAM, Office
from tests.workplace.signing import fetched
from wicketgate.core.actor import Actor
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.flow import register_files
from wicketgate.flow.account import (
    AccountRefusedError,
    ask_account,
    questions,
    refuse_account,
    release_account,
    released_letter,
)
from wicketgate.flow.outbox import open_all
from wicketgate.flow.recall import recall
from wicketgate.store.services import Service

COREY = Actor("corey", Role.COUNSEL)
HOW = "Passport shown at the counter, copy in file 7."
WHY = "The person had a notice and asks what was sent."
SURE = "Nothing is under way that this could harm."
IVO = ("p3", "900700003", "Ivo", "", "Tremblay", "", "1970-01-02", "")
IVO_HOME = ("p3", "12 Cedar Rd", "", "Salem", "OR", "97301", "US", "2019", "", "true")
ABOUT_IVO = {
    name: text for name, text in VALID.items() if name not in ("taxpayer_middle_name", "address_line2")
} | {
    "taxpayer_first_name": "Ivo",
    "taxpayer_last_name": "Tremblay",
    "taxpayer_tin": "900-70-0003",
    "address_line1": "12 Cedar Rd",
}


def disclosed(office: Office, row: dict[str, str] = VALID) -> Handle:
    handle = office.one(row)
    office.endorse_and_approve(handle)
    open_all(office.gate)
    assert fetched(office, handle) is not None
    return handle


@pytest.fixture
def two(fresh: Office, tmp_path: Path) -> tuple[Office, Handle, Handle]:
    """Two disclosures about Rosa, one of them recalled, and one about Ivo in the same town."""
    register = write_register(tmp_path / "two", (ROSA, IVO), (ROSA_HOME, IVO_HOME))
    register_files.load(fresh.gate.acting(Service.LOAD), fresh.gate.the_keys(), register)
    first = disclosed(fresh)
    register_files.load(fresh.gate.acting(Service.LOAD), fresh.gate.the_keys(), register)
    recall(fresh.gate, CORA, disclosed(fresh), "The order was vacated.")
    return fresh, first, disclosed(fresh, ABOUT_IVO)


def text_of(letter: bytes, path: Path) -> str:
    path.write_bytes(letter)
    assert [finding.message for finding in validate(str(path)).findings] == []
    with pikepdf.open(path) as pdf:
        return str(pdf.docinfo.Title) + str(pdf.Root.Lang)


def test_two_people_and_the_delay(two: tuple[Office, Handle, Handle], tmp_path: Path) -> None:
    office, handle, _ = two
    number = ask_account(office.gate, SAM, handle, HOW, WHY)
    assert office.kinds(handle)[-1] == "account.asked"
    with pytest.raises(AccountRefusedError, match="not released before"):
        release_account(office.gate, CORA, number, SURE)
    office.clock.on(days=91)
    for actor in (SAM, INA, ERIN, ADA):
        with pytest.raises(AccountRefusedError, match="counsel decides"):
            release_account(office.gate, actor, number, SURE)
    with pytest.raises(AccountRefusedError, match="Say why"):
        release_account(office.gate, CORA, number, "yes")
    letter = release_account(office.gate, CORA, number, SURE)
    assert office.kinds(handle)[-1] == "account.decided"
    assert text_of(letter, tmp_path / "a.pdf").endswith("en")
    assert released_letter(office.gate, number) == letter, "the same bytes whenever it is made again"
    with pytest.raises(AccountRefusedError, match="decided already"):
        refuse_account(office.gate, COREY, number, SURE)


def test_the_account_is_about_that_person_alone_in_every_load_of_the_register(
    two: tuple[Office, Handle, Handle],
) -> None:
    from wicketgate.store import accounts

    office, rosa, ivo = two
    with office.gate.acting(Service.AUDIT) as connection:
        about_rosa = accounts.disclosed(connection, rosa, 10_000)
        about_ivo = accounts.disclosed(connection, ivo, 10_000)
    assert [(each.agency, each.recalled) for each in about_rosa] == [("DHS", False), ("DHS", True)]
    assert len(about_ivo) == 1
    told = repr((about_rosa, about_ivo))
    for word in ("Rosa", "Ivo", "Alma Agent", "Juniper", "Cedar"):
        assert word not in told


def test_whoever_asks_learns_nothing_until_counsel_decides(two: tuple[Office, Handle, Handle]) -> None:
    office, handle, _ = two
    nothing = office.one()
    assert isinstance(ask_account(office.gate, SAM, handle, HOW, WHY), int)
    assert isinstance(ask_account(office.gate, SAM, nothing, HOW, WHY), int)
    with pytest.raises(AccountRefusedError, match="waits already"):
        ask_account(office.gate, CORA, handle, HOW, WHY)
    with pytest.raises(AccountRefusedError, match="no request"):
        ask_account(office.gate, SAM, Handle("WG-2222-2222-2222"), HOW, WHY)
    for actor in (INA, ERIN, ADA):
        with pytest.raises(AccountRefusedError, match="takes it down"):
            ask_account(office.gate, actor, handle, HOW, WHY)
    refuse_account(office.gate, CORA, questions(office.gate)[-1].number, "An investigation is under way.")
    assert released_letter(office.gate, questions(office.gate)[-1].number) is None


def test_the_database_itself_wants_two_people_and_the_day(two: tuple[Office, Handle, Handle]) -> None:
    office, handle, _ = two
    number = ask_account(office.gate, CORA, handle, HOW, WHY)
    with pytest.raises(AccountRefusedError, match="another person"):
        release_account(office.gate, CORA, number, SURE)
    now = office.clock.now()
    release = (
        "UPDATE gate.account SET decided_by = %s, decided_at = %s, decision = 'release', words = 'because',"
        " size = 1, language = 'en', digest = 'sha256:' || repeat('0', 64)"
    )
    for by, at in (("cora", now + timedelta(days=100)), ("corey", now)):
        with pytest.raises(psycopg.errors.CheckViolation), office.gate.acting(Service.OVERSEE) as connection:
            connection.execute(release, [by, at])
    with pytest.raises(psycopg.errors.CheckViolation), office.gate.acting(Service.OVERSEE) as connection:
        connection.execute(
            "UPDATE gate.account SET decided_by = 'corey', decision = 'refuse', decided_at = now()"
        )


def test_both_languages_say_the_same_things() -> None:
    from wicketgate.flow.account import _said

    assert _said()["en"].keys() == _said()["es"].keys()


def test_a_letter_in_spanish(two: tuple[Office, Handle, Handle], tmp_path: Path) -> None:
    office, _, handle = two
    number = ask_account(office.gate, SAM, handle, HOW, WHY)
    office.clock.on(days=91)
    letter = release_account(office.gate, COREY, number, SURE, "es")
    assert text_of(letter, tmp_path / "b.pdf").endswith("es")
