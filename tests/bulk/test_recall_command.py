"""`wicketgate recall`: what was disclosed before this gate comes in, is called back and certified."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from tests.bulk.test_interrupted import a_file
from tests.bulk.yard import Yard
from tests.cli.test_commands import run
from tests.workplace.office import CORA, ERIN, SAM
from wicketgate.flow import recall_campaign, standing
from wicketgate.flow.api import reading
from wicketgate.flow.api.caller import Caller
from wicketgate.flow.gate import Gate
from wicketgate.flow.recall_campaign import RecallRefusedError
from wicketgate.flow.recall_import import import_answered
from wicketgate.flow.recall_selection import Selection, select
from wicketgate.store.database import Database
from wicketgate.web import configuration

BY = ("--as", "sam", "--role", "safeguards_officer")
PATH = ("--procedure", "number and name", "--disclosed-on", "2025-08-07")


@pytest.fixture
def gate(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> Gate:
    """The gate that the commands open: it takes signed requests only."""
    yard.gate.signed_only = True

    @contextmanager
    def opened(_: object) -> Iterator[Gate]:
        yield yard.gate

    monkeypatch.setattr(standing, "open_standing", opened)
    monkeypatch.setattr(configuration, "read", lambda _: yard)
    return yard.gate


def test_what_was_answered_elsewhere_is_imported_recalled_and_certified(
    yard: Yard, gate: Gate, tmp_path: Path
) -> None:
    file, paper = tmp_path / "answered.csv", tmp_path / "certificate.pdf"
    file.write_bytes(a_file(3) + b"R9,too,few\n")
    paper.write_bytes(b"%PDF signed")
    done = run("recall", "import", file, *PATH, *BY)
    assert done.exit_code == 0, done.output
    assert "3 disclosures noted under 'number and name'. 1 rows are no requests" in done.output
    assert "0 disclosures noted" in run("recall", "import", file, *PATH, *BY).output, "nothing comes in twice"
    assert yard.rows("SELECT state, count(*) FROM gate.request GROUP BY 1") == [("held", 3)]
    assert yard.rows("SELECT procedure, disclosed_on::text FROM gate.imported_disclosure LIMIT 1") == [
        ("number and name", "2025-08-07")
    ]
    dry = select(gate, Selection(procedure="number and name"))
    number = recall_campaign.propose(gate, SAM, dry, {"procedure": "number and name"}, "A court says so.")
    told = ("--agency", "DHS", "--copies", "2", "--media", "backup", "--method", "purge")
    early = run("recall", "certify", number, paper, *told, *BY)
    assert (early.exit_code, "waits for this certificate" in early.output) == (2, True)
    recall_campaign.start(gate, CORA, number)
    assert recall_campaign.go_on(gate, number) == 3
    done = run("recall", "certify", number, paper, *told, *BY)
    assert done.exit_code == 0, done.output
    assert "3 disclosures are certified as destroyed; 0 of recall 1 are not yet." in done.output
    assert yard.rows("SELECT DISTINCT certificate ->> 'copies' FROM gate.recall") == [("2",)]
    agency = Caller("sha256:" + "0" * 64, "case system", "DHS")
    first = reading.notices(gate, agency, None, 2)
    rest = reading.notices(gate, agency, first.after, 2)
    assert (len(first.items), len(rest.items), rest.after) == (2, 1, None)
    assert len({each.handle for each in (*first.items, *rest.items)}) == 3
    assert all(each.certified_at for each in (*first.items, *rest.items))


def test_imported_requests_stand_in_no_agencys_count_and_are_no_tries(
    database: Database, gate: Gate, tmp_path: Path
) -> None:
    file = tmp_path / "answered.csv"
    file.write_bytes(a_file(3))
    assert run("recall", "import", file, *PATH, *BY).exit_code == 0
    with database.administer() as owner:
        assert owner.execute("SELECT count(*) FROM gate.attempt").fetchone() == (0,)
        counted = owner.execute("SELECT agency, last FROM gate.agency_counter").fetchall()
    assert counted == [("?", 3)]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("--procedure", " ", "--disclosed-on", "2025-08-07"), "Name the procedure"),
        (("--procedure", "x", "--disclosed-on", "2999-01-01"), "in the future"),
    ],
)
def test_an_import_that_says_too_little_is_refused(
    yard: Yard, gate: Gate, tmp_path: Path, words: tuple[str, ...], problem: str
) -> None:
    file = tmp_path / "answered.csv"
    file.write_bytes(a_file(1))
    done = run("recall", "import", file, *words, *BY)
    assert (done.exit_code, problem in done.output) == (2, True)
    assert yard.rows("SELECT count(*) FROM gate.request") == [(0,)]


def test_who_proposes_no_recall_imports_nothing(yard: Yard, gate: Gate, tmp_path: Path) -> None:
    file = tmp_path / "answered.csv"
    file.write_bytes(a_file(1))
    with pytest.raises(RecallRefusedError, match="may not import"):
        import_answered(gate, ERIN, file, "number and name", date(2025, 8, 7))
    assert yard.rows("SELECT count(*) FROM gate.request") == [(0,)]
