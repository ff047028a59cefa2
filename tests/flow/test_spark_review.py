"""`review --engine spark`: the default engine's files, row for row, and one sentence for what is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from tests.campaigns.disclosures import DAY
from tests.campaigns.disclosures import law_and_context as statute_and_context
from tests.intake.files import csv_bytes, json_bytes
from tests.stories.people import VALID, rows_of
from wicketgate.cli.main import main
from wicketgate.core.context import Context
from wicketgate.core.request import COLUMNS
from wicketgate.flow import spark_session as sessions
from wicketgate.flow.review_file import review_file
from wicketgate.flow.spark_review import review_on_spark
from wicketgate.law import CompiledLaw, compile_authority, load

pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),  # PySpark leaves them
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
OUTPUTS = ("determinations.csv", "malformed.csv", "findings.jsonl")
HOSTILE = (
    *(
        "",
        " ",
        "\u00a0",
        "\u200b",
        "\ufeff",
        "\u2028",
        "\u202e",
        "\x1f",
        "\x00",
        "\x85",
        "\r",
        "\n",
        "\r\n",
        "\t",
    ),
    *(
        "e\u0301",
        "\u00e9",
        "\u0130",
        "\u00df",
        "\ufb01",
        "\U0001f6aa",
        "\U000e0041",
        "\u0410",
        "\uff11",
        "\u0661",
    ),
    *(
        "[a, b]",
        "[]",
        ";",
        "|",
        ",",
        '"',
        '""',
        "'",
        "\\",
        "\\N",
        "\\u001f",
        "NULL",
        "null",
        "None",
        "NaN",
        "\u2029",
    ),
    *("${user.home}", "2025-02-30", "2025-08-13", "0001-01-01", "9999-12-31", "infinity", "x" * 5_000),
    *(
        "last_known_address;last_known_address",
        "dna;phone;\u202eenohp",
        ";".join(f"item{n}" for n in range(80)),
    ),
)


def hostile_rows(count: int, seed: int) -> list[dict[str, str]]:
    """Valid requests in which a few cells hold what a file should not hold, alone or inside a text."""
    random = Random(seed)
    rows = []
    for number in range(count):
        row = VALID | {"request_id": f"R{number}", "matter_number": f"DHS-2026-{number:05}"}
        row["engaged_officers"] = f"Alma Agent|{number}|DHS"
        for name in random.sample(COLUMNS, random.choice((0, 1, 1, 2, 4, len(COLUMNS)))):
            odd, old = random.choice(HOSTILE), row.get(name, "")
            at = random.randint(0, len(old))
            row[name] = random.choice((odd, odd, old + odd, odd + old, old[:at] + odd + old[at:]))
        rows.append(row)
    return rows


def by_sources(rows: list[dict[str, str]], folder: Path) -> Iterator[Path]:
    """The same requests as CSV, as JSON Lines, as one Parquet file."""
    texts, lines, table = folder / "requests.csv", folder / "requests.jsonl", folder / "requests.parquet"
    texts.write_bytes(b"\xef\xbb\xbf" + csv_bytes(rows) + b'R-bad,"\xff\xfe",DHS\nonly one cell\n')
    lines.write_bytes(
        json_bytes(rows) + b'{"request_id": 5}\n{not json\n{"request_id": "a", "request_id": "b"}\n'
    )
    columns = {name: [row.get(name) for row in rows] for name in COLUMNS}
    with duckdb.connect() as connection:
        cells = ", ".join(f'unnest(?::VARCHAR[]) AS "{name}"' for name in columns)
        connection.execute(f"CREATE TABLE request AS SELECT {cells}", list(columns.values()))
        connection.execute(f"COPY request TO '{table}' (FORMAT parquet, ROW_GROUP_SIZE 2048)")
    yield from (texts, lines, table)


def law_and_context(name: str) -> tuple[CompiledLaw, Context]:
    _, context = statute_and_context()
    return compile_authority(load(name, on=DAY)), context


def assert_same(here: Path, there: Path) -> None:
    for name in OUTPUTS:
        assert (there / name).read_bytes() == (here / name).read_bytes(), name
    mine, theirs = (json.loads((folder / "summary.json").read_text()) for folder in (here, there))
    for summary in (mine, theirs):
        summary.pop("seconds", None)
    assert theirs == mine


def test_spark_writes_what_the_default_engine_writes_of_a_text(spark: Any, tmp_path: Path) -> None:
    law, context = law_and_context("usc26-6103-i2")
    rows = hostile_rows(900, seed=20260301)
    rows.insert(500, dict(rows[7]))  # a reference that was used before
    texts, *_ = by_sources(rows, tmp_path)
    here, there = tmp_path / "here", tmp_path / "there"
    review_file(texts, here, law, context)
    review_on_spark(spark, str(texts), str(there), law, context)
    assert_same(here, there)
    told = [tuple(row.values()) for row in rows_of(here / "determinations.csv")]
    assert len({row[2] for row in told}) > 1
    assert len(rows_of(here / "malformed.csv")) > 2
    assert parquet_of(there) == [(row[0], *row[2:]) for row in told]


def test_a_folder_of_parquet_files_is_one_submission(spark: Any, tmp_path: Path) -> None:
    law, context = law_and_context("usc26-6103-i2")
    rows = hostile_rows(600, seed=6)
    for folder in ("whole", "first", "second", "parts"):
        (tmp_path / folder).mkdir()
    *_, table = by_sources(rows, tmp_path / "whole")
    *_, first = by_sources(rows[:170], tmp_path / "first")
    *_, second = by_sources(rows[170:], tmp_path / "second")
    first.rename(tmp_path / "parts" / "part-1.parquet")
    second.rename(tmp_path / "parts" / "part-2.parquet")
    review_file(table, tmp_path / "here", law, context)
    review_on_spark(spark, f"file://{tmp_path}/parts", str(tmp_path / "there"), law, context)
    assert_same(tmp_path / "here", tmp_path / "there")


def test_days_and_lists_are_facts_on_spark_too(spark: Any, tmp_path: Path) -> None:
    changes = [
        {"items_requested": "last_known_address"},
        {"items_requested": "Date of Birth; last_known_address;SSN"},
        {"items_requested": "last_known_address;dna"},
        {"items_requested": "last_known_address;horoscope"},
        {"items_requested": ";".join(f"item{n}" for n in range(80))},
        {"items_requested": ""},
    ]
    rows = [
        VALID | {"request_id": f"R{number}", "authority_cited": "45 CFR 164.512(f)(2)"} | change
        for number, change in enumerate(changes)
    ]
    _, lines, _ = by_sources([*rows, *hostile_rows(200, seed=4)], tmp_path)
    law, context = law_and_context("cfr45-164-512-f")
    review_file(lines, tmp_path / "here", law, context)
    review_on_spark(spark, str(lines), str(tmp_path / "there"), law, context)
    assert_same(tmp_path / "here", tmp_path / "there")
    found = [set(row["findings"].split(";")) for row in rows_of(tmp_path / "there" / "determinations.csv")]
    assert [codes & {"L2", "L3"} for codes in found[: len(rows)]] == [
        set(),
        set(),
        {"L2", "L3"},
        {"L2"},
        {"L2"},
        {"L2", "L3"},
    ]


def parquet_of(out: Path) -> list[tuple[str, ...]]:
    """What Spark wrote beside the CSV, without the requester's references."""
    with duckdb.connect() as connection:
        return connection.execute(
            "SELECT row::VARCHAR, determination, findings "
            f"FROM '{out}/determinations.parquet/*.parquet' ORDER BY row"
        ).fetchall()


# From the command line ---------------------------------------------------


@pytest.fixture
def submission(tmp_path: Path) -> Path:
    file = tmp_path / "requests.csv"
    file.write_bytes(csv_bytes([VALID | {"request_id": "R1"}, VALID | {"request_id": "R2", "form": "oral"}]))
    return file


def run(*arguments: object) -> tuple[int, str]:
    found = CliRunner().invoke(main, ["review", *map(str, arguments), "--engine", "spark"])
    assert found.exception is None or isinstance(found.exception, SystemExit)
    return found.exit_code, found.output


def one_sentence(output: str) -> str:
    """The refusal, which is all there is."""
    text = " ".join(output.split())
    assert "Traceback" not in text
    assert text.endswith(".")
    return text


def test_the_command_reviews_on_spark(spark: Any, submission: Path, tmp_path: Path) -> None:
    code, output = run(submission, "--out", tmp_path / "out")
    assert code == 0, output
    assert "2 rows: " in output
    assert (tmp_path / "out" / "determinations.csv").exists()
    assert (tmp_path / "out" / "determinations.parquet").is_dir()


@pytest.mark.parametrize(
    "place",
    [
        "nowhere://bucket/requests.csv",
        "s3a://bucket/requests.parquet",
        "hdfs://localhost:1/requests.csv",
        "file:///no/such/file.csv",
        "/no/such/file.csv",
    ],
)
def test_a_place_that_spark_does_not_know_is_one_sentence(spark: Any, place: str, tmp_path: Path) -> None:
    code, output = run(place, "--out", tmp_path / "out")
    assert code == 2
    assert one_sentence(output)
    assert not (tmp_path / "out" / "summary.json").exists()


def test_an_output_that_spark_cannot_write_is_one_sentence(spark: Any, submission: Path) -> None:
    code, output = run(submission, "--out", "nowhere://bucket/out")
    assert code == 2
    assert "nowhere" in one_sentence(output)


def test_letters_are_for_the_other_engine(submission: Path, tmp_path: Path) -> None:
    code, output = run(submission, "--out", tmp_path / "out", "--letters")
    assert code == 2
    assert "leave --letters or --engine spark away" in one_sentence(output)


def test_without_the_extra_the_command_names_it(
    submission: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "pyspark"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    code, output = run(submission, "--out", tmp_path / "out")
    assert code == 2
    assert "PySpark is not installed; install wicketgate with its extra: wicketgate[spark]." in one_sentence(
        output
    )


def test_without_java_the_command_says_what_it_needs(submission: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="PySpark is not installed")
    without: Mapping[str, str] = {
        name: value for name, value in os.environ.items() if name not in ("JAVA_HOME", "SPARK_HOME")
    }
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "wicketgate",
            "review",
            str(submission),
            "--engine",
            "spark",
            "--out",
            str(tmp_path / "out"),
        ],
        env={**without, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "it needs Java 17 or later" in one_sentence(done.stderr)
    assert sessions.MASTER not in done.stderr
