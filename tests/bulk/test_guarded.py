"""A fault in one file, its signatures or the writing of its results: no other waits, and nothing is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from tests.bulk.test_interrupted import a_file
from tests.bulk.yard import Yard
from tests.workplace.office import CLEO, CORA, SAM
from wicketgate.flow import recall_campaign
from wicketgate.flow.bulk import worker
from wicketgate.flow.bulk.chunk import do_chunk
from wicketgate.flow.bulk.finish import is_written
from wicketgate.flow.bulk.place import FORMATS
from wicketgate.flow.bulk.take_in import Arriving, Taken, take_in
from wicketgate.flow.bulk.worker import why_still
from wicketgate.flow.closures import Closure
from wicketgate.flow.recall_selection import Selection, select
from wicketgate.flow.receive_file import receive_file
from wicketgate.flow.review_file import reviewed
from wicketgate.flow.signed import UnsignedError, signature_of
from wicketgate.keys import KeysError
from wicketgate.store.uploads import Upload

LINE = {
    "row": 1,
    "key": "k",
    "nonce": "n" * 16,
    "expires": "2026-04-01T00:00:00+00:00",
    "sequence": 1,
    "recipient_key": "r",
    "jws": "a..b",
}
HOSTILE = {
    "no JSON": b"{",
    "a list": b"[1]",
    "a missing part": json.dumps({name: LINE[name] for name in LINE if name != "jws"}).encode(),
    "no row": json.dumps(LINE | {"row": None}).encode(),
    "a row beyond all numbers": json.dumps(LINE).replace('"row": 1', '"row": 1e999').encode(),
    "a huge number": json.dumps(LINE | {"sequence": 2**63}).encode(),
    "a truth for a number": json.dumps(LINE | {"sequence": True}).encode(),
    "a day without a zone": json.dumps(LINE | {"expires": "2026-04-01T00:00:00"}).encode(),
    "no day": json.dumps(LINE | {"expires": 5}).encode(),
    "a short nonce": json.dumps(LINE | {"nonce": "n"}).encode(),
    "a NUL": json.dumps(LINE | {"nonce": "n" * 16 + "\0"}).encode(),
    "half a character": json.dumps(LINE | {"key": "\ud800"}).encode(),
    "a list for a key": json.dumps(LINE | {"key": ["k"]}).encode(),
    "depth": b"[" * 9_000,
}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed is tried again without a wait."""
    monkeypatch.setattr(worker, "LATER", 0.0)


def send_signed(yard: Yard, rows: int, signatures: bytes) -> Taken:
    with Arriving(yard.uploads) as arriving, Arriving(yard.uploads) as signed:
        arriving.write(a_file(rows))
        signed.write(signatures)
        return take_in(yard.gate, CLEO, yard.uploads, "f.csv", arriving, signed)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_line_that_is_no_signature_is_one(name: str) -> None:
    assert signature_of(json.dumps(LINE).encode())[0] == 1
    with pytest.raises(UnsignedError, match="did not make"):
        signature_of(HOSTILE[name])


def test_signatures_that_are_none_end_their_file_and_no_other(yard: Yard) -> None:
    right = json.dumps(LINE | {"expires": (datetime.now(UTC) + timedelta(days=9)).isoformat()}).encode()
    for wrong in ("a missing part", "a NUL", "a huge number"):
        sent = send_signed(yard, 2, right + b"\n" + HOSTILE[wrong] + b"\n")
        other = yard.send(a_file(3))
        yard.work()
        assert yard.upload(sent.upload).state == "unreadable"
        assert "did not make" in str(yard.upload(sent.upload).problem)
        assert yard.upload(other.upload).state == "done"


@pytest.mark.parametrize("fault", [psycopg.DataError, psycopg.IntegrityError, UnsignedError])
def test_a_fault_in_a_chunk_keeps_no_other_file_waiting(
    yard: Yard, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], fault: type[Exception]
) -> None:
    first, second = yard.send(a_file(2)), yard.send(a_file(3))
    real = do_chunk

    def faulty(gate: object, kin: object, place: object, upload: Upload, submission: object) -> bool:
        if upload.upload == first.upload:
            raise fault("Rosa Elena Quintero Salas" if fault is not UnsignedError else "It is not signed.")
        return real(gate, kin, place, upload, submission)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(worker, "do_chunk", faulty)
        yard.work()
    assert yard.upload(second.upload).state == "done"
    problem = str(yard.upload(first.upload).problem)
    assert (fault.__name__ if fault is not UnsignedError else "It is not signed.") in problem
    assert "Rosa" not in problem + capfd.readouterr().err
    yard.work()
    assert yard.upload(first.upload).state == "done"


def test_a_fault_of_the_gate_stops_everybody_and_nobody_is_blamed(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = yard.send(a_file(2))

    def faulty(*_: object) -> bool:
        raise KeysError("The key process does not answer.")

    monkeypatch.setattr(worker, "do_chunk", faulty)
    with pytest.raises(KeysError):
        yard.work()
    assert yard.upload(sent.upload).problem is None


def test_results_that_could_not_be_written_are_written_again_the_same(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = yard.send(a_file(5)), yard.send(a_file(3))
    place, real, tried = yard.uploads.of(first.upload), Path.rename, list[Path]()

    def no_room(draft: Path, target: Path) -> Path:
        if target.name == "results.xlsx" and target.parent == place.folder:
            tried.append(target)
            raise OSError(28, "No space left on device")
        return real(draft, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", no_room)
        yard.work()
    assert tried
    assert is_written(yard.uploads.of(second.upload))
    assert not is_written(place)
    assert "OSError" in str(yard.upload(first.upload).problem)
    assert yard.upload(first.upload).state == "done"
    assert yard.rows("SELECT count(*) FROM gate.request WHERE determination IS NOT NULL") == [(8,)]
    monkeypatch.setattr("zipfile.time.localtime", lambda _: (2031, 2, 3, 4, 5, 6, 0, 0, 0))
    yard.work()
    assert is_written(place)
    assert yard.upload(first.upload).problem is None
    written = {kind: place.table("results", kind).read_bytes() for kind in FORMATS}
    assert len(written["csv"].splitlines()) == 6
    for kind in FORMATS:
        place.table("results", kind).unlink()
    monkeypatch.setattr("zipfile.time.localtime", lambda _: (2040, 7, 8, 9, 10, 12, 0, 0, 0))
    yard.work()
    assert {kind: place.table("results", kind).read_bytes() for kind in FORMATS} == written


def test_a_file_stands_still_in_the_words_of_what_closed_the_door() -> None:
    order = Closure("DHS", "order", "D.D.C.", "1:26-cv-1", None)
    assert why_still(order) == "It stands still by order of D.D.C., 1:26-cv-1, and goes on after it."
    recall = replace(order, cause="recall", court="", docket="3 certificates of destruction overdue")
    for closure in (recall, replace(recall, cause="safeguards", docket="training missing")):
        told = why_still(closure)
        assert "order" not in told
        assert f"the door of DHS is closed ({closure.docket})" in told


def test_workers_call_back_what_counsel_started(
    yard: Yard, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "answered.csv"
    file.write_bytes(a_file(5))
    with reviewed(file, yard.gate.law, yard.gate.context) as review:
        submission = receive_file(yard.gate, file, review, None).submission
    assert recall_campaign.import_disclosures(yard.gate, submission, [1, 2, 4], "2025", date(2025, 8, 7)) == 3
    dry = select(yard.gate, Selection(procedure="2025"))
    number = recall_campaign.propose(yard.gate, SAM, dry, {"procedure": "2025"}, "A court says so.")
    monkeypatch.setattr(recall_campaign, "_PIECE", 2)
    yard.work()
    assert recall_campaign.standing(yard.gate, number).residue == 0, "nothing is called back before its start"
    recall_campaign.start(yard.gate, CORA, number)
    sent = yard.send(a_file(2))
    yard.work()
    found = recall_campaign.standing(yard.gate, number)
    assert (found.waiting, found.residue) == (0, 3)
    assert yard.upload(sent.upload).state == "done"
