"""Files that are no submission: one clear sentence, never a traceback, never unpacked."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.intake.files import COMPLETE, csv_bytes
from wicketgate.core.cells import safe_cell
from wicketgate.core.request import COLUMNS
from wicketgate.stages.intake import Malformed, Received, SubmissionError, read_submission


def zipped(name: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, b"\0" * 50_000_000)
    return data.getvalue()


GOOD = csv_bytes([COMPLETE])
REFUSED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "The file is empty"),
    "blank": (b"\n\r\n \n", "The file is empty"),
    "zip bomb": (zipped("rows.csv"), "ZIP archive"),
    "workbook": (zipped("xl/workbook.xml"), "a ZIP archive and no workbook"),
    "gzip": (gzip.compress(GOOD), "compressed with gzip"),
    "bzip2": (bz2.compress(GOOD), "compressed with bzip2"),
    "xz": (lzma.compress(GOOD), "compressed with xz"),
    "zstd": (b"\x28\xb5\x2f\xfd\x24", "compressed with zstd"),
    "pdf": (b"%PDF-1.7\n", "a PDF"),
    "old office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    "database": (b"SQLite format 3\0", "a database"),
    "utf-16": (GOOD.decode().encode("utf-16"), "UTF-16"),
    "utf-16 without a mark": (GOOD.decode().encode("utf-16-le"), "UTF-16"),
    "binary": (bytes(range(256)) * 4, "binary"),
    "json array": (b'[{"request_id": "R1"}]', "JSON array"),
    "no reference column": (b"form,statute\nwritten,x\n", "no column request_id"),
    "unknown columns": (b"request_id,social,form,phone\nR1,1,written,2\n", "'social', 'phone'"),
    "many unknown columns": (b",".join(b"c%d" % n for n in range(99)), "and 94 more"),
    "column twice": (b"request_id,form,form\nR1,a,b\n", "'form' more than once"),
    "column without a name": (b"request_id,,form\nR1,a,b\n", "without a name"),
    "semicolons": (b"request_id;form\nR1;written\n", "separator must be a comma"),
    "old line ends": (b"request_id,form\rR1,written\r", "carriage returns alone"),
    "latin-1 header": ("request_id,größe\n".encode("latin-1"), "not UTF-8"),
    "open header": (b'request_id,"form\nR1,written\n', "does not hold column names"),
    "endless header": (b"request_id," + b"x" * 30_000_000, "The first row"),
    "letter": (b"Dear Sir or Madam,\nplease find attached\n", "which the interface does not know"),
    "half a parquet file": (b"PAR1" + bytes(100), "damaged"),
}


@pytest.mark.parametrize(("data", "says"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_submission_gets_one_sentence(tmp_path: Path, data: bytes, says: str) -> None:
    file = tmp_path / "submission.csv"
    file.write_bytes(data)
    with pytest.raises(SubmissionError, match=says) as refusal:
        list(read_submission(file))
    sentence = str(refusal.value)
    assert "\n" not in sentence
    assert sentence.isprintable()
    assert sentence.endswith(".")
    assert len(sentence) < 400


def test_a_name_cannot_make_a_parquet_file(tmp_path: Path) -> None:
    file = tmp_path / "submission.parquet"
    file.write_bytes(b"xxx")
    with pytest.raises(SubmissionError, match="is not a Parquet file"):
        list(read_submission(file))


def test_a_terminal_is_given_nothing_to_obey(tmp_path: Path) -> None:
    file = tmp_path / "submission.csv"
    file.write_bytes("request_id,\x1b[2J\u202e\n".encode())
    with pytest.raises(SubmissionError) as refusal:
        list(read_submission(file))
    assert str(refusal.value).isascii()
    assert "\x1b" not in str(refusal.value)


@pytest.mark.parametrize("name", ["missing.csv", ".", "missing/deep.csv"])
def test_what_is_not_a_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SubmissionError, match="is not a file"):
        list(read_submission(tmp_path / name))


def test_a_header_alone_is_a_submission_without_requests(tmp_path: Path) -> None:
    file = tmp_path / "submission.csv"
    for data in (b"request_id,form", b"request_id,form\n", b"\xef\xbb\xbfrequest_id\r\n\r\n"):
        file.write_bytes(data)
        assert list(read_submission(file)) == []


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet", ".txt", ""])
def test_the_content_decides_and_not_the_name(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"submission{suffix}"
    parquet = tmp_path / "made"
    with duckdb.connect() as database:
        database.execute(f"COPY (SELECT 'R1' AS request_id) TO '{parquet}' (FORMAT parquet)")
    for data in (b"request_id\nR1\n", b'\n {"request_id": "R1"}\n', parquet.read_bytes()):
        file.write_bytes(data)
        (item,) = read_submission(file)
        assert isinstance(item, Received)
        assert item.request.request_id == "R1"


@settings(max_examples=300, deadline=None)
@given(
    head=st.sampled_from(
        [b"", b"request_id,form,reasons\n", b'{"request_id": "R1"}\n', b"PAR1", b"\xef\xbb\xbf"]
    ),
    data=st.one_of(
        st.binary(max_size=300),
        st.text(st.sampled_from('"",\n\r{}[]:\\u0 aé\0'), max_size=120).map(str.encode),
    ),
    suffix=st.sampled_from([".csv", ".jsonl", ".parquet"]),
)
def test_no_bytes_raise_anything_but_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, head: bytes, data: bytes, suffix: str
) -> None:
    file = tmp_path_factory.getbasetemp() / f"fuzzed{suffix}"
    file.write_bytes(head + data)
    rows: list[int] = []
    try:
        for item in read_submission(file):
            assert isinstance(item, Received | Malformed)
            assert item.line >= item.row >= 1
            rows.append(item.row)
    except SubmissionError:
        return
    assert rows == list(range(1, len(rows) + 1))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\tx", "\rx"])
def test_what_a_spreadsheet_would_run_is_text_in_our_own_files(text: str) -> None:
    assert safe_cell(text) == "'" + text
    assert safe_cell("R-1") == "R-1"
    assert safe_cell("") == ""


def test_columns_are_those_of_the_interface() -> None:
    assert len(COLUMNS) == 37
