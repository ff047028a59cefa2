"""Writes an authority's predicates as Spark SQL over columns named like the facts.

A column of another plain type, a value outside its bounds and NULL are all unknown; a
column of a type that Spark casts to nothing of ours (a date, an array) is refused by Spark
before a row is read. The session needs `SETTINGS`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sqlglot import exp

from wicketgate.core.facts import FactSpec
from wicketgate.law.python_code import Rule
from wicketgate.law.sql_words import bounded, collated, column, one_of, sql_words, when

SETTINGS: Final[Mapping[str, str]] = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.variable.substitute": "false",
}
"""What a session must say so that the words mean what they say: checked arithmetic, literal texts."""

_TYPES = {
    "text": ("string",),
    "boolean": ("boolean",),
    "integer": ("tinyint", "smallint", "int", "bigint"),
}
_CAST = {"text": "TEXT", "boolean": "BOOLEAN", "integer": "BIGINT"}


def spark_words(rules: Sequence[Rule]) -> list[str]:
    """SQL expressions; bit *i* of word *w* says that rule ``62 * w + i`` is shown."""
    return sql_words(rules, _value, "spark")


def _value(spec: FactSpec) -> exp.Expr:
    """The fact when its column's type and its bounds hold, else NULL.

    Spark knows a column's type before it runs, so the test of the type costs nothing.
    """
    typed = one_of(exp.func("TYPEOF", column(spec)), _TYPES[spec.type])
    value: exp.Expr = exp.cast(column(spec), _CAST[spec.type])
    if spec.type == "boolean":
        return when(typed, value)
    if spec.type == "text":
        value = collated(value, "UTF8_BINARY")
    return when(exp.and_(typed, bounded(spec, value), copy=False), value)
