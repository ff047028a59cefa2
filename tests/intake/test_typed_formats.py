"""JSON Lines and Parquet hold the same requests as CSV; what has no one exact text is refused."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.intake.files import COMPLETE, WIDE, csv_bytes, json_bytes, read, wide, write_parquet
from wicketgate.core.request import COLUMNS
from wicketgate.stages.intake import Received, SubmissionError, read_batches, read_submission

BROKEN = {
    '{"request_id": "R2", "matter_number": 7}': "!matter_number: The matter_number is a number;",
    '{"request_id": "R2", "sole_use_attested": true}': "!sole_use_attested: The sole_use_attested is true or",
    '{"request_id": "R2", "taxable_periods": ["2022"]}': "!taxable_periods: The taxable_periods is a list;",
    '{"request_id": "R2", "reasons": {"a": 1}}': "!reasons: The reasons is an object;",
    '{"request_id": "R2", "form": "a", "form": "b"}': "!form: The name form stands twice",
    '{"request_id": "R2", "phone": "1"}': "!: The name 'phone' is not one that the interface knows",
    '{"request_id": "R2\\u0000"}': "!request_id: The request_id holds a NUL character",
    '{"request_id": "R2", "form": "\\ud800"}': "!form: The form holds half of a surrogate pair",
    '{"request_id": 99}': "!request_id: The request_id is a number",
    '{"form": "written"}': "!request_id: The request_id is empty",
    '{"request_id": null}': "!request_id: The request_id is empty",
    '{"request_id": "R2"': "!: The line is not JSON",
    '{"request_id": "R2"} {}': "!: The line is not JSON",
    '["R2"]': "!: The line is not a JSON object",
    "null": "!: The line is not a JSON object",
    "NaN": "!: The line is not a JSON object",
    "9" * 100_000: "!: The line is not a JSON object",
    "[" * 100_000: "!: The line is nested too deeply",
    '{"a":' * 100_000: "!: The line is nested too deeply",
}


@pytest.mark.parametrize(("line", "problem"), BROKEN.items())
def test_a_broken_json_line_costs_its_row(tmp_path: Path, line: str, problem: str) -> None:
    found = read(tmp_path / "s.jsonl", f'{{"request_id": "R1"}}\n\n{line}\n{{"request_id": "R3"}}\n')
    assert found[0] == (1, 1, "R1")
    assert found[1][:2] == (2, 3)
    assert found[1][2].startswith(problem)
    assert found[2] == (3, 4, "R3")


def test_a_broken_first_json_line_costs_its_row(tmp_path: Path) -> None:
    found = read(tmp_path / "s.jsonl", 'oops\n{"request_id": "R2"}\n')
    assert found[1] == (2, 2, "R2")


def test_json_bytes_that_are_not_utf8_cost_their_row(tmp_path: Path) -> None:
    found = read(tmp_path / "s.jsonl", b'{"request_id": "R1"}\n{"request_id": "\xff"}\n{"request_id": "R3"}')
    assert [name for _, _, name in found[::2]] == ["R1", "R3"]
    assert "not UTF-8 from its byte 17" in found[1][2]


def parquet(path: Path, sql: str) -> Path:
    with duckdb.connect() as database:
        database.execute(f"COPY ({sql}) TO '{path}' (FORMAT parquet)")
    return path


def test_parquet_types_with_one_exact_text_are_read(tmp_path: Path) -> None:
    file = parquet(
        tmp_path / "s.parquet",
        "SELECT 'R1' AS request_id, true AS sole_use_attested, DATE '2026-02-03' AS signed_on, "
        "['2022', '2023'] AS taxable_periods, 42 AS matter_number, ' ' AS form, NULL::INTEGER AS statute",
    )
    (item,) = read_submission(file)
    assert isinstance(item, Received)
    assert (item.row, item.line) == (1, 1)
    assert item.request.as_mapping() == {
        "request_id": "R1",
        "sole_use_attested": "true",
        "signed_on": "2026-02-03",
        "taxable_periods": "2022;2023",
        "matter_number": "42",
    }


@pytest.mark.parametrize(
    "value",
    ["1.5", "1.5::DOUBLE", "TIMESTAMP '2026-01-01 00:00:00'", "'a'::BLOB", "{'a': 1}", "['a']", "[1]"],
)
def test_parquet_types_without_one_exact_text_are_refused_by_name(tmp_path: Path, value: str) -> None:
    file = parquet(tmp_path / "s.parquet", f"SELECT 'R1' AS request_id, {value} AS statute")
    with pytest.raises(SubmissionError, match="The column statute has the Parquet type"):
        list(read_submission(file))


def test_unknown_parquet_columns_are_named(tmp_path: Path) -> None:
    file = parquet(tmp_path / "s.parquet", "SELECT 'R1' AS request_id, 'x' AS \"pho\"\"ne\"")
    with pytest.raises(SubmissionError, match="which the interface does not know"):
        list(read_submission(file))


def test_parquet_rows_are_checked_like_all_others(tmp_path: Path) -> None:
    file = parquet(
        tmp_path / "s.parquet",
        "SELECT unnest(['R1', NULL, repeat('x', 5000000), 'R4' || chr(0), 'R5']) AS request_id",
    )
    found = read(file, file.read_bytes())
    assert [name[:12] for _, _, name in found] == ["R1", *["!request_id:"] * 2, "!: The row h", "R5"]


def test_a_parquet_file_that_ends_early_is_refused(tmp_path: Path) -> None:
    file = parquet(tmp_path / "s.parquet", "SELECT range::VARCHAR AS request_id FROM range(10000)")
    file.write_bytes(file.read_bytes()[:-200])
    with pytest.raises(SubmissionError, match="cannot be read: it is damaged"):
        list(read_submission(file))


def test_a_parquet_file_that_unfolds_without_end_stays_within_bounds(tmp_path: Path) -> None:
    """A dictionary of one long text, referred to from every row of every column."""
    columns = ", ".join(f"repeat('x', 100000) AS {name}" for name in COLUMNS[1:])
    file = parquet(tmp_path / "s.parquet", f"SELECT range::VARCHAR AS request_id, {columns} FROM range(600)")
    tracemalloc.start()
    found = sum(len(batch.malformed) for batch in read_batches(file))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == 600
    assert peak < 200_000_000


def test_a_name_with_wildcards_is_one_file(tmp_path: Path) -> None:
    parquet(tmp_path / "s1.parquet", "SELECT 'R1' AS request_id")
    file = parquet(tmp_path / "s[1]*?.parquet", "SELECT 'R2' AS request_id")
    assert [name for _, _, name in read(file, file.read_bytes())] == ["R2"]


texts = st.text(
    st.one_of(
        st.sampled_from("aé,;|\"'=\n\r \t\\"),
        st.characters(codec="utf-8", exclude_characters="\0"),
    ),
    max_size=12,
)
references = st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=8)
rows = st.builds(
    lambda reference, cells: {**cells, "request_id": reference},
    references,
    st.dictionaries(st.sampled_from(COLUMNS[1:]), texts),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(rows, min_size=1, max_size=5))
def test_the_three_formats_hold_the_same_requests(
    tmp_path_factory: pytest.TempPathFactory, submission: list[dict[str, str]]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "same.csv").write_bytes(csv_bytes(submission))
    (folder / "same.jsonl").write_bytes(json_bytes(submission))
    write_parquet(folder / "same.parquet", submission)
    expected = [{k: v for k, v in row.items() if v and not v.isspace()} for row in submission]
    for suffix in ("csv", "jsonl", "parquet"):
        items = list(read_submission(folder / f"same.{suffix}"))
        assert [item.row for item in items] == list(range(1, len(submission) + 1))
        assert [item.request.as_mapping() for item in items if isinstance(item, Received)] == [
            {name: row[name] for name in COLUMNS if name in row} for row in expected
        ]


@pytest.mark.parametrize("format_", ["csv", "jsonl"])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, format_: str) -> None:
    row = json.dumps(dict(COMPLETE)) if format_ == "jsonl" else wide(1, "x" * 400)
    start = "" if format_ == "jsonl" else WIDE + "\n"
    peaks = []
    for megabytes in (3, 12):
        file = tmp_path / f"{megabytes}.{format_}"
        with file.open("w") as out:
            out.write(start)
            for _ in range(megabytes):
                out.write((row + "\n") * (1_000_000 // len(row)))
        tracemalloc.start()
        assert sum(map(len, read_batches(file))) == megabytes * (1_000_000 // len(row))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 30_000_000
    assert peaks[1] < peaks[0] * 1.2 + 1_000_000
