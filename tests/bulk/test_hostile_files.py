"""Files that were made to break the gate: each is refused in a sentence, or row by row, in bounded memory."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress

import pytest

from tests.bulk.test_interrupted import a_file
from tests.bulk.yard import Yard
from wicketgate.flow.bulk.take_in import Arriving, TooLargeError, shown_name
from wicketgate.stages.intake import SubmissionError

HEADER, ONE = a_file(1).split(b"\n")[:2]


def bomb() -> bytes:
    """A workbook of some hundred kilobytes whose sheet unfolds to a quarter of a gigabyte."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        spread = "http://schemas.openxmlformats.org"
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{spread}/package/2006/content-types"/>')
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{spread}/spreadsheetml/2006/main"'
            f' xmlns:r="{spread}/officeDocument/2006/relationships">'
            '<sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{spread}/package/2006/relationships"><Relationship Id="r1"'
            f' Type="{spread}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
            "</Relationships>",
        )
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(
                f'<worksheet xmlns="{spread}/spreadsheetml/2006/main"><sheetData><row r="1">'
                '<c t="inlineStr"><is><t>request_id</t></is></c></row>'
                '<row r="2"><c t="inlineStr"><is><t>'.encode()
            )
            for _ in range(256):
                sheet.write(b"A" * 2**20)
            sheet.write(b"</t></is></c></row></sheetData></worksheet>")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"PK\x05\x06" + bytes(18), "never unpacked"),
        (b"%PDF-1.7 an order", "PDF"),
        ("request_id\nR1\n".encode("utf-16"), "UTF-16"),
        (b"who,why\nme,because\n", "who"),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "DOCTYPE"),
        (b"[{}]", "JSON array"),
    ],
    ids=["nothing", "empty archive", "pdf", "utf-16", "strange columns", "doctype", "array"],
)
def test_what_is_no_file_of_requests_is_refused_at_once_and_leaves_nothing(
    yard: Yard, data: bytes, sentence: str
) -> None:
    with pytest.raises(SubmissionError, match=sentence):
        yard.send(data, "requests.csv")
    assert yard.rows("SELECT count(*) FROM gate.upload") == [(0,)]
    assert not list(yard.uploads.arriving.iterdir())


def test_a_name_says_nothing_about_what_a_file_is(yard: Yard) -> None:
    sent = yard.send(a_file(2), "holiday.png")
    yard.work()
    assert yard.upload(sent.upload).summary["requests"] == 2  # type: ignore[index]
    assert shown_name("C:\\Users\\me\\..\\re\u202equests.csv\n") == "requests.csv"
    assert shown_name("../../") == "file"


def test_a_zip_bomb_is_unreadable_and_says_why(yard: Yard) -> None:
    packed = bomb()
    assert len(packed) < 2**20
    sent = yard.send(packed, "requests.xlsx")
    yard.work()
    found = yard.upload(sent.upload)
    assert found.state == "unreadable" or found.summary["requests"] == 0  # type: ignore[index]
    assert yard.rows("SELECT count(*) FROM gate.request") == [(0,)]


def test_endless_lines_gigantic_cells_and_mixed_line_ends_cost_only_their_own_rows(yard: Yard) -> None:
    good = [ONE.replace(b'"R0"', f'"G{number}"'.encode()) for number in range(3)]
    endless = b'"E",' + b"x" * (17 * 2**20)
    gigantic = ONE.replace(b'"R0"', b'"C"').replace(b"Case 0", b"y" * 20_000)
    broken = ONE.replace(b'"R0"', b'"B"').replace(b"Rosa", b"Ros\xe9")
    data = (
        b"\r\n".join([HEADER, good[0]])
        + b"\n"
        + b"\n".join([endless, good[1], gigantic, broken])
        + b"\r\n"
        + good[2]
    )
    sent = yard.send(data)
    yard.work()
    assert [reference for (reference,) in yard.rows("SELECT request_id FROM gate.request ORDER BY row")] == [
        "G0",
        "G1",
        "G2",
    ]
    text = yard.uploads.of(sent.upload).table("problems", "csv").read_text()
    assert [line.split(",")[:2] for line in text.splitlines()[1:]] == [["2", "3"], ["4", "5"], ["5", "6"]]
    assert "Ros" not in text
    assert "yyy" not in text


def test_a_broken_upload_leaves_nothing_and_too_much_is_refused_on_the_way(yard: Yard) -> None:
    with suppress(ConnectionResetError), Arriving(yard.uploads) as arriving:
        arriving.write(a_file(1))
        raise ConnectionResetError
    with Arriving(yard.uploads, 2**20) as arriving:
        arriving.write(bytes(2**20))
        with pytest.raises(TooLargeError, match="larger than 1 MiB"):
            arriving.write(b".")
    assert not list(yard.uploads.arriving.iterdir())


def test_results_hold_no_formula(yard: Yard) -> None:
    sent = yard.send(a_file(1).replace(b'"R0"', b'"=1+1"'))
    yard.work()
    place = yard.uploads.of(sent.upload)
    assert "\n1,'=1+1," in place.table("results", "csv").read_text()
    with zipfile.ZipFile(place.table("results", "xlsx")) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert ">=1+1</t>" in sheet
    assert look_like(place.table("results", "jsonl").read_text())


def look_like(lines: str) -> bool:
    """JSON Lines with the reference as it was sent."""
    return '"request_id": "=1+1"' in lines
