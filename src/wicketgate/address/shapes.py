"""The short way for lines read before: alike but for their numbers, above a last line that shares no word.

A shape is the text of both lines with the digits of its free-standing numbers left open: ``PO Box
4471`` and ``PO Box 2209`` have one. Numbers that touch a letter or begin with zero stay, and so do
longer ones; five digits are open only behind a box or a street, where they are no ZIP Code.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from wicketgate.address.judge import Parts
from wicketgate.address.last_lines import LastLine, last_lines
from wicketgate.address.model import Address, AddressFinding, Verdict
from wicketgate.address.reading import Reading
from wicketgate.core.remembered import Kept

_NUMBER = r"[1-9][0-9]{0,4}(?:-[1-9][0-9]{0,2})?"
_IS_NUMBER = re.compile(rf"{_NUMBER}\Z")
_split = re.compile(rf"(?<![^ #])({_NUMBER})(?![^ ,])").split
_OPEN = str.maketrans("0123456789", "\x01" * 10)
_KEY_WORDS = re.compile(r"([ |])")
_MOST = 4
"""Numbers in the lines of a shape."""
_ABOUT_DIGITS = ("AD-08", "AD-09")
"""Codes that hang on the digits themselves."""


class Shape(NamedTuple):
    """Two lines as one text with open numbers, and the numbers."""

    text: str
    numbers: list[str]


class _Known(NamedTuple):
    """What was said of a shape; `key` is the delivery point's key without the ZIP Code."""

    words: frozenset[str]
    before: tuple[AddressFinding, ...]
    after: tuple[AddressFinding, ...]
    key: str

    def stands_above(self, last: LastLine, numbers: list[str]) -> bool:
        """Whether the last line changes nothing in what is said of the lines."""
        return last.words.isdisjoint(self.words) and last.words.isdisjoint(numbers)


def shape_of(address: Address) -> Shape | None:
    """The shape of the lines; None when they cannot have one."""
    line1, line2 = address[:2]
    line1 = line1 or ""
    if not line1.isprintable():
        return None
    pieces = _split(line1)
    numbers = pieces[1::2]
    if numbers:
        pieces[1::2] = [number.translate(_OPEN) for number in numbers]
    if line2 is not None:
        if not line2.isprintable():
            return None
        pieces.append("\x00")
        below = _split(line2)
        if len(below) > 1:
            numbers += below[1::2]
            below[1::2] = [number.translate(_OPEN) for number in below[1::2]]
        pieces += below
    if len(numbers) > 1 and (len(numbers) > _MOST or len(set(numbers)) < len(numbers)):
        return None
    return Shape("".join(pieces), numbers)


def find(shape: Shape, address: Address) -> tuple[Verdict, str] | None:
    """The verdict and the delivery point's key; None for what must go the long way."""
    last = last_lines[address[2:]]
    known = _shapes.get(last.kind + shape.text) if last else None
    numbers = shape.numbers
    if last is None or known is None or not known.stands_above(last, numbers):
        return None
    key = known.key.format(*numbers) if numbers else known.key
    if not known.before and not known.after:
        return last.verdict, key + last.where
    before, after = known.before, known.after
    if numbers:
        before, after = _about(before, address), _about(after, address)
    return Verdict((*before, *last.verdict.findings, *after)), key + last.where


def _about(findings: tuple[AddressFinding, ...], address: Address) -> tuple[AddressFinding, ...]:
    """The findings with the texts of this address."""
    lines = {"line1": address.line1 or "", "line2": address.line2 or ""}
    return tuple(
        AddressFinding(code, severity, field, start, end, lines[field][start:end], sentence)
        for code, severity, field, start, end, _, sentence in findings
    )


def learn(shape: Shape, reading: Reading, parts: Parts, key: str) -> None:
    """Keep what was said of lines that come a second time, if it can be said of others of their shape."""
    last = last_lines[reading.address[2:]]
    if last is None or (name := last.kind + shape.text) not in _seen:
        _seen.keep(shape.text if last is None else name, None)
        return
    words = [word for line in (reading.first, reading.second) for piece in line for word in piece]
    numbers = [word for word in words if _IS_NUMBER.match(word)]
    if not words or numbers != shape.numbers or not last.words.isdisjoint(words):
        return
    long = [word for word in words if len(word) >= 5 and word[:5].isdigit()]
    if long and (not reading.points or not reading.points[-1].typed or not set(long).issubset(numbers)):
        return
    told = (*parts.characters, *parts.lines)
    if any(found.field not in ("line1", "line2") or found.code in _ABOUT_DIGITS for found in told):
        return
    open_key = _open(key.removesuffix(last.where), numbers)
    if open_key is not None:
        rest = frozenset(word for word in words if word not in numbers)
        _shapes.keep(name, _Known(rest, tuple(parts.characters), tuple(parts.lines), open_key))


def _open(key: str, numbers: list[str]) -> str | None:
    """The key with a place for each number; None unless each stands in it once, as a word."""
    words = _KEY_WORDS.split(key)
    if any(words.count(number) != 1 for number in numbers):
        return None
    return "".join(f"{{{numbers.index(word)}}}" if word in numbers else word for word in words)


_seen: Kept[str, None] = Kept(16_384)
_shapes: Kept[str, _Known] = Kept(16_384)
