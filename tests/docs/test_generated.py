"""The generated pages say what the code says."""

from pathlib import Path

import pytest

from docs import generate
from docs.pages.markdown import cell, table


def test_the_pages_on_disk_are_what_the_code_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(["--check"]) == 0, capsys.readouterr().err


def test_generating_twice_gives_the_same_bytes() -> None:
    assert generate.generated() == generate.generated()


def test_a_page_that_differs_is_named_and_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "docs" / "reference" / "states.md"
    page.parent.mkdir(parents=True)
    page.write_text("edited by hand\n")
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    monkeypatch.setattr(generate, "generated", lambda: {page: "what the code says\n"})

    assert generate.main(["--check"]) == 1
    assert "docs/reference/states.md" in capsys.readouterr().err
    assert page.read_text() == "edited by hand\n"

    assert generate.main([]) == 0
    assert page.read_text() == "what the code says\n"
    assert generate.main(["--check"]) == 0


def test_no_text_can_break_out_of_a_table() -> None:
    assert cell("a|b\nc") == "a\\|b c"
    assert table(("x",), [("a|b",)]).count("\n") == 2
