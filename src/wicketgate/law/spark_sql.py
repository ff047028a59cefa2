"""Writes an authority's predicates as Spark SQL over columns named like the facts.

A column of another plain type, a value outside its bounds and NULL are all unknown; a
column of a type that Spark casts to nothing of ours (a map, a structure) is refused by
Spark before a row is read. The session needs `SETTINGS`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sqlglot import exp

from wicketgate.core.facts import FactSpec
from wicketgate.law.python_code import Rule
from wicketgate.law.sql_conditions import ENTRY, Engine, collated, column, day_one, numbered, one_of, when
from wicketgate.law.sql_words import sql_words

SETTINGS: Final[Mapping[str, str]] = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.variable.substitute": "false",
}
"""What a session must say so that the words mean what they say: checked arithmetic, literal texts."""

_TYPES = {
    "text": ("string",),
    "boolean": ("boolean",),
    "date": ("date",),
    "list": ("array<string>",),
    "integer": ("tinyint", "smallint", "int", "bigint"),
}
_CAST = {"text": "TEXT", "boolean": "BOOLEAN", "integer": "BIGINT"}


def spark_words(rules: Sequence[Rule]) -> list[str]:
    """SQL expressions; bit *i* of word *w* says that rule ``62 * w + i`` is shown."""
    return sql_words(rules, _ENGINE)


def _value(spec: FactSpec) -> exp.Expr:
    """The column when its type is the fact's, else NULL.

    Spark knows a column's type before it runs, so the test of the type costs nothing.
    """
    typed = one_of(exp.func("TYPEOF", column(spec)), _TYPES[spec.type])
    if spec.type == "date":
        # Through a text, since not every type can be cast to a date.
        day = exp.cast(exp.cast(column(spec), "TEXT"), "DATE")
        return numbered(exp.Anonymous(this="DATEDIFF", expressions=[when(typed, day), day_one()]))
    if spec.type == "list":
        return when(typed, column(spec))
    value = when(typed, exp.cast(column(spec), _CAST[spec.type]))
    return collated(value, "UTF8_BINARY") if spec.type == "text" else value


def _count(entries: exp.Expr, condition: exp.Expr) -> exp.Expr:
    kept = exp.Lambda(this=condition, expressions=[exp.to_identifier(ENTRY)])
    return exp.Anonymous(this="SIZE", expressions=[exp.Anonymous(this="FILTER", expressions=[entries, kept])])


_ENGINE = Engine("spark", _value, "UTF8_BINARY", _count)
