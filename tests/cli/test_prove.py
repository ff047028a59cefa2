"""`authority prove`, `compare` and `conformance` as people use them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.law.drafts import ON, loaded
from tests.law.sound_law import MISTAKES, OVERLAY, SOUND, with_mistake
from wicketgate.cli import main
from wicketgate.law.conformance import FILE
from wicketgate.law.prove import solvers

DRAFT = str(SOUND / "draft_law")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["authority", *map(str, arguments)])


def mistaken(name: str, folder: Path) -> str:
    (mistake,) = [mistake for mistake in MISTAKES if mistake["name"] == name]
    return str(with_mistake(mistake, folder) / "draft_law")


@pytest.fixture
def context(tmp_path: Path) -> Path:
    file = tmp_path / "context.toml"
    file.write_text(f"as_of = {ON.isoformat()}\n[switches]\nS2_number = 100\n")
    return file


def test_a_sound_authority_is_proved_and_the_report_names_its_version(tmp_path: Path, context: Path) -> None:
    report = tmp_path / "report.json"
    result = run("prove", DRAFT, "--overlay", OVERLAY, "--context", context, "--json", report)
    assert result.exit_code == 0, result.output
    assert "every element can be the only finding" in result.output
    assert result.output.rstrip().endswith("All hold.")
    written = json.loads(report.read_text())
    assert written["all_hold"] is True
    assert written["authority_digest"] == loaded(SOUND, OVERLAY, switches={"S2_number": 100}).digest


def test_what_does_not_hold_is_shown_as_a_request(tmp_path: Path, context: Path) -> None:
    report = tmp_path / "report.json"
    draft = mistaken("severities exchanged", tmp_path / "draft")
    result = run("prove", draft, "--context", context, "--json", report)
    assert result.exit_code == 1
    assert "Not so: a stricter answer is at least as strict (S1_choice: strict before loose" in result.output
    assert "1 not so" in result.output
    assert "like a complete one except for:" in result.output
    assert "the state of the agency's safeguards is open_findings" in result.output
    assert json.loads(report.read_text())["all_hold"] is False


def test_elements_that_exclude_each_other_are_named(tmp_path: Path, context: Path) -> None:
    result = run(
        "prove", mistaken("two elements that contradict each other", tmp_path / "draft"), "--context", context
    )
    assert result.exit_code == 1
    assert "These can never be true together: A10 is shown; C1 is shown." in result.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("prove", "no-such-law"), "There is no authority 'no-such-law'"),
        (("prove", DRAFT, "--overlay", "none"), "has no overlay 'none'"),
        (("compare", DRAFT, "no-such-law"), "There is no authority 'no-such-law'"),
        (("conformance", DRAFT), "conformance.jsonl: the file is missing"),
        (("prove", DRAFT, "--json", "/no/such/folder/x"), "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert sentence in result.output
    assert "Traceback" not in result.output


def test_without_solvers_the_command_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(solvers, "import_module", missing)
    for command in (("prove", DRAFT), ("compare", DRAFT, DRAFT)):
        result = run(*command)
        assert result.exit_code == 2
        assert "install wicketgate[prove]" in result.output


def test_a_version_is_compared_with_a_draft(tmp_path: Path, context: Path) -> None:
    same = run("compare", DRAFT, DRAFT, "--context", context)
    assert same.exit_code == 0
    assert same.output.startswith("Both versions come to the same determination")
    draft = mistaken("one value too many", tmp_path / "draft")
    looser = run("compare", DRAFT, draft, "--context", context)
    assert looser.exit_code == 1
    assert "A request newly passes (looser):" in looser.output
    assert "because of A5: deficient before, sufficient now" in looser.output
    assert "the form of the request is oral" in looser.output
    stricter = run("compare", draft, DRAFT, "--context", context)
    assert stricter.exit_code == 0
    assert "strictly stricter" in stricter.output


def test_what_differs_besides_the_rules_is_told(tmp_path: Path, context: Path) -> None:
    draft = mistaken("a phrase lost", tmp_path / "draft")
    result = run("compare", DRAFT, draft, "--context", context)
    assert result.exit_code == 0
    assert "locate phrase find: listed before, none now" in result.output


def test_a_draft_gets_its_suite_and_replays_it(tmp_path: Path) -> None:
    draft = Path(mistaken("one value too many", tmp_path / "draft"))
    written = run("conformance", draft, "--write", draft / FILE, "--on", ON.isoformat())
    assert written.exit_code == 0, written.output
    replayed = run("conformance", draft)
    assert replayed.exit_code == 0
    assert replayed.output == written.output
    assert "come out as written in Python and DuckDB" in replayed.output
    rule = draft / "authority.md"
    rule.write_text(rule.read_text().replace("signature_age_days <= 365", "signature_age_days <= 366"))
    broken = run("conformance", draft)
    assert broken.exit_code == 1
    assert "Python: A6/stale: signature_age_days <= 365 becomes signature_age_days > 365" not in broken.output
    assert "by the suite it is A6/stale" in broken.output
