"""A witness cosigns what continues the log it saw, and nothing else, whatever it is sent."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wicketgate.ledger import (
    AddCheckpoint,
    Kind,
    LedgerError,
    LogKey,
    Note,
    SigningKey,
    VerifierKey,
    Witness,
    consistency_proof,
    leaf_hash,
    witness_state,
)
from wicketgate.ledger.encoding import base64_text
from wicketgate.ledger.tree import root_of
from wicketgate.ledger.verify import Key, check_signature
from wicketgate.ledger.witness import SIZE, Answer, Seen
from wicketgate.ledger.witness_state import FileState, StateUnusableError, make_witness

ORIGIN = "gate.example.gov/ledger"
LOG = LogKey.generate(ORIGIN)
NOW = 1_770_000_000
TRUE = [leaf_hash(b"entry %d" % number) for number in range(40)]
FALSE = [*TRUE[:7], leaf_hash(b"another"), *TRUE[8:]]
"""A second history: the same log up to entry 7."""
COSIGNING = (Kind.COSIGNATURE_ED25519, Kind.COSIGNATURE_MLDSA44)


def note_of(leaves: list[bytes], size: int, key: LogKey = LOG) -> str:
    return key.sign_checkpoint(size, root_of(leaves[:size]))


def proof_of(leaves: list[bytes], old: int, size: int) -> tuple[bytes, ...]:
    def read(level: int, index: int) -> bytes:
        return root_of(leaves[index << level : (index + 1) << level])

    return tuple(consistency_proof(old, size, read))


def request(old: int, size: int, leaves: list[bytes] = TRUE) -> bytes:
    return bytes(AddCheckpoint(old, proof_of(leaves, old, size), note_of(leaves, size)))


class Room:
    """A witness's folder, opened anew as after a crash whenever a test wants."""

    def __init__(self, folder: Path, kind: Kind = Kind.COSIGNATURE_ED25519) -> None:
        self.folder, self.kind = folder, kind
        self.vkey = make_witness(folder, "inspector.example.gov/witness", kind)
        self.open()

    def open(self) -> None:
        self.state = FileState(self.folder)
        self.witness = Witness(self.state.key(), [LOG.verifier], self.state)

    def restart(self) -> None:
        self.state.close()
        self.open()

    def send(self, body: bytes, now: int = NOW) -> Answer:
        return self.witness.add_checkpoint(body, now)

    def evidence(self) -> list[str]:
        folder = self.folder / "evidence"
        return sorted(path.name.partition("-")[0] for path in folder.iterdir()) if folder.exists() else []

    def cosigned(self, answer: Answer, size: int, leaves: list[bytes] = TRUE) -> int:
        """The time that a cosignature states, checked by the writer's code and by the verifier's."""
        assert answer.status == 200, answer
        text = note_of(leaves, size).partition("\n\n")[0] + "\n"
        (line,) = Note.parse(f"{text}\n{answer.text}").signatures
        (at,) = Note.parse(f"{text}\n{answer.text}").verify([self.vkey]).values()
        check_signature(Key(self.vkey.name, self.vkey.kind, self.vkey.public), text, line.signature)
        assert at is not None
        return at


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path / "witness")
    yield made
    made.state.close()


@pytest.mark.parametrize("kind", COSIGNING)
def test_it_cosigns_a_log_that_grows(tmp_path: Path, kind: Kind) -> None:
    room = Room(tmp_path / "w", kind)
    for old, size in ((0, 0), (0, 1), (1, 8), (8, 40), (40, 40)):
        assert room.cosigned(room.send(request(old, size)), size) == NOW
    room.state.close()


def test_a_fresh_log_may_be_seen_first_at_any_size(room: Room) -> None:
    assert room.send(request(0, 33)).status == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"old 0\n", 400),
        (b"old 00\n\n" + note_of(TRUE, 3).encode(), 400),
        (b"old -1\n\n" + note_of(TRUE, 3).encode(), 400),
        (b"old  0\n\n" + note_of(TRUE, 3).encode(), 400),
        (b"new 0\n\n" + note_of(TRUE, 3).encode(), 400),
        (b"old 0\nAAAA*\n\n" + note_of(TRUE, 3).encode(), 400),
        (b"old 0\n" + 64 * f"{base64_text(bytes(32))}\n".encode() + b"\n" + note_of(TRUE, 3).encode(), 400),
        (b"old 0\n\n\xff" + note_of(TRUE, 3).encode(), 400),
        (b"old 0\n\n" + note_of(TRUE, 3).encode()[:-1], 400),
        (b"old 0\n\n" + str(Note(f"{ORIGIN}\n1\n{base64_text(TRUE[0])}\nmore\n")).encode(), 400),
        (b"old 4\n\n" + note_of(TRUE, 3).encode(), 400),
        (b"old 0\n\n" + note_of(TRUE, 3, LogKey.generate("elsewhere.example/log")).encode(), 404),
        (b"old 0\n\n" + note_of(TRUE, 3, LogKey.generate(ORIGIN)).encode(), 403),
        (b"old 4\n\n" + note_of(TRUE, 3, LogKey.generate(ORIGIN)).encode(), 403),
        (b"old 0\n" + f"{base64_text(bytes(32))}\n".encode() + b"\n" + note_of(TRUE, 3).encode(), 422),
        (bytes(AddCheckpoint(0, (b"short",), note_of(TRUE, 3))), 422),
    ],
)
def test_each_wrong_request_has_its_status(room: Room, body: bytes, status: int) -> None:
    answer = room.send(body)
    assert answer.status == status, answer
    assert answer.text.endswith("\n")
    assert room.send(request(0, 5)).status == 200, "a refusal leaves no trace in the state"


def test_a_changed_signature_is_403(room: Room) -> None:
    note = Note.parse(note_of(TRUE, 3))
    forged = note_of(TRUE, 3).replace(base64_text(root_of(TRUE[:3])), base64_text(root_of(TRUE[:4])))
    assert forged != str(note)
    assert room.send(bytes(AddCheckpoint(0, (), forged))).status == 403


def test_a_stale_request_is_told_the_size(room: Room) -> None:
    room.send(request(0, 9))
    for old in (0, 3, 10):
        answer = room.send(request(old, 12))
        assert answer == Answer(409, "9\n", SIZE)
    assert room.send(request(3, 5)).status == 409


def test_two_roots_for_one_size_are_refused_and_kept(room: Room) -> None:
    room.send(request(0, 9))
    assert room.send(bytes(AddCheckpoint(9, (), note_of(FALSE, 9)))).status == 422
    assert room.evidence() == ["fork"]
    kept = next((room.folder / "evidence").iterdir()).read_text()
    assert base64_text(root_of(TRUE[:9])) in kept
    assert base64_text(root_of(FALSE[:9])) in kept
    assert room.send(bytes(AddCheckpoint(9, (), note_of(FALSE, 9)))).status == 422
    assert len(room.evidence()) == 1, "each signed text once"


def test_a_fork_is_kept_even_when_the_request_is_stale(room: Room) -> None:
    room.send(request(0, 9))
    assert room.send(request(0, 9, FALSE)) == Answer(409, "9\n", SIZE)
    assert room.evidence() == ["fork"]


def test_a_fork_that_grows_is_refused_and_kept(room: Room) -> None:
    room.send(request(0, 9))
    assert room.send(request(9, 20, FALSE)).status == 422
    assert room.evidence() == ["unproved"]
    assert room.send(request(9, 20)).status == 200


def test_what_anybody_can_send_fills_no_disk(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(witness_state, "MOST_UNPROVED", 3)
    for size in range(2, 9):
        body = AddCheckpoint(0, (bytes(32),), note_of(TRUE, size))
        assert room.send(bytes(body)).status == 422
    assert len(room.evidence()) == 3
    room.send(request(0, 9))
    room.send(bytes(AddCheckpoint(9, (), note_of(FALSE, 9))))
    assert "fork" in room.evidence(), "a proven fork is always kept"


def test_the_state_survives_a_restart(room: Room) -> None:
    room.send(request(0, 9))
    room.restart()
    assert room.send(request(0, 20)) == Answer(409, "9\n", SIZE)
    assert room.send(bytes(AddCheckpoint(9, (), note_of(FALSE, 9)))).status == 422
    assert room.send(request(9, 20)).status == 200


def test_times_never_go_back(room: Room) -> None:
    assert room.cosigned(room.send(request(0, 9), NOW), 9) == NOW
    room.restart()
    assert room.cosigned(room.send(request(9, 9), NOW - 3_600), 9) == NOW
    assert room.cosigned(room.send(request(9, 12), NOW - 60), 12) == NOW
    assert room.cosigned(room.send(request(12, 12), NOW + 5), 12) == NOW + 5


def test_of_requests_that_race_one_wins(room: Room) -> None:
    """The specification's race: a smaller checkpoint, checked first, never rolls back a larger one."""
    room.send(request(0, 9))
    start = threading.Barrier(8)

    def race(size: int) -> int:
        start.wait()
        return room.send(request(9, size)).status

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(race, range(10, 18)))
    assert answers.count(200) == 1
    assert answers.count(409) == 7
    won = 10 + answers.index(200)
    assert room.send(request(0, 40)) == Answer(409, f"{won}\n", SIZE)


def failing(*_: object, **__: object) -> None:
    raise OSError(5, "Input/output error")


@pytest.mark.parametrize("call", ["fsync", "open"])
def test_it_answers_nothing_that_is_not_durable(
    room: Room, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    room.send(request(0, 9))
    with monkeypatch.context() as broken:
        broken.setattr(os, call, failing)
        with pytest.raises(StateUnusableError):
            room.send(request(9, 20))
    with pytest.raises(StateUnusableError):
        room.send(request(9, 9))  # what the disk holds is not known: never again in this process
    room.restart()
    assert room.send(request(0, 40)) == Answer(409, "9\n", SIZE)


def test_a_failure_after_the_rename_loses_no_memory(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder's own sync fails: the new state may be on the disk, and no cosignature was given."""
    room.send(request(0, 9))
    calls = iter([os.fsync])

    def second_fails(descriptor: int) -> None:
        next(calls, failing)(descriptor)

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", second_fails)
        with pytest.raises(StateUnusableError):
            room.send(request(9, 20))
    room.restart()
    assert room.send(request(20, 20)).status == 200


def test_two_processes_never_share_a_state(room: Room) -> None:
    with pytest.raises(LedgerError, match="at work"):
        FileState(room.folder)


def test_a_lost_or_damaged_state_retires_the_key(room: Room) -> None:
    room.send(request(0, 9))
    room.state.close()
    state = room.folder / "state.json"
    whole = state.read_text()
    for damaged in ("", "{}", whole[:-20], whole.replace(ORIGIN, "x", 1), whole.replace('": 1', '": 2', 1)):
        state.write_text(damaged)
        with pytest.raises(LedgerError, match="Retire its key"):
            FileState(room.folder)
    state.unlink()
    with pytest.raises(LedgerError, match="Retire its key"):
        FileState(room.folder)
    with pytest.raises(LedgerError, match="never replaced"):
        make_witness(room.folder, "again", Kind.COSIGNATURE_ED25519)
    state.write_text(whole)
    room.open()


def test_a_state_without_its_key_is_not_given_another(room: Room) -> None:
    room.send(request(0, 9))
    (room.folder / "key").unlink()
    with pytest.raises(LedgerError, match="without its key"):
        make_witness(room.folder, "again", Kind.COSIGNATURE_ED25519)
    (room.folder / "state.json").chmod(0o600)


def test_the_key_is_private(room: Room) -> None:
    assert (room.folder / "key").stat().st_mode & 0o777 == 0o600
    assert (room.folder / "vkey").read_text() == f"{room.vkey}\n"
    assert VerifierKey.parse(str(room.vkey)) == room.state.key().verifier


def test_only_keys_for_cosignatures_cosign(room: Room, tmp_path: Path) -> None:
    plain = SigningKey.generate("w", Kind.ED25519)
    with pytest.raises(LedgerError, match="cosignatures"):
        Witness(plain, [LOG.verifier], room.state)
    with pytest.raises(LedgerError, match="cosignatures"):
        make_witness(tmp_path / "other", "w", Kind.ED25519)
    with pytest.raises(LedgerError, match="one Ed25519 key"):
        Witness(room.state.key(), [LOG.verifier, LogKey.generate(ORIGIN).verifier], room.state)
    with pytest.raises(LedgerError, match="one Ed25519 key"):
        Witness(room.state.key(), [room.vkey], room.state)


class Memory:
    """A state for the property below: no disk."""

    def __init__(self) -> None:
        self.logs: dict[str, Seen] = {}
        self.seen = self.logs.get
        self.remember = self.logs.__setitem__

    def exclusive(self) -> AbstractContextManager[None]:
        return nullcontext()

    def keep_evidence(self, *_: object) -> None:
        pass


KEY = SigningKey.generate("w", Kind.COSIGNATURE_ED25519)
STEP = st.tuples(st.sampled_from([TRUE, FALSE]), st.integers(0, 20), st.integers(0, 20), st.integers(0, 9))


@settings(max_examples=150, deadline=None)
@given(st.lists(STEP, max_size=25))
def test_whatever_is_sent_all_that_is_cosigned_is_one_growing_history(
    steps: list[tuple[list[bytes], int, int, int]],
) -> None:
    witness = Witness(KEY, [LOG.verifier], Memory())
    history: list[tuple[int, bytes, int]] = []
    for leaves, old, size, late in steps:
        body = AddCheckpoint(min(old, size), proof_of(leaves, min(old, size), size), note_of(leaves, size))
        answer = witness.add_checkpoint(bytes(body), NOW + late)
        assert answer.status in (200, 409, 422)
        if answer.status == 200:
            text = body.note.partition("\n\n")[0] + "\n"
            (at,) = Note.parse(f"{text}\n{answer.text}").verify([KEY.verifier]).values()
            assert at is not None
            history.append((size, root_of(leaves[:size]), at))
    sizes, times = [size for size, _, _ in history], [at for _, _, at in history]
    assert sizes == sorted(sizes)
    assert times == sorted(times)
    assert any(all(root == root_of(one[:size]) for size, root, _ in history) for one in (TRUE, FALSE))
