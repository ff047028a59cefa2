"""Facts and keys of rows as lines of text, which DuckDB and Spark read fastest."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from wicketgate.core.facts import FactValue
from wicketgate.core.remembered import Remembered
from wicketgate.stages.facts import Observer, Part, SetKeys
from wicketgate.stages.intake import Columns

SEPARATOR = "\x1f"
KEYS = SetKeys._fields
"""Digests that say which requests share a text."""
KEY_LISTS = ("officer_keys", "person_keys")
"""The keys that hold several digests, one space apart."""

_REPEATED = 16_384
"""Combinations of each part that are kept as text; a file repeats most of them again and again."""

Shorten = Callable[[int, str], str]
"""From a part's place and its facts as text to what stands for them in the line."""


class FactLines:
    """Writes one line per row; an unknown fact is empty."""

    def __init__(self, observer: Observer, shorten: Shorten | None = None) -> None:
        self._observe = observer.observe
        self._cells = [
            Remembered(partial(_cells, place, part, shorten), _REPEATED)
            for place, part in enumerate(observer.parts)
        ]

    def lines(self, rows: Columns) -> list[str]:
        """Each row's number, line and reference, every part, and the `KEYS`."""
        seen = self._observe(rows.texts)
        parts = [map(cells.__getitem__, part) for cells, part in zip(self._cells, seen.parts, strict=True)]
        keys = [map(_key, column) for column in seen.keys]
        cells = zip(map(str, rows.rows), map(str, rows.lines), rows.texts[0], *parts, *keys, strict=True)
        return list(map(SEPARATOR.join, cells))


def _cells(place: int, part: Part, shorten: Shorten | None, decides: tuple[Any, ...]) -> str:
    cells = SEPARATOR.join(map(_cell, part.read(*decides).values()))
    return shorten(place, cells) if shorten else cells


def _cell(value: FactValue) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return f"[{', '.join(value)}]"  # as DuckDB writes a list; its entries are plain words
    return str(value).lower() if isinstance(value, bool) else str(value)


def _key(key: str | tuple[str, ...] | None) -> str:
    return key if isinstance(key, str) else " ".join(key or ())


def problem_line(row: int, line: int, field: str | None, problem: str) -> str:
    """One malformed row."""
    plain = "".join(character if character.isprintable() else " " for character in problem)
    return SEPARATOR.join((str(row), str(line), field or "", plain))
