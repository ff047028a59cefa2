"""The pieces of a file, kept so that any process can take up any of them."""

from __future__ import annotations

import pickle
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from wicketgate.flow.signed import UnsignedError, signature_of
from wicketgate.stages.intake import Batch, Piece, Values

if TYPE_CHECKING:
    from wicketgate.flow.bulk.place import Place

_AT_ONCE = 4 * 2**20


def keep(place: Place, number: int, piece: Batch | Piece) -> None:
    """Keep one piece; a piece that is kept again is the same."""
    path = _path(place, number)
    draft = path.with_suffix(".new")
    draft.write_bytes(pickle.dumps(piece))
    draft.rename(path)


def rows_of(place: Place, number: int) -> dict[int, tuple[int, Values]]:
    """Line and values of each row of a piece that could be read."""
    piece = pickle.loads(_path(place, number).read_bytes())  # noqa: S301  # our own, in a private folder
    batch: Batch = piece.read() if isinstance(piece, Piece) else piece
    return {row: (line, values) for row, line, values in batch.rows}


def split_signatures(place: Place, last_rows: Sequence[int]) -> None:
    """Lay the signatures beside the pieces whose rows they sign; `last_rows` by piece, rising.

    Raises `UnsignedError` for a line that is no signature.
    """
    for old in place.pieces.glob("*.signatures"):
        old.unlink()
    waiting: dict[int, list[bytes]] = defaultdict(list)
    size = 0
    with place.signatures.open("rb") as lines:
        for line in _bounded(lines, place.signatures):
            row, _ = signature_of(line)
            number = bisect_left(last_rows, row)
            if number < len(last_rows):
                waiting[number].append(line)
                size += len(line)
            if size > _AT_ONCE:
                _append(place, waiting)
                size = 0
    _append(place, waiting)


def signatures_of(place: Place, number: int) -> Path:
    """Those of one piece; there may be none."""
    return _path(place, number).with_suffix(".signatures")


def _bounded(lines: object, path: Path) -> Iterator[bytes]:
    while line := lines.readline(_LONGEST + 1):  # type: ignore[attr-defined]
        if len(line) > _LONGEST:
            raise UnsignedError(f"{path.name} holds no signatures of `wicketgate agency sign`.")
        yield line.rstrip(b"\n") + b"\n"


_LONGEST = 10_000
"""Bytes of one signature's line."""


def _append(place: Place, waiting: dict[int, list[bytes]]) -> None:
    for number, lines in waiting.items():
        with signatures_of(place, number).open("ab") as file:
            file.writelines(lines)
    waiting.clear()


def forget(place: Place) -> None:
    """Remove what is needed no more once every row is in."""
    for path in place.pieces.glob("*"):
        path.unlink()
    with suppress(OSError):
        place.pieces.rmdir()


def _path(place: Place, number: int) -> Path:
    return place.pieces / f"{number:08d}"
