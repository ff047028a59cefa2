"""A private record leaves nothing in public but 64 bytes that mean nothing without its nonces."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wicketgate.core.digest import canonical
from wicketgate.ledger import (
    Committed,
    LedgerError,
    LogKey,
    Opening,
    commit,
    commit_many,
    open_field,
    public_leaf,
    read_public_leaf,
    verify_opening,
)
from wicketgate.ledger.record import hash_fields, leaf_from, leaf_version
from wicketgate.ledger.schemas import CURRENT, PRIVATE, PUBLIC

KIND = "disclosure.intended"
FIELDS: dict[str, Any] = {
    "handle": "WG-2B3C-4D5F-6G7H",
    "subject": "María-José O'Neill \U0001f5fd \"\\\n",
    "item": "last_known_address",
    "agency": "DOJ",
    "recipient": "A. Agent|1234|DOJ",
    "purpose": None,
    "at": "2026-03-01T12:00:00Z",
}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KINDS = st.sampled_from(sorted(PRIVATE[CURRENT]))


def fixed(count: int, seed: bytes = b"") -> bytes:
    return b"".join(hashlib.sha256(seed + bytes([at])).digest() for at in range(count))


def nonces(kind: str, seed: bytes = b"") -> bytes:
    return fixed(len(PRIVATE[CURRENT][kind]) + 1, seed)


@given(KINDS, st.data())
def test_every_field_opens_and_only_as_it_was(kind: str, data: st.DataObject) -> None:
    names = PRIVATE[CURRENT][kind]
    fields = data.draw(st.dictionaries(st.sampled_from(names), VALUES))
    made = commit(kind, fields)
    name = data.draw(st.sampled_from(names))
    opening = open_field(made.leaf, kind, fields, made.nonces, name)
    assert (opening.present, opening.value) == (name in fields, fields.get(name))
    assert verify_opening(made.leaf, Opening.from_text(opening.to_text()))
    other = data.draw(VALUES.filter(lambda value: canonical(value) != canonical(opening.value)))
    assert not verify_opening(made.leaf, replace(opening, value=other, present=True))
    assert not verify_opening(made.leaf, replace(opening, present=not opening.present))


def test_a_field_has_one_name_one_place_and_one_kind() -> None:
    made = commit(KIND, FIELDS)
    opening = open_field(made.leaf, KIND, FIELDS, made.nonces, "subject")
    swapped = ("subject", "handle", *opening.fields[2:])
    for change in (
        {"name": "recipient"},
        {"kind": "pickup"},
        {"kind": "disclosure.intended "},
        {"fields": swapped},
        {"fields": (*opening.fields, "more")},
        {"nonce": bytes(32)},
        {"nonce": opening.nonce[:31]},
        {"head_nonce": bytes(32)},
        {"path": opening.path[:-1]},
        {"path": opening.path[::-1]},
        {"value": float("nan")},
        {"leaf": commit(KIND, FIELDS).leaf},
    ):
        assert not verify_opening(made.leaf, replace(opening, **change)), change
    assert not verify_opening(commit(KIND, FIELDS).leaf, opening)
    assert verify_opening(made.leaf, opening)


def test_one_opening_shows_nothing_of_the_other_fields() -> None:
    """What is handed over is the same for any other content of the record, but for salted hashes."""
    others = [FIELDS, {**FIELDS, "subject": "Somebody Else"}, {"item": FIELDS["item"]}]
    made = [commit(KIND, fields, nonces=nonces(KIND)) for fields in others]
    shown = [
        open_field(one.leaf, KIND, fields, one.nonces, "item")
        for one, fields in zip(made, others, strict=True)
    ]
    plain = [replace(opening, leaf=b"", path=()) for opening in shown]
    assert plain[0] == plain[1] == plain[2]
    assert [len(sibling) for sibling in shown[0].path] == [len(sibling) for sibling in shown[2].path]
    text = shown[0].to_text()
    for name in FIELDS:
        value = FIELDS[name]
        if name != "item" and value is not None:
            assert str(value) not in text
            assert hashlib.sha256(canonical(value)).hexdigest() not in text
    nonce_of_subject = made[0].nonces[64:96]
    assert nonce_of_subject not in b"".join((shown[0].nonce, shown[0].head_nonce, *shown[0].path))


@given(KINDS, KINDS, st.data())
def test_all_private_leaves_look_alike(first: str, second: str, data: st.DataObject) -> None:
    leaves = []
    for kind in (first, second):
        fields = data.draw(st.dictionaries(st.sampled_from(PRIVATE[CURRENT][kind]), VALUES))
        leaves.append(commit(kind, fields).leaf)
    one, two = leaves
    assert len(one) == len(two) == 64
    assert (one[:3], one[35:]) == (two[:3], two[35:]) == (b"\x01" + CURRENT.to_bytes(2, "big"), bytes(29))
    assert one[3:35] != two[3:35]


@given(KINDS, st.data())
def test_the_same_record_never_makes_the_same_leaf_but_with_the_same_nonces(
    kind: str, data: st.DataObject
) -> None:
    fields = data.draw(st.dictionaries(st.sampled_from(PRIVATE[CURRENT][kind]), VALUES))
    one, two = commit_many([(kind, fields), (kind, dict(reversed(fields.items())))])
    assert one.leaf != two.leaf
    assert commit(kind, fields, nonces=one.nonces) == one
    assert len({one.nonces[at : at + 32] for at in range(0, len(one.nonces), 32)}) == len(one.nonces) // 32


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def test_known_answer() -> None:
    """The format is fixed for ever; this leaf was computed from its description, by hand."""
    kind, fields = "pickup", {"handle": "WG-2B3C-4D5F-6G7H", "recipient": None}
    salts = fixed(len(PRIVATE[1][kind]) + 1)
    names = ("handle", "recipient", "package_digest", "acknowledgement_digest", "predecessor", "at")
    values = (b'"WG-2B3C-4D5F-6G7H"', b"null", b"", b"", b"", b"")
    c = [
        sha(
            b"wicketgate/field/v1\0" + len(name).to_bytes(2, "big") + name.encode(),
            salts[32 * at : 32 * at + 32],
            len(value).to_bytes(4, "big") + value,
        )
        for at, (name, value) in enumerate(zip(names, values, strict=True), 1)
    ]
    four = sha(b"\1", sha(b"\1", c[0], c[1]), sha(b"\1", c[2], c[3]))
    root = sha(b"\1", four, sha(b"\1", c[4], c[5]))
    text = '["pickup","handle","recipient","package_digest","acknowledgement_digest","predecessor","at"]'
    head = sha(b"wicketgate/head/v1\0", salts[:32], text.encode())
    expected = b"\1\0\1" + sha(b"wicketgate/record/v1\0", b"\0\1", head, root) + bytes(29)
    assert leaf_from(1, kind, fields, salts) == expected
    assert expected.hex()[6:22] == "7b12ba64f11fb9b4"


@given(st.text(min_size=1, max_size=30), st.integers(1, 29))
def test_no_two_splits_of_the_same_bytes_agree(text: str, at: int) -> None:
    """Names and values carry their lengths, so moving a boundary changes the hash."""
    salt = bytes(32)
    names = ("a" * at, "a" * (at + 1))
    values = ("a" + text, text)
    hashes = {hash_fields((n,), {n: v}, salt)[0] for n in names for v in values}
    assert len(hashes) == 4
    absent, empty, null = (hash_fields(("a",), given_, salt)[0] for given_ in ({}, {"a": ""}, {"a": None}))
    assert len({absent, empty, null}) == 3


@given(VALUES)
def test_values_are_hashed_as_canonical_json(value: Any) -> None:
    """The short way for texts says the same as the general one."""
    salt, data = bytes(32), canonical(value)
    expected = hashlib.sha256(
        b"wicketgate/field/v1\0\0\1a" + salt + len(data).to_bytes(4, "big") + data
    ).digest()
    assert hash_fields(("a",), {"a": value}, salt) == [expected]


def test_what_is_refused() -> None:
    with pytest.raises(LedgerError, match="no private record kind"):
        commit("gossip", {})
    with pytest.raises(LedgerError, match="no field 'tin'"):
        commit(KIND, {"tin": "1"})
    with pytest.raises(LedgerError, match="nonces"):
        commit(KIND, FIELDS, nonces=bytes(32))
    with pytest.raises(TypeError):
        commit(KIND, {"subject": 1.5})  # type: ignore[dict-item]
    with pytest.raises(ValueError, match="surrogates"):
        commit(KIND, {"subject": "\ud800"})
    made = commit(KIND, FIELDS)
    with pytest.raises(LedgerError, match="no field 'tin'"):
        open_field(made.leaf, KIND, FIELDS, made.nonces, "tin")
    with pytest.raises(LedgerError, match="do not make this leaf"):
        open_field(made.leaf, KIND, {}, made.nonces, "item")
    for leaf in (b"", made.leaf[:63], made.leaf[:-1] + b"\1", b"\2" + made.leaf[1:]):
        with pytest.raises(LedgerError):
            leaf_version(leaf)


def test_nonces_and_values_stay_out_of_logs() -> None:
    made = commit(KIND, FIELDS)
    opening = open_field(made.leaf, KIND, FIELDS, made.nonces, "subject")
    assert "nonces" not in repr(made)
    assert repr(made.nonces) not in repr(made)
    assert "María" not in repr(opening)
    assert "nonce" not in repr(opening)


@given(st.data())
def test_a_damaged_opening_file_is_refused(data: st.DataObject) -> None:
    made: Committed = commit(KIND, FIELDS, nonces=nonces(KIND))
    text = open_field(made.leaf, KIND, FIELDS, made.nonces, "subject").to_text()
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(exclude_characters=text[at]))
    damaged = text[:at] + data.draw(st.sampled_from(["", other])) + text[at + 1 :]
    with suppress(LedgerError):
        assert not verify_opening(made.leaf, Opening.from_text(damaged))


PUBLIC_EVENTS: dict[str, dict[str, Any]] = {
    "policy": {
        "authority": "usc26-6103-i2",
        "authority_digest": "sha256:" + "a" * 64,
        "switches_digest": "sha256:" + "b" * 64,
        "from": "2026-03-01",
    },
    "order": {
        "number": 1,
        "act": "record",
        "on": "2026-03-01",
        "court": "D.D.C.",
        "docket": "1:25-cv-00457",
        "binds": "custodian",
        "agency": "all agencies",
        "recipients": "all recipients",
        "from": "2026-03-01",
        "to": "lifted",
        "document": "sha256:" + "0" * 64,
    },
    "register": {"generation": 3, "on": "2026-03-01", "audit": "not audited"},
    "report": {
        "report": "public",
        "from": "2026-01-01",
        "to": "2026-12-31",
        "figures": "sha256:" + "1" * 64,
        "document": "sha256:" + "2" * 64,
    },
    "recall": {
        "number": 1,
        "act": "start",
        "on": "2026-03-01",
        "disclosures": 47289,
        "list": "sha256:" + "0" * 64,
    },
    "closure": {"cause": "recall", "agency": "DHS", "act": "close", "on": "2026-03-01"},
    "rehearsal": {"on": "2026-03-01", "milliseconds": 12, "ended": 0, "released": 0},
    "answers": {"from": "2026-01-01", "to": "2026-03-31", "counts": {"agency / DHS": 12}},
    "statistics": {
        "first": 0,
        "last": 99,
        "from": "2026-01-01",
        "to": "2026-01-31",
        "counts": {"B2:AD-08": 7},
    },
    "key.change": {"old": LogKey.generate("a").vkey, "new": LogKey.generate("a").vkey, "from": "2026-03-01"},
    "tombstone": {"index": 7, "authority": "records schedule", "rule": "R-1"},
}


@pytest.mark.parametrize("kind", sorted(PUBLIC))
def test_public_events_are_read_back_and_admit_nothing_else(kind: str) -> None:
    fields = PUBLIC_EVENTS[kind]
    leaf = public_leaf(kind, fields)
    assert read_public_leaf(leaf) == (kind, fields)
    for name in fields:
        with pytest.raises(LedgerError):
            public_leaf(kind, {key: value for key, value in fields.items() if key != name})
        for bad in (None, 1.5, -1, True, "", "x" * 201, "a\nb", "名前", ["x"], {"x": "y"}):
            with pytest.raises(LedgerError):
                public_leaf(kind, {**fields, name: bad})  # type: ignore[dict-item]
    with pytest.raises(LedgerError):
        public_leaf(kind, {**fields, "person": "x"})
    with pytest.raises(LedgerError):
        public_leaf("gossip", fields)
    for other in (
        leaf + b" ",
        leaf[:-1],
        b"\2{}",
        b"\2[]",
        b"\2",
        leaf.replace(b'"version":1', b'"version":2'),
    ):
        with pytest.raises(LedgerError):
            read_public_leaf(other)
