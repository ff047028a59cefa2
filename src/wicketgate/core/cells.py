"""Cells of the CSV files that the gate writes."""

from __future__ import annotations

_FORMULA_START = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula.

    What came in stays what it was; only a CSV that we write puts an apostrophe
    before a cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or the end of a line.
    """
    return "'" + text if text.startswith(_FORMULA_START) else text
