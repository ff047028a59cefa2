"""Facts and keys of rows as lines of text, which DuckDB and Spark read fastest."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

from wicketgate.core.facts import FactValue
from wicketgate.stages.facts import Observer, Part, SetKeys
from wicketgate.stages.intake import Values

SEPARATOR = "\x1f"
KEYS = ("reasons_key", "address_key", "matter_key", "name_key", "officer_keys", "person_keys")
"""Digests that say which requests share a text; the last two may hold several, one space apart."""

_REPEATED = 16_384
"""Combinations of each part that are kept as text; a file repeats most of them again and again."""

Shorten = Callable[[int, str], str]
"""From a part's place and its facts as text to what stands for them in the line."""


class FactLines:
    """Writes one line per row; an unknown fact is empty."""

    def __init__(self, observer: Observer, shorten: Shorten | None = None) -> None:
        self._distil = observer.distil
        self._cells = [
            lru_cache(_REPEATED)(partial(_cells, place, part, shorten))
            for place, part in enumerate(observer.parts)
        ]

    def line(self, row: int, line: int, values: Values) -> str:
        """The row's number, line and reference, every part, and the `KEYS`."""
        distilled, keys = self._distil(values)
        cells = [tell(*decides) for tell, decides in zip(self._cells, distilled, strict=True)]
        return SEPARATOR.join((f"{row}{SEPARATOR}{line}{SEPARATOR}{values[0]}", *cells, _key_cells(keys)))


def _cells(place: int, part: Part, shorten: Shorten | None, *decides: object) -> str:
    cells = SEPARATOR.join(map(_cell, part.read(*decides).values()))
    return shorten(place, cells) if shorten else cells


def _cell(value: FactValue) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return f"[{', '.join(value)}]"  # as DuckDB writes a list; its entries are plain words
    return str(value).lower() if isinstance(value, bool) else str(value)


def _key_cells(keys: SetKeys) -> str:
    return SEPARATOR.join(
        (
            keys.reasons_key or "",
            keys.address_key or "",
            keys.matter_key or "",
            keys.name_key or "",
            " ".join(keys.officer_keys),
            " ".join(keys.person_keys),
        )
    )


def problem_line(row: int, line: int, field: str | None, problem: str) -> str:
    """One malformed row."""
    plain = "".join(character if character.isprintable() else " " for character in problem)
    return SEPARATOR.join((str(row), str(line), field or "", plain))
