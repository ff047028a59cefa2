"""What time tells: answers leave in whole slots, whoever is on file. The campaign measures how little."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaigns.timing import auc, measure
from wicketgate.store.database import Database


def test_answers_about_people_on_file_and_not_leave_together(database: Database, tmp_path: Path) -> None:
    found = measure(database, tmp_path, each=40, seed=5)
    assert found.requests == 80
    assert 1 <= found.slots <= 4
    assert 0.2 < found.order < 0.8  # by chance hardly ever outside, and 0 or 1 if the order told


@pytest.mark.parametrize(
    ("values", "area"),
    [
        ([(1.0, False), (2.0, True)], 1.0),
        ([(2.0, False), (1.0, True)], 0.0),
        ([(1.0, False), (1.0, True)], 0.5),
        ([(1.0, False), (2.0, True), (3.0, False)], 0.5),
    ],
)
def test_the_area_under_the_curve(values: list[tuple[float, bool]], area: float) -> None:
    assert auc(values) == area
