"""What the tutorial shows is what its commands print."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.docs.pages import ROOT, blocks

TUTORIAL = ROOT / "docs" / "tutorial" / "first-review.md"


def steps() -> Iterator[tuple[str, str]]:
    """Each command of the tutorial and the text below it."""
    for block in blocks(TUTORIAL, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            yield command, shown


def matches(shown: str, printed: str) -> bool:
    """A line that holds only … stands for any lines."""
    pattern = "".join("(?:.*\n)*" if line == "…\n" else re.escape(line) for line in shown.splitlines(True))
    return re.fullmatch(pattern, printed) is not None


def test_the_tutorial_can_be_followed_to_the_letter(tmp_path: Path) -> None:
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    followed = 0
    for command, shown in steps():
        done = subprocess.run(
            ["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        assert matches(shown, done.stdout), f"{command} printed\n{done.stdout}"
        followed += 1
    assert followed >= 5


def test_an_output_that_differs_is_noticed() -> None:
    assert matches("a\n…\nz\n", "a\nb\nc\nz\n")
    assert not matches("a\nb\n", "a\nc\n")
    assert not matches("a\n", "a\nb\n")
