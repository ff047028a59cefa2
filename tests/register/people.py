"""A small, crowded town: few names, few numbers, many neighbours, so that every rule is touched."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from wicketgate.core.identity import AddressRecord, PersonRecord, PlaceKey, Question
from wicketgate.stages.comparison import birth_date_key, name_key, tin_key
from wicketgate.stages.verify_rule import Record

FIRST = (
    "Ana",
    "Anna",
    "José",
    "Joseph",
    "Pepe",
    "Juan",
    "John",
    "Jon",
    "J",
    "María",
    "Marie",
    "Robert",
    "Bob",
    "",
)
MIDDLE = ("", "", "A", "Alan", "Alan", "Albert", "Maria", "Maria", "M", "M J")
LAST = (
    "García",
    "Garcia Lopez",
    "Lopez",
    "Lopes",
    "Smith",
    "Smyth",
    "de la Cruz",
    "Delacruz",
    "O'Brien",
    "Nguyen",
    "",
)
SUFFIX = ("", "", "", "Jr", "Sr.", "II", "Esq")
BORN = ("", "1970-01-01", "1971-02-28", "1999-12-31", "31.12.1999")
UNITS = ("", "1", "2b")
TOWNS = (
    ("springfield", "IL", "62701"),
    ("springfield", "IL", "62702"),
    ("springfield", "MO", "65801"),
    ("shelby", "IL", "62701"),
    ("", "MO", ""),
)


def town(random: Random, persons: int, points: int, numbers: int) -> list[Record]:
    """A register of this many people at this many delivery points sharing this many numbers."""
    return [_record(random, str(n), points, numbers) for n in range(persons)]


def questions(
    random: Random, register: list[Record], count: int, points: int, numbers: int
) -> list[Question]:
    """Questions about people on file with up to three fields changed, and about nobody."""
    return [_question(random, register, points, numbers) for _ in range(count)]


def _record(random: Random, person_id: str, points: int, numbers: int) -> Record:
    pick = random.choice
    first, middle, last, suffix = pick(FIRST), pick(MIDDLE), pick(LAST), pick(SUFFIX)
    person = PersonRecord(
        person_id=person_id,
        first_name=first,
        middle_name=middle,
        last_name=last,
        suffix=suffix,
        name=name_key(first, middle, last, suffix),
        tin=_tin(random, numbers),
        birth_date=pick(BORN[:4]),
        flags=pick(((), (), (), (), (), ("informant",), ("canary", "tax_case_sensitive"))),
    )
    count = random.randint(0, 3)
    last_known = random.randint(0, count)  # sometimes none
    addresses = (_address(random, person_id, points, last_known == n) for n in range(count))
    return Record(person, tuple(addresses))


def _address(random: Random, person_id: str, points: int, is_last_known: bool) -> AddressRecord:
    since = random.choice((None, 2015, 2019, 2022))
    until = None if since is None or random.random() < 0.3 else since + random.randint(0, 3)
    place = _place(random, points)
    line1 = f"{person_id} {place.point}"
    return AddressRecord(
        person_id, line1, "", place.city, place.state, place.zip5, "US", place, since, until, is_last_known
    )


def _place(random: Random, points: int) -> PlaceKey:
    number = random.randint(0, points)
    point = f"street|{number}|main st" if number else ""
    city, state, zip5 = random.choice(TOWNS)
    unit = random.choice(UNITS) if number % 3 == 0 else ""
    return PlaceKey(point, unit, city, state, zip5)


def _tin(random: Random, numbers: int) -> str:
    return tin_key(f"{random.randint(100_000_001, 100_000_000 + numbers)}") if random.random() < 0.8 else ""


def _question(random: Random, register: list[Record], points: int, numbers: int) -> Question:
    record = random.choice([record for record in register if record.addresses])
    person, address = record.person, random.choice(record.addresses)
    names = [person.first_name, person.middle_name, person.last_name, person.suffix]
    tin, birth_date, place = person.tin, person.birth_date, address.place
    for _ in range(random.choice((0, 0, 0, 1, 1, 2, 3))):
        change = random.randrange(13)
        if change < 4:
            names[change] = random.choice((FIRST, MIDDLE, LAST, SUFFIX)[change])
        elif change == 4:
            tin = random.choice(("", "?", _tin(random, numbers)))
        elif change == 5:
            birth_date = birth_date_key(random.choice(BORN))
        elif change == 6:
            place = _place(random, points)
        elif change == 7:
            place = replace(place, unit=random.choice(UNITS))
        elif change == 8:
            city, state, zip5 = random.choice(TOWNS)
            place = replace(place, city=city, state=state, zip5=zip5)
        elif change == 9:
            place = replace(place, zip5=random.choice(("", "99999")))
        elif change == 10:
            place = replace(place, state="MO")
        elif change == 11:
            tin, birth_date = "", ""
        elif change == 12:  # only the middle name is left to tell, and the suffix may be on one side
            tin, birth_date, names[3] = "", "", random.choice(("", names[3]))
    first, middle, last, suffix = names
    return Question(name_key(first, middle, last, suffix), place, tin, birth_date, (2019, 2020), True)
