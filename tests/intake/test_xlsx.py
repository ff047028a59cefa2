"""A workbook holds the same requests as CSV; a cell that states no text is refused by its place."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.intake.files import COMPLETE, csv_bytes
from wicketgate.core.request import COLUMNS
from wicketgate.stages.intake import Malformed, Received, SubmissionError, read_submission

NOON = datetime(2026, 2, 3, 12, tzinfo=None)  # noqa: DTZ001  # a cell has no time zone
DATE = {"num_format": "yyyy-mm-dd"}


def book(rows: list[list[Any]], options: Mapping[str, Any] | None = None, sheets: int = 1) -> bytes:
    """A workbook with these rows; a `date` is written as Excel writes dates."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, **(options or {})}) as workbook:
        dates = workbook.add_format(DATE)
        for _ in range(sheets):
            sheet = workbook.add_worksheet()
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, date):
                        sheet.write_datetime(at, column, value, dates)
                    elif isinstance(value, str) and value.startswith("{="):
                        sheet.write_formula(at, column, value[1:-1], None, "cached")
                    elif isinstance(value, str):
                        sheet.write_string(at, column, value)
                    elif value is not None:
                        sheet.write(at, column, value)
    return stream.getvalue()


def found(path: Path, data: bytes) -> list[Received | Malformed]:
    path.write_bytes(data)
    return list(read_submission(path))


HEADER = ["request_id", "signed_on", "matter_number", "sole_use_attested"]


def test_text_whole_numbers_truth_and_days_have_one_exact_text(tmp_path: Path) -> None:
    (row,) = found(tmp_path / "s.xlsx", book([HEADER, ["R1", date(2026, 2, 3), 7631, True]]))
    assert isinstance(row, Received)
    assert row.request.as_mapping() == {
        "request_id": "R1",
        "signed_on": "2026-02-03",
        "matter_number": "7631",
        "sole_use_attested": "true",
    }


def test_workbooks_that_count_from_1904_tell_the_same_days(tmp_path: Path) -> None:
    (row,) = found(tmp_path / "s.xlsx", book([HEADER, ["R1", date(2026, 2, 3)]], {"date_1904": True}))
    assert isinstance(row, Received)
    assert row.request.signed_on == "2026-02-03"


BROKEN: dict[str, tuple[list[Any], str]] = {
    "a formula": (["R2", "{=1+1}"], "!signed_on: The signed_on is a formula; paste its value as text."),
    "a fraction": (["R2", None, 0.1], "!matter_number: The matter_number is a number with no one exact text"),
    "a long number": (["R2", None, 1e300], "!matter_number: The matter_number is a number with no one exact"),
    "a time": (["R2", NOON], "!signed_on: The signed_on is a number with no one exact"),
    "an early day": (["R2", date(1900, 1, 5)], "!signed_on: The signed_on is a date that has no one exact"),
    "a cell outside": (["R2", None, None, None, "x"], "!: The row has a cell outside the named columns"),
    "no reference": ([None, "2026-02-03"], "!request_id: The request_id is empty"),
    "too long": (["R2", "x" * 1001], "!signed_on: The signed_on is longer than 1,000 characters"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_cell_without_one_exact_text_costs_its_row(tmp_path: Path, name: str) -> None:
    cells, problem = BROKEN[name]
    rows = found(tmp_path / "s.xlsx", book([HEADER, ["R1"], [], cells, ["R3"]]))
    first, broken, last = rows
    assert isinstance(first, Received)
    assert isinstance(last, Received)
    assert (first.row, first.line, last.row, last.line) == (1, 2, 3, 5)
    assert isinstance(broken, Malformed)
    assert (broken.row, broken.line) == (2, 4)
    assert f"!{broken.column or ''}: {broken.problem}".startswith(problem)


def archive(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as target:
        for name, text in parts.items():
            target.writestr(name, text)
    return stream.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        return {name: source.read(name) for name in source.namelist()}


GOOD = book([HEADER, ["R1"]])
PARTS = parts_of(GOOD)
SHEET = "xl/worksheets/sheet1.xml"
BOOK = "xl/workbook.xml"
DOCTYPE = b'<!DOCTYPE a [<!ENTITY a "b">]>'
REFUSED: dict[str, tuple[bytes, str]] = {
    "a plain archive": (archive({"requests.csv": "request_id\nR1\n"}), "a ZIP archive and no workbook"),
    "a document": (archive({"[Content_Types].xml": "", "word/document.xml": ""}), "no workbook"),
    "half an archive": (GOOD[: len(GOOD) // 2], "damaged"),
    "two sheets": (book([HEADER, ["R1"]], sheets=2), "has 2 sheets"),
    "an empty sheet": (book([]), "The sheet is empty"),
    "no names": (book([["R1", None, "x"]]), "without gaps"),
    "numbers as names": (book([[1, 2]]), "the interface does not know"),
    "unknown names": (book([["request_id", "phone"]]), "'phone'"),
    "no sheet": (archive(PARTS | {SHEET: b""}), "damaged"),
    "a missing part": (archive({n: d for n, d in PARTS.items() if n != SHEET}), "damaged"),
    "a doctype in the book": (
        archive(PARTS | {"xl/workbook.xml": DOCTYPE + PARTS["xl/workbook.xml"].split(b"?>", 1)[1]}),
        "DOCTYPE",
    ),
    "a doctype in the sheet": (
        archive(PARTS | {SHEET: DOCTYPE + PARTS[SHEET].split(b"?>", 1)[1]}),
        "DOCTYPE",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_submission_is_refused_whole(tmp_path: Path, name: str) -> None:
    data, problem = REFUSED[name]
    with pytest.raises(SubmissionError, match=problem):
        found(tmp_path / "s.xlsx", data)


def test_a_workbook_that_unfolds_without_end_is_stopped(tmp_path: Path) -> None:
    bomb = archive(PARTS | {"xl/styles.xml": b"<a>" + b" " * 70_000_000})
    assert len(bomb) < 200_000
    with pytest.raises(SubmissionError, match="unfolds to more"):
        found(tmp_path / "s.xlsx", bomb)


@pytest.mark.parametrize("at", range(0, len(GOOD), len(GOOD) // 40))
def test_a_damaged_workbook_is_refused_or_read_and_never_breaks(tmp_path: Path, at: int) -> None:
    spoiled = GOOD[:at] + bytes([GOOD[at] ^ 0x55]) + GOOD[at + 1 :]
    with suppress(SubmissionError):
        assert len(found(tmp_path / "s.xlsx", spoiled)) <= 1


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=30)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(COLUMNS[1:], TEXTS)), max_size=4))
def test_a_workbook_holds_the_same_requests_as_csv(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("xlsx")
    numbered = [{"request_id": f"R{number}", **row} for number, row in enumerate(rows)]
    cells = [[row.get(name) or None for name in COLUMNS] for row in numbered]
    (folder / "s.csv").write_bytes(csv_bytes(numbered))
    read = [
        each.request
        for each in found(folder / "s.xlsx", book([list(COLUMNS), *cells]))
        if isinstance(each, Received)
    ]
    assert read == [each.request for each in read_submission(folder / "s.csv") if isinstance(each, Received)]
    assert len(read) == len(rows)


def test_escaped_characters_are_read(tmp_path: Path) -> None:
    """`_x000D_` is how a workbook writes a carriage return, and `_x005F_` an underscore that is none."""
    (row,) = found(tmp_path / "s.xlsx", book([HEADER, ["R1", COMPLETE["reasons"] + "\r!", "_x0041_"]]))
    assert isinstance(row, Received)
    assert row.request.signed_on == COMPLETE["reasons"] + "\r!"
    assert row.request.matter_number == "_x0041_"
