"""`wicketgate register`: a kept gate gets another register, and says what has to be mended first."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.stories.people import ROSA, ROSA_HOME, rows_of, without, write_register, write_submission
from wicketgate.cli import main
from wicketgate.flow.house import kept_database
from wicketgate.ledger.public import PUBLIC_LEAF, read_public_leaf
from wicketgate.store import log
from wicketgate.store.services import Service

ASKED = without("taxpayer_middle_name", taxpayer_tin="900700001")
MOVED = (ROSA_HOME[0], "77 Larch Ln", "", *ROSA_HOME[3:])
ASKED_THERE = ASKED | {"address_line1": "77 Larch Lane", "request_id": "W"}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def told_of_registers(keep: Path) -> list[tuple[object, object]]:
    """What the public log says of each register that took over."""
    with kept_database(keep) as (database, _), database.connect(Service.AUDIT) as connection:
        events = [read_public_leaf(leaf) for leaf in log.entries(connection) if leaf[:1] == PUBLIC_LEAF]
    return [(fields["generation"], fields["audit"]) for kind, fields in events if kind == "register"]


def test_a_kept_gate_answers_from_the_register_that_was_loaded_last(tmp_path: Path) -> None:
    keep, old = tmp_path / "keep", write_register(tmp_path / "old")
    new = write_register(tmp_path / "new", [ROSA], [MOVED])
    (tmp_path / "context.toml").write_text("as_of = 2026-03-01\n")

    def simulated(name: str, register: Path, request: dict[str, str]) -> Result:
        file = write_submission(tmp_path / f"{name}.csv", [request])
        options = ("--register", register, "--out", tmp_path / name, "--keep", keep)
        return run("simulate", file, *options, "--context", tmp_path / "context.toml")

    assert simulated("one", old, ASKED).exit_code == 0
    refused = simulated("two", new, ASKED_THERE)
    assert refused.exit_code == 2
    assert "wicketgate register load" in refused.output
    loaded = run("register", "load", new, "--keep", keep)
    assert loaded.exit_code == 0, loaded.output
    assert "generation 2, " in loaded.output
    assert told_of_registers(keep) == [(1, "not audited"), (2, "not audited")]
    assert simulated("two", new, ASKED_THERE).exit_code == 0
    told = [rows_of(tmp_path / name / "outcomes.csv")[0]["outcome"] for name in ("one", "two")]
    assert told == ["disclosed", "disclosed"]
    listed = run("register", "generations", "--keep", keep).output.splitlines()
    assert [line.split(",")[0] for line in listed] == ["generation 1", "generation 2"]


def test_every_bad_row_goes_into_a_file_and_the_exit_code_says_so(tmp_path: Path) -> None:
    bad = [(f"q{n}", "1", *ROSA[2:]) for n in range(150)]
    register = write_register(tmp_path / "bad", [ROSA, *bad])
    done = run("register", "check", register, "--problems", tmp_path / "problems.csv")
    assert done.exit_code == 2
    assert "mend 150 of its rows" in done.output
    assert "and 50 more" in done.output
    with (tmp_path / "problems.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 150
    assert rows[0] == {
        "file": "persons.csv",
        "row": "2",
        "column": "tin",
        "problem": "The number does not have nine digits; correct it or leave it empty.",
    }


def test_a_sound_register_is_said_to_be_sound(tmp_path: Path) -> None:
    done = run("register", "check", write_register(tmp_path / "r"))
    assert (done.exit_code, done.output) == (0, "1 persons and 1 addresses; every row can be loaded.\n")


def test_what_is_missing_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WICKETGATE_REGISTER_URL", raising=False)
    register = write_register(tmp_path / "r")
    for arguments, said in (
        (("load", register, "--keep", tmp_path / "none"), "keeps no gate"),
        (("load", register, "--config", tmp_path / "none.toml"), "cannot be read"),
        (("load", tmp_path / "none", "--keep", tmp_path / "none"), "neither of persons.csv"),
        (("refresh", "--keep", tmp_path / "none"), "Set WICKETGATE_REGISTER_URL"),
        (("generations", "--keep", tmp_path / "none"), "keeps no gate"),
    ):
        done = run("register", *arguments)
        assert (done.exit_code, done.output.count("\n")) == (2, 1), done.output
        assert said in done.output
