"""One key for one durable entry that names who, for what and about whom; for all else, one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.keeping import speaking_to
from tests.keys.desk import HANDLE, INTENT, KEY, PICKUP, Desk
from wicketgate.core.identifiers import Handle
from wicketgate.keys import KeyFolder, KeysError, KeysRefusedError, open_sealed, record_key, seal
from wicketgate.keys.keeper import GATE, LOAD
from wicketgate.ledger import Kind, LogKey, Note, Policy, SigningKey

DAY = date(2026, 3, 1)
WG = Handle(HANDLE)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "keys")
    yield made
    made.folder.close()


def test_an_entry_that_names_everything_opens_the_one_record_it_names(desk: Desk) -> None:
    loading = desk.keys.begin_load()
    mine, other = desk.log("disclosure.intended", INTENT), desk.log("dissent", {"handle": HANDLE})
    (key,) = desk.keys.record_keys(desk.prove(mine), [loading.load])
    assert key == record_key(loading.key, "ab" * 16)
    sealed = seal(key, b"12 Elm St", "ab" * 16)
    assert open_sealed(key, sealed, "ab" * 16) == b"12 Elm St"
    for wrong in (record_key(loading.key, "cd" * 16), bytes(32)):
        with pytest.raises(KeysError, match="cannot be opened"):
            open_sealed(wrong, sealed, "ab" * 16)
    with pytest.raises(KeysRefusedError, match="allows no key"):
        desk.keys.record_keys(desk.prove(other), [loading.load])


@pytest.mark.parametrize("name", ["actor", "subject", "purpose", "recipient", "handle"])
def test_an_entry_that_leaves_one_out_opens_nothing(desk: Desk, name: str) -> None:
    loading = desk.keys.begin_load()
    for fields in ({k: v for k, v in INTENT.items() if k != name}, {**INTENT, name: ""}):
        index = desk.log("disclosure.intended", fields)
        with pytest.raises(KeysRefusedError, match=f"does not name its {name}"):
            desk.keys.record_keys(desk.prove(index), [loading.load])


def test_an_entry_under_an_older_schema_that_names_no_actor_opens_nothing(desk: Desk) -> None:
    loading = desk.keys.begin_load()
    index = desk.log("disclosure.intended", INTENT)
    with pytest.raises(KeysRefusedError, match="No key is given"):
        desk.keys.record_keys(desk.prove(index, change=lambda p: replace(p, version=2)), [loading.load])


def test_what_is_not_proved_opens_nothing(desk: Desk) -> None:
    load = desk.keys.begin_load().load
    first = desk.log("disclosure.intended", INTENT)
    second = desk.log("disclosure.intended", INTENT | {"handle": "WG-5555-6666-7777"})
    spoiled = {
        "another subject": lambda p: replace(p, fields=INTENT | {"subject": "cd" * 16}),
        "other nonces": lambda p: replace(p, nonces=bytes(len(p.nonces))),
        "another place": lambda p: replace(p, index=second),
        "another way": lambda p: replace(p, path=[bytes(32)]),
        "no way": lambda p: replace(p, path=[]),
        "another kind": lambda p: replace(p, kind="pickup"),
    }
    for change in spoiled.values():
        with pytest.raises(KeysRefusedError, match="No key is given"):
            desk.keys.record_keys(desk.prove(first, change=change), [load])
    stranger = LogKey.generate(KEY.origin)
    forged = stranger.sign_checkpoint(2, bytes(32))
    with pytest.raises(KeysRefusedError, match="No key is given"):
        desk.keys.record_keys(desk.prove(first, note=forged), [load])
    with pytest.raises(KeysRefusedError, match="an entry of its own"):
        desk.keys.record_keys(desk.prove(first), [load, load])
    assert desk.keys.seen() == 0
    assert len(desk.keys.record_keys(desk.prove(first, second), [load, load])) == 2
    assert desk.keys.seen() == 2


def test_a_log_that_was_rewritten_with_its_own_key_opens_nothing(desk: Desk) -> None:
    load = desk.keys.begin_load().load
    desk.log("disclosure.intended", INTENT)
    desk.keys.record_keys(desk.prove(0), [load])
    desk.leaves.clear()
    desk.records.clear()
    for _ in range(3):
        desk.log("disclosure.intended", INTENT)
    with pytest.raises(KeysRefusedError, match="does not continue the 1 entries"):
        desk.keys.record_keys(desk.prove(2), [load])


def test_an_older_witnessed_checkpoint_is_good_and_what_was_seen_stays_seen(desk: Desk) -> None:
    load = desk.keys.begin_load().load
    for _ in range(5):
        desk.log("disclosure.intended", INTENT)
    desk.keys.record_keys(desk.prove(4), [load])
    desk.keys.record_keys(desk.prove(1, size=3), [load])
    assert desk.keys.seen() == 5


def test_with_a_policy_only_what_witnesses_cosigned_opens_anything(tmp_path: Path) -> None:
    witness = SigningKey.generate("w.example", Kind.COSIGNATURE_ED25519)
    policy = Policy.parse(f"log {KEY.vkey}\nwitness w {witness.verifier} http://w\nquorum w\n".encode())
    assert Policy.parse(bytes(policy)) == policy
    desk = Desk(tmp_path / "keys", policy)
    load = desk.keys.begin_load().load
    index = desk.log("disclosure.intended", INTENT)
    with pytest.raises(KeysRefusedError, match="too few witnesses"):
        desk.keys.record_keys(desk.prove(index), [load])
    cosigned = str(Note.parse(desk.note(1)).signed(witness, 1_772_000_000))
    assert desk.keys.record_keys(desk.prove(index, note=cosigned), [load])
    desk.folder.close()


def test_one_pick_up_entry_opens_one_share_and_no_other_entry_opens_it_again(desk: Desk) -> None:
    made = desk.keys.shares([WG], DAY)[WG]
    first, second = desk.log("pickup", PICKUP), desk.log("pickup", PICKUP)
    for _ in range(2):  # the answer may be lost on its way: the same entry, the same share
        assert desk.keys.open_shares(desk.prove(first), [(made.sealed, DAY)]) == [made.share]
    with pytest.raises(KeysRefusedError, match="used or destroyed"):
        desk.keys.open_shares(desk.prove(second), [(made.sealed, DAY)])


def test_a_share_opens_for_the_request_it_was_made_for(desk: Desk) -> None:
    made = desk.keys.shares([Handle("WG-5555-6666-7777")], DAY)
    (other,) = made.values()
    index = desk.log("pickup", PICKUP)
    with pytest.raises(KeysRefusedError, match="cannot be opened"):
        desk.keys.open_shares(desk.prove(index), [(other.sealed, DAY)])


def test_a_share_that_was_destroyed_opens_for_nobody(desk: Desk) -> None:
    made = desk.keys.shares([WG], DAY)[WG]
    index = desk.log("pickup", PICKUP)
    desk.keys.destroy_shares({WG: DAY})
    with pytest.raises(KeysRefusedError, match="used or destroyed"):
        desk.keys.open_shares(desk.prove(index), [(made.sealed, DAY)])


def test_the_shares_of_a_day_die_with_its_key(desk: Desk) -> None:
    made = desk.keys.shares([WG], DAY)[WG]
    index = desk.log("pickup", PICKUP)
    desk.keys.shares([], DAY)
    desk.keys.shares([Handle("WG-5555-6666-7777")], DAY + timedelta(days=31))
    with pytest.raises(KeysRefusedError, match="used or destroyed"):
        desk.keys.open_shares(desk.prove(index), [(made.sealed, DAY)])
    with pytest.raises(KeysRefusedError, match="never made again"):
        desk.keys.shares([WG], DAY)


def test_a_new_register_ends_the_keys_of_the_former_one(desk: Desk) -> None:
    first, second = desk.keys.begin_load(), desk.keys.begin_load()
    index = desk.log("disclosure.intended", INTENT)
    assert desk.keys.record_keys(desk.prove(index), [first.load])  # until the new one is in
    desk.keys.end_load(second.load)
    with pytest.raises(KeysRefusedError, match="has been replaced"):
        desk.keys.record_keys(desk.prove(index), [first.load])
    assert desk.keys.record_keys(desk.prove(index), [second.load])
    with pytest.raises(KeysRefusedError, match="no load 9"):
        desk.keys.end_load(9)


def test_each_account_asks_only_what_is_its_own(desk: Desk) -> None:
    gate, loader = (speaking_to(desk.keeper, frozenset({who})) for who in (GATE, LOAD))
    with pytest.raises(KeysRefusedError, match="may not ask as the load"):
        gate.begin_load()
    for question in (loader.seen, lambda: loader.shares([WG], DAY), lambda: loader.destroy_shares({WG: DAY})):
        with pytest.raises(KeysRefusedError, match="may not ask as the gate"):
            question()
    nobody = speaking_to(desk.keeper, frozenset())
    with pytest.raises(KeysRefusedError, match="may not ask"):
        nobody.seen()


@pytest.mark.parametrize(
    "message", [{}, {"ask": 1}, {"ask": "x"}, {"ask": "reveal"}, {"ask": "blind", "questions": [1]}]
)
def test_nonsense_is_refused_in_one_sentence(desk: Desk, message: dict[str, object]) -> None:
    answer = desk.keeper.answer(message, frozenset({GATE, LOAD}))
    assert set(answer.values()) == {"The key process was asked in a way that it does not know."}


def test_the_folder_belongs_to_one_process_one_log_and_one_account(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path, KEY.vkey)
    secret = folder.made("blind")
    with pytest.raises(KeysError, match="cannot be used: database is locked"):
        KeyFolder(tmp_path, KEY.vkey)
    folder.close()
    with pytest.raises(KeysError, match="another log"):
        KeyFolder(tmp_path, LogKey.generate("other.example").vkey)
    again = KeyFolder(tmp_path, KEY.vkey)
    assert again.made("blind") == secret
    again.destroy("blind")
    again.close()
    assert secret not in (tmp_path / "keys.sqlite").read_bytes()
    (tmp_path / "keys.sqlite").chmod(0o640)
    with pytest.raises(KeysError, match="chmod 600"):
        KeyFolder(tmp_path, KEY.vkey)
