"""Every engine of this machine says of the suite what the suite says."""

from __future__ import annotations

from datetime import date

import pytest

from wicketgate.flow.engines import ENGINES, engines, missing
from wicketgate.law import compile_authority, load
from wicketgate.law.conformance import read_suite

NAME, DAY = "cfr45-164-512-f", date(2026, 3, 1)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # py4j leaves its sockets open
def test_every_engine_that_is_here_shows_the_same_elements() -> None:
    law = compile_authority(load(NAME, on=DAY))
    facts = [row.facts for setting in read_suite(NAME).settings for row in setting.rows]
    here = [name for name in ENGINES if name not in missing()]
    with engines(here) as started:
        found = {name: masks(law, facts) for name, masks in started.items()}
    assert {"python", "duckdb", "postgresql"} <= set(found)
    assert len(set(found["python"])) > 20
    for name, masks in found.items():
        assert masks == found["python"], name


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert missing() == {"spark": "PySpark is not installed"}
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    assert missing() == {"spark": "there is no Java"}
    monkeypatch.setattr("shutil.which", lambda name: name)
    assert missing() == {}
