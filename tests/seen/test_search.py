"""The search for people after a test run can fail: whatever is planted anywhere is found.

1. Every way of writing a person is found in a text, and a page's own words are not.
2. A name in an address, a title, an error page, a mail or a log fails the run that let it out.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.seen.search import matches, ordinary_words, terms
from tests.stories.people import VALID
from tests.web.demo import ROOT

ROSA = VALID | {"taxpayer_birth_date": "1984-05-06"}
WAYS = (
    *("quintero salas", "Rosa Quintero Salas", "QUINTERO-SALAS, ROSA", "900-70-0001", "900700001"),
    *(
        "born 1984-05-06",
        "4821 Juniper Street, Apt 3B",
        "Pat%20Secretary",
        "Alma+Agent",
        "Rosa&#x20;Quintero Salas",
    ),
)


@pytest.mark.parametrize("text", WAYS)
def test_a_person_is_found_however_they_are_written(text: str) -> None:
    assert matches(f"/requests/?q={text}", frozenset(terms(ROSA, ordinary_words())))


def test_what_pages_say_anyway_gives_nobody_away() -> None:
    someone = {
        "taxpayer_first_name": "Ann",
        "taxpayer_last_name": "Case",
        "engaged_officers": "Open Request|1|D",
    }
    wanted = frozenset(terms(someone, ordinary_words()))
    assert not matches("Take the case. Open request", wanted)
    assert matches("Ann Case", wanted)


_RUN = (sys.executable, "-m", "pytest", "-q", "-p", "tests.seen.plugin", "-p", "no:cacheprovider")
_PLANTED = """
from tests.seen.kept import _person, keep, log_file

def test_lets_something_out():
    _person({"taxpayer_first_name": "Rosa", "taxpayer_last_name": "Quintero Salas"})
    keep(KIND, "All is well", "somewhere") if KIND != "log file" else log_file().write_text("All is well")
    keep("title", "Request WG-2222-2222-2222")
"""


@pytest.mark.parametrize(("kind", "workers"), [("title", "0"), ("log file", "1")])
def test_a_run_fails_that_lets_somebody_out(tmp_path: Path, kind: str, workers: str) -> None:
    for words, code in (("All is well", 0), ("Quintero Salas", 1)):
        file = tmp_path / "test_planted.py"
        file.write_text(_PLANTED.replace("KIND", repr(kind)).replace("All is well", words))
        told = subprocess.run(
            [*_RUN, "-n", workers, str(file)],
            check=False,
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        )
        assert told.returncode == code, told.stdout + told.stderr
        assert ("quintero salas" in told.stdout) is bool(code)
