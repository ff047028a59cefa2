"""A simulation with a witness of its own: nothing is released without it, and outsiders see its word."""

from __future__ import annotations

from pathlib import Path

from tests.cli.test_commands import run
from tests.ledger.witness_process import WitnessProcess
from tests.stories.people import VALID, rows_of, write_register, write_submission
from wicketgate.ledger import LogKey


def test_releases_wait_for_the_witness_and_the_run_goes_on_after_it(tmp_path: Path) -> None:
    (tmp_path / "context.toml").write_text("as_of = 2026-03-01\n")
    write_register(tmp_path / "register")
    arguments = [
        *("simulate", write_submission(tmp_path / "s.csv", [VALID]), "--register", tmp_path / "register"),
        *("--out", tmp_path / "out", "--context", tmp_path / "context.toml", "--keep", tmp_path / "gate"),
    ]
    unwitnessed = run(*arguments[:1], write_submission(tmp_path / "e.csv", []), *arguments[2:])
    assert unwitnessed.exit_code == 0, unwitnessed.output
    vkey = LogKey.load((tmp_path / "gate" / "log.key").read_text().strip()).vkey
    policy = tmp_path / "policy"
    with WitnessProcess(tmp_path / "witness", vkey, "ml-dsa-44") as witness:
        policy.write_text(f"log {vkey}\nwitness inspector {witness.vkey} {witness.url}\nquorum inspector\n")
        arguments += ["--witness-policy", policy]
        witness.stop()
        stopped = run(*arguments)
        assert stopped.exit_code == 2
        assert "Nothing is released: too few witnesses" in stopped.output
        witness.start()
        done = run(*arguments)
        assert done.exit_code == 0, done.output
    assert [row["outcome"] for row in rows_of(tmp_path / "out" / "outcomes.csv")] == ["disclosed"]
    verified = run("ledger", "verify", tmp_path / "out" / "ledger", "--policy", policy)
    assert verified.exit_code == 0, verified.output


def test_a_policy_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    file = write_submission(tmp_path / "s.csv", [VALID])
    write_register(tmp_path / "register")
    for text in (None, "quorum none\nquorum none", "nonsense"):
        policy = tmp_path / "policy"
        if text is not None:
            policy.write_text(text)
        done = run(
            *("simulate", file, "--register", tmp_path / "register", "--out", tmp_path / "out"),
            *("--witness-policy", policy),
        )
        assert done.exit_code == 2
        (line,) = done.output.splitlines()
        assert line.startswith("wicketgate: ")
