"""The decisions of each engine on the same questions over the same register, and the rule's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import closing

from tests.register.gate import Gate
from wicketgate.core.identity import Question
from wicketgate.flow.register_decisions import RegisterDecisions
from wicketgate.stages.verify_rule import Decision, Record, decide


def in_duckdb(register: Sequence[Record], asked: Sequence[Question], memory: str = "1GB") -> list[Decision]:
    with closing(RegisterDecisions(memory)) as decisions:
        decisions.ask(asked)
        decisions.load((r.person for r in register), (a for r in register for a in r.addresses))
        return list(decisions.decisions())


def in_postgresql(gate: Gate, register: Sequence[Record], asked: Sequence[Question]) -> list[Decision]:
    gate.load(register)
    handles = gate.ask(asked)
    gate.answer(handles)
    rows = gate.owner.execute("SELECT handle, outcome, person_id, levels, held FROM register.answer")
    told = {row[0]: Decision(row[1], row[2], row[3], tuple(row[4])) for row in rows}
    return [told[str(handle)] for handle in handles]


def require_equal(register: Sequence[Record], asked: Sequence[Question], *found: Sequence[Decision]) -> int:
    """Every engine's decision on every question is the rule's; returns how many are about one person."""
    wanted = [decide(question, register) for question in asked]
    for decisions in found:
        assert list(decisions) == wanted
    return Counter(decision.outcome for decision in wanted)["one"]
