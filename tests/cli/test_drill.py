"""A small version of the drill: the recall list is the truth, row for row."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from wicketgate.cli.main import main
from wicketgate.flow.recall_drill import Compared, RecallDrill

EXACT = Compared("by number", 3, 3, 0, 0)


def test_the_recall_list_of_a_drill_is_the_truth(tmp_path: Path) -> None:
    words = ["--requests", "6000", "--disclosures", "150", "--persons", "4000"]
    done = CliRunner().invoke(main, ["drill", "recall", "--folder", str(tmp_path), *words])
    assert done.exit_code == 0, done.output
    told = re.findall(r"([\d,]+) listed, (\d+) missing, (\d+) extra", done.output)
    assert [each[1:] for each in told] == [("0", "0"), ("0", "0")]
    by_number, no_address = (int(each[0]) for each in told)
    assert by_number > no_address > 0
    residue, called_back = re.findall(r"([\d,]+) of ([\d,]+) to be certified", done.output)[0]
    assert int(residue) == int(called_back) >= by_number
    assert "150 imported" in done.output


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"lists": (EXACT, replace(EXACT, true=0, listed=0))}, id="nothing to find"),
        pytest.param({"lists": (EXACT, replace(EXACT, missing=1))}, id="one missing"),
        pytest.param({"lists": (EXACT, replace(EXACT, extra=1))}, id="one too many"),
        pytest.param({"residue": 4}, id="listed and not asked back"),
        pytest.param({"residue": 0, "called_back": 0}, id="nothing called back"),
    ],
)
def test_a_drill_fails_when(wrong: dict[str, Any]) -> None:
    right = RecallDrill(9, 1.0, 1.0, (EXACT, EXACT), 5, 5)
    assert right.as_it_must_be
    assert not replace(right, **wrong).as_it_must_be
