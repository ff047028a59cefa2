"""A gate that another closes: whoever is at work in it finishes, and then nothing of it is open."""

from __future__ import annotations

from pathlib import Path
from threading import enumerate as threads

from tests.workplace.office import Office
from wicketgate.store.database import Connection, Database
from wicketgate.store.services import Service


def test_who_records_in_a_closed_gate_leaves_no_writer_and_no_connection(
    database: Database, tmp_path: Path
) -> None:
    office = Office(database, tmp_path)
    used: list[Connection] = []
    before = set(threads())
    office.gate.record_together(Service.INTAKE, [], used.append)
    assert set(threads()) > before
    office.gate.close()
    office.gate.record_together(Service.INTAKE, [], used.append)
    assert set(threads()) == before
    assert [each.closed for each in used] == [True, True]
