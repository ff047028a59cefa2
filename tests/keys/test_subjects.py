"""What is about one request lies under one key: bound to it, and gone for good when the key is destroyed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from threading import current_thread

import pytest

from tests.keeping import speaking_to
from tests.keys.desk import KEY, Desk
from wicketgate.core.digest import Canonical
from wicketgate.core.identifiers import Handle
from wicketgate.keys import (
    Keeper,
    KeyFolder,
    Keys,
    KeysError,
    KeysRefusedError,
    KeysUnreachableError,
    SubjectVault,
    folder,
)
from wicketgate.keys.disposal import list_digest
from wicketgate.keys.folder import FILE
from wicketgate.keys.keeper import LOAD
from wicketgate.keys.messages import Message, text_of

ONE, TWO = Handle("WG-2B3C-4D5F-6G7H"), Handle("WG-5555-6666-7777")
CONFIRMED: dict[str, Canonical] = {
    "number": 1,
    "act": "confirm",
    "schedule": "disclosures",
    "authority": "GRS 4.2 item 050",
    "proposer": "sam",
    "actor": "cora",
    "list_digest": list_digest([ONE.text]),
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "keys")
    yield made
    made.folder.close()


def test_what_is_sealed_opens_only_as_what_it_is_of_its_request(desk: Desk) -> None:
    vault = SubjectVault(desk.keys)
    sealed, other = vault.seal([(ONE, "request", b"Rosa"), (TWO, "request", b"Pedro")])
    assert b"Rosa" not in sealed
    assert SubjectVault(desk.keys).open([(TWO, "request", other), (ONE, "request", sealed)]) == [
        b"Pedro",
        b"Rosa",
    ]
    for wrong in ((ONE, "facts", sealed), (TWO, "request", sealed), (ONE, "request", sealed[:-1] + b"x")):
        with pytest.raises(KeysError, match="cannot be opened"):
            vault.open([wrong])


def test_a_key_that_is_missing_is_no_key_that_was_destroyed(desk: Desk) -> None:
    (sealed,) = SubjectVault(desk.keys).seal([(ONE, "request", b"Rosa")])
    with pytest.raises(KeysRefusedError, match="never was a key for WG-5555"):
        SubjectVault(desk.keys).open([(TWO, "request", sealed)])


def test_only_the_gate_is_given_keys_of_requests(desk: Desk) -> None:
    with pytest.raises(KeysRefusedError, match="may not ask as the gate"):
        speaking_to(desk.keeper, frozenset({LOAD})).subject_keys([ONE.text], make=True)


def test_keys_are_destroyed_only_against_the_entry_of_two_people_about_these_requests(desk: Desk) -> None:
    vault = SubjectVault(desk.keys)
    pieces = [(ONE, "request", b"Rosa"), (TWO, "request", b"Pedro")]
    sealed = vault.seal(pieces)
    for fields, why in (
        (CONFIRMED | {"act": "propose"}, "not the confirmation"),
        (CONFIRMED | {"actor": "Sam"}, "it takes two"),
        (CONFIRMED | {"authority": ""}, "does not name its authority"),
        (CONFIRMED | {"list_digest": list_digest([TWO.text])}, "about other requests"),
    ):
        index = desk.log("disposition", fields)
        with pytest.raises(KeysRefusedError, match=why):
            desk.keys.expunge(desk.prove(index), [ONE.text])
    index = desk.log("disposition", CONFIRMED)
    with pytest.raises(KeysRefusedError, match="about other requests"):
        desk.keys.expunge(desk.prove(index), [ONE.text, TWO.text])
    desk.keys.expunge(desk.prove(index), [ONE.text])
    desk.keys.expunge(desk.prove(index), [ONE.text])  # again, after a crash
    fresh = SubjectVault(desk.keys)
    opened = [(handle, what, data) for (handle, what, _), data in zip(pieces, sealed, strict=True)]
    assert fresh.open(opened) == [None, b"Pedro"]
    with pytest.raises(KeysRefusedError, match="it was expunged"):
        fresh.seal([(ONE, "request", b"Rosa again")])


def test_a_destroyed_key_is_in_no_file_of_the_folder(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "keys")
    names = [Handle.new().text for _ in range(2_000)]
    secrets = desk.keys.subject_keys(names, make=True)
    gone, kept = names[700:900], secrets[:700]

    def found(wanted: list[bytes | None]) -> int:
        """Of which at least a half is there: a page may end within a key."""
        files = [file.read_bytes() for file in (tmp_path / "keys").iterdir()]
        halves = [(each[:16], each[16:]) for each in wanted if each is not None]
        return sum(any(first in data or last in data for data in files) for first, last in halves)

    assert found(secrets[700:900]) == 200
    index = desk.log("disposition", CONFIRMED | {"list_digest": list_digest(gone)})
    desk.keys.expunge(desk.prove(index), gone)
    assert found(secrets[700:900]) == 0
    assert found(kept) == 700
    desk.folder.close()
    reopened = KeyFolder(tmp_path / "keys", KEY.vkey)
    assert speaking_to(Keeper(reopened, KEY.verifier)).subject_keys(names[:701], make=False) == [*kept, None]
    reopened.close()


def test_a_process_killed_while_it_destroys_leaves_no_key_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path / "keys")
    names = [Handle.new().text for _ in range(50)]
    secrets = desk.keys.subject_keys(names, make=True)

    def left() -> int:
        files = [file.read_bytes() for file in (tmp_path / "keys").iterdir()]
        return sum(secret is not None and any(secret in data for data in files) for secret in secrets)

    def dies(_: KeyFolder) -> None:
        raise ZeroDivisionError

    index = desk.log("disposition", CONFIRMED | {"list_digest": list_digest(names)})
    with monkeypatch.context() as killed:
        killed.setattr(KeyFolder, "_overwrite_journal", dies)
        with pytest.raises(ZeroDivisionError):
            desk.keys.expunge(desk.prove(index), names)
    desk.folder.close()
    assert left() == len(names), "they lie in the journal still"
    KeyFolder(tmp_path / "keys", KEY.vkey).close()
    assert left() == 0


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_a_key_of_another_length_opens_and_seals_nothing(size: int) -> None:
    answer = {"keys": text_of(bytes(size)), "gone": []}
    vault = SubjectVault(Keys(lambda _: answer))
    with pytest.raises(KeysRefusedError, match="another number of keys"):
        vault.seal([(ONE, "request", b"Rosa")])


def test_keys_stay_the_same_when_they_are_put_in_their_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "_FRESH", 8)
    desk = Desk(tmp_path / "keys")
    names = [Handle.new().text for _ in range(30)]
    made = [desk.keys.subject_keys(names[at : at + 3], make=True) for at in range(0, 30, 3)]
    secrets = [secret for three in made for secret in three]
    assert len(set(secrets)) == 30
    assert desk.keys.subject_keys(names * 2, make=True) == secrets * 2
    desk.folder.close()
    reopened = KeyFolder(tmp_path / "keys", KEY.vkey)
    assert reopened.subjects(names) == secrets
    reopened.close()


def test_keys_that_a_folder_of_before_kept_one_by_one_still_open(tmp_path: Path) -> None:
    KeyFolder(tmp_path, KEY.vkey).close()
    with sqlite3.connect(tmp_path / FILE) as before:
        before.execute("CREATE TABLE fresh (id INTEGER PRIMARY KEY, name TEXT, secret BLOB)")
        before.execute("INSERT INTO fresh (name, secret) VALUES (?, ?)", [ONE.text, bytes(32)])
    before.close()
    for _ in range(2):
        folder = KeyFolder(tmp_path, KEY.vkey)
        assert folder.subjects([ONE.text]) == [bytes(32)]
        folder.close()


def test_a_key_whose_making_was_undone_is_given_to_nobody(desk: Desk) -> None:
    def undone() -> None:
        with desk.folder.durably():
            desk.folder.subjects([ONE.text], make=True)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        undone()
    with pytest.raises(KeysError, match="never was a key"):
        desk.folder.subjects([ONE.text])


def test_a_key_that_is_fetched_beforehand_is_used_and_an_expunged_one_is_not_kept(desk: Desk) -> None:
    askers: list[str] = []
    vault: SubjectVault

    def exchange(message: Message) -> Message:
        askers.append(current_thread().name)
        return desk.keys.exchange(message)

    vault = SubjectVault(Keys(exchange))
    vault.ready([ONE, TWO])
    vault.seal([(ONE, "request", b"Rosa"), (TWO, "request", b"Pedro")])
    assert askers == ["keys"], "asked once, and not by whoever seals"

    def forgetful(message: Message) -> Message:
        answer = desk.keys.exchange(message)
        vault.forget()  # an expungement while the answer is on its way
        askers.append("forgetful")
        return answer

    vault = SubjectVault(Keys(forgetful))
    vault.seal([(ONE, "request", b"Rosa")])
    vault.seal([(ONE, "request", b"Rosa")])
    assert askers == ["keys", "forgetful", "forgetful"]


def test_keys_that_cannot_be_fetched_beforehand_are_asked_for_again() -> None:
    def silent(_: Message) -> Message:
        raise KeysUnreachableError("no answer")

    vault = SubjectVault(Keys(silent))
    vault.ready([ONE, TWO])
    with pytest.raises(KeysUnreachableError):
        vault.seal([(ONE, "request", b"Rosa")])
