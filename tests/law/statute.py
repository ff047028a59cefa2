"""The installed authority with its overlay, compiled once for all tests, and the facts of its cases."""

from __future__ import annotations

from tests.law.drafts import ON
from wicketgate.core.facts import FactValue
from wicketgate.law import CompiledLaw, compile_authority, load
from wicketgate.law.cases import read_cases
from wicketgate.law.errors import Place
from wicketgate.law.source import CASES, find

STATUTE = "usc26-6103-i2"
HEALTH_STATUTE = "cfr45-164-512-f"
AGREEMENT = "mou-2025-04-07"
BASE: CompiledLaw = compile_authority(load(STATUTE, on=ON))
LAW: CompiledLaw = compile_authority(load(STATUTE, (AGREEMENT,), on=ON))
ALL_CASES = read_cases(find(STATUTE).read(CASES), Place(STATUTE, CASES))
STORIES = {case.name: case for case in ALL_CASES if case.determination}
SEEDS: list[dict[str, FactValue]] = [dict(case.facts) for case in ALL_CASES]
HEALTH: CompiledLaw = compile_authority(load(HEALTH_STATUTE, on=ON))
"""The authority that asks for lists."""
HEALTH_SEEDS: list[dict[str, FactValue]] = [
    dict(case.facts) for case in read_cases(find(HEALTH_STATUTE).read(CASES), Place(HEALTH_STATUTE, CASES))
]
VALID: dict[str, FactValue] = dict(STORIES["a complete, valid request"].facts)
