"""Three writings of one rule decide alike: plain Python, the gate's PostgreSQL, and DuckDB for files."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.register import people, scripts
from tests.register.agreement import in_duckdb, in_postgresql, require_equal
from tests.register.gate import Gate
from wicketgate.core.identity import NameKey
from wicketgate.stages.comparison import name_key


@pytest.mark.parametrize(("seed", "points", "numbers"), [(1, 40, 100_000), (2, 40, 200), (3, 400, 2_000)])
def test_a_crowded_town(gate: Gate, seed: int, points: int, numbers: int) -> None:
    random = Random(seed)
    register = people.town(random, 300, points, numbers)
    asked = people.questions(random, register, 1_000, points, numbers)
    answers = in_postgresql(gate, register, asked), in_duckdb(register, asked)
    ones = require_equal(register, asked, *answers)
    assert 50 < ones < len(asked) - 50, "the town must touch both answers"


def test_a_town_in_every_script(gate: Gate) -> None:
    random = Random(5)
    register = scripts.town(random, 120)
    asked = scripts.about(random, register, 600) + scripts.questions(random, 400)
    ones = require_equal(register, asked, in_postgresql(gate, register, asked), in_duckdb(register, asked))
    assert ones > 30


@settings(max_examples=25, deadline=None)
@given(st.integers(0), st.integers(1, 40), st.integers(1, 30))
def test_any_small_town_and_any_questions(seed: int, persons: int, count: int) -> None:
    random = Random(seed)
    register = scripts.town(random, persons)
    asked = scripts.questions(random, count)
    if any(record.addresses for record in register):
        asked += scripts.about(random, register, count)
    require_equal(register, asked, in_duckdb(register, asked))


TEXTS = st.lists(st.text(max_size=6), min_size=2, max_size=6)


@settings(max_examples=25, deadline=None)
@given(st.integers(0), TEXTS, TEXTS)
def test_any_names_at_all(seed: int, given_names: list[str], surnames: list[str]) -> None:
    random = Random(seed)

    def key() -> NameKey:
        pick = random.choice
        return name_key(
            pick(given_names), pick(given_names), pick(surnames), pick(("", "Jr", pick(surnames)))
        )

    register = [replace(r, person=replace(r.person, name=key())) for r in scripts.town(random, 20)]
    asked = [replace(question, name=key()) for question in scripts.questions(random, 20)]
    if any(record.addresses for record in register):
        asked += scripts.about(random, register, 20)
    require_equal(register, asked, in_duckdb(register, asked))


def test_nobody_on_file_and_nothing_asked() -> None:
    random = Random(1)
    asked, register = scripts.questions(random, 5), scripts.town(random, 3)
    assert require_equal([], asked, in_duckdb([], asked)) == 0
    assert in_duckdb(register, []) == []
