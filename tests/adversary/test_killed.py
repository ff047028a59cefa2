"""Kill -9 at random moments: each request ends once, no package without an entry, no entry lost."""

from pathlib import Path

from tests.campaigns.kills import kill_and_continue
from wicketgate.synthetic import make_register, make_submission


def test_a_killed_run_goes_on_and_loses_nothing(tmp_path: Path) -> None:
    register, submission = tmp_path / "register", tmp_path / "mixed.csv"
    make_register(register, persons=800, seed=7)
    make_submission(submission, 400, "mixed", 7, register)
    survived = kill_and_continue(submission, register, tmp_path, kills=4, longest=6.0, seed=7)
    assert survived.requests == 400
    assert survived.disclosed > 0
