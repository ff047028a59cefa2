"""A register with hard requests about it, as files that a simulation takes."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.campaigns.disclosures import law_and_context
from tests.stories.people import rows_of
from wicketgate.cli import main
from wicketgate.flow.simulate import simulate
from wicketgate.synthetic import SyntheticError, make_identities
from wicketgate.synthetic.identity import GENUINE


def test_a_simulation_discloses_nobody_but_the_person_meant(tmp_path: Path) -> None:
    told = CliRunner().invoke(
        main, ["synth", "identities", str(tmp_path / "reg"), "--people", "600", "--seed", "4"]
    )
    assert told.exit_code == 0, told.output
    law, context = law_and_context()
    simulate(tmp_path / "reg" / "requests.csv", tmp_path / "reg", tmp_path / "out", law, context)
    with (tmp_path / "reg" / "requests.csv.truth.csv").open(newline="") as file:
        truth = {row["request_id"]: row for row in csv.DictReader(file)}
    outcomes = {row["request_id"]: row["outcome"] for row in rows_of(tmp_path / "out" / "outcomes.csv")}
    disclosed = {row["request_id"]: row["person_id"] for row in rows_of(tmp_path / "out" / "disclosed.csv")}
    assert set(truth) == set(outcomes)
    assert len(disclosed) > 100
    assert all(truth[request]["person_id"] == person for request, person in disclosed.items())
    assert {truth[request]["kind"] for request in disclosed} <= {*GENUINE, "typo"}
    assert not any(
        outcome == "disclosed" for request, outcome in outcomes.items() if not truth[request]["person_id"]
    )


def test_the_same_seed_gives_the_same_bytes_and_nobody_is_refused(tmp_path: Path) -> None:
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        make_identities(tmp_path / name, 200, seed)
    a, b, c = ({file.name: file.read_bytes() for file in (tmp_path / name).iterdir()} for name in "abc")
    assert set(a) == {"persons.csv", "addresses.csv", "requests.csv", "requests.csv.truth.csv"}
    assert a == b
    assert a["requests.csv"] != c["requests.csv"]
    with pytest.raises(SyntheticError, match="at least 1"):
        make_identities(tmp_path / "none", 0, 1)
