"""A small version of the drill: the recall list is the truth, row for row."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from wicketgate.cli.main import main


def test_the_recall_list_of_a_drill_is_the_truth(tmp_path: Path) -> None:
    words = ["--requests", "6000", "--disclosures", "150", "--persons", "4000"]
    done = CliRunner().invoke(main, ["drill", "recall", "--folder", str(tmp_path), *words])
    assert done.exit_code == 0, done.output
    told = re.findall(r"([\d,]+) listed, (\d+) missing, (\d+) extra", done.output)
    assert [each[1:] for each in told] == [("0", "0"), ("0", "0")]
    by_number, no_address = (int(each[0]) for each in told)
    assert by_number > no_address > 0
    assert "150 imported" in done.output
