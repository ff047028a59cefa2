"""Other rule engines on the same facts: run as a program of its own with the peers' Python.

``peers.py ENGINE RULES.json FACTS.parquet RESULT.json``. The rules come as the compiled form
of one authority; each engine gets them in its own language, written here mechanically. An
unknown fact is null (in Cedar: absent), and every test says first that the fact is known,
as our own engines do. This file knows nothing of the project.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

Node = list[Any]
Rules = list[tuple[list[str], Node]]
Facts = dict[str, Any]
Evaluate = Callable[[list[Facts]], list[int]]
SINGLE = 500


def main() -> None:
    """Time one engine and write what it decided."""
    engine, rules_file, facts_file, result_file = sys.argv[1:]
    with open(rules_file) as file:
        law = json.load(file)
    package, prepare = ENGINES[engine]
    polars = importlib.import_module("polars")
    frame = polars.read_parquet(facts_file).select(law["facts"])
    result: dict[str, Any] = {"version": importlib.metadata.version(package), "rows": frame.height}
    if engine in FRAMES:
        started = time.perf_counter()
        masks = prepare(law["rules"])(frame)
        result["seconds"] = time.perf_counter() - started
    else:
        rows = frame.to_dicts()
        evaluate = prepare(law["rules"])
        evaluate(rows[:10])
        singles = [seconds(evaluate, [row]) for row in rows[:SINGLE]]
        result["p50_us"] = round(statistics.median(singles) * 1e6, 1)
        started = time.perf_counter()
        masks = evaluate(rows)
        result["seconds"] = time.perf_counter() - started
    result["masks"] = [str(mask) for mask in masks]
    with open(result_file, "w") as file:
        json.dump(result, file)


def seconds(evaluate: Evaluate, rows: list[Facts]) -> float:
    """One call."""
    started = time.perf_counter()
    evaluate(rows)
    return time.perf_counter() - started


def mask_of(shown: Any) -> int:
    """Bit *i*: rule *i* was shown."""
    return sum(1 << place for place, each in enumerate(shown) if each is True)


class Infix:
    """Writes a predicate in one of the languages that look alike."""

    conjunction, disjunction, equal = " && ", " || ", "=="

    def known(self, fact: str) -> str:
        return f"{fact} != null"

    def value(self, fact: str) -> str:
        return fact

    def among(self, fact: str, values: list[Any]) -> str:
        return f"({fact} in {json.dumps(values, ensure_ascii=False)})"

    def negated(self, test: str) -> str:
        return f"!{test}"

    def rule(self, needs: list[str], predicate: Node) -> str:
        """A whole rule, true when it is shown."""
        return self.conjunction.join([f"({self.known(fact)})" for fact in needs] + [self.test(predicate)])

    def test(self, node: Node) -> str:
        """A predicate, true or false and never unknown."""
        kind, *rest = node
        if kind == "constant":
            return "true" if rest[0] else "false"
        if kind == "present":
            return f"({self.known(rest[0])})"
        if kind == "flag":
            fact, wanted = rest
            return (
                f"({self.known(fact)}{self.conjunction}{self.value(fact)} {self.equal} {json.dumps(wanted)})"
            )
        if kind == "member":
            fact, values, negated = rest
            test = self.among(fact, values)
            return f"({self.known(fact)}{self.conjunction}{self.negated(test) if negated else test})"
        if kind == "compare":
            left, operator, right = rest
            operator = {"=": self.equal, "<>": "!="}.get(operator, operator)
            tests = [self.known(fact) for fact in dict.fromkeys((*quantities(left), *quantities(right)))]
            tests.append(f"{self.number(left)} {operator} {self.number(right)}")
            return f"({self.conjunction.join(tests)})"
        joiner = self.conjunction if kind == "all" else self.disjunction
        return f"({joiner.join(map(self.test, rest[0]))})"

    def number(self, node: Node) -> str:
        """An integer expression."""
        kind, *rest = node
        if kind == "number":
            return str(rest[0])
        if kind == "quantity":
            return self.value(rest[0])
        left, right, minus = rest
        return f"({self.number(left)} {'-' if minus else '+'} {self.number(right)})"


class Cedar(Infix):
    def known(self, fact: str) -> str:
        return f"context has {fact}"

    def value(self, fact: str) -> str:
        return f"context.{fact}"

    def among(self, fact: str, values: list[Any]) -> str:
        return f"({json.dumps(values, ensure_ascii=False)}.contains(context.{fact}))"


class Zen(Infix):
    conjunction, disjunction = " and ", " or "

    def negated(self, test: str) -> str:
        return f"not {test}"


def quantities(node: Node) -> list[str]:
    """The facts that an integer expression reads."""
    kind, *rest = node
    if kind == "quantity":
        return [rest[0]]
    return [*quantities(rest[0]), *quantities(rest[1])] if kind == "sum" else []


def cedar(rules: Rules) -> Evaluate:
    """One permit per rule; the reasons of an answer name the rules that were shown."""
    cedarpy = importlib.import_module("cedarpy")
    write = Cedar()
    text = "\n".join(
        f"permit(principal, action, resource) when {{ {write.rule(needs, predicate)} }};"
        for needs, predicate in rules
    )
    policies = cedarpy.PolicySet.from_str(text)
    asked = {"principal": 'Agency::"a"', "action": 'Action::"review"', "resource": 'Request::"r"'}

    def evaluate(rows: list[Facts]) -> list[int]:
        requests = [
            {**asked, "context": {name: value for name, value in row.items() if value is not None}}
            for row in rows
        ]
        answers = cedarpy.is_authorized_batch(requests, policies, [])
        if any(answer.diagnostics.errors for answer in answers):
            raise RuntimeError("Cedar reports an error in a policy.")
        return [
            sum(1 << int(reason.removeprefix("policy")) for reason in answer.diagnostics.reasons)
            for answer in answers
        ]

    return evaluate


def whole(rules: Rules, write: Infix) -> str:
    """All rules as one list expression."""
    return "[" + ", ".join(write.rule(needs, predicate) for needs, predicate in rules) + "]"


def cel_rust(rules: Rules) -> Evaluate:
    """One list expression."""
    program = importlib.import_module("cel").compile(whole(rules, Infix()))
    return lambda rows: [mask_of(program.execute(row)) for row in rows]


def cel_cpp(rules: Rules) -> Evaluate:
    """One list expression over facts of dynamic type, since each may be null."""
    cel = importlib.import_module("cel_expr_python.cel")
    facts = {fact for needs, predicate in rules for fact in (*needs, *read(predicate))}
    environment = cel.NewEnv(variables=dict.fromkeys(facts, cel.Type.DYN))
    program = environment.compile(whole(rules, Infix()))
    return lambda rows: [mask_of(program.eval(data=row).plain_value()) for row in rows]


def read(node: Node) -> list[str]:
    """The facts that a predicate reads."""
    kind, *rest = node
    if kind in ("all", "any"):
        return [fact for part in rest[0] for fact in read(part)]
    if kind == "compare":
        return [*quantities(rest[0]), *quantities(rest[2])]
    return [] if kind == "constant" else [rest[0]]


def zen(rules: Rules) -> Evaluate:
    """One list expression."""
    program = importlib.import_module("zen").compile_expression(whole(rules, Zen()))
    return lambda rows: [mask_of(program.evaluate(row)) for row in rows]


def json_logic(rules: Rules) -> Evaluate:
    """A list of JsonLogic rules."""
    apply = importlib.import_module("json_logic").jsonLogic
    written = [{"and": [*map(_is_known, needs), _json(predicate)]} for needs, predicate in rules]
    return lambda rows: [mask_of(apply(written, row)) for row in rows]


def _is_known(fact: str) -> Any:
    return {"!==": [{"var": fact}, None]}


def _json(node: Node) -> Any:
    kind, *rest = node
    if kind == "constant":
        return bool(rest[0])
    if kind == "present":
        return _is_known(rest[0])
    if kind == "flag":
        return {"===": [{"var": rest[0]}, rest[1]]}
    if kind == "member":
        fact, values, negated = rest
        test: Any = {"in": [{"var": fact}, values]}
        return {"and": [_is_known(fact), {"!": [test]} if negated else test]}
    if kind == "compare":
        left, operator, right = rest
        operator = {"=": "===", "<>": "!=="}.get(operator, operator)
        known = [_is_known(fact) for fact in dict.fromkeys((*quantities(left), *quantities(right)))]
        return {"and": [*known, {operator: [_json_number(left), _json_number(right)]}]}
    return {"and" if kind == "all" else "or": [_json(part) for part in rest[0]]}


def _json_number(node: Node) -> Any:
    kind, *rest = node
    if kind == "number":
        return rest[0]
    if kind == "quantity":
        return {"var": rest[0]}
    return {"-" if rest[2] else "+": [_json_number(rest[0]), _json_number(rest[1])]}


def dataframely(rules: Rules) -> Callable[[Any], list[int]]:
    """A schema with one rule per element, over a whole frame; null counts as valid there: made false."""
    dy, pl = importlib.import_module("dataframely"), importlib.import_module("polars")
    kinds = {pl.String: dy.String, pl.Int64: dy.Int64, pl.Boolean: dy.Bool}

    def rule(needs: list[str], predicate: Node) -> Any:
        shown = pl.all_horizontal(
            *[pl.col(fact).is_not_null() for fact in needs], _polars(pl, predicate)
        ).fill_null(False)
        return dy.rule()(lambda cls: shown)

    def evaluate(frame: Any) -> list[int]:
        columns = {name: kinds[kind](nullable=True) for name, kind in frame.schema.items()}
        checks = {f"rule_{place}": rule(*each) for place, each in enumerate(rules)}
        row = {"row_": dy.Int64(nullable=True)}
        schema: Any = type("Facts", (dy.Schema,), {**row, **columns, **checks})
        _, failures = schema.filter(frame.with_row_index("row_").cast({"row_": pl.Int64}))
        details = failures.details() if callable(failures.details) else failures.details
        masks = [(1 << len(rules)) - 1] * frame.height
        shown = [details[f"rule_{place}"].cast(pl.String) == "valid" for place in range(len(rules))]
        for at, *row_shown in zip(details["row_"], *shown, strict=True):
            masks[at] = mask_of(row_shown)
        return masks

    return evaluate


def _polars(pl: Any, node: Node) -> Any:
    kind, *rest = node
    if kind == "constant":
        return pl.lit(bool(rest[0]))
    if kind == "present":
        return pl.col(rest[0]).is_not_null()
    if kind == "flag":
        return pl.col(rest[0]) == rest[1]
    if kind == "member":
        fact, values, negated = rest
        test = pl.col(fact).is_in(values)
        return ~test if negated else test
    if kind == "compare":
        left, operator, right = (_polars_number(pl, rest[0]), rest[1], _polars_number(pl, rest[2]))
        name = {"=": "eq", "<>": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}[operator]
        return getattr(left, name)(right)
    joined = pl.all_horizontal if kind == "all" else pl.any_horizontal
    return joined(*[_polars(pl, part) for part in rest[0]])


def _polars_number(pl: Any, node: Node) -> Any:
    kind, *rest = node
    if kind == "number":
        return pl.lit(rest[0])
    if kind == "quantity":
        return pl.col(rest[0])
    left, right = _polars_number(pl, rest[0]), _polars_number(pl, rest[1])
    return left - right if rest[2] else left + right


ENGINES: dict[str, tuple[str, Callable[[Rules], Any]]] = {
    "Cedar": ("cedarpy", cedar),
    "CEL (Rust)": ("common-expression-language", cel_rust),
    "CEL (C++)": ("cel-expr-python", cel_cpp),
    "ZEN": ("zen-engine", zen),
    "JsonLogic": ("panzi-json-logic", json_logic),
    "dataframely": ("dataframely", dataframely),
}
FRAMES = ("dataframely",)
"""Engines that take a whole table; the others take row by row."""

if __name__ == "__main__":
    main()
