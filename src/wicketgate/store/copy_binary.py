"""Rows in the binary format of COPY: the server neither parses texts nor unfolds arrays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from struct import Struct

HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
END = b"\xff\xff"
_NULL = b"\xff\xff\xff\xff"
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_JSONB = b"\x01"
"""The version of the format that stands before the text."""
_bigint = Struct(">iq").pack


def row_of(cells: int) -> bytes:
    """What stands before the cells of each row; the rows stand between `HEADER` and `END`."""
    return cells.to_bytes(2, "big")


def cell(value: bytes | None) -> bytes:
    """A bytea, or the bytes of a text; NULL for None."""
    return _NULL if value is None else len(value).to_bytes(4, "big") + value


@cache
def text_cell(value: str) -> bytes:
    """A text of which there are few, such as a kind."""
    return cell(value.encode())


def bigint_cell(value: int) -> bytes:
    """A bigint."""
    return _bigint(8, value)


def jsonb_cell(text: str) -> bytes:
    """A jsonb, from its text."""
    return cell(_JSONB + text.encode())


def moment_cell(moment: datetime) -> bytes:
    """A timestamptz."""
    return _bigint(8, (moment - _EPOCH) // timedelta(microseconds=1))
