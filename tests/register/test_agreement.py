"""The database and the written rule decide alike, question by question."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from tests.register.gate import Gate
from tests.register.people import questions, town
from wicketgate.stages.verify_rule import decide


@pytest.mark.parametrize(("seed", "points", "numbers"), [(1, 40, 100_000), (2, 40, 200), (3, 400, 2_000)])
def test_the_database_follows_the_rule(gate: Gate, seed: int, points: int, numbers: int) -> None:
    random = Random(seed)
    register = town(random, 300, points, numbers)
    asked = questions(random, register, 1_000, points, numbers)
    gate.load(register)

    handles = gate.ask(asked)
    gate.answer(handles)

    rows = gate.owner.execute("SELECT handle, outcome, person_id, levels FROM register.answer")
    told = {handle: (outcome, person_id, levels) for handle, outcome, person_id, levels in rows}
    for handle, question in zip(handles, asked, strict=True):
        decision = decide(question, register)
        levels = None if decision.levels is None else {name: str(at) for name, at in decision.levels.items()}
        assert told[str(handle)] == (decision.outcome, decision.person_id, levels)
    counts = Counter(outcome for outcome, _, _ in told.values())
    assert min(counts["one"], counts["not_one"]) > 50, "the town must touch both answers"
