"""Commands on a standing gate: a handle or a configuration that is none is one sentence; nothing is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_commands import run

SAM = ("--as", "sam", "--role", "counsel")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("retention", "due"), "cannot be read"),
        (("retention", "hold", *SAM, "--matter", "x", "--request", "WG-1"), "a handle looks like WG-2B3C"),
        (("retention", "lift", "1", "--as", "Sam X", "--role", "counsel", "--reasons", "x"), "is no handle"),
        (("drill", "order", "--as", "Sam X"), "is no handle"),
        (("inspect", "bundle", "WG-1", "--inspector", "ina", "--purpose", "x", "--out", "b.zip"), "WG-2B3C"),
        (("ledger", "statement", "--agency", "DHS", "--ledger", ".", "--out", "."), "cannot be read"),
        (("authority", "what-if", "--out", "."), "cannot be read"),
        (("report", "make", "--year", "2025", "--out", "."), "cannot be read"),
    ],
)
def test_what_a_command_cannot_use_is_one_sentence(
    tmp_path: Path, words: tuple[str, ...], problem: str
) -> None:
    done = run(*words, "--config", tmp_path / "none.toml")
    assert (done.exit_code, problem in done.output) == (2, True), done.output
    assert "Traceback" not in done.output
