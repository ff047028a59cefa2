"""What the doctor asks a gate: does the key process know no more of the log than the database holds?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workplace.office import Office
from wicketgate.flow.health import keys_answer
from wicketgate.store.database import Database


def test_a_database_older_than_what_the_key_process_has_seen_is_told(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(database, tmp_path)
    office.one()
    assert keys_answer(office.gate) is None
    monkeypatch.setattr(type(office.gate.the_keys()), "seen", lambda _: 1_000_000)
    assert "it has seen 1,000,000 entries of the log" in str(keys_answer(office.gate))
    office.gate.close()
