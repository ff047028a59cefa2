"""The rules over a table of facts, beside decoding it and beside other rule engines on the same facts."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import duckdb

from bench.peers import ENGINES, FRAMES
from bench.timing import micros, timed
from tests.campaigns.disclosures import law_and_context
from wicketgate.core.catalogue import CATALOGUE
from wicketgate.flow.review_file import reviewed
from wicketgate.law import CompiledLaw
from wicketgate.law.predicate import (
    All,
    Arithmetic,
    Compare,
    Constant,
    Count,
    Day,
    Entries,
    Flag,
    Member,
    Number,
    Predicate,
    Present,
    Quantity,
    Sum,
)
from wicketgate.law.predicate import Any as AnyOf

PEERS = Path(__file__).parents[1] / ".venv-peers"
COPIES = 10
"""The facts of so many requests are computed once and stand in the table so many times."""
SAMPLE = 20_000
"""Rows for the engines that take one row at a time, and on which every decision is compared."""
TIMES = 5


def law(submission: Path, folder: Path) -> dict[str, Any]:
    """Time, ratios and peers; the table has `COPIES` rows of facts for each row of the submission."""
    compiled, context = law_and_context()
    table, sample = folder / "facts.parquet", folder / "sample.parquet"
    with reviewed(submission, compiled, context) as review:
        names = ", ".join(compiled.facts)
        review.workspace.connection.execute(
            f"COPY (SELECT (row - 1) * {COPIES} + copy AS row, {names} FROM stated, range({COPIES}) t(copy)) "
            f"TO '{table}' (FORMAT parquet, COMPRESSION zstd)"
        )
    words = ", ".join(f"{word} AS word_{at}" for at, word in enumerate(compiled.duckdb_words()))
    with duckdb.connect() as connection:
        count = connection.execute(f"SELECT count(*) FROM '{table}'").fetchall()[0][0]
        connection.execute(
            f"COPY (SELECT row, {', '.join(map(_for_peers, compiled.facts))} FROM '{table}' ORDER BY row "
            f"LIMIT {SAMPLE}) TO '{sample}' (FORMAT parquet)"
        )
        decode_all = f"SELECT {', '.join(f'max({name})' for name in compiled.facts)} FROM '{table}'"
        apply_all = (
            f"COPY (SELECT row, {words} FROM '{table}') TO '{folder / 'shown.parquet'}' (FORMAT parquet)"
        )
        decode, apply = [], []
        for _ in range(TIMES):  # in turns, so that other work on the machine disturbs both alike
            decode.append(timed(lambda: connection.execute(decode_all).fetchall()))
            apply.append(timed(lambda: connection.execute(apply_all).fetchall()))
        first = f"FROM '{table}' ORDER BY row LIMIT {SAMPLE}"
        shown = connection.execute(f"SELECT {words} {first}").fetchall()
        facts = [
            {fact: CATALOGUE[fact].of_column(value) for fact, value in zip(compiled.facts, row, strict=True)}
            for row in connection.execute(f"SELECT {names} {first}").fetchall()
        ]
    masks = [compiled.shown(row) for row in shown]
    assert masks == [compiled.evaluate(each) for each in facts]
    ours = {
        "elements": len(compiled.rules),
        "rows": count,
        "decode_seconds": round(min(decode), 3),
        "rules_seconds": round(min(apply), 3),
        "ratio_to_decoding": round(min(apply) / min(decode), 2),
        "rows_per_second": round(count / min(apply)),
        "one_row": micros([lambda each=each: compiled.evaluate(each) for each in facts[:5_000]]),  # type: ignore[misc]
    }
    peers = _peers(compiled, folder, sample, masks)
    slow = [
        each["rows_per_second"] for name, each in peers.items() if name not in FRAMES and "decided" in each
    ]
    if slow:
        ours["times_the_best_engine_by_row"] = round(ours["rows_per_second"] / max(slow), 1)
    return {"wicketgate on DuckDB": ours, **peers}


def _peers(compiled: CompiledLaw, folder: Path, sample: Path, masks: list[int]) -> dict[str, dict[str, Any]]:
    python = PEERS / "bin" / "python"
    if not python.exists():
        return {name: {"not_run": "make peers has not been run"} for name in ENGINES}
    rules = folder / "rules.json"
    rules.write_text(json.dumps({"facts": compiled.facts, "rules": _rules(compiled)}))
    return {name: _peer(python, name, rules, sample, masks) for name in ENGINES}


def _peer(python: Path, name: str, rules: Path, sample: Path, masks: list[int]) -> dict[str, Any]:
    out = rules.with_name("peer.json")
    command = [
        str(python),
        str(Path(__file__).with_name("peers.py")),
        name,
        str(rules),
        str(sample),
        str(out),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    if done.returncode:
        return {"not_run": (done.stderr.strip().splitlines() or ["it stopped without a word"])[-1][:300]}
    found: dict[str, Any] = json.loads(out.read_text())
    decided = list(map(int, found.pop("masks")))
    wrong = sum(ours != theirs for ours, theirs in zip(masks, decided, strict=True))
    found["rows_per_second"] = round(found["rows"] / found["seconds"])
    found["seconds"] = round(found["seconds"], 3)
    return found | {"decided": "all alike" if not wrong else f"{wrong} rows otherwise"}


def _for_peers(fact: str) -> str:
    """SQL for a fact as other engines read it: a date as the number of its day."""
    if CATALOGUE[fact].type != "date":
        return fact
    return f"date_diff('day', DATE '0001-01-01', {fact}) + 1 AS {fact}"


def _rules(compiled: CompiledLaw) -> list[tuple[list[str], list[Any]]]:
    """The compiled rules as plain lists, for programs that know nothing of ours."""
    return [(list(needs), _plain(predicate)) for needs, predicate in compiled.rules]


def _plain(node: Predicate | Arithmetic) -> list[Any]:
    match node:
        case Constant(value):
            return ["constant", value]
        case Present(fact):
            return ["present", fact]
        case Flag(fact, wanted):
            return ["flag", fact, wanted]
        case Member(fact, values, negated):
            return ["member", fact, list(values), negated]
        case Compare(left, operator, right):
            return ["compare", _plain(left), operator, _plain(right)]
        case Entries():
            raise NotImplementedError("no other engine is asked about lists")
        case All(parts):
            return ["all", [_plain(part) for part in parts]]
        case AnyOf(parts):
            return ["any", [_plain(part) for part in parts]]
        case Number(value):
            return ["number", value]
        case Day(value):
            return ["number", value.toordinal()]
        case Quantity(fact):
            return ["quantity", fact]
        case Count():
            raise NotImplementedError("no other engine is asked about lists")
        case Sum(left, right, minus):
            return ["sum", _plain(left), _plain(right), minus]
