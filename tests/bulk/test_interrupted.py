"""Pause, cancel, kill, order: whatever happens on the way, no row is lost and none is counted twice."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.bulk.yard import Yard, unsafely
from tests.stories.people import VALID
from tests.workplace.office import CLEO, CORA, INA
from wicketgate.core.actor import Actor
from wicketgate.core.request import COLUMNS
from wicketgate.core.roles import Role
from wicketgate.flow.bulk import look
from wicketgate.flow.bulk.place import Place, Uploads
from wicketgate.flow.bulk.prepare import Stop, prepare
from wicketgate.flow.bulk.worker import Worker
from wicketgate.flow.gate import Gate
from wicketgate.flow.orders import NewOrder, confirm_lifting, propose_lifting, record_order
from wicketgate.flow.standing import Standing
from wicketgate.store.uploads import Upload


def a_file(rows: int, **words: str) -> bytes:
    """Requests of the clerk's agency, each with reasons of its own, as CSV."""
    lines = [",".join(COLUMNS)]
    for number in range(rows):
        row = VALID | {"request_id": f"R{number}"} | words
        row["reasons"] = f"Case {number}: " + row["reasons"]
        lines.append(",".join('"' + row.get(column, "").replace('"', '""') + '"' for column in COLUMNS))
    return ("\n".join(lines) + "\n").encode()


def once_each(yard: Yard, rows: int) -> None:
    """Every row has one request, one act, and one entry of each kind."""
    assert yard.rows("SELECT count(*), count(DISTINCT row) FROM gate.request") == [(rows, rows)]
    assert yard.rows("SELECT count(*), count(DISTINCT handle) FROM gate.act WHERE version = 1") == [
        (rows, rows)
    ]
    kinds = Counter(kind for (kind,) in yard.rows("SELECT kind FROM log.entry WHERE handle IS NOT NULL"))
    assert kinds == {"request.received": rows, "request.determined": rows}
    assert yard.rows("SELECT count(DISTINCT (handle, kind)) FROM log.entry WHERE handle IS NOT NULL") == [
        (2 * rows,)
    ]


def test_paused_goes_on_where_it_stood_and_cancelled_keeps_what_was_determined(yard: Yard) -> None:
    sent = yard.send(a_file(4_000))
    worker = yard.worker()
    assert worker.step()  # read
    assert worker.step()  # one chunk
    assert look.steer(yard.gate, CLEO, sent.upload, paused=True)
    assert not worker.step()
    before = look.one(yard.gate, CLEO, sent.upload)
    assert before is not None
    assert 0 < before.rows_done < 4_000
    assert look.steer(yard.gate, CLEO, sent.upload, paused=False)
    assert worker.step()
    assert look.steer(yard.gate, CLEO, sent.upload, cancel=True)
    assert worker.step()  # closes it
    assert worker.step()  # writes what can be downloaded
    assert not worker.step()
    worker.close()
    seen = look.one(yard.gate, CLEO, sent.upload)
    assert seen is not None
    assert seen.upload.state == "cancelled"
    assert before.rows_done < seen.rows_done < 4_000
    once_each(yard, seen.rows_done)
    assert not look.steer(yard.gate, CLEO, sent.upload, paused=True)
    assert yard.send(a_file(4_000)).again is False  # a cancelled file may be sent again


def test_no_chunk_begins_while_an_order_closes_the_gate_to_the_agency(yard: Yard) -> None:
    sent = yard.send(a_file(4_000))
    worker = yard.worker()
    assert worker.step()
    assert worker.step()
    today = yard.gate.context.as_of
    order = NewOrder("D.D.C.", "1:26-cv-1", "custodian", today, agency="DHS", document=b"%PDF order")
    number = record_order(yard.gate, CORA, order)
    assert not worker.step()
    seen = look.one(yard.gate, CLEO, sent.upload)
    assert seen is not None
    assert seen.upload.problem is not None
    assert "1:26-cv-1" in seen.upload.problem
    propose_lifting(yard.gate, CORA, number, b"%PDF lifting")
    confirm_lifting(yard.gate, INA, number)
    while worker.step():
        pass
    worker.close()
    seen = look.one(yard.gate, CLEO, sent.upload)
    assert seen is not None
    assert (seen.upload.state, seen.upload.problem) == ("done", None)
    once_each(yard, 4_000)


def _toil(standing: Standing, folder: Path) -> None:
    """A worker for the test below, in a process of its own."""
    from threading import Event

    Worker(standing, Uploads(folder), Event(), unsafely).run()


def test_killed_at_any_moment_every_row_still_has_one_determination(yard: Yard) -> None:
    rows = 6_000
    sent = yard.send(a_file(rows))
    spawn = get_context("spawn")
    for _ in range(3):
        toiling = [spawn.Process(target=_toil, args=(yard.standing, yard.uploads.folder)) for _ in range(2)]
        for each in toiling:
            each.start()
        began = done = _done(yard, sent.upload)
        deadline = time.monotonic() + 60
        while done == began and yard.upload(sent.upload).state != "done" and time.monotonic() < deadline:
            time.sleep(0.05)
            done = _done(yard, sent.upload)
        for each in toiling:
            assert each.pid is not None
            os.kill(each.pid, signal.SIGKILL)
            each.join()
    deadline = time.monotonic() + 60
    while yard.upload(sent.upload).state != "done" and time.monotonic() < deadline:
        yard.work()  # the server may hold a little longer what a killed process held
    assert yard.upload(sent.upload).state == "done"
    once_each(yard, rows)


def _done(yard: Yard, upload: int) -> int:
    seen = look.one(yard.gate, CLEO, upload)
    assert seen is not None
    return seen.rows_done


def test_the_same_file_twice_is_the_same_upload_and_nobody_else_s(yard: Yard) -> None:
    data = a_file(3)
    first = yard.send(data)
    assert yard.send(data, "another name.csv") == type(first)(first.upload, again=True)
    doj = Actor("dora", Role.CLERK, "DOJ")
    other = yard.send(data, actor=doj)
    assert not other.again
    assert other.upload != first.upload
    assert look.one(yard.gate, doj, first.upload) is None
    assert not look.steer(yard.gate, doj, first.upload, cancel=True)
    assert [each.upload.upload for each in look.newest(yard.gate, doj)] == [other.upload]


def test_rows_of_another_agency_are_not_received_and_are_named(yard: Yard) -> None:
    sent = yard.send(a_file(3, requesting_agency="DOJ") + a_file(2).split(b"\n", 1)[1].replace(b'"R', b'"S'))
    yard.work()
    assert yard.rows("SELECT row FROM gate.request ORDER BY row") == [(4,), (5,)]
    text = yard.uploads.of(sent.upload).table("problems", "csv").read_text()
    assert [line.split(",")[:3] for line in text.splitlines()[1:]] == [
        [str(row), str(row + 1), "requesting_agency"] for row in (1, 2, 3)
    ]


@pytest.mark.parametrize("signed_only", [True])
def test_a_gate_that_takes_signed_requests_only_takes_no_file_without_signatures(
    yard: Yard, signed_only: bool
) -> None:
    from wicketgate.flow.signed import UnsignedError

    yard.gate.signed_only = signed_only
    with pytest.raises(UnsignedError, match="choose the file of signatures"):
        yard.send(a_file(1))
    assert yard.rows("SELECT count(*) FROM gate.upload") == [(0,)]
    assert not list(yard.uploads.arriving.iterdir())


def test_a_fault_of_the_gate_in_one_file_names_nobody_and_keeps_no_other_waiting(
    yard: Yard, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    first, second = yard.send(a_file(2)), yard.send(a_file(3))

    def faulty(gate: Gate, place: Place, upload: Upload, stop: Stop) -> None:
        if upload.upload == first.upload:
            raise ValueError("Rosa Elena Quintero Salas")
        prepare(gate, place, upload, stop)

    monkeypatch.setattr("wicketgate.flow.bulk.worker.prepare", faulty)
    yard.work()
    assert yard.upload(second.upload).state == "done"
    problem = yard.upload(first.upload).problem
    assert problem is not None
    assert "ValueError" in problem
    assert "Rosa" not in problem + capfd.readouterr().err
