"""A row of a register directory made a record, or a problem that can be mended.

A wrong register is more dangerous than none, so nothing is guessed or repaired here.
"""

from __future__ import annotations

from collections.abc import Mapping

from wicketgate.core.identity import FLAGS, UNREADABLE, AddressRecord, PersonRecord
from wicketgate.stages.comparison import birth_date_key, name_key, tin_key
from wicketgate.stages.place_key import place_key

PERSON_COLUMNS = (
    "person_id",
    "tin",
    "first_name",
    "middle_name",
    "last_name",
    "suffix",
    "birth_date",
    "flags",
)
ADDRESS_COLUMNS = (
    "person_id",
    "line1",
    "line2",
    "city",
    "state",
    "postal_code",
    "country",
    "from_period",
    "to_period",
    "is_last_known",
)

_LONGEST = 500
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_TRUTH = {"true": True, "false": False}


class RowProblemError(ValueError):
    """A row that cannot be a record: the column, and what to mend. The value itself is not repeated."""

    def __init__(self, column: str, problem: str) -> None:
        super().__init__(problem)
        self.column = column


def person_record(row: Mapping[str, str]) -> PersonRecord:
    """The person of one row (`PERSON_COLUMNS`, ``""`` for missing); raises `RowProblemError`."""
    _check(row, required=("person_id", "last_name"))
    name = name_key(row["first_name"], row["middle_name"], row["last_name"], row["suffix"])
    if not name.surnames:
        raise RowProblemError("last_name", "The last name has no letter; give the person's surnames.")
    tin = tin_key(row["tin"])
    if tin == UNREADABLE:
        raise RowProblemError("tin", "The number does not have nine digits; correct it or leave it empty.")
    birth_date = birth_date_key(row["birth_date"])
    if birth_date == UNREADABLE:
        raise RowProblemError(
            "birth_date", "The birth date is not a date like 1980-12-31; correct it or leave it empty."
        )
    flags = tuple(flag.strip() for flag in row["flags"].split(";") if flag.strip())
    if not set(flags) <= set(FLAGS):
        raise RowProblemError(
            "flags", f"A flag is not known; use {', '.join(FLAGS)}, with semicolons between."
        )
    return PersonRecord(
        person_id=row["person_id"],
        first_name=row["first_name"],
        middle_name=row["middle_name"],
        last_name=row["last_name"],
        suffix=row["suffix"],
        name=name,
        tin=tin,
        birth_date=birth_date,
        flags=flags,
    )


def address_record(row: Mapping[str, str]) -> AddressRecord:
    """The address of one row (`ADDRESS_COLUMNS`, ``""`` for missing); raises `RowProblemError`."""
    _check(row, required=("person_id", "line1", "is_last_known"))
    is_last_known = _TRUTH.get(row["is_last_known"].strip().lower())
    if is_last_known is None:
        raise RowProblemError("is_last_known", "This must be true or false.")
    since, until = _year(row, "from_period"), _year(row, "to_period")
    if since is not None and until is not None and until < since:
        raise RowProblemError("to_period", "The last period lies before the first; correct one of them.")
    lines = (row["line1"], row["line2"], row["city"], row["state"], row["postal_code"], row["country"])
    return AddressRecord(row["person_id"], *lines, place_key(*lines), since, until, is_last_known)


def _check(row: Mapping[str, str], required: tuple[str, ...]) -> None:
    for column in required:
        if not row[column].strip():
            raise RowProblemError(column, "This must not be empty.")
    for column, text in row.items():
        if len(text) > _LONGEST:
            raise RowProblemError(column, f"The text has more than {_LONGEST} characters; shorten it.")
        if not text.isprintable():
            raise RowProblemError(column, "The text has a control character or a line break; remove it.")


def _year(row: Mapping[str, str], column: str) -> int | None:
    text = row[column].strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and _FIRST_YEAR <= int(text) <= _LAST_YEAR):
        raise RowProblemError(column, f"The period is not a year from {_FIRST_YEAR} to {_LAST_YEAR}.")
    return int(text)
