"""What kind of file a submission is: its content decides, its name helps where content cannot."""

from __future__ import annotations

from typing import Literal, TypeAlias

from wicketgate.core.request import COLUMNS
from wicketgate.stages.intake.rows import SubmissionError

Kind: TypeAlias = Literal["csv", "json_lines", "parquet", "xlsx", "xml"]
NAMES = "CSV (UTF-8), JSON Lines, Parquet, XLSX or XML"

SNIFFED = 4096
"""Bytes from the beginning of the file by which its kind is told."""

_ARCHIVE = "which is never unpacked here; send the file itself"
_REFUSED = (
    (b"PK\x05\x06", f"an empty ZIP archive, {_ARCHIVE}"),
    (b"\x1f\x8b", f"compressed with gzip, {_ARCHIVE}"),
    (b"\xfd7zXZ\0", f"compressed with xz, {_ARCHIVE}"),
    (b"\x28\xb5\x2f\xfd", f"compressed with zstd, {_ARCHIVE}"),
    (b"BZh", f"compressed with bzip2, {_ARCHIVE}"),
    (b"7z\xbc\xaf\x27\x1c", f"a 7z archive, {_ARCHIVE}"),
    (b"Rar!\x1a\x07", f"a RAR archive, {_ARCHIVE}"),
    (b"\xd0\xcf\x11\xe0", "an old Office document; save it as CSV"),
    (b"%PDF-", f"a PDF; send {NAMES}"),
    (b"SQLite format 3\0", f"a database; send {NAMES}"),
    (b"\xff\xfe", "UTF-16 text; save it as UTF-8"),
    (b"\xfe\xff", "UTF-16 text; save it as UTF-8"),
    (b"\0\0\xfe\xff", "UTF-32 text; save it as UTF-8"),
)


def kind_of(head: bytes, suffix: str) -> Kind:
    """The kind of a file that begins with `head` and is named with `suffix`.

    Raises `SubmissionError` for everything that is none of the kinds.
    """
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    for magic, name in _REFUSED:
        if head.startswith(magic):
            raise SubmissionError(f"The file is {name}.")
    if b"\0" in head.split(b"\n", 1)[0]:
        raise SubmissionError(f"The file is binary, or text in UTF-16; send {NAMES}.")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    if not text:
        raise SubmissionError("The file is empty; send at least a header row and one request.")
    if text.startswith(b"["):
        raise SubmissionError("The file is a JSON array; write one JSON object per line, without brackets.")
    if text.startswith(b"<"):
        return "xml"
    if text.startswith(b"{"):
        return "json_lines"
    if _is_header(head):
        return "csv"
    if suffix == ".parquet":
        raise SubmissionError("The file is named .parquet and is not a Parquet file; write it again.")
    return "json_lines" if suffix in (".jsonl", ".ndjson", ".json") else "csv"


def _is_header(head: bytes) -> bool:
    """True when the first line names a column of the interface, as a CSV's must."""
    line = head.lstrip(b"\xef\xbb\xbf \t\r\n").split(b"\n", 1)[0]
    names = {name.strip(b'"\r ') for name in line.split(b",")}
    return not names.isdisjoint(name.encode() for name in COLUMNS)
