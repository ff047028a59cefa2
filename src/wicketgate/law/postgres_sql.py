"""Writes an authority's predicates as PostgreSQL SQL over columns named like the facts.

A column of the wrong type, a value outside its bounds and NULL are all unknown. Texts are
compared under the collation "C", whatever the column or the database says. The database
must be in UTF-8, so that a text's length is counted in code points as everywhere else; a
text with U+0000 cannot exist in PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from wicketgate.core.facts import FactSpec
from wicketgate.law.python_code import Rule
from wicketgate.law.sql_conditions import collated, column, text, when
from wicketgate.law.sql_words import sql_words

_TYPES = {
    "text": ("text", "character varying"),
    "boolean": ("boolean",),
    "integer": ("smallint", "integer", "bigint"),
}
_CAST = {"boolean": "BOOLEAN", "integer": "BIGINT"}


def postgres_words(rules: Sequence[Rule]) -> list[str]:
    """SQL expressions; bit *i* of word *w* says that rule ``62 * w + i`` is shown."""
    return sql_words(rules, _value, "postgres")


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
    return when(typed, exp.cast(value, _CAST[spec.type]))
