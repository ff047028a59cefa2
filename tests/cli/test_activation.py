"""A version applies from a day on, because everything about it is green and somebody has looked."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.stories.people import VALID, write_register, write_submission
from wicketgate.cli import main

NAME = "cfr45-164-512-f"
FOLDER = NAME.replace("-", "_")
LOOSER = 'S1_compulsory_process = "similar_process"'
MARCH, JUNE = "2026-03-01", "2026-06-01"


@pytest.fixture(scope="module", autouse=True)
def _one_engine() -> Iterator[None]:
    """One engine, for speed; tests/flow/test_engines.py asks all of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("wicketgate.cli.activate.ENGINES", ("python",))
        yield


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """A folder of authorities with a copy of one to be edited."""
    shutil.copytree(str(files("wicketgate.authorities").joinpath(FOLDER)), tmp_path / "drafts" / FOLDER)
    return tmp_path / "drafts"


@pytest.fixture(scope="module")
def first_act(tmp_path_factory: pytest.TempPathFactory, _one_engine: None) -> tuple[Path, Result]:
    """A store with one version, in force from the first of March on, and what the command said."""
    folder = tmp_path_factory.mktemp("activated")
    return folder / "store", activating(folder)()


@pytest.fixture
def activated(tmp_path: Path, first_act: tuple[Path, Result]) -> Path:
    """A copy of that store."""
    return shutil.copytree(first_act[0], tmp_path / "store")


Activate = Callable[..., Result]


def activating(folder: Path) -> Activate:
    def run(*arguments: object, day: str = MARCH, switches: str = "", name: object = NAME) -> Result:
        context = folder / "context.toml"
        context.write_text(f"as_of = {day}\n[switches]\n{switches}\n")
        return invoke(
            "authority", "activate", name, "--store", folder / "store", "--context", context, *arguments
        )

    return run


@pytest.fixture
def activate(tmp_path: Path) -> Activate:
    return activating(tmp_path)


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def refusal(done: Result) -> str:
    assert done.exit_code == 2, done.output
    *_, line = done.stderr.splitlines()
    assert line.startswith(f"wicketgate: {NAME} is not activated: "), line
    assert "Traceback" not in done.output
    return line


def place(tmp_path: Path, number: int, line: str = NAME) -> Path:
    (found,) = (tmp_path / "store" / line).glob(f"{number:04d}-*")
    return found


def digest_in(output: str) -> str:
    return str(re.findall(r"--accept-comparison (sha256:[0-9a-f]{64})", output)[0])


def review(tmp_path: Path, day: str, *arguments: object, switches: str = "") -> Result:
    context = tmp_path / "review.toml"
    context.write_text(f"as_of = {day}\n[switches]\n{switches}\n")
    file = write_submission(tmp_path / "s.csv", [VALID])
    return invoke(
        *("review", file, "--out", tmp_path / "out", "--authority", NAME),
        *("--context", context, "--store", tmp_path / "store", *arguments),
    )


def reviewed_under(tmp_path: Path) -> str:
    return str(json.loads((tmp_path / "out" / "summary.json").read_text())["authority_digest"])


def test_what_was_looked_at_is_kept_beside_an_unchangeable_copy(
    tmp_path: Path, first_act: tuple[Path, Result], activated: Path
) -> None:
    done = first_act[1]
    assert done.exit_code == 0, done.output
    assert "Both versions come to the same determination for every request." in done.output
    folder = place(tmp_path, 1)
    kept = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert {"activation.json", "comparison.txt", "proofs.json", "conformance.json"} < kept
    assert {f"authority/{FOLDER}/{name}" for name in ("authority.md", "cases.toml")} < kept
    assert all(path.stat().st_mode & 0o222 == 0 for path in folder.rglob("*") if path.is_file())
    record = json.loads((folder / "activation.json").read_text())
    assert folder.name == "0001-" + record["authority_digest"].removeprefix("sha256:")
    assert record["first"] == record["activated_on"] == MARCH
    assert record["switches"]["S1_compulsory_process"] == "required_by_law"
    assert json.loads((folder / "proofs.json").read_text())["authority_digest"] == record["authority_digest"]
    assert json.loads((folder / "conformance.json").read_text())["engines"] == ["python"]


def test_nobody_activates_a_loosening_without_having_seen_it(
    tmp_path: Path, activated: Path, activate: Activate
) -> None:
    asked = activate(day=JUNE, switches=LOOSER)
    assert "newly passes (looser)" in asked.stdout
    assert "more requests may pass under this version" in refusal(asked)
    assert not list((tmp_path / "store" / NAME).glob("0002-*"))
    wrong = activate("--accept-comparison", "sha256:" + "0" * 64, day=JUNE, switches=LOOSER)
    assert "is not this one" in refusal(wrong)
    done = activate("--accept-comparison", digest_in(asked.output), day=JUNE, switches=LOOSER)
    assert done.exit_code == 0, done.output
    assert (place(tmp_path, 2) / "comparison.txt").read_text() in asked.stdout
    tightened = activate(day="2026-09-01")
    assert tightened.exit_code == 0, tightened.output
    assert "strictly stricter" in tightened.output


def test_the_day_of_the_review_chooses_the_version(
    tmp_path: Path, activated: Path, activate: Activate
) -> None:
    asked = activate("--from", JUNE, switches=LOOSER)
    assert (
        activate("--from", JUNE, "--accept-comparison", digest_in(asked.output), switches=LOOSER).exit_code
        == 0
    )
    digests = []
    for day in (MARCH, "2026-05-31", JUNE):
        assert review(tmp_path, day).exit_code == 0
        digests.append(reviewed_under(tmp_path))
    assert digests[0] == digests[1] != digests[2]
    early = review(tmp_path, "2026-02-28")
    assert early.exit_code == 2
    assert "is in force on 2026-02-28: the first begins on 2026-03-01" in early.output
    other = review(tmp_path, JUNE, switches='S1_compulsory_process = "required_by_law"')
    assert other.exit_code == 2
    assert "was activated with S1_compulsory_process = similar_process" in other.output
    assert review(tmp_path, JUNE, switches=LOOSER).exit_code == 0


def test_without_a_store_the_installed_authority_is_used_and_an_empty_store_has_none(tmp_path: Path) -> None:
    done = review(tmp_path, MARCH)
    assert done.exit_code == 2
    assert "No version has been activated" in done.output
    for name in ("../" + NAME, "A B", ""):
        assert review(tmp_path, MARCH, "--authority", name).exit_code == 2


def test_overlaps_gaps_and_days_gone_by_are_refused(tmp_path: Path, activate: Activate, draft: Path) -> None:
    parameters = draft / FOLDER / "parameters.toml"
    parameters.write_text(
        parameters.read_text()
        + """
[next_year]
sense = "A number that changes."
unit = "things"
values = [
  { from = 2003-04-14, value = 1, reference = "A setting." },
  { from = 2027-01-01, value = 2, reference = "A setting." },
]
"""
    )
    done = activate("--root", draft)
    assert done.exit_code == 0, done.output
    assert "Its text changes after 2026-12-31; activate it again, from 2027-01-01" in done.output
    assert "would overlap" in refusal(activate(day=MARCH))
    assert "have been decided" in refusal(activate("--from", "2026-04-01", day=JUNE))
    assert "there would be a gap" in refusal(activate("--from", "2027-01-02", "--root", draft))
    lapsed = review(tmp_path, "2027-01-01")
    assert lapsed.exit_code == 2
    assert "activate it from 2027-01-01" in lapsed.output
    again = activate("--from", "2027-01-01", name=draft / FOLDER)
    assert again.exit_code == 0, again.output
    assert review(tmp_path, "2027-01-01").exit_code == 0
    assert "or say with --replace" in refusal(activate("--from", JUNE))
    assert activate("--from", JUNE, "--replace").exit_code == 0
    assert review(tmp_path, "2027-01-01").exit_code == 0


def test_an_overlay_is_a_line_of_its_own(tmp_path: Path) -> None:
    name, overlay = "usc26-6103-i2", "mou-2025-04-07"
    (tmp_path / "c.toml").write_text(f"as_of = {MARCH}\n")
    common = ("--store", tmp_path / "store", "--context", tmp_path / "c.toml")
    done = invoke("authority", "activate", name, "--overlay", overlay, *common)
    assert done.exit_code == 0, done.output
    assert place(tmp_path, 1, f"{name}+{overlay}").is_dir()
    file = write_submission(tmp_path / "s.csv", [VALID])
    register = ("--register", write_register(tmp_path / "register"))
    with_it = invoke("simulate", file, "--out", tmp_path / "out", "--overlay", overlay, *register, *common)
    assert with_it.exit_code == 0, with_it.output
    record = json.loads((place(tmp_path, 1, f"{name}+{overlay}") / "activation.json").read_text())
    assert reviewed_under(tmp_path) == record["authority_digest"]
    without = invoke("review", file, "--out", tmp_path / "out", *common)
    assert "No version has been activated" in without.output


def test_red_cases_are_refused(draft: Path, activate: Activate) -> None:
    cases = draft / FOLDER / "cases.toml"
    cases.write_text(cases.read_text().replace('expect = "deficient"', 'expect = "sufficient"', 1))
    assert "`authority check` finds one problem" in refusal(activate("--root", draft))


def test_a_suite_that_does_not_come_out_or_is_missing_is_refused(draft: Path, activate: Activate) -> None:
    suite = draft / FOLDER / "conformance.jsonl"
    text = suite.read_text()
    suite.write_text(text.replace('"not_shown": ["A1"]', '"not_shown": []'))
    assert "on python finds" in refusal(activate("--root", draft))
    suite.unlink()
    assert "conformance.jsonl" in refusal(activate("--root", draft))


def test_proofs_are_of_this_very_version_and_hold(tmp_path: Path, activate: Activate) -> None:
    file = tmp_path / "proofs.json"
    context = tmp_path / "prove.toml"
    context.write_text(f"as_of = {MARCH}\n")
    assert invoke("authority", "prove", NAME, "--context", context, "--json", file).exit_code == 0
    good = json.loads(file.read_text())
    other = {**good, "authority_digest": "sha256:" + "0" * 64}
    failed = {**good, "obligations": [{**good["obligations"][0], "holds": False}, *good["obligations"][1:]]}
    for report, says in [
        (other, "the proofs are of sha256:0000"),
        (failed, "`authority prove` finds one problem: some request can pass"),
        ({**good, "all_hold": False}, "does not say that all hold"),
        ({**good, "obligations": []}, "does not say that all hold"),
        ({**good, "format": "x"}, "are no report"),
        ([], "are no report"),
        ({}, "are no report"),
    ]:
        file.write_text(json.dumps(report))
        assert says in refusal(activate("--proofs", file))
    file.write_bytes(b"\xff{")
    assert "are no report" in refusal(activate("--proofs", file))
    assert "cannot be read" in refusal(activate("--proofs", tmp_path / "nothing.json"))
    file.write_text(json.dumps(good))
    assert activate("--proofs", file).exit_code == 0
    assert json.loads((place(tmp_path, 1) / "proofs.json").read_text()) == good


def test_what_only_the_proofs_can_see_is_refused(draft: Path, activate: Activate) -> None:
    """A part of a rule that decides nothing: every request and every case comes out as before."""
    path = draft / FOLDER / "authority.md"
    rule = "require = \"form = 'written'\""
    assert rule in path.read_text()
    path.write_text(path.read_text().replace(rule, "require = \"form = 'written' AND form <> 'oral'\""))
    done = activate("--root", draft)
    assert "Both versions come to the same determination" in done.stdout
    assert "`authority prove` finds" in refusal(done)


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (f"authority/{FOLDER}/authority.md", "has been changed or is missing"),
        (f"authority/{FOLDER}/cases.toml", "has been changed or is missing"),
        ("proofs.json", "has been changed or is missing"),
        ("comparison.txt", "has been changed or is missing"),
        ("activation.json", "is missing or cannot be read"),
    ],
)
def test_what_was_changed_afterwards_is_not_used(
    tmp_path: Path, activated: Path, file: str, says: str
) -> None:
    path = place(tmp_path, 1) / file
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b"x")
    changed = review(tmp_path, MARCH)
    assert changed.exit_code == 2
    assert says in changed.output
    path.unlink()
    assert review(tmp_path, MARCH).exit_code == 2


def test_what_was_added_taken_away_or_forged_afterwards_is_not_used(tmp_path: Path, activated: Path) -> None:
    folder = place(tmp_path, 1)
    more = folder / "authority" / FOLDER / "overlays"
    more.mkdir(exist_ok=True)
    (more / "extra.md").write_text("x")
    assert "was not there" in review(tmp_path, MARCH).output
    (more / "extra.md").unlink()
    assert review(tmp_path, MARCH).exit_code == 0
    record = json.loads((folder / "activation.json").read_text())
    (folder / "activation.json").chmod(0o644)
    (folder / "activation.json").write_text(
        json.dumps(record | {"switches": {**record["switches"], "S3_oral_request": "person_decides"}})
    )
    assert "is not the version that was activated" in review(tmp_path, MARCH).output
    (folder / "activation.json").write_text(json.dumps(record | {"authority_digest": "sha256:" + "0" * 64}))
    assert "holds another activation" in review(tmp_path, MARCH).output
    (folder / "activation.json").write_text(json.dumps(record | {"number": 2}))
    assert review(tmp_path, MARCH).exit_code == 2


def test_what_is_half_written_is_not_there(
    tmp_path: Path, activated: Path, activate: Activate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pathlib.Path.rename", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
    assert "No space left" in refusal(activate(day=JUNE))
    monkeypatch.undo()
    (tmp_path / "store" / NAME / ".new-left-behind").mkdir()
    assert review(tmp_path, JUNE).exit_code == 0
    assert activate(day=JUNE).exit_code == 0
    assert sorted(path.name[:4] for path in (tmp_path / "store" / NAME).iterdir()) == [".loc", "0001", "0002"]


def test_bad_names_and_places_are_one_sentence(tmp_path: Path, activate: Activate) -> None:
    assert "has no overlay 'nothing'" in refusal(activate("--overlay", "nothing"))
    assert "is no folder" in activate("--root", tmp_path / "nowhere").stderr
    assert activate("--from", "tomorrow").exit_code == 2
    assert not (tmp_path / "store").exists()
    assert activate(name="no-such-law").exit_code == 2
    assert activate(switches='S99 = "x"').exit_code == 2
    shutil.rmtree(tmp_path / "store", ignore_errors=True)
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / NAME).write_text("a file")
    assert "the store" in refusal(activate())
