"""The commands as people use them: one sentence and exit code 2 for what cannot be done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.stories.people import ROSA, ROSA_HOME, VALID, write_register, write_submission
from wicketgate.cli import main
from wicketgate.flow import workspace

CONTEXT = "as_of = 2026-03-01\n"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def submission(tmp_path: Path) -> Path:
    (tmp_path / "context.toml").write_text(CONTEXT)
    return write_submission(tmp_path / "s.csv", [VALID])


def test_review_writes_its_files_and_says_so_in_one_line(tmp_path: Path, submission: Path) -> None:
    out = tmp_path / "out"
    done = run("review", submission, "--out", out, "--context", tmp_path / "context.toml", "--letters")
    assert done.exit_code == 0, done.output
    assert (
        done.output == f"1 rows: 1 sufficient, 0 deficient, 0 referred, 0 malformed. Results are in {out}.\n"
    )
    assert {path.name for path in out.iterdir()} == {
        *("determinations.csv", "findings.jsonl", "malformed.csv", "summary.json", "letters"),
    }


def test_a_review_that_runs_out_of_memory_says_so(
    tmp_path: Path, submission: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspace, "MEMORY", "1MB")
    done = run("review", submission, "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert "ran out of memory" in done.output
    assert "Traceback" not in done.output


def test_an_overlay_adds_its_conditions(tmp_path: Path) -> None:
    file = write_submission(tmp_path / "s.csv", [VALID | {"sole_use_attested": ""}])
    done = run("review", file, "--out", tmp_path / "out", "--overlay", "mou-2025-04-07")
    assert done.exit_code == 0, done.output
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["overlays"] == ["mou-2025-04-07"]
    assert "B10" in (tmp_path / "out" / "determinations.csv").read_text()


def test_a_letter_explains_each_finding(tmp_path: Path) -> None:
    file = write_submission(tmp_path / "s.csv", [VALID | {"statute": "8 U.S.C. 1231"}])
    done = run("review", file, "--out", tmp_path / "out", "--letters", "--letters-as", "text")
    assert done.exit_code == 0, done.output
    letter = (tmp_path / "out" / "letters" / "1.txt").read_text()
    assert "Your reference: V" in letter
    assert "B4 – 26 U.S.C. § 6103(i)(2)(B)(iii)" in letter
    assert "How to mend it:" in letter


def test_letters_are_printed_and_a_notice_sums_them_up(tmp_path: Path) -> None:
    rows = [
        VALID,
        VALID | {"request_id": "W", "statute": "8 U.S.C. 1231"},
        VALID | {"request_id": "X", "form": "oral"},
    ]
    file = write_submission(tmp_path / "s.csv", rows)
    done = run("review", file, "--out", tmp_path / "out", "--letters")
    assert done.exit_code == 0, done.output
    letters = {path.name: path.read_bytes()[:5] for path in (tmp_path / "out" / "letters").iterdir()}
    assert letters == dict.fromkeys(("2.pdf", "3.pdf", "notice.pdf"), b"%PDF-")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\xff\xfea\x00", "UTF-16"),
        (b"PK\x03\x04rest", "workbook is damaged"),
        (b"request_id,colour\n1,red\n", "colour"),
        (b"form\nwritten\n", "request_id"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence_and_exit_2(
    tmp_path: Path, content: bytes, says: str
) -> None:
    file = tmp_path / "s.csv"
    file.write_bytes(content)
    done = run("review", file, "--out", tmp_path / "out")
    assert done.exit_code == 2
    (line,) = done.output.splitlines()
    assert line.startswith("wicketgate: ")
    assert says in line


def test_unknown_things_are_one_sentence_and_exit_2(tmp_path: Path, submission: Path) -> None:
    (tmp_path / "bad.toml").write_text("as_of = 2026-03-01\ncolour = 1\n")
    (tmp_path / "switch.toml").write_text(
        'as_of = 2026-03-01\n[switches]\nS2_request_address_standard = "non_blank"\n'
    )
    out = tmp_path / "out"
    for arguments, says in (
        (("review", tmp_path / "nothing.csv", "--out", out), "nothing.csv"),
        (("review", submission, "--out", out, "--authority", "usc99-1"), "usc99-1"),
        (("review", submission, "--out", out, "--overlay", "nobody"), "nobody"),
        (("review", submission, "--out", out, "--context", tmp_path / "bad.toml"), "colour"),
        (("review", submission, "--out", out, "--context", tmp_path / "switch.toml"), "non_blank"),
        (("simulate", submission, "--out", out, "--register", tmp_path / "none"), "persons"),
        (("authority", "show", "nobody"), "nobody"),
        (("ledger", "verify", tmp_path / "none"), "none"),
    ):
        done = run(*arguments)
        assert done.exit_code != 0, arguments
        assert "Traceback" not in done.output
        assert says in done.output, (arguments, done.output)


def test_simulate_keep_goes_on_in_its_folder(tmp_path: Path, submission: Path) -> None:
    register = write_register(tmp_path / "register")
    arguments = (
        *("simulate", submission, "--register", register, "--out", tmp_path / "out"),
        *("--keep", tmp_path / "gate", "--context", tmp_path / "context.toml"),
    )
    first = run(*arguments)
    assert first.exit_code == 0, first.output
    again = run(*arguments)
    assert again.output == first.output
    assert "1 disclosed" in first.output
    other = write_register(tmp_path / "other", persons=(), addresses=())
    refused = run(*(other if argument == register else argument for argument in arguments))
    assert refused.exit_code == 2
    assert "another register" in refused.output
    assert run("ledger", "verify", tmp_path / "out" / "ledger").exit_code == 0


def test_the_same_file_on_another_day_is_another_submission(tmp_path: Path, submission: Path) -> None:
    register = write_register(tmp_path / "register")
    for day, outcome in (("2026-03-01", "1 disclosed"), ("2028-03-01", "1 referred")):
        (tmp_path / "context.toml").write_text(f"as_of = {day}\n")
        done = run(
            *("simulate", submission, "--register", register, "--out", tmp_path / day),
            *("--keep", tmp_path / "gate", "--context", tmp_path / "context.toml"),
        )
        assert done.exit_code == 0, done.output
        assert outcome in done.output


def test_authorities_are_listed_and_shown() -> None:
    assert "usc26-6103-i2" in run("authority", "list").output
    shown = run("authority", "show", "usc26-6103-i2", "--overlay", "mou-2025-04-07").output
    for expected in ("B2:AD-08", "S5_requester_level", "reasons_repeats", "B10", "I11"):
        assert expected in shown
    assert run("authority", "check", "usc26-6103-i2").exit_code == 0


def test_synth_makes_a_register_a_submission_and_its_truth(tmp_path: Path) -> None:
    assert run("synth", "register", tmp_path / "reg", "--persons", 300, "--seed", 1).exit_code == 0
    file = tmp_path / "s.jsonl"
    made = run("synth", "submission", file, "--rows", 50, "--kind", "lawful", "--register", tmp_path / "reg")
    assert made.exit_code == 0, made.output
    assert len(file.read_text().splitlines()) == 50
    assert json.loads(file.read_text().splitlines()[0])["request_id"]
    assert len(Path(f"{file}.truth.csv").read_text().splitlines()) == 51


def test_the_story_tells_the_whole_story(tmp_path: Path) -> None:
    done = run("story", "--folder", tmp_path / "story", "--persons", 1_000, "--scale", 0.05)
    assert done.exit_code == 0, done.output
    for expected in ("lawful", "august-2025", "the procedure of 2025", "verified", "§ 6103(i)(2)"):
        assert expected in done.output


def test_the_story_does_not_delete_what_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    for command in ("story", "demo"):
        assert run(command, "--folder", tmp_path).exit_code == 2
    assert (tmp_path / "mine.txt").read_text() == "keep"


def test_the_doctor_finds_this_machine_well() -> None:
    done = run("doctor")
    assert done.exit_code == 0, done.output
    assert "authority usc26-6103-i2" in done.output


def test_a_register_is_audited_before_it_is_relied_on(tmp_path: Path) -> None:
    twins = write_register(tmp_path / "twins", [ROSA, ("p2", *ROSA[1:])], [ROSA_HOME, ("p2", *ROSA_HOME[1:])])
    refused = run("register", "audit", twins, "--out", tmp_path / "out")
    assert refused.exit_code == 2
    assert "2 of 2 have a twin" in refused.output
    assert refused.output.splitlines()[-1].startswith("wicketgate: The profile is refused: by name, address")
    assert json.loads((tmp_path / "out" / "audit.json").read_text())["accepted"] is False
    assert "Rosa" not in refused.output + (tmp_path / "out" / "audit.html").read_text()

    one = write_register(tmp_path / "one")
    assert run("register", "audit", one).exit_code == 2  # one person shows nothing about twins
    passed = run("register", "audit", one, "--limit", 0.5, "--population-share", 0.99)
    assert passed.exit_code == 0, passed.output
    assert passed.output.splitlines()[-1] == "The profile is within its limit."
    assert run("register", "audit", one, "--population-share", 1).exit_code == 2
    missing = run("register", "audit", tmp_path / "none")
    assert missing.exit_code == 2
    assert "persons.csv" in missing.output
