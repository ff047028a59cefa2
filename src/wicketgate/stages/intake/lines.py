"""Physical lines of a text file, in blocks, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple

_BLOCK = 1024 * 1024
_BOM = b"\xef\xbb\xbf"


@dataclass(slots=True)
class Block:
    """Consecutive lines without their line feeds (a carriage return before one stays).

    `faults` says by line number what makes a line unreadable; the text of such a line
    only serves to find where its row ends. `last` marks the end of the file.
    """

    first: int
    lines: list[str]
    last: bool
    faults: dict[int, str] = field(default_factory=dict)

    def empty_at(self, at: int) -> bool:
        """True when there is such a line and nothing on it."""
        return at < len(self.lines) and self.lines[at] in ("", "\r") and self.first + at not in self.faults

    def drop(self, count: int) -> None:
        """Forget the first lines."""
        del self.lines[:count]
        self.first += count

    def prepend(self, before: Block, at: int) -> None:
        """Put what the block before holds from its line `at` on in front."""
        if at < len(before.lines):
            self.lines[:0] = before.lines[at:]
            self.first = before.first + at
            self.faults |= before.faults


class Chunk(NamedTuple):
    """Whole lines as they lie in the file, the first of them number `first`."""

    first: int
    data: bytes
    last: bool
    length: int
    """How many lines."""
    overlong: str | None = None
    """What is wrong with one more line after them, which was skipped; it counts."""

    def parts(self, size: int) -> Iterator[Chunk]:
        """Its whole lines in smaller chunks of about `size` bytes; for one without an overlong line."""
        first, data = self.first, self.data
        start = 0
        while start < len(data):
            end = data.find(b"\n", start + size) + 1 or len(data)
            whole = data[start:end]
            part = Chunk(first, whole, self.last and end == len(data), _count(whole))
            yield part
            first, start = first + part.length, end

    def block(self) -> Block:
        """The lines as text."""
        block = _decode(self.data, self.first)
        if self.overlong is not None:
            block.faults[self.first + len(block.lines)] = self.overlong
            block.lines.append("")
        block.last = self.last
        return block


def read_blocks(file: BinaryIO, longest: int) -> Iterator[Block]:
    """All lines of the file, from line 1; a line of more than `longest` bytes is skipped as a fault."""
    return (chunk.block() for chunk in read_chunks(file, longest))


def read_chunks(file: BinaryIO, longest: int) -> Iterator[Chunk]:
    """The lines of `read_blocks`, not yet read as text."""
    number = 1
    rest = b""
    data = file.read(_BLOCK).removeprefix(_BOM)
    last = False
    while not last:
        last = not data
        whole, rest = (rest, b"") if last else _cut(rest + data)
        overlong = None
        if len(rest) > longest:
            overlong = f"The line is longer than {longest:,} bytes; shorten it."
            rest = _rest_of_long_line(file)
        chunk = Chunk(number, whole, last, _count(whole) + (overlong is not None), overlong)
        number += chunk.length
        if chunk.length or last:
            yield chunk
        data = file.read(_BLOCK)


def _count(whole: bytes) -> int:
    return whole.count(b"\n") + (whole != b"" and not whole.endswith(b"\n"))


def _cut(data: bytes) -> tuple[bytes, bytes]:
    """The whole lines, and the beginning of the next."""
    end = data.rfind(b"\n") + 1
    return data[:end], data[end:]


def _rest_of_long_line(file: BinaryIO) -> bytes:
    """Skip to the end of the line; what was read beyond it."""
    while data := file.read(_BLOCK):
        end = data.find(b"\n")
        if end >= 0:
            return data[end + 1 :]
    return b""


def _decode(whole: bytes, number: int) -> Block:
    block = Block(number, [], last=False)
    if not whole:
        return block
    raw = whole.removesuffix(b"\n")
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        pass
    else:
        if "\0" not in text:
            block.lines = text.split("\n")
            return block
    for at, line in enumerate(raw.split(b"\n"), number):
        if b"\0" in line:
            block.faults[at] = f"The line holds a NUL byte, its byte {line.index(0) + 1}; remove it."
        try:
            block.lines.append(line.decode())
        except UnicodeDecodeError as problem:
            block.faults[at] = (
                f"The line is not UTF-8 from its byte {problem.start + 1} on; save it as UTF-8."
            )
            block.lines.append(line.decode(errors="replace"))
    return block
