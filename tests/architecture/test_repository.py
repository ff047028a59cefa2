"""What holds for the repository's own files."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def tracked() -> list[Path]:
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in names.splitlines()]


def test_the_lock_names_hashes_and_no_registry() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert "--hash=sha256:" in lock
    assert not re.search(r"https?://|--index|--find-links", lock)
    pins = re.findall(r"^([a-z0-9.\-_\[\]]+)==", lock, re.MULTILINE)
    assert len(pins) == len(set(pins)) > 10


def test_every_direct_dependency_is_locked() -> None:
    project = (ROOT / "pyproject.toml").read_text()
    lock = (ROOT / "requirements.lock").read_text()
    wanted = re.findall(r'^  "([A-Za-z0-9\-]+)(?:\[[a-z]+\])?[>=]', project, re.MULTILINE)
    assert wanted
    assert [name for name in wanted if f"\n{name.lower()}==" not in "\n" + lock] == []


def test_no_file_names_a_machine() -> None:
    for path in tracked():
        if path.suffix in {".py", ".md", ".toml", ".sql", ".lock", ""} and path.is_file():
            text = path.read_text(encoding="utf-8", errors="ignore")
            assert "/work/" + "main" not in text, path
            assert "/tmp/" + "wg" not in text, path


def test_every_tracked_file_is_a_file_of_its_own() -> None:
    links = [path for path in tracked() if path.is_symlink()]
    assert not links, (
        "a tracked link replaces what stands in its place elsewhere: an environment, for example"
    )


def test_ci_runs_what_the_readme_promises() -> None:
    assert "make check" in (ROOT / ".ci" / "run").read_text()
    readme = (ROOT / "README.md").read_text()
    assert "make demo" in readme
    assert "make check" in readme
