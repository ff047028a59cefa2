"""Do the Python function and the DuckDB SQL say the same of the same rows?

`disagreements` compares them row by row; `hostile_batches` makes rows that try to
part them: missing facts, wrong types, extremes, thresholds and their neighbors,
look-alike and oversized texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Final, TypeAlias

import duckdb

from wicketgate.core.catalogue import CATALOGUE
from wicketgate.core.facts import Facts, FactSpec, day_number
from wicketgate.law.compiled import CompiledLaw

Value: TypeAlias = object
Row: TypeAlias = Mapping[str, Value]
_COLUMN: Final = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "list": "VARCHAR[]",
}
_WRONG_COLUMNS: Final = {
    "text": ("BIGINT", "BOOLEAN", "DOUBLE"),
    "integer": ("VARCHAR", "DOUBLE", "BOOLEAN", "DECIMAL(18,0)"),
    "boolean": ("BIGINT", "VARCHAR", "DOUBLE"),
    "date": ("BIGINT", "BOOLEAN", "DOUBLE"),
    "list": ("BIGINT", "BOOLEAN", "VARCHAR"),
}
_WIDE_COLUMNS: Final = ("INTEGER", "HUGEINT", "UBIGINT", "TINYINT")
_BATCH: Final = 1_000
_TEXTS: Final = (
    "",
    " ",
    "\x00",
    "\u200b",
    "é",
    "e\u0301",
    "İ",
    "ß",
    "NULL",
    "none ",
    "None",
    "'; --",
    "\U0001f6aa",
)


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows whose columns have one SQL type each."""

    columns: Mapping[str, str]
    rows: Sequence[Row]


def typed_columns(law: CompiledLaw) -> dict[str, str]:
    """The columns that the law reads with the SQL types that they should have."""
    return {fact: _COLUMN[CATALOGUE[fact].type] for fact in law.facts}


def cell(value: Value, kind: str) -> Value:
    """The value as an engine is given it for a column of the SQL type `kind`."""
    if kind == "DATE" and isinstance(value, str):
        return date.fromisoformat(value)
    return list(value) if isinstance(value, tuple) else value


def duckdb_masks(law: CompiledLaw, batch: Batch) -> list[int]:
    """The masks that DuckDB finds for the rows of a batch."""
    numbered = "unnest(range(?)) AS number"  # a law may read no fact at all
    columns = ", ".join(
        [numbered, *(f'unnest(?::{kind}[]) AS "{fact}"' for fact, kind in batch.columns.items())]
    )
    values = [
        len(batch.rows),
        *([cell(row.get(fact), kind) for row in batch.rows] for fact, kind in batch.columns.items()),
    ]
    words = ", ".join(law.duckdb_words())
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE rows AS SELECT {columns}", values)
        found = connection.execute(f"SELECT {words} FROM rows ORDER BY number").fetchall()
    return [law.shown(row) for row in found]


def disagreements(law: CompiledLaw, batch: Batch) -> list[int]:
    """The numbers of the rows on which the two differ (from 0)."""
    masks = duckdb_masks(law, batch)
    return [index for index, row in enumerate(batch.rows) if law.evaluate(_facts(row)) != masks[index]]


def hostile_batches(
    law: CompiledLaw, seeds: Sequence[Facts], count: int, seed: int, most: int = _BATCH
) -> Iterator[Batch]:
    """`count` rows in batches of at most `most`: changes of the seeds, the same for the same arguments."""
    random = Random(seed)  # noqa: S311 - test rows, not secrets
    while count > 0:
        size = min(most, count)
        columns = {fact: _column(fact, random) for fact in law.facts}
        yield Batch(columns, tuple(_row(law, seeds, columns, random) for _ in range(size)))
        count -= size


def _column(fact: str, random: Random) -> str:
    kind = CATALOGUE[fact].type
    if random.random() < 0.01:
        return random.choice(_WRONG_COLUMNS[kind])
    if kind == "integer" and random.random() < 0.1:
        return random.choice(_WIDE_COLUMNS)
    return _COLUMN[kind]


def _row(law: CompiledLaw, seeds: Sequence[Facts], columns: Mapping[str, str], random: Random) -> Row:
    facts = random.choice(seeds)
    changed = set(random.sample(law.facts, random.choice((0, 1, 1, 2, 3, 5, len(law.facts)))))
    return {
        fact: _fitting(column, _value(law, fact, random) if fact in changed else facts.get(fact), random)
        for fact, column in columns.items()
    }


def _value(law: CompiledLaw, fact: str, random: Random) -> Value:
    spec = CATALOGUE[fact]
    if random.random() < 0.2:
        return None
    if spec.type == "boolean":
        return random.random() < 0.5
    if spec.type == "integer":
        limits = (each for each in law.authority.parameters.values() if isinstance(each, int))
        near = (*limits, 0, 1, 25, spec.minimum, spec.maximum)
        return random.choice(
            (
                random.choice(near) + random.choice((-1, 0, 1)),
                random.randint(spec.minimum, spec.maximum),
                2**63 - 1,
            )
        )
    if spec.type == "date":
        return _day(law, spec, random)
    values = spec.values or law.authority.vocabulary.domains.get(fact, ("DHS", "DOJ"))
    if spec.type == "list":
        return _list(spec, values, random)
    word = random.choice(values)
    odd = (word, word, word, word.upper(), word + " ", word[:-1], random.choice(_TEXTS))
    return random.choice((*odd, "é" * spec.longest, "\U0001f6aa" * (spec.longest + 1)))


def _day(law: CompiledLaw, spec: FactSpec, random: Random) -> Value:
    ends = {law.authority.on.toordinal(), spec.minimum, spec.maximum}
    days = {each.toordinal() for each in law.authority.parameters.values() if isinstance(each, date)}
    near = random.choice(sorted(ends | days)) + random.choice((-400, -1, 0, 0, 1, 400))
    number = random.choice((near, random.randint(spec.minimum, spec.maximum), 1, date.max.toordinal()))
    return date.fromordinal(number).isoformat()


def _list(spec: FactSpec, values: Sequence[str], random: Random) -> Value:
    entries: list[Value] = [*random.choices(values, k=random.choice((0, 1, 1, 2, 3, spec.maximum)))]
    if random.random() < 0.2:
        entries.append(random.choice((None, *_TEXTS, "é" * spec.longest, "x" * (spec.longest + 1))))
    if random.random() < 0.05:
        entries *= spec.maximum
    return entries


def _fitting(column: str, value: Value, random: Random) -> Value:
    """The value, or one of the column's own type where the column cannot hold it."""
    if value is None:
        return None
    if column == "DATE":
        return value if day_number(value) else None
    if column == "VARCHAR[]":
        return value if isinstance(value, list | tuple) else None
    if column == "VARCHAR":
        return value if isinstance(value, str) else str(value)
    if column == "BOOLEAN":
        return value if isinstance(value, bool) else random.random() < 0.5
    number = value if type(value) is int else random.randint(0, 3)
    if column == "HUGEINT":
        return random.choice((number, 10**30, -(10**30)))
    if column == "DOUBLE":
        return float(number)
    if column.startswith("DECIMAL"):
        return Decimal(number % 1_000)
    low, high = {"INTEGER": (-(2**31), 2**31), "UBIGINT": (0, 2**64), "TINYINT": (-128, 128)}.get(
        column, (-(2**63), 2**63)
    )
    return number if low <= number < high else None


def _facts(row: Row) -> Facts:
    """The row as the Python function meets it; wrong types stay what they are."""
    return row  # type: ignore[return-value]
