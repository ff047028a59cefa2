"""Signed notes, checkpoints and receipts are read strictly and believed only when a known key signed."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wicketgate.ledger import (
    EMPTY_ROOT,
    Checkpoint,
    Kind,
    LedgerError,
    LogKey,
    Note,
    Receipt,
    SigningKey,
    VerifierKey,
    inclusion_proof,
    leaf_hash,
    read_checkpoint,
)
from wicketgate.ledger.tree import root_of

ORIGIN = "gate.example.gov/ledger"
KEY = LogKey.generate(ORIGIN)
ROOT = leaf_hash(b"entry")
SIGNED = KEY.sign_checkpoint(1, ROOT)
# The example of the signed-note specification's first implementation.
PETER_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_NOTE = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""


def test_a_note_signed_elsewhere_is_verified() -> None:
    key = VerifierKey.parse(PETER_VKEY)
    note = Note.parse(PETER_NOTE)
    assert (str(key), str(note)) == (PETER_VKEY, PETER_NOTE)
    assert note.verify([key]) == {key: None}
    with pytest.raises(LedgerError, match="not valid"):
        Note.parse(PETER_NOTE.replace("answer", "Answer")).verify([key])


def test_the_log_signs_and_is_read() -> None:
    assert LogKey.load(KEY.dump()).vkey == KEY.vkey
    assert read_checkpoint(SIGNED, KEY.verifier) == Checkpoint(ORIGIN, 1, ROOT)
    for stranger in (LogKey.generate(ORIGIN), LogKey.generate("other.example.gov")):
        with pytest.raises(LedgerError, match="not signed by any key"):
            read_checkpoint(SIGNED, stranger.verifier)


def test_a_checkpoint_of_another_log_is_not_this_logs() -> None:
    """A key signs for the log whose name it bears, whatever it is made to sign."""
    other = SigningKey.generate("other.example.gov", Kind.ED25519)
    note = Note(str(Checkpoint(ORIGIN, 1, ROOT))).signed(other)
    with pytest.raises(LedgerError):
        read_checkpoint(str(note), other.verifier, KEY.verifier)


@given(st.data())
def test_no_character_of_a_signed_checkpoint_can_change(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(SIGNED) - 1))
    other = data.draw(st.characters(exclude_characters=SIGNED[at]) | st.just(""))
    with pytest.raises(LedgerError):
        read_checkpoint(SIGNED[:at] + other + SIGNED[at + 1 :], KEY.verifier)


@pytest.mark.parametrize("kind", [Kind.COSIGNATURE_ED25519, Kind.COSIGNATURE_MLDSA44])
def test_witnesses_cosign(kind: Kind) -> None:
    witness = SigningKey.load(SigningKey.generate("witness.example.org", kind).dump())
    note = Note.parse(SIGNED).signed(witness, at=1_700_000_000)
    trusted = [KEY.verifier, VerifierKey.parse(str(witness.verifier))]
    assert Note.parse(str(note)).verify(trusted) == {KEY.verifier: None, witness.verifier: 1_700_000_000}
    assert read_checkpoint(str(note), KEY.verifier).size == 1, "an unknown witness does not disturb"
    line = note.signatures[1].signature
    for bad in (line[:-1], line[:7] + b"\xff" + line[8:], b"\x80" + line[1:], b""):
        with pytest.raises(LedgerError):
            witness.verifier.check(note.text, bad)
    with pytest.raises(LedgerError):
        witness.verifier.check(str(Checkpoint(ORIGIN, 2, ROOT)), line)
    with pytest.raises(LedgerError):
        read_checkpoint(str(Note(note.text).signed(witness, at=0)), witness.verifier)
    for at in (None, -1, 2**63):
        with pytest.raises(LedgerError):
            witness.sign(note.text, at)
    assert "PRIVATE" not in repr(witness)


def test_a_name_binds_a_post_quantum_cosignature() -> None:
    one = SigningKey.generate("one.example.org", Kind.COSIGNATURE_MLDSA44)
    signature = one.sign(Note.parse(SIGNED).text, 5)
    renamed = VerifierKey("two.example.org", one.kind, one.verifier.public)
    with pytest.raises(LedgerError):
        renamed.check(Note.parse(SIGNED).text, signature)


def test_lines_of_others_are_ignored_and_doubles_of_known_keys_refused() -> None:
    stranger = LogKey.generate(ORIGIN).sign_checkpoint(1, ROOT).splitlines(keepends=True)[-1]
    same_id = Note.parse(SIGNED).signatures[0]
    other_name = str(same_id).replace(ORIGIN, "someone.example.org")
    assert read_checkpoint(SIGNED + stranger + stranger + other_name, KEY.verifier).size == 1
    with pytest.raises(LedgerError, match="two signatures"):
        read_checkpoint(SIGNED + str(same_id), KEY.verifier)
    forged = f"— {ORIGIN} {base64.b64encode(same_id.key_id + bytes(64)).decode()}\n"
    with pytest.raises(LedgerError, match="not valid"):
        Note.parse(SIGNED.replace(str(same_id), forged)).verify([KEY.verifier])


@pytest.mark.parametrize(
    "note",
    [
        "",
        "text\n",
        "text\n\n",
        "text\n\n— name\n",
        "text\n\n— name c2hvcnQ\n",
        "text\n\n- name c2hvcnQ=\n",
        "text\n\n— na+me AAAAAAA=\n",
        "text\n\n— name AAAAAAA=",
        "te\txt\n\n— name AAAAAAA=\n",
        "te\rxt\n\n— name AAAAAAA=\n",
        "text\n\n— name AAAAAAB=\n",
        "text\n\n" + "— name AAAAAAA=\n" * 101,
        "x" * 1_000_001,
    ],
)
def test_what_is_no_signed_note(note: str) -> None:
    with pytest.raises(LedgerError):
        Note.parse(note)


def test_a_note_may_hold_empty_lines_and_16_signatures() -> None:
    note = Note.parse("a\n\nb\n\n" + "— name AAAAAAA=\n" * 16)
    assert (note.text, len(note.signatures)) == ("a\n\nb\n", 16)


@pytest.mark.parametrize(
    "change",
    [
        ("1\n", "01\n"),
        ("1\n", "+1\n"),
        ("1\n", "1 \n"),
        ("1\n", "\u0661\n"),
        ("1\n", "-1\n"),
        ("1\n", "0\n"),
        ("1\n", f"{2**63}\n"),
        ("=\n", "\n"),
        ("=\n", "=\nextension\n"),
        ("=\n", "=\n\n"),
        ("=\n", "="),
        (ORIGIN, ""),
        (ORIGIN, "a b"),
        (ORIGIN, "a+b"),
        (ORIGIN, "é" * 128),
    ],
)
def test_a_checkpoint_has_one_spelling(change: tuple[str, str]) -> None:
    text = str(Checkpoint(ORIGIN, 1, ROOT))
    assert Checkpoint.parse(text) == Checkpoint(ORIGIN, 1, ROOT)
    with pytest.raises(LedgerError):
        Checkpoint.parse(text.replace(*change))


def test_an_empty_log_has_one_root() -> None:
    assert read_checkpoint(KEY.sign_checkpoint(0, EMPTY_ROOT), KEY.verifier).size == 0
    with pytest.raises(LedgerError):
        KEY.sign_checkpoint(0, ROOT)
    for size, root in ((-1, ROOT), (2**63, ROOT), (1, ROOT[:31])):
        with pytest.raises(LedgerError):
            KEY.sign_checkpoint(size, root)


@given(st.data())
def test_damaged_keys_are_refused(data: st.DataObject) -> None:
    for text, read in ((KEY.vkey, VerifierKey.parse), (KEY.dump(), LogKey.load)):
        at = data.draw(st.integers(0, len(text) - 1))
        other = data.draw(st.characters(codec="ascii", exclude_characters=text[at]) | st.just(""))
        with pytest.raises(LedgerError):
            read(text[:at] + other + text[at + 1 :])


@pytest.mark.parametrize("kind", [0x02, 0x05, 0xFF])
def test_other_kinds_of_keys_are_refused(kind: int) -> None:
    encoded = base64.b64encode(bytes([kind]) + bytes(32)).decode()
    with pytest.raises(LedgerError, match="not known here"):
        VerifierKey.parse(f"name+00000000+{encoded}")
    with pytest.raises(LedgerError):
        LogKey.load(SigningKey.generate("name", Kind.COSIGNATURE_ED25519).dump())


ENTRIES = [b"entry %d" % index for index in range(7)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]


def receipt(**change: Any) -> Receipt:
    path = inclusion_proof(4, 7, lambda level, at: root_of(LEAVES[at << level : (at + 1) << level]))
    parts = {"index": 4, "path": tuple(path), "checkpoint": KEY.sign_checkpoint(7, root_of(LEAVES))}
    return Receipt(**{**parts, **change})


@pytest.mark.parametrize("extra", [None, b"", b"not believed"])
def test_a_receipt_proves_its_entry_offline(extra: bytes | None) -> None:
    given_ = receipt(extra=extra)
    read = Receipt.parse(str(given_))
    assert (read, str(read)) == (given_, str(given_))
    assert read.verify(ENTRIES[4], KEY.verifier).size == 7
    with pytest.raises(LedgerError, match="does not prove"):
        read.verify(ENTRIES[5], KEY.verifier)
    with pytest.raises(LedgerError, match="not signed"):
        read.verify(ENTRIES[4], LogKey.generate(ORIGIN).verifier)


def test_no_character_of_a_receipt_can_change() -> None:
    text = str(receipt())
    for at in range(len(text)):
        for other in ("", "A", "0", "\n", "="):
            if other != text[at]:
                with pytest.raises(LedgerError):
                    Receipt.parse(text[:at] + other + text[at + 1 :]).verify(ENTRIES[4], KEY.verifier)
