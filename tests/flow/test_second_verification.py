"""A simulation in which two engines verify differently sends nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.campaigns.disclosures import law_and_context
from tests.stories.people import VALID, rows_of, without, write_register, write_submission
from wicketgate.flow.receive import EngineDisagreementError
from wicketgate.flow.refusals import REFUSALS
from wicketgate.flow.register_decisions import RegisterDecisions
from wicketgate.flow.simulate import simulate
from wicketgate.stages.verify_rule import Decision

LAW, CONTEXT = law_and_context()
NOT_ONE = Decision("not_one")


def simulated(folder: Path) -> list[str]:
    """One request that is answered and one about nobody."""
    nobody = without("taxpayer_middle_name", taxpayer_first_name="Nadie", request_id="R2")
    file = write_submission(folder / "s.csv", [VALID | {"request_id": "R1"}, nobody])
    simulate(file, write_register(folder / "register"), folder / "out", LAW, CONTEXT)
    return [row["outcome"] for row in rows_of(folder / "out" / "outcomes.csv")]


def test_engines_that_agree_let_the_answers_out(tmp_path: Path) -> None:
    assert simulated(tmp_path) == ["disclosed", "not_verified"]


@pytest.mark.parametrize("change", ["nobody", "somebody else", "held back", "one too many"])
def test_any_difference_stops_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    decide = RegisterDecisions.decisions

    def otherwise(self: RegisterDecisions) -> Iterator[Decision]:
        first, second = decide(self)
        if change == "nobody":
            first = NOT_ONE
        elif change == "somebody else":
            first = replace(first, person_id="p0")
        elif change == "held back":
            first = replace(first, held=("informant",))
        else:
            second = first
        yield from (first, second)

    monkeypatch.setattr(RegisterDecisions, "decisions", otherwise)
    with pytest.raises(EngineDisagreementError, match="Two engines") as refused:
        simulated(tmp_path)
    assert isinstance(refused.value, REFUSALS)
    assert not (tmp_path / "out" / "outward.jsonl").exists()
    assert not (tmp_path / "out" / "disclosed.csv").exists()
