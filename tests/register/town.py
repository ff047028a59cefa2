"""Short ways to write people, homes and questions in story tests."""

from __future__ import annotations

from itertools import count

from wicketgate.core.identity import AddressRecord, PersonRecord, Question
from wicketgate.stages.comparison import birth_date_key, name_key, tin_key
from wicketgate.stages.place_key import place_key
from wicketgate.stages.verify_rule import Record

HOME = "17 N Oak Street"
_NUMBERS = count(1)


def home(
    line1: str = HOME,
    line2: str = "",
    city: str = "Dayton",
    state: str = "OH",
    postal_code: str = "45402",
    periods: tuple[int | None, int | None] = (2020, 2025),
    last_known: bool = True,
) -> AddressRecord:
    """An address on file; by default the last known one."""
    lines = (line1, line2, city, state, postal_code, "US")
    return AddressRecord("", *lines, place_key(*lines), *periods, last_known)


def person(
    name: str = "José|Luis|García López|",
    tin: str = "123-45-6789",
    born: str = "1980-02-29",
    *homes: AddressRecord,
    flags: tuple[str, ...] = (),
) -> Record:
    """A person on file, ``first|middle|last|suffix``, at home unless other addresses are given."""
    person_id = f"P{next(_NUMBERS)}"
    first, middle, last, suffix = name.split("|")
    key = name_key(first, middle, last, suffix)
    record = PersonRecord(
        person_id, first, middle, last, suffix, key, tin_key(tin), birth_date_key(born), flags
    )
    addresses = (
        AddressRecord(
            person_id,
            a.line1,
            a.line2,
            a.city,
            a.state,
            a.postal_code,
            a.country,
            a.place,
            a.from_period,
            a.to_period,
            a.is_last_known,
        )
        for a in homes or (home(),)
    )
    return Record(record, tuple(addresses))


def question(
    name: str = "José|Luis|García López|",
    tin: str = "123-45-6789",
    born: str = "",
    line1: str = HOME,
    line2: str = "",
    city: str = "Dayton",
    state: str = "OH",
    postal_code: str = "45402",
    periods: tuple[int, ...] = (2022, 2023),
    period_bound: bool = True,
) -> Question:
    """A question that names the person above at home with their number."""
    first, middle, last, suffix = name.split("|")
    return Question(
        name_key(first, middle, last, suffix),
        place_key(line1, line2, city, state, postal_code, None),
        tin_key(tin),
        birth_date_key(born),
        periods,
        period_bound,
    )
