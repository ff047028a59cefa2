"""Writes an authority's predicates as DuckDB SQL over columns named like the facts.

A column of the wrong type, a value outside its bounds and NULL are all unknown, and so is
an infinite date. Texts are compared under the C collation: equal means equal code points.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from wicketgate.core.facts import FactSpec
from wicketgate.law.python_code import Rule
from wicketgate.law.sql_conditions import (
    ENTRY,
    Engine,
    collated,
    column,
    day_one,
    numbered,
    one_of,
    text,
    when,
)
from wicketgate.law.sql_words import WORD_BITS, sql_words

__all__ = ["WORD_BITS", "duckdb_words"]

_TYPES = {
    "text": ("VARCHAR",),
    "boolean": ("BOOLEAN",),
    "date": ("DATE",),
    "list": ("VARCHAR[]",),
    "integer": (
        *("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"),
        *("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"),
    ),
}
_CAST = {"text": "TEXT", "boolean": "BOOLEAN", "integer": "BIGINT", "date": "DATE", "list": "TEXT[]"}


def duckdb_words(rules: Sequence[Rule]) -> list[str]:
    """SQL expressions; bit *i* of word *w* says that rule ``62 * w + i`` is shown."""
    return sql_words(rules, _ENGINE)


def _value(spec: FactSpec) -> exp.Expr:
    """The column when its type is the fact's, else NULL.

    DuckDB knows a column's type before it runs, so the test of the type costs nothing.
    """
    typed = one_of(exp.func("TYPEOF", column(spec)), _TYPES[spec.type])
    value = when(typed, exp.TryCast(this=column(spec), to=exp.DataType.build(_CAST[spec.type])))
    if spec.type == "date":
        return numbered(exp.Anonymous(this="DATE_DIFF", expressions=[text("day"), day_one(), value]))
    return collated(value, "C") if spec.type == "text" else value


def _count(entries: exp.Expr, condition: exp.Expr) -> exp.Expr:
    kept = exp.Lambda(this=condition, expressions=[exp.to_identifier(ENTRY)])
    return exp.Anonymous(
        this="LEN", expressions=[exp.Anonymous(this="LIST_FILTER", expressions=[entries, kept])]
    )


_ENGINE = Engine("duckdb", _value, "C", _count)
