"""PostgreSQL and Spark say what the Python function says: the same law in every engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import psycopg
import pytest

from tests.law.backends import different, narrowed, postgres_masks, spark_masks, without_nul
from tests.law.drafts import compiled, rule
from tests.law.statute import LAW, SEEDS
from tests.law.test_dates_and_lists import RULES, typed
from tests.law.test_dates_and_lists import SEEDS as TYPED_SEEDS
from wicketgate.core.catalogue import CATALOGUE
from wicketgate.embedded import Cluster
from wicketgate.law import CompiledLaw
from wicketgate.law.agreement import Batch, hostile_batches, typed_columns
from wicketgate.law.postgres_sql import postgres_words
from wicketgate.law.spark_sql import spark_words

pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")  # PySpark leaves them
Masks: TypeAlias = Callable[[CompiledLaw, Batch], list[int]]


@pytest.fixture(scope="session")
def postgres(cluster: Cluster) -> Iterator[psycopg.Connection[Any]]:
    """An administrator's connection to the real server, in UTF-8."""
    with psycopg.connect(cluster.dsn(dbname="postgres"), autocommit=True) as connection:
        yield connection


@pytest.fixture(params=["postgres", "spark"])
def masks(request: pytest.FixtureRequest) -> Masks:
    """What one engine finds for the rows of a batch."""
    engine = request.getfixturevalue(request.param)
    found = postgres_masks if request.param == "postgres" else spark_masks
    return lambda law, batch: found(engine, law, without_nul(batch))


def test_postgres_agrees_on_twenty_thousand_hostile_rows(postgres: psycopg.Connection[Any]) -> None:
    seen = set()
    for batch in hostile_batches(LAW, SEEDS, 20_000, seed=20260301, most=4_000):
        batch = without_nul(narrowed(batch))
        masks = postgres_masks(postgres, LAW, batch)
        assert different(LAW, batch.rows, masks) == []
        seen.update(masks)
    assert len(seen) > 5_000


def test_spark_agrees_on_twenty_thousand_hostile_rows(spark: Any) -> None:
    seen = set()
    for batch in hostile_batches(LAW, SEEDS, 20_000, seed=20260301, most=4_000):
        batch = narrowed(batch)
        masks = spark_masks(spark, LAW, batch)
        assert different(LAW, batch.rows, masks) == []
        seen.update(masks)
    assert len(seen) > 5_000


def test_both_agree_on_hostile_days_and_lists(masks: Masks, tmp_path: Path) -> None:
    law = typed(tmp_path, *RULES)
    seen = set()
    for batch in hostile_batches(law, TYPED_SEEDS, 6_000, seed=20260301, most=3_000):
        batch = without_nul(narrowed(batch))
        found = masks(law, batch)
        assert different(law, batch.rows, found) == []
        seen.update(found)
    assert len(seen) > 60


def test_an_infinite_day_in_postgres_is_unknown(postgres: psycopg.Connection[Any], tmp_path: Path) -> None:
    law = typed(tmp_path, "present(entry_on)", "entry_on <= reviewed_on", "reviewed_on - entry_on > -1")
    (word,) = postgres_words(law.rules)
    for day in ("infinity", "-infinity", "0044-03-15 BC", "99999-01-01", "1899-12-31"):
        cells = f"'written'::text AS form, '{day}'::date AS entry_on, '2026-03-01'::date AS reviewed_on"
        found = postgres.execute(f"SELECT {word} FROM (SELECT {cells}) AS row".encode()).fetchone()
        assert found is not None
        assert law.shown(found) == 0, day


@pytest.mark.parametrize("style", ["ISO, MDY", "SQL, DMY", "German", "Postgres, MDY"])
def test_a_day_is_read_alike_however_the_database_writes_days(
    postgres: psycopg.Connection[Any], style: str, tmp_path: Path
) -> None:
    law = typed(tmp_path, "entry_on > parameter.first_day AND reviewed_on - entry_on = 200")
    (word,) = postgres_words(law.rules)
    cells = "'written'::text AS form, '2025-08-13'::date AS entry_on, '2026-03-01'::date AS reviewed_on"
    with postgres.transaction(force_rollback=True):
        postgres.execute(f"SET LOCAL datestyle = '{style}'".encode())
        found = postgres.execute(f"SELECT {word} FROM (SELECT {cells}) AS row".encode()).fetchone()
    assert found is not None
    assert law.shown(found) == 1


def test_a_day_far_away_is_unknown_on_spark_and_never_an_error(spark: Any, tmp_path: Path) -> None:
    law = typed(tmp_path, "present(entry_on)", "entry_on <= reviewed_on", "reviewed_on - entry_on > -1")
    days = ("DATE'1899-12-31'", "DATE'0001-01-01'", "DATE'+99999-01-01'", "date_sub(DATE'0001-01-01', 20000)")
    for day in (*days, "TIMESTAMP'2025-08-13 00:00:00'", "'2025-08-13'", "5", "true", "array('2025-08-13')"):
        frame = spark.sql(f"SELECT 'written' AS form, {day} AS entry_on, DATE'2026-03-01' AS reviewed_on")
        assert law.shown(frame.selectExpr(*spark_words(law.rules)).collect()[0]) == 0, day


def test_a_comparison_that_could_not_fail_would_prove_nothing(masks: Masks, tmp_path: Path) -> None:
    stricter = compiled(tmp_path / "a", rule(needs=["items_count"], require="items_count <= 25"))
    looser = compiled(tmp_path / "b", rule(needs=["items_count"], require="items_count <= 26"))
    rows = [{"items_count": count} for count in (25, 26, 27, None)]
    assert different(looser, rows, masks(stricter, Batch(typed_columns(stricter), rows))) == [1]


def test_one_hostile_row_does_not_stop_the_others(masks: Masks, tmp_path: Path) -> None:
    law = compiled(
        tmp_path, rule(needs=["items_count"], require="items_count + officers_count - review_year <= 1000")
    )
    rows = [
        {"items_count": 2**63 - 1, "officers_count": 2**63 - 1, "review_year": -(2**63)},
        {"items_count": 1, "officers_count": 1, "review_year": 2026},
    ]
    assert masks(law, Batch(typed_columns(law), rows)) == [0, 1]


def test_the_length_of_a_text_is_counted_in_code_points(masks: Masks, tmp_path: Path) -> None:
    law = compiled(tmp_path, rule(needs=["agency_root"], require="agency_root <> 'DHS'"))
    longest = CATALOGUE["agency_root"].longest
    texts = ["", "é" * longest, "é" * (longest + 1), "\U0001f6aa" * longest, "e\u0301" * longest, " "]
    batch = Batch(typed_columns(law), [{"agency_root": text} for text in texts])
    assert masks(law, batch) == [0, 1, 0, 1, 0, 1]


@pytest.mark.parametrize("text", ["a\\b", "${user.home}", "%s", '"', "dhs", "DHS ", "\\'", "\\u0041"])
def test_a_literal_means_its_characters(masks: Masks, text: str, tmp_path: Path) -> None:
    quoted = text.replace("'", "")
    law = compiled(tmp_path, rule(needs=["agency_root"], require=f"agency_root = '{quoted}'"))
    rows = [{"agency_root": quoted}, {"agency_root": "DHS"}, {"agency_root": "A"}]
    assert masks(law, Batch(typed_columns(law), rows)) == [1, 0, 0]


def test_more_elements_than_one_word_holds(masks: Masks, tmp_path: Path) -> None:
    rules = [
        rule(f"{letter}{number}", needs=["items_count"], require=f"items_count >= {index}")
        for index, (letter, number) in enumerate((x, n) for x in "ABC" for n in range(1, 41))
    ]
    law = compiled(tmp_path, *rules)
    rows = [{"items_count": count} for count in (0, 61, 62, 63, 119, 1_000, None)]
    found = masks(law, Batch(typed_columns(law), rows))
    assert found == [(1 << min(count + 1, 120)) - 1 for count in (0, 61, 62, 63, 119, 1_000)] + [0]


@pytest.mark.parametrize("kind", ["VARCHAR", "DOUBLE", "BOOLEAN", "DECIMAL(18,0)"])
def test_a_number_of_another_type_is_no_number(masks: Masks, kind: str, tmp_path: Path) -> None:
    law = compiled(tmp_path, rule(needs=["items_count"], require="items_count >= 0"))
    assert masks(law, Batch({"items_count": kind}, [{"items_count": None}])) == [0]
    value = {"VARCHAR": "1", "DOUBLE": 0.6, "BOOLEAN": True}.get(kind)
    assert masks(law, Batch({"items_count": kind}, [{"items_count": value}])) == [0]
    assert masks(law, Batch({"items_count": "INTEGER"}, [{"items_count": 1}])) == [1]


@pytest.mark.parametrize(
    "kind", ["text", "boolean", "bigint", "numeric", "real", "date", "bytea", "bigint[]", "jsonb", "inet"]
)
def test_a_postgres_column_of_any_type_is_read_or_unknown_and_never_an_error(
    postgres: psycopg.Connection[Any], kind: str
) -> None:
    columns = ", ".join(f'NULL::{kind} AS "{fact}"' for fact in LAW.facts)
    query = f"SELECT {', '.join(postgres_words(LAW.rules))} FROM (SELECT {columns}) AS row"
    row = postgres.execute(query.encode()).fetchone()
    assert row is not None
    assert LAW.shown(row) == 0
