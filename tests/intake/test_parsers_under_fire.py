"""Damaged files of every format cost a sentence or a row, never more. `make soak` reads a million of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.campaigns import parsers


@pytest.mark.parametrize("kind", sorted(parsers.SHARES))
def test_a_damaged_file_gives_rows_or_one_sentence(tmp_path: Path, kind: str) -> None:
    number = 20 * parsers.SHARES[kind]
    tally = parsers.run(tmp_path, kind, number, seed=1)
    assert tally.inputs == number
    assert tally.outcomes["refused"] > 0
    assert tally.outcomes.total() > tally.outcomes["refused"], "every input was refused: nothing was tried"
    assert json.loads(json.dumps(tally.told()))["outcomes"] == tally.outcomes, "what is told can be written"
