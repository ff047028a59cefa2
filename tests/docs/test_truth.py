"""What the pages name exists: commands with their options, files, codes of elements."""

import re
import shlex
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click
import pytest

from tests.docs.pages import PAGES, ROOT, blocks, inline_code, name_of, prose
from wicketgate.cli import main
from wicketgate.law import authorities, load
from wicketgate.law.source import find

_FILE = re.compile(r"(?:[\w.-]+/)+[\w.-]+\.(?:py|sql|toml|md|lock)")
_HOMES = (ROOT, ROOT / "src" / "wicketgate", ROOT / "docs")
_CODE = re.compile(r"[ABIR]\d{1,2}(?::AD-\d\d)?")
_MAKE = re.compile(r"^make (\w+)", re.MULTILINE)


def command_lines(page: Path) -> Iterator[str]:
    """Every invocation of the program in a block for the shell, continued lines joined."""
    for block in blocks(page, "sh", "console"):
        for line in block.replace("\\\n", " ").splitlines():
            stripped = line.strip().removeprefix("$ ")
            if re.match(r"(?:\S+=\S+ )*(?:\.venv/bin/)?wicketgate(?: |$)", stripped):
                yield stripped.partition(" #")[0].partition(" > ")[0]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_and_option_exists(page: Path) -> None:
    for line in command_lines(page):
        words = [word for word in shlex.split(line) if not re.match(r"[A-Z_]+=", word)][1:]
        command: click.Command = main
        context = click.Context(main, info_name="wicketgate")
        while words and isinstance(command, click.Group) and not words[0].startswith("-"):
            found = command.get_command(context, words.pop(0))
            assert found is not None, f"{line}: there is no such command"
            command, context = found, click.Context(found, parent=context)
        known = {name for option in command.get_params(context) for name in option.opts}
        for word in words:
            if word.startswith("-"):
                assert word.partition("=")[0] in known, f"{line}: there is no option {word}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_file_that_is_named_exists(page: Path) -> None:
    if page.parent.name == "reference":
        return  # generated from the code itself
    for text in inline_code(page):
        if _FILE.fullmatch(text) and not text.startswith("ledger/tile"):
            assert any((home / text).exists() for home in _HOMES), f"{text} does not exist"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_make_target_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {t for block in blocks(page, "sh") for t in _MAKE.findall(block)}
    named |= {text.split()[1] for text in inline_code(page) if re.fullmatch(r"make [a-z]+", text)}
    assert named <= targets


def test_every_element_that_is_named_exists() -> None:
    codes = {
        element.code
        for name in authorities()
        for element in load(name, find(name).overlays(), on=date(2026, 3, 1)).elements
    }
    for page in PAGES:
        for text in inline_code(page):
            if _CODE.fullmatch(text):
                assert text in codes, f"{name_of(page)} names the element {text}, which does not exist"


def test_the_pages_are_short() -> None:
    for page in PAGES:
        if page.parent.name != "reference":
            assert len(prose(page).split()) <= 1_200, f"{name_of(page)} is too long to be read"
