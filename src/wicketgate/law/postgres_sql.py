"""Writes an authority's predicates as PostgreSQL SQL over columns named like the facts.

A column of the wrong type, a value outside its bounds and NULL are all unknown, and so is
an infinite date. Texts are compared under the collation "C", whatever the column or the
database says. The database must be in UTF-8, so that a text's length is counted in code
points as everywhere else; a text with U+0000 cannot exist in PostgreSQL.
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
from wicketgate.law.sql_words import sql_words

_TYPES = {
    "text": ("text", "character varying"),
    "boolean": ("boolean",),
    "date": ("date",),
    "list": ("text[]", "character varying[]"),
    "integer": ("smallint", "integer", "bigint"),
}
_CAST = {"boolean": "BOOLEAN", "integer": "BIGINT", "list": "TEXT[]"}
_INFINITE = ("infinity", "-infinity")


def postgres_words(rules: Sequence[Rule]) -> list[str]:
    """SQL expressions; bit *i* of word *w* says that rule ``62 * w + i`` is shown."""
    return sql_words(rules, _ENGINE)


def _value(spec: FactSpec) -> exp.Expr:
    """The column when its type is the fact's, else NULL.

    The cast goes through text, because a cast between two types that know no cast is
    refused before any CASE is looked at; with every type it is an expression that can stand.
    """
    types = [exp.cast(text(name), "REGTYPE", dialect="postgres") for name in _TYPES[spec.type]]
    typed = exp.In(this=exp.func("PG_TYPEOF", column(spec)), expressions=types)
    value: exp.Expr = exp.cast(column(spec), "TEXT")
    if spec.type == "text":
        return collated(when(typed, value), "C")
    if spec.type == "date":
        finite = exp.Not(this=one_of(exp.cast(column(spec), "TEXT"), _INFINITE))
        days = exp.Sub(this=exp.cast(value, "DATE"), expression=day_one())
        return when(exp.and_(typed, finite, copy=False), numbered(exp.Paren(this=days)))
    return when(typed, exp.cast(value, _CAST[spec.type], dialect="postgres"))


def _count(entries: exp.Expr, condition: exp.Expr) -> exp.Expr:
    rows = exp.Unnest(
        expressions=[entries],
        alias=exp.TableAlias(this=exp.to_identifier("list"), columns=[exp.to_identifier(ENTRY)]),
    )
    counted = exp.select(exp.Count(this=exp.Star())).from_(rows, copy=False).where(condition, copy=False)
    return exp.Subquery(this=counted)


_ENGINE = Engine("postgres", _value, "C", _count)
