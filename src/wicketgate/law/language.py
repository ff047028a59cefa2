"""Reads a predicate text into its typed form, by whitelist.

The language looks like SQL and is a small part of it: ``AND OR NOT IN``,
``= <> < <= > >=``, ``+ -``, brackets, integers, 'texts', facts, ``present(fact)``,
``each(list IN …)``, ``some(list IN …)``, ``count(list)``, ``parameter.name`` and
``switch.NAME``. It holds only what means the same in every engine that runs it. First
each word of the text is looked up, then sqlglot parses it, then each node of the tree is
looked up; everything else is refused.
"""

from __future__ import annotations

from datetime import date

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from wicketgate.core.catalogue import CATALOGUE
from wicketgate.core.context import SwitchValue
from wicketgate.law.errors import Place
from wicketgate.law.predicate import (
    NEGATED,
    Arithmetic,
    Compare,
    Constant,
    Count,
    Day,
    Entries,
    Flag,
    Member,
    Number,
    Operator,
    Predicate,
    Present,
    Quantity,
    Sum,
    conjunction,
    disjunction,
    interval,
    is_date,
)
from wicketgate.law.words import Names, Wording

_INT64 = 2**63
_OPERATORS: dict[type[exp.Expr], Operator] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}


def read_predicate(text: str, names: Names, place: Place) -> Predicate:
    """The typed form of `text`; raises `AuthorityError` naming the place in it and the allowed form."""
    return _Reader(text, names, place).predicate()


class _Reader:
    def __init__(self, text: str, names: Names, place: Place) -> None:
        self.names = names
        self._wording = Wording(text, place)

    def predicate(self) -> Predicate:
        text = self._wording.text
        self._wording.check(self.names)
        try:
            statements = sqlglot.parse(text, dialect="duckdb")
            if len(statements) != 1 or statements[0] is None:
                raise self._wording.refuse(text, "is not one predicate")
            return self._truth(statements[0], positive=True)
        except (SqlglotError, RecursionError):
            raise self._wording.refuse(text, "cannot be read as one predicate") from None

    # Truth ---------------------------------------------------------------

    def _truth(self, node: exp.Expr, *, positive: bool) -> Predicate:
        match node:
            case exp.Paren():
                return self._truth(node.this, positive=positive)
            case exp.Not():
                return self._truth(node.this, positive=not positive)
            case exp.And() | exp.Or():
                parts = tuple(self._truth(part, positive=positive) for part in (node.left, node.right))
                return conjunction(parts) if isinstance(node, exp.And) is positive else disjunction(parts)
            case exp.Column():
                return self._flag(node, positive)
            case exp.Anonymous(this="each" | "some"):
                return self._entries(node, positive)
            case exp.Anonymous():
                return self._present(node, positive)
            case exp.In():
                return self._member(node, positive)
        if type(node) in _OPERATORS:
            return self._comparison(node, _OPERATORS[type(node)], positive)
        raise self._wording.refuse(_sql(node), "is not allowed here")

    def _flag(self, node: exp.Column, positive: bool) -> Predicate:
        fact = self._fact(node)
        if CATALOGUE[fact].type != "boolean":
            raise self._wording.refuse(fact, "is not a boolean fact, so it must be compared with something")
        return Flag(fact, positive)

    def _present(self, node: exp.Anonymous, positive: bool) -> Predicate:
        if len(node.expressions) != 1 or not isinstance(node.expressions[0], exp.Column):
            raise self._wording.refuse(_sql(node), "must name one fact: present(fact)")
        if not positive:
            raise self._wording.refuse(_sql(node), "is negated, and a missing fact must never help a request")
        return Present(self._fact(node.expressions[0]))

    def _entries(self, node: exp.Anonymous, positive: bool) -> Predicate:
        """Not each is: some is not. Not some is: each is not."""
        inner = node.expressions[0] if len(node.expressions) == 1 else None
        listed = inner.this if isinstance(inner, exp.Not) else inner
        if not isinstance(listed, exp.In):
            raise self._wording.refuse(_sql(node), "must say of a list: each(list IN ('a', 'b'))")
        fact = self._fact(listed.this)
        if CATALOGUE[fact].type != "list":
            raise self._wording.refuse(fact, "is not a list, so it has no entries")
        values = tuple(self._text_of(fact, literal) for literal in self._literals(listed))
        every, negated = node.name == "each", isinstance(inner, exp.Not)
        return Entries(fact, values, every is positive, negated is positive)

    def _literals(self, node: exp.In) -> list[exp.Expr]:
        literals: list[exp.Expr] = node.args.get("expressions") or []
        if not literals or any(
            value for key, value in node.args.items() if key not in ("this", "expressions")
        ):
            raise self._wording.refuse(_sql(node), "must be a list of literals: fact IN ('a', 'b')")
        return literals

    def _member(self, node: exp.In, positive: bool) -> Predicate:
        literals = self._literals(node)
        chosen = self._switch(node.this)
        if chosen is not None:
            wanted = [self._switch_literal(node.this, literal) for literal in literals]
            return Constant((chosen in wanted) is positive)
        fact = self._fact(node.this)
        if CATALOGUE[fact].type == "integer":
            numbers = [self._arithmetic(literal) for literal in literals]
            if not all(isinstance(number, Number) for number in numbers):
                raise self._wording.refuse(_sql(node), "must be a list of literals: fact IN (1, 2)")
            for number in numbers:
                self._check_bounds(node, Quantity(fact), number)
            return Member(fact, tuple(interval(number)[0] for number in numbers), not positive)
        self._check_no_list(fact)
        return Member(fact, tuple(self._text_of(fact, literal) for literal in literals), not positive)

    def _comparison(self, node: exp.Expr, operator: Operator, positive: bool) -> Predicate:
        left, right = node.this, node.expression
        chosen = self._switch(left)
        if isinstance(chosen, str):
            if operator not in ("=", "<>"):
                raise self._wording.refuse(_sql(node), "orders texts; texts are compared with = and <> only")
            same = chosen == self._switch_literal(left, right)
            return Constant((same is (operator == "=")) is positive)
        if self._is_text(left) or self._is_text(right):
            return self._text_comparison(node, operator, positive)
        comparison = Compare(
            self._arithmetic(left), operator if positive else NEGATED[operator], self._arithmetic(right)
        )
        if is_date(comparison.left) is not is_date(comparison.right):
            raise self._wording.refuse(_sql(node), "compares a date with a number")
        self._check_bounds(node, comparison.left, comparison.right)
        return comparison

    def _text_comparison(self, node: exp.Expr, operator: Operator, positive: bool) -> Predicate:
        if operator not in ("=", "<>"):
            raise self._wording.refuse(_sql(node), "orders texts; texts are compared with = and <> only")
        fact = self._fact(node.this)
        self._check_no_list(fact)
        return Member(fact, (self._text_of(fact, node.expression),), (operator == "<>") is positive)

    def _check_no_list(self, fact: str) -> None:
        if CATALOGUE[fact].type == "list":
            raise self._wording.refuse(fact, "is a list; say each(list IN ('a', 'b')) or some(list IN ('a'))")

    def _is_text(self, node: exp.Expr) -> bool:
        if isinstance(node, exp.Literal):
            return node.is_string
        name = _name(node)
        return name in CATALOGUE and CATALOGUE[name].type == "text"

    def _text_of(self, fact: str, node: exp.Expr) -> str:
        spec = CATALOGUE[fact]
        if spec.type not in ("text", "list") or not isinstance(node, exp.Literal) or not node.is_string:
            raise self._wording.refuse(
                f"{fact} … {_sql(node)}", "mixes types; a text fact is compared with a 'text'"
            )
        value = str(node.this)
        values = spec.values or self.names.domains.get(fact, ())
        if values and value not in values:
            raise self._wording.refuse(
                f"'{value}'", f"is not a value of {fact}; its values are {', '.join(values)}"
            )
        if not 0 < len(value) <= spec.longest:
            raise self._wording.refuse(
                f"'{value}'", f"can never be {fact}, which has 1 to {spec.longest} characters"
            )
        return value

    # Arithmetic ----------------------------------------------------------

    def _arithmetic(self, node: exp.Expr) -> Arithmetic:
        match node:
            case exp.Paren():
                return self._arithmetic(node.this)
            case exp.Neg() if isinstance(node.this, exp.Literal):
                return Number(-self._integer(node.this))
            case exp.Literal():
                return Number(self._integer(node))
            case exp.Add() | exp.Sub():
                minus = isinstance(node, exp.Sub)
                total = Sum(self._arithmetic(node.left), self._arithmetic(node.right), minus)
                if is_date(total.right) and not (minus and is_date(total.left)):
                    raise self._wording.refuse(_sql(node), "is no date; write the date first: date + days")
                low, high = interval(total)
                if low < -_INT64 or high >= _INT64:
                    raise self._wording.refuse(
                        _sql(node), "could leave 64 bits within the bounds of its facts"
                    )
                return total
            case exp.Column():
                return self._quantity(node)
            case exp.Count() if isinstance(node.this, exp.Column) and not node.expressions:
                return self._count(node.this)
        raise self._wording.refuse(_sql(node), "is not an integer expression")

    def _integer(self, node: exp.Literal) -> int:
        text = str(node.this)
        if node.is_string or not text.isdecimal() or int(text) >= _INT64:
            raise self._wording.refuse(_sql(node), "is not an integer of 64 bits")
        return int(text)

    def _quantity(self, node: exp.Column) -> Arithmetic:
        chosen = self._switch(node)
        if isinstance(chosen, int):
            return Number(chosen)
        if node.table == "parameter":
            value = self.names.parameters[node.name]
            return Day(value) if isinstance(value, date) else Number(value)
        fact = self._fact(node)
        if CATALOGUE[fact].type not in ("integer", "date"):
            raise self._wording.refuse(fact, f"is a {CATALOGUE[fact].type} fact where an integer is needed")
        return Quantity(fact)

    def _count(self, node: exp.Column) -> Arithmetic:
        fact = self._fact(node)
        if CATALOGUE[fact].type != "list":
            raise self._wording.refuse(fact, "is not a list, so it has no entries to count")
        return Count(fact)

    def _check_bounds(self, node: exp.Expr, left: Arithmetic, right: Arithmetic) -> None:
        (low, high), (right_low, right_high) = interval(left), interval(right)
        if isinstance(left, Number | Day) and isinstance(right, Number | Day):
            raise self._wording.refuse(_sql(node), "compares no fact")
        if high < right_low or right_high < low:
            raise self._wording.refuse(_sql(node), f"lies outside the bounds of its facts ({low} to {high})")

    # Names ---------------------------------------------------------------

    def _fact(self, node: exp.Expr) -> str:
        name = _name(node)
        if name not in CATALOGUE:
            raise self._wording.refuse(_sql(node), "stands where a fact is needed; write the fact first")
        return name

    def _switch(self, node: exp.Expr) -> SwitchValue | None:
        if isinstance(node, exp.Column) and node.table == "switch":
            return self.names.switches[node.name]
        return None

    def _switch_literal(self, switch: exp.Expr, node: exp.Expr) -> str:
        values = self.names.switch_values[switch.name]
        if not isinstance(node, exp.Literal) or not node.is_string or node.this not in values:
            raise self._wording.refuse(
                _sql(node), f"is not a value of {switch.name}: {', '.join(values) or 'an integer'}"
            )
        return str(node.this)


def _name(node: exp.Expr) -> str:
    return node.name if isinstance(node, exp.Column) and not node.table else ""


def _sql(node: exp.Expr) -> str:
    return node.sql(dialect="duckdb")
