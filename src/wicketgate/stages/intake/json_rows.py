"""JSON Lines into rows: one object of texts per line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO, TypeAlias

from wicketgate.core.request import COLUMNS
from wicketgate.stages.intake.columns import plain_name
from wicketgate.stages.intake.lines import read_blocks
from wicketgate.stages.intake.rows import Batch, Collector, Limits, Values

_Pairs: TypeAlias = "list[tuple[str, object]]"


class _RowError(ValueError):
    def __init__(self, column: str | None, problem: str) -> None:
        super().__init__(problem)
        self.column = column


def read_json_lines(file: BinaryIO, limits: Limits, rows: int) -> Iterator[Batch]:
    """Every line of the file that is not blank, in batches of about `rows`.

    A value is text or null; numbers, booleans and nested values are refused,
    since `007` and `7` would have become the same.
    """
    collect = Collector(limits, rows)
    row = 0
    for block in read_blocks(file, limits.record):
        for number, line in enumerate(block.lines, block.first):
            fault = block.faults.get(number)
            if not fault and not line.strip():
                continue
            row += 1
            if fault:
                collect.refuse(row, number, None, fault)
            else:
                try:
                    collect.add(row, number, _values(line), len(line))
                except _RowError as problem:
                    collect.refuse(row, number, problem.column, str(problem))
            if collect.full:
                yield collect.take()
    yield collect.take()


def _values(line: str) -> Values:
    try:
        found = json.loads(line, object_pairs_hook=_Object, parse_int=_Number, parse_float=_Number)
    except json.JSONDecodeError as problem:
        raise _RowError(None, f"The line is not JSON ({problem.msg}, character {problem.pos + 1}).") from None
    except RecursionError:
        raise _RowError(None, "The line is nested too deeply; write one object of texts per line.") from None
    if not isinstance(found, _Object):
        raise _RowError(None, "The line is not a JSON object; write one object of texts per line.")
    texts = {name: _text(name, value) for name, value in found.pairs}
    if len(texts) < len(found.pairs):
        names = [name for name, _ in found.pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _RowError(twice, f"The name {twice} stands twice in the object; keep one.")
    return tuple(map(texts.get, COLUMNS))


def _text(name: str, value: object) -> str | None:
    if name not in _KNOWN:
        raise _RowError(None, f"The name {plain_name(name)} is not one that the interface knows; remove it.")
    if value is None:
        return None
    if not isinstance(value, str):
        raise _RowError(name, f"The {name} is {_kind(value)}; write it as text in quotation marks.")
    if not value or value.isspace():
        return None
    if "\0" in value:
        raise _RowError(name, f"The {name} holds a NUL character; remove it.")
    if not value.isascii() and not _encodes(value):
        raise _RowError(name, f"The {name} holds half of a surrogate pair, which is no character; remove it.")
    return value


_KNOWN = frozenset(COLUMNS)


class _Object:
    def __init__(self, pairs: _Pairs) -> None:
        self.pairs = pairs


class _Number:
    def __init__(self, digits: str) -> None:
        """Numbers are refused, so none is ever computed: a long one would cost much time."""


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, list):
        return "a list"
    return "an object" if isinstance(value, _Object) else "a number"


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
