"""The other engines that run the one law: each gives the masks of the same rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import psycopg

from wicketgate.law import CompiledLaw
from wicketgate.law.agreement import Batch, Row, cell
from wicketgate.law.postgres_sql import postgres_words
from wicketgate.law.spark_sql import spark_words

_POSTGRES = {"VARCHAR": "text", "VARCHAR[]": "text[]", "DOUBLE": "double precision", "TINYINT": "smallint"}
_SPARK = {"VARCHAR": "string", "VARCHAR[]": "array<string>"}


def narrowed(batch: Batch) -> Batch:
    """The batch with the integers that both engines have: at most 64 bits, with a sign."""
    columns = {
        fact: "BIGINT" if kind in ("HUGEINT", "UBIGINT") else kind for fact, kind in batch.columns.items()
    }
    return Batch(columns, [{f: _fitting(v) for f, v in row.items()} for row in batch.rows])


def without_nul(batch: Batch) -> Batch:
    """The batch without the texts that PostgreSQL cannot hold: those with U+0000."""
    return Batch(
        batch.columns,
        [{f: None if _has_nul(v) else v for f, v in row.items()} for row in batch.rows],
    )


def _has_nul(value: object) -> bool:
    texts = value if isinstance(value, list | tuple) else (value,)
    return any(isinstance(text, str) and "\0" in text for text in texts)


def postgres_masks(connection: psycopg.Connection[Any], law: CompiledLaw, batch: Batch) -> list[int]:
    """The masks that PostgreSQL finds for the rows of a batch."""
    columns = "".join(f', "{fact}" {_POSTGRES.get(kind, kind)}' for fact, kind in batch.columns.items())
    with connection.transaction(force_rollback=True), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE rows (number bigint{columns})".encode())
        with cursor.copy("COPY rows FROM STDIN") as copy:
            for number, row in _numbered(batch):
                copy.write_row((number, *row))
        cursor.execute(f"SELECT {', '.join(postgres_words(law.rules))} FROM rows ORDER BY number".encode())
        return [law.shown(row) for row in cursor.fetchall()]


def spark_masks(spark: Any, law: CompiledLaw, batch: Batch) -> list[int]:
    """The masks that Spark finds for the rows of a batch."""
    columns = "".join(f", `{fact}` {_SPARK.get(kind, kind)}" for fact, kind in batch.columns.items())
    rows = [(number, *row) for number, row in _numbered(batch)]
    frame = spark.createDataFrame(rows, f"number BIGINT{columns}")
    found = frame.selectExpr("number", *spark_words(law.rules)).collect()
    return [law.shown(row[1:]) for row in sorted(found, key=lambda row: int(row[0]))]


def different(law: CompiledLaw, rows: Sequence[Row], masks: Sequence[int]) -> list[int]:
    """The numbers of the rows that the Python function and another engine see differently."""
    return [i for i, row in enumerate(rows) if law.evaluate(row) != masks[i]]  # type: ignore[arg-type]


def _numbered(batch: Batch) -> Iterator[tuple[int, list[object]]]:
    for number, row in enumerate(batch.rows):
        yield number, [cell(row.get(fact), kind) for fact, kind in batch.columns.items()]


def _fitting(value: object) -> object:
    return None if type(value) is int and not -(2**63) <= value < 2**63 else value
