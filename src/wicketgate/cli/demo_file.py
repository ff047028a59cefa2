"""The demonstration's file: what the clerk has sent this morning, with rows that could not be received."""

from __future__ import annotations

from pathlib import Path
from threading import Event

from wicketgate.cli.demo_people import CLEO
from wicketgate.flow.bulk.place import Uploads
from wicketgate.flow.bulk.take_in import Arriving, take_in
from wicketgate.flow.bulk.worker import Worker
from wicketgate.flow.gate import Gate
from wicketgate.flow.standing import Standing
from wicketgate.synthetic import make_submission

NAME, ROWS, SEED = "this-morning.csv", 90, 20251127
_NO_ROW = b"R-9001,DHS,written\n"


def send_a_file(gate: Gate, standing: Standing, uploads: Uploads, folder: Path) -> None:
    """The clerk sends a mixed file; some of its rows name other agencies, and one is too short."""
    path = folder / NAME
    make_submission(path, rows=ROWS, kind="mixed", seed=SEED, register=folder / "register")
    with Arriving(uploads) as arriving:
        arriving.write(path.read_bytes() + _NO_ROW)
        take_in(gate, CLEO.actor, uploads, NAME, arriving)
    worker = Worker(standing, uploads, Event())
    while worker.step():
        pass
    worker.close()
