"""Reads the two lists of this folder: texts that are no address, and unusual ones that are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from wicketgate.address import Address

_LAST_LINE = ["Springfield", "IL", "62701", ""]
_HEADING = re.compile(r"\[([^\]]{3,})\]$")
_ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|(n)|(\\))")


class Row(NamedTuple):
    """One line of a list with the heading above it."""

    heading: str
    text: str
    address: Address

    @property
    def code(self) -> str:
        """The code in front of the heading."""
        return self.heading[:5]


def rows(name: str) -> list[Row]:
    """All rows of ``bad.txt`` or ``good.txt``."""
    return list(_read((Path(__file__).parent / name).read_text("utf-8").split("\n")))


def _read(lines: list[str]) -> Iterator[Row]:
    heading = ""
    for line in lines:
        titled = _HEADING.match(line)
        if titled and " " in line:
            heading = titled[1]
        elif line and not line.startswith("# "):
            cells = _ESCAPE.sub(_plain, line).split("|")
            line1, line2, *last = [*cells, ""] if len(cells) == 1 else cells
            yield Row(heading, line, Address(line1, line2 or None, *last, *_LAST_LINE[len(last) :]))


def _plain(match: re.Match[str]) -> str:
    return chr(int(match[1], 16)) if match[1] else "\n" if match[2] else "\\"
