"""The Python function and the DuckDB SQL are one law."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.law.drafts import compiled, rule
from tests.law.statute import LAW, SEEDS
from wicketgate.core.catalogue import CATALOGUE
from wicketgate.law.agreement import Batch, disagreements, duckdb_masks, hostile_batches, typed_columns


def test_twenty_thousand_hostile_rows_agree() -> None:
    seen, sufficient = set(), 0
    for batch in hostile_batches(LAW, SEEDS, 20_000, seed=20251121):
        assert disagreements(LAW, batch) == []
        masks = [LAW.evaluate(row) for row in batch.rows]  # type: ignore[arg-type]
        seen.update(masks)
        sufficient += sum(LAW.determination(mask).value == "sufficient" for mask in masks)
    assert len(seen) > 5_000
    assert sufficient > 100


def test_a_comparison_that_could_not_fail_would_prove_nothing(tmp_path: Path) -> None:
    law = compiled(tmp_path, rule(needs=["items_count"], require="items_count <= 25"))
    law._words = ["CASE WHEN items_count <= 26 THEN 1 ELSE 0 END"]
    rows = [{"items_count": count} for count in (25, 26, 27, None)]
    assert disagreements(law, Batch(typed_columns(law), rows)) == [1]


def test_hostile_rows_are_the_same_for_the_same_seed() -> None:
    first, again, other = (next(hostile_batches(LAW, SEEDS, 50, seed)) for seed in (1, 1, 2))
    assert repr(first) == repr(again) != repr(other)


@pytest.mark.parametrize(
    "kind",
    [
        "VARCHAR",
        "BOOLEAN",
        "BIGINT",
        "INTEGER",
        "HUGEINT",
        "DOUBLE",
        "DECIMAL(18,0)",
        "DATE",
        "BLOB",
        "BIGINT[]",
    ],
)
def test_a_column_of_any_type_is_read_or_unknown_and_never_an_error(kind: str) -> None:
    columns = ", ".join(f'NULL::{kind} AS "{fact}"' for fact in LAW.facts)
    words = ", ".join(LAW.duckdb_words())
    with duckdb.connect() as connection:
        row = connection.execute(f"SELECT {words} FROM (SELECT {columns})").fetchone()
    assert row is not None
    assert LAW.shown(row) == 0


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("VARCHAR", "1"),
        ("DOUBLE", 1.0),
        ("DOUBLE", 0.6),
        ("BOOLEAN", True),
        ("HUGEINT", 2**100),
        ("DATE", "2020-01-01"),
    ],
)
def test_a_number_of_another_type_is_no_number(kind: str, value: object, tmp_path: Path) -> None:
    law = compiled(tmp_path, rule(needs=["items_count"], require="items_count >= 0"))
    assert duckdb_masks(law, Batch({"items_count": kind}, [{"items_count": value}])) == [0]
    assert duckdb_masks(law, Batch({"items_count": "HUGEINT"}, [{"items_count": 1}])) == [1]


def test_one_hostile_row_does_not_stop_the_others(tmp_path: Path) -> None:
    law = compiled(
        tmp_path, rule(needs=["items_count"], require="items_count + officers_count - review_year <= 1000")
    )
    rows = [
        {"items_count": 2**63 - 1, "officers_count": 2**63 - 1, "review_year": -(2**63)},
        {"items_count": 1, "officers_count": 1, "review_year": 2026},
    ]
    batch = Batch(typed_columns(law), rows)
    assert duckdb_masks(law, batch) == [0, 1]
    assert disagreements(law, batch) == []


def test_no_collation_makes_texts_equal(tmp_path: Path) -> None:
    law = compiled(tmp_path, rule(), rule("A2", needs=["agency_root"], require="agency_root <> 'DHS'"))
    with duckdb.connect() as connection:
        connection.execute("PRAGMA default_collation=NOCASE")
        connection.execute("CREATE TABLE rows (form VARCHAR COLLATE NOCASE, agency_root VARCHAR)")
        connection.execute("INSERT INTO rows VALUES ('WRITTEN', 'dhs'), ('written', 'DHS')")
        found = connection.execute(f"SELECT {law.duckdb_words()[0]} FROM rows ORDER BY rowid").fetchall()
    assert found == [(0b10,), (0b01,)]
    assert [law.evaluate(facts) for facts in ({"form": "WRITTEN", "agency_root": "dhs"},)] == [0b10]


def test_the_length_of_a_text_is_counted_in_code_points(tmp_path: Path) -> None:
    law = compiled(tmp_path, rule(needs=["agency_root"], require="agency_root <> 'DHS'"))
    longest = CATALOGUE["agency_root"].longest
    texts = ["", "é" * longest, "é" * (longest + 1), "\U0001f6aa" * longest, "e\u0301" * longest, "\x00", " "]
    batch = Batch(typed_columns(law), [{"agency_root": text} for text in texts])
    assert duckdb_masks(law, batch) == [0, 1, 0, 1, 0, 1, 1]
    assert disagreements(law, batch) == []


def test_more_elements_than_one_word_holds(tmp_path: Path) -> None:
    rules = [
        rule(f"{letter}{number}", needs=["items_count"], require=f"items_count >= {index}")
        for index, (letter, number) in enumerate((x, n) for x in "ABCDEF" for n in range(1, 41))
    ]
    law = compiled(tmp_path, *rules)
    assert len(law.elements) == 240
    assert len(law.duckdb_words()) == 4
    rows = [{"items_count": count} for count in (0, 61, 62, 63, 123, 124, 200, 239, 1_000, None)]
    masks = duckdb_masks(law, Batch(typed_columns(law), rows))
    assert masks == [law.evaluate(row) for row in rows]
    assert masks == [
        (1 << min(count + 1, 240)) - 1 for count in (0, 61, 62, 63, 123, 124, 200, 239, 1_000)
    ] + [0]
    assert len(law.findings(masks[6])) == 39


def test_a_word_that_cannot_be_is_no_proof(tmp_path: Path) -> None:
    law = compiled(tmp_path, rule(), rule("A2"))
    assert law.shown([0b11]) == 0b11
    assert law.shown([0b111]) == 0b11
    assert law.shown([]) == law.shown([None]) == law.shown([-1]) == law.shown([1 << 62]) == 0
