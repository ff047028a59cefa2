"""Takes one CSV record apart, by the letter of RFC 4180.

Built on `str.split`: faster here than the standard library's reader and, unlike
it, refuses a quotation mark that opens or closes nothing.
"""

from __future__ import annotations

_MEND = "quote the whole field and double every quotation mark in it."
_AFTER = f"Text follows a closing quotation mark; {_MEND}"
_INSIDE = f"A quotation mark stands inside a field that is not quoted; {_MEND}"
_OPEN = f"A quotation mark is opened and never rightly closed; {_MEND}"


class QuotingError(ValueError):
    """A mark where none may stand; `field` is the field's place, counted from 0."""

    def __init__(self, field: int, problem: str) -> None:
        super().__init__(problem)
        self.field = field


def split_record(text: str) -> list[str]:
    """The fields of a complete record without its line end.

    Raises `QuotingError` when quotation marks and carriage returns cannot be read in one way only.
    """
    if '"' not in text:
        fields = text.split(",")
        _refuse_return(text, 0)
        return fields
    fields = []
    pieces = text.split('"')  # outside, inside, outside, …: the marks change sides
    last = len(pieces) - 1
    at = 0
    while True:
        outside = pieces[at].split(",")
        _refuse_return(pieces[at], len(fields))
        if at and outside.pop(0):
            raise QuotingError(len(fields) - 1, _AFTER)
        if at == last:
            return fields + outside
        if not outside or outside.pop():
            raise QuotingError(len(fields) + len(outside), _INSIDE)
        fields += outside
        value = pieces[at + 1]
        at += 2
        while at < last and not pieces[at]:  # two marks in a row inside a quoted field stand for one
            value += '"' + pieces[at + 1]
            at += 2
        if at > last:
            raise QuotingError(len(fields), _OPEN)
        fields.append(value)


def _refuse_return(outside: str, field: int) -> None:
    if "\r" in outside:
        place = field + outside[: outside.index("\r")].count(",")
        raise QuotingError(place, "A carriage return stands inside the row; end rows with a line feed.")
