"""Every figure of every report is what the ledger says, and a figure that it does not say is found."""

from __future__ import annotations

import csv
import errno
import json
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner
from pdfua import validate

from tests.conftest import copy_of
from tests.stories.people import VALID
from tests.workplace.office import ADA, CORA, ERIN, INA, Office
from tests.workplace.signing import fetched
from wicketgate.cli.console import Refusal
from wicketgate.cli.main import main
from wicketgate.cli.report import writing
from wicketgate.core.request import Request
from wicketgate.flow.orders import NewOrder, confirm_lifting, propose_lifting, record_order
from wicketgate.flow.outbox import open_all
from wicketgate.flow.recall import recall
from wicketgate.flow.report_check import check_reports
from wicketgate.flow.reports import ReportError, report, write_record, write_reports
from wicketgate.flow.statistics import publish_due
from wicketgate.flow.work.dissent import dissent
from wicketgate.flow.work.endorse import endorse
from wicketgate.flow.work.plant import plant
from wicketgate.flow.work.refusals import WorkRefusedError
from wicketgate.ledger import LedgerError
from wicketgate.stages.accounting import WAITS
from wicketgate.store.database import Database

CIVIL = VALID | {"statute": "8 U.S.C. 1231"}
FRAUD = VALID | {
    "statute": "18 U.S.C. 1343",
    "requesting_agency": "DOJ",
    "signatory_capacity": "attorney_general",
    "engaged_officers": "Dee Fraud|77|DOJ",
}
YEAR = 2026


def play(office: Office) -> None:
    """A year: two agencies, disclosures about one person, recalls, an order, an exercise, a dissent."""
    office.receive(*[CIVIL] * 12, FRAUD)
    opened = []
    for _ in range(3):
        handle = office.one()
        office.endorse_and_approve(handle)
        open_all(office.gate)
        opened.append(handle)
    assert all(fetched(office, handle) for handle in opened[:2])
    recall(office.gate, CORA, opened[1], "The order was vacated.")
    recall(office.gate, CORA, opened[2], "The order was vacated.")
    refused = office.endorsed()
    dissent(office.gate, ERIN, refused, "The dates do not fit.", office.gate.clock.now())
    office.refuse(ADA, refused)
    with pytest.raises(WorkRefusedError):
        office.approve(ADA, refused)
    number = record_order(
        office.gate, CORA, NewOrder("D.D.C.", "1:25", "custodian", office.clock.at.date(), document=b"x")
    )
    propose_lifting(office.gate, CORA, number, b"y")
    confirm_lifting(office.gate, INA, number)
    planted = plant(office.gate, INA, Request.from_mapping(VALID | {"request_id": "X"}), "Not theirs.")
    endorse(office.gate, ERIN, planted, office.take(ERIN, planted))
    open_all(office.gate)


@pytest.fixture(scope="module")
def made(template: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Path]]:
    with copy_of(template) as database:
        office = Office(database, tmp_path_factory.mktemp("office"))
        play(office)
        with pytest.raises(ReportError, match="cannot be made yet"):
            report(office.gate, "public", YEAR)
        office.clock.at = datetime(2027, 2, 10, tzinfo=UTC)
        publish_due(office.gate)
        office.receive(*[CIVIL] * 2)  # the next year's, in no figure of this one
        out = tmp_path_factory.mktemp("reports") / "2026"
        write_reports(office.gate, YEAR, out)
        yield office, out
        office.gate.close()


def figures(out: Path, name: str) -> dict[tuple[str, str, str], str]:
    with (out / f"{YEAR}-{name}.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {(row["agency"], row["figure"], row["detail"]): row["number"] for row in rows}


def test_every_figure_of_every_report_is_counted_again_from_the_ledger_alone(
    made: tuple[Office, Path],
) -> None:
    office, out = made
    good, bad = check_reports(out, office.gate.key.vkey)
    assert bad == []
    assert f"The year {YEAR} is closed: the last quarter of the year is published." in good
    assert len([line for line in good if "counted again" in line]) == 6
    done = CliRunner().invoke(main, ["report", "verify", str(out), "--vkey", office.gate.key.vkey])
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "Everything holds.")


def test_a_partial_year_is_marked_in_every_file_and_by_the_check(
    made: tuple[Office, Path], tmp_path: Path
) -> None:
    office, _ = made
    write_reports(office.gate, YEAR + 1, tmp_path)
    size = json.loads((tmp_path / "reports.json").read_text())["entries"]
    partial = f"partial: counted over the first {size} entries of the log, the year is not closed"
    assert not (tmp_path / f"{YEAR + 1}-public.csv").exists()
    for name in ("confidential", "safeguards"):
        assert partial in (tmp_path / f"{YEAR + 1}-{name}.csv").read_text()
        with pikepdf.open(tmp_path / f"{YEAR + 1}-{name}.pdf") as pdf:
            assert str(pdf.docinfo.Title).endswith("(partial year)")
    good, bad = check_reports(tmp_path, office.gate.key.vkey)
    assert (bad, f"The year {YEAR + 1} is {partial}." in good) == ([], True)


def test_what_fails_elsewhere_is_not_told_as_if_the_folder_could_not_be_written(tmp_path: Path) -> None:
    for error, sentence in (
        (FileNotFoundError(errno.ENOENT, "gone", "/elsewhere/key"), "/elsewhere/key failed"),
        (ConnectionResetError(errno.ECONNRESET, "reset"), "A file of the gate failed"),
        (PermissionError(errno.EACCES, "denied", str(tmp_path / "out" / "x.csv")), "x.csv cannot be written"),
        (OSError(errno.ENOSPC, "no space"), "out cannot be written"),
    ):
        with pytest.raises(Refusal, match=sentence), writing(tmp_path / "out"):
            raise error


def test_the_figures_are_what_happened(made: tuple[Office, Path]) -> None:
    _, out = made
    told = figures(out, "confidential")
    dhs = {key[1:]: number for key, number in told.items() if key[0] == "DHS"}
    assert (dhs["requests", ""], dhs["instances", ""], dhs["taxpayers", ""]) == ("16", "2", "1")
    assert told["DOJ", "requests", ""] == "1"
    assert (dhs["determinations", "deficient"], dhs["not shown, by element", "B4"]) == ("12", "12")
    assert (dhs["decisions", "approve"], dhs["decisions", "refuse"]) == ("3", "1")
    assert dhs["purposes", "8 U.S.C. 1253(a)(1)(A)"] == "2"
    assert (dhs["packages sealed", ""], dhs["recalls", ""], dhs["dissents", ""]) == ("3", "2", "1")
    safe = figures(out, "safeguards")
    assert safe["DHS", "disclosures held by recipients at the end", ""] == "2"
    assert safe["DHS", "certificates overdue at the end", ""] == "1"
    assert (
        safe["all agencies", "suspensions begun", ""] == safe["all agencies", "suspensions ended", ""] == "1"
    )


def test_the_public_report_tells_no_small_count(made: tuple[Office, Path]) -> None:
    _, out = made
    told = figures(out, "public")
    assert told["DHS", "requests", ""] == "16"
    assert told["DHS", "instances", ""] == told["DHS", "taxpayers", ""] == WAITS
    assert not any(agency == "DOJ" for agency, _, _ in told)


@pytest.mark.parametrize("name", ["public", "confidential", "safeguards"])
def test_a_report_is_accessible_and_the_same_each_time(made: tuple[Office, Path], name: str) -> None:
    office, out = made
    document = out / f"{YEAR}-{name}.pdf"
    assert [finding.message for finding in validate(str(document)).findings] == []
    again = report(office.gate, name, YEAR)
    assert (again.pdf, again.csv) == (document.read_bytes(), (out / f"{YEAR}-{name}.csv").read_bytes())


def test_a_forged_figure_is_found_in_every_report(made: tuple[Office, Path], tmp_path: Path) -> None:
    office, out = made
    forged = tmp_path
    for name in ("public", "confidential", "safeguards"):
        forged = shutil.copytree(out, tmp_path / name)
        path = forged / f"{YEAR}-{name}.csv"
        lines = path.read_text().splitlines(keepends=True)
        for number, line in enumerate(lines[1:], 1):
            cells = line.rsplit(",", 1)
            path.write_text("".join([*lines[:number], f"{cells[0]},999\r\n", *lines[number + 1 :]]))
            _, bad = check_reports(forged, office.gate.key.vkey)
            assert any("999" in each for each in bad), line
            if number > 3:
                break
        path.write_text("".join(lines[:-1]))
        assert check_reports(forged)[1], "a figure that is left out"
    assert CliRunner().invoke(main, ["report", "verify", str(forged)]).exit_code == 1


def test_whoever_forges_the_account_makes_no_leaf(made: tuple[Office, Path], tmp_path: Path) -> None:
    office, out = made
    lines = (out / "accounts.jsonl").read_text().splitlines(keepends=True)
    taxpayer = next(number for number, line in enumerate(lines) if "taxpayer:" in line)
    forged = tmp_path
    attacks = {
        "an entry is left out": lines[:5] + lines[6:],
        "the last is left out": lines[:-1],
        "one stands twice": [*lines, lines[-1]],
        "one says another agency": [line.replace('"DHS"', '"DOJ"') for line in lines],
        "another taxpayer": [
            *lines[:taxpayer],
            lines[taxpayer].replace("taxpayer:", "taxpayer:0"),
            *lines[taxpayer + 1 :],
        ],
        "no account": ["{}\n"],
    }
    for name, changed in attacks.items():
        forged = shutil.copytree(out, tmp_path / name)
        (forged / "accounts.jsonl").write_text("".join(changed))
        with pytest.raises(LedgerError):
            check_reports(forged, office.gate.key.vkey)
    (forged / "ledger" / "checkpoint").write_text("none")
    done = CliRunner().invoke(main, ["report", "verify", str(forged)])
    assert (done.exit_code, "Traceback" in done.output) == (2, False)


def test_the_account_opens_no_name_no_address_and_no_reasons(made: tuple[Office, Path]) -> None:
    _, out = made
    text = (out / "accounts.jsonl").read_text()
    for word in ("Rosa", "Quintero", "Juniper", "900-70", "Alma Agent", "vacated", "Not theirs"):
        assert word not in text
    kinds = Counter(json.loads(line)[1] for line in text.splitlines()[1:])
    assert len(kinds) > 10


def test_the_record_has_every_request_once_and_what_became_of_it(
    made: tuple[Office, Path], tmp_path: Path
) -> None:
    office, _ = made
    number = write_record(office.gate, tmp_path / "record.csv")
    with (tmp_path / "record.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert number == len(rows) == 19, "an exercise is no request"
    assert [row["agency"] for row in rows].count("DOJ") == 1
    disclosed = [row for row in rows if row["picked_up_at"]]
    assert {row["taxpayer"] for row in disclosed} == {disclosed[0]["taxpayer"]} != {""}
    assert {row["purpose"] for row in disclosed} == {"8 U.S.C. 1253(a)(1)(A)"}
    assert all(row["received_at"] and row["request_digest"] for row in rows)
