"""CSV: every row keeps its number and line, and what is broken costs one row."""

from __future__ import annotations

import io
import pickle
from collections.abc import Iterable
from operator import attrgetter
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.intake.files import COMPLETE, WIDE, csv_bytes, read, wide
from wicketgate.core.request import Request
from wicketgate.stages.intake import (
    Batch,
    Limits,
    Malformed,
    Piece,
    Received,
    csv_rows,
    read_batches,
    read_pieces,
    read_submission,
)
from wicketgate.stages.intake import lines as lines_module
from wicketgate.stages.intake import rows as rows_module
from wicketgate.stages.intake.csv_rows import read_csv, read_csv_pieces
from wicketgate.stages.intake.quoting import QuotingError, split_record


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "submission.csv"


def only(file: Path, data: bytes | str) -> Request:
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    (item,) = read_submission(file)
    assert isinstance(item, Received)
    return item.request


def test_a_row_becomes_the_request_exactly_as_it_was_written(file: Path) -> None:
    row = dict(COMPLETE, reasons='He said "no",\r\nthen left.  ', matter_number=" =1+1 ")
    assert only(file, csv_bytes([row])).as_mapping() == row


def test_blank_cells_are_missing_whatever_the_blanks(file: Path) -> None:
    request = only(file, "request_id,form,statute,reasons\nR1, ,\t,\u00a0\u2003\n")
    assert request == Request("R1")


def test_columns_may_come_in_any_order_and_optional_ones_may_be_absent(file: Path) -> None:
    assert only(file, "form,request_id\nwritten,R1\n") == Request("R1", form="written")


def test_a_byte_order_mark_quoted_names_and_windows_line_ends_are_no_obstacle(file: Path) -> None:
    assert only(file, b'\xef\xbb\xbf"request_id","form"\r\n"R1","written"\r\n') == Request(
        "R1", form="written"
    )


def test_the_last_row_needs_no_line_feed(file: Path) -> None:
    assert read(file, "request_id\nR1\nR2") == [(1, 2, "R1"), (2, 3, "R2")]


def test_rows_count_from_one_and_lines_as_an_editor_shows_them(file: Path) -> None:
    cell = '"one\r\ntwo, ""three""\n\nfour"'
    found = read(file, "\n".join((WIDE, wide(1), wide(2, cell), "", wide(3))))
    assert found == [(1, 2, "R1"), (2, 3, "R2"), (3, 8, "R3")]


def test_a_row_with_too_few_or_too_many_fields_is_reported_and_the_rest_goes_on(file: Path) -> None:
    found = read(file, "\n".join((WIDE, wide(1), "R2,DHS", wide(3), wide(4) + ",more", wide(5))))
    assert found == [
        (1, 2, "R1"),
        (2, 3, "!: The row has 2 fields where the header has 8."),
        (3, 4, "R3"),
        (4, 5, "!: The row has 9 fields where the header has 8."),
        (5, 6, "R5"),
    ]


STRAYS = {
    "opened, never closed": wide(2, '"said'),
    "opened before other quoted cells": wide(2, '"said, "yes"'),
    "inside an unquoted cell": wide(2, 'sa"id'),
    "closed, never opened": wide(2, 'said"'),
    "text after the closing mark": wide(2, '"said" so'),
    "three marks": wide(2, '"""'),
    "a lone mark as the last cell": wide(2)[:-1] + '"',
}


@pytest.mark.parametrize("broken", STRAYS.values(), ids=STRAYS)
@pytest.mark.parametrize("cell", ["because", '"be, cause"', '""', '"two\nlines"'])
def test_a_stray_quotation_mark_costs_one_row(file: Path, broken: str, cell: str) -> None:
    found = read(file, "\n".join((WIDE, wide(1, cell), broken, wide(3, cell), wide(4, cell))))
    assert [name for _, _, name in found if not name.startswith("!")] == ["R1", "R3", "R4"]
    ((row, line, problem),) = [item for item in found if item[2].startswith("!")]
    assert (row, line) == (2, 3 + cell.count("\n"))
    assert "uotation mark" in problem


def test_a_stray_mark_says_in_which_column_it_stands(file: Path) -> None:
    problem = read(file, "\n".join((WIDE, wide(1, '"said'))))[0][2]
    assert problem.startswith("!reasons: A quotation mark is opened and never rightly closed;")


def test_every_row_with_a_stray_mark_is_reported_and_none_hides_another(file: Path) -> None:
    found = read(file, "\n".join((WIDE, *(wide(n, '"said' if n % 2 else "fine") for n in range(1, 2001)))))
    assert [row for row, _, _ in found] == list(range(1, 2001))
    assert sum(name.startswith("!") for _, _, name in found) == 1000


def test_two_marks_that_hide_rows_from_each_other_are_reported_row_by_row(file: Path) -> None:
    """By the letter it is one record; but a row that is swallowed would never be accounted for."""
    found = read(file, "\n".join((WIDE, wide(1, '"said'), wide(2), wide(3, 'so"'), wide(4))))
    assert [(row, line) for row, line, name in found if name.startswith("!")] == [(1, 2), (2, 3), (3, 4)]
    assert found[-1] == (4, 5, "R4")


def test_two_marks_that_do_not_fit_each_other_cost_their_own_rows_only(file: Path) -> None:
    closing = wide(4).replace("written", 'written"')
    found = read(file, "\n".join((WIDE, wide(1), wide(2, '"said'), wide(3), closing, wide(5))))
    assert [name for _, _, name in found if not name.startswith("!")] == ["R1", "R3", "R5"]
    assert [(row, line) for row, line, name in found if name.startswith("!")] == [(2, 3), (4, 5)]


def test_a_row_written_into_a_quoted_cell_does_not_become_a_row(file: Path) -> None:
    found = read(file, "\n".join((WIDE, wide(1, '"text\n' + wide(99) + '\ntext"'), wide(2))))
    assert [name for _, _, name in found] == ["R1", "R2"]


def test_bytes_that_are_not_utf8_cost_their_row_and_name_the_column(file: Path) -> None:
    found = read(
        file, f"{WIDE}\n{wide(1)}\n{wide(2, 'caf')}\n{wide(3)}\n".encode().replace(b"caf", b"caf\xe9")
    )
    assert [name for _, _, name in found[::2]] == ["R1", "R3"]
    assert found[1] == (2, 3, "!reasons: The line is not UTF-8 from its byte 19 on; save it as UTF-8.")


def test_nul_bytes_cost_their_row(file: Path) -> None:
    found = read(file, f"{WIDE}\n{wide(1)}\n{wide(2, 'be' + chr(0))}\n{wide(3)}\n")
    assert [name for _, _, name in found[::2]] == ["R1", "R3"]
    assert found[1][2] == "!reasons: The line holds a NUL byte, its byte 18; remove it."


@pytest.mark.parametrize("cell", ["x" * 10_000_000, '"' + "x y, z\n" * 1_500_000 + '"'])
def test_a_cell_of_ten_megabytes_costs_its_row(file: Path, cell: str) -> None:
    found = read(file, "\n".join((WIDE, wide(1), wide(2, cell), wide(3))))
    lines = 4 + cell.count("\n")
    assert found == [
        (1, 2, "R1"),
        (2, 3, "!reasons: The reasons is longer than 10,000 characters; shorten it."),
        (3, lines, "R3"),
    ]


def test_a_line_beyond_all_bounds_is_skipped(file: Path) -> None:
    found = read(file, "\n".join((WIDE, wide(1), wide(2, "x" * 20_000_000), wide(3))))
    assert found[1] == (2, 3, "!: The line is longer than 16,777,216 bytes; shorten it.")
    assert found[2] == (3, 4, "R3")


@pytest.mark.parametrize(
    ("column", "limit"), [("request_id", 200), ("form", 1_000), ("reasons", 10_000), ("other_uses", 10_000)]
)
def test_each_column_has_its_limit(file: Path, column: str, limit: int) -> None:
    for length in (limit, limit + 1):
        row = dict(COMPLETE) | {column: "x" * length}
        name = read(file, csv_bytes([row]))[0][2]
        assert name.startswith(f"!{column}: ") == (length > limit)


@pytest.mark.parametrize("reference", ["", "  ", '"a\nb"', "a\x1fb", "a\u202eb", "\ufeff"])
def test_a_reference_must_be_there_and_visible(file: Path, reference: str) -> None:
    found = read(file, f"request_id,form\nR1,written\n{reference},written\nR3,written\n")
    assert [name.startswith("!request_id: ") for _, _, name in found] == [False, True, False]


def test_carriage_returns_inside_a_row_are_not_taken_for_its_end(file: Path) -> None:
    found = read(file, f"{WIDE}\n{wide(1)}\rR9,{wide(2)}\n{wide(3)}\n")
    assert found[0][2].startswith("!items_requested: A carriage return")
    assert found[1] == (2, 3, "R3")


def test_no_problem_repeats_what_the_row_says(file: Path) -> None:
    secret = "Zacharias"
    for cell in (f'"{secret}', f'{secret}"', secret * 2_000, secret + chr(0), f"{secret},"):
        (_, _, problem) = read(file, f"{WIDE}\n{wide(1, cell)}\n")[0]
        assert problem.startswith("!")
        assert secret not in problem


def test_batches_are_bounded_and_can_travel(file: Path) -> None:
    file.write_text(WIDE + "\n" + "".join(wide(n) + "\n" for n in range(1, 26)) + "short\n")
    batches = pickle.loads(pickle.dumps(list(read_batches(file, rows=10))))
    assert [len(batch) for batch in batches] == [10, 10, 6]
    assert [row for batch in batches for row, _, _ in batch.rows] == list(range(1, 26))
    assert batches[2].malformed[0].row == 26


def test_a_batch_is_bounded_by_its_text_too(file: Path) -> None:
    file.write_text(WIDE + "\n" + "".join(wide(n, "x" * 10_000) + "\n" for n in range(2_000)))
    batches = list(read_batches(file, rows=1_000_000))
    assert len(batches) == 3
    assert sum(map(len, batches)) == 2_000


def test_limits_can_be_narrowed(file: Path) -> None:
    file.write_text(f"{WIDE}\n{wide(1)}\n")
    (batch,) = read_batches(file, limits=Limits(long_cell=3))
    assert batch.malformed[0].column == "reasons"


ROW = st.sampled_from(
    [
        "R1,written",
        'R2,"a, b"',
        'R3,"two\nlines"',
        'R4,"open',
        'R5,a"b',
        "R6",
        "R7,x,y",
        "",
        "\r",
        '""',
        "R8,\0",
        "R10,",
        "R11, ",
        "R12,\u00a0",
        ",written",
        "\u200b,written",
        "R13," + "x" * 25,
    ]
) | st.text(st.sampled_from('R9,"\n\ré'), max_size=12)


@settings(max_examples=300, deadline=None)
@given(st.lists(ROW, max_size=12), st.sampled_from(["\n", "\r\n"]), st.integers(1, 40), st.booleans())
def test_pieces_hold_the_same_rows_wherever_the_file_is_cut(
    lines: list[str], end: str, size: int, broken: bool
) -> None:
    """A row keeps its number, line and reading whether or not others take it apart."""
    data = ("request_id,form" + end + end.join(lines)).encode()
    data = data.replace("é".encode(), b"\xe9") if broken else data
    limits = Limits(reference=10, cell=20, record=30)

    def found(batches: Iterable[Batch]) -> list[Received | Malformed]:
        return [each for batch in batches for each in batch]

    whole = found(read_csv(io.BytesIO(data), limits, 3))
    with mock.patch.object(lines_module, "_BLOCK", size):
        assert found(read_csv(io.BytesIO(data), limits, 3)) == whole
        pieces = list(read_csv_pieces(io.BytesIO(data), limits, 3))
    sent = pickle.loads(pickle.dumps(pieces))
    assert found(p.read() if isinstance(p, Piece) else p for p in sent) == whole
    with mock.patch.object(csv_rows, "_AT_ONCE", size), mock.patch.object(rows_module, "_SIDE_BY_SIDE", size):
        columns = [each for piece in sent for each in piece.columns()]
    rows = [
        Received(row, line, Request(*texts))
        for each in columns
        for row, line, *texts in zip(each.rows, each.lines, *each.texts, strict=True)
    ]
    malformed = [problem for each in columns for problem in each.malformed]
    assert sorted([*rows, *malformed], key=attrgetter("row")) == sorted(whole, key=attrgetter("row"))


def test_a_large_file_is_handed_on_in_pieces(file: Path) -> None:
    file.write_text(WIDE + "\n" + "".join(wide(n, "x" * 5_000) + "\n" for n in range(1_000)))
    found = list(read_pieces(file))
    assert sum(isinstance(each, Piece) for each in found) >= 3
    assert sum(map(len, found)) == 1_000


@pytest.mark.parametrize("text", ['"a"b', 'a"b', '"a', '"a"",b', 'a,"b', '"a"\rb', "a\rb", '"a"b"c"'])
def test_what_can_be_read_in_two_ways_is_not_read(text: str) -> None:
    with pytest.raises(QuotingError):
        split_record(text)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("", [""]),
        (",", ["", ""]),
        ('""', [""]),
        ('"",""', ["", ""]),
        ('""""', ['"']),
        ('"a""b","",c', ['a"b', "", "c"]),
        ('a,"b,c",d', ["a", "b,c", "d"]),
        ('"a\r\nb",c', ["a\r\nb", "c"]),
        ('"""a"",""b"""', ['"a","b"']),
    ],
)
def test_quoted_fields_are_read_by_the_letter(text: str, fields: list[str]) -> None:
    assert split_record(text) == fields
