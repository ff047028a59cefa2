"""A town whose clerks write every name and address in another script, form or spelling of Unicode."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from random import Random

from wicketgate.core.identity import AddressRecord, PersonRecord, Question
from wicketgate.stages.comparison import birth_date_key, name_key, tin_key
from wicketgate.stages.place_key import place_key
from wicketgate.stages.verify_rule import Record

FIRST = ("José", "Josef", "Zoë", "Ωmega", "İlker", "ilker", "Straße", "Ana María", "李", "J", "𝒜da", "")
MIDDLE = ("", "", "Ñ", "N", "Ñandú", "ß", "ss", "é", "Éa", "J R", "李", "2", "½")
LAST = (
    "Muñoz",
    "Müller",
    "Mueller",
    "Łódź",
    "d’Arc",
    "O'Neil",
    "ﬁsh",
    "García-López",
    "de la Cruz",
    "김",
    "Ng",
)
SUFFIX = ("", "", "Jr", "Jr.", "junior", "Ⅲ", "III", "２nd", "Esq")
STREETS = (
    "12 N Oak St",
    "12 Oak St",
    "12½ Oak St",
    "PO Box 7",
    "N6W23001 Bluemound Rd",
    "HC 1 Box 9",
    "Oak St",
    "",
)
UNITS = ("", "", "Apt 2", "# 2", "Unit 2-B", "Apt ２", "Apt Ⅱ")
TOWNS = (
    ("Peñasco", "NM", "87553"),
    ("PENASCO", "NM", "87553-0001"),
    ("Penasco", "New Mexico", ""),
    ("", "NM", "87553"),
)
COUNTRIES = ("", "US", "USA", "México")
NUMBERS = ("", "123-45-6789", "123 45 6789", "123456789", "987654321", "１２３４５６７８９", "12345678", "x")
BORN = ("", "1980-02-29", "1981-01-01", "1980-02-30", "２０００-01-01")

_MARKS = ("\u0301", "\u200d", "\u00ad", "\u202e", "\ufeff", "\u3000", "\u0345", "-", "'", "\u02bc", ".")
_FORMS: tuple[Callable[[str], str], ...] = (
    str,
    str,
    str.upper,
    str.lower,
    str.title,
    str.swapcase,
    str.casefold,
    lambda text: unicodedata.normalize("NFD", text),
    lambda text: unicodedata.normalize("NFKC", text),
    lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
    lambda text: text.replace("a", "а").replace("o", "ο"),  # Cyrillic and Greek look-alikes
)


def town(random: Random, persons: int) -> list[Record]:
    """A register of this many people, all within a few streets."""
    return [_record(random, str(number)) for number in range(persons)]


def questions(random: Random, count: int) -> list[Question]:
    """Questions made of the same few words."""
    return [_question(random) for _ in range(count)]


def _written(random: Random, words: tuple[str, ...]) -> str:
    text = random.choice(_FORMS)(random.choice(words))
    if text and random.random() < 0.2:
        at = random.randint(0, len(text))
        text = text[:at] + random.choice(_MARKS) + text[at:]
    if text and random.random() < 0.1:
        at = random.randrange(len(text))
        text = text[:at] + text[at + 1 :]
    return text


def _address(random: Random) -> tuple[str, str, str, str, str, str]:
    city, state, postal_code = random.choice(TOWNS)
    line1, line2 = _written(random, STREETS), _written(random, UNITS)
    country = random.choice(COUNTRIES) if random.random() < 0.2 else "US"
    return line1, line2, _written(random, (city,)), state, postal_code, country


def _record(random: Random, person_id: str) -> Record:
    name = name_key(*(_written(random, words) for words in (FIRST, MIDDLE, LAST, SUFFIX)))
    tin = (
        tin_key(random.choice(NUMBERS[:5]))
        if random.random() < 0.3
        else f"{random.randint(0, 10**9 - 1):09d}"
    )
    flags = random.choice(((), (), (), ("informant",), ("canary", "tax_case_sensitive")))
    person = PersonRecord(
        person_id, "", "", "", "", name, tin, birth_date_key(random.choice(BORN[:3])), flags
    )
    count = random.randint(0, 3)
    known = random.randint(0, count)
    addresses = []
    for number in range(count):
        since = random.choice((None, 2015, 2020))
        until = random.choice((None, 2020, 2022))
        key = place_key(*_address(random))
        addresses.append(
            AddressRecord(person_id, "", "", "", "", "", "", key, since, until, is_last_known=number == known)
        )
    return Record(person, tuple(addresses))


def _question(random: Random) -> Question:
    return Question(
        name_key(*(_written(random, words) for words in (FIRST, MIDDLE, LAST, SUFFIX))),
        place_key(*_address(random)),
        tin_key(random.choice(NUMBERS)),
        birth_date_key(random.choice(BORN)),
        tuple(sorted(random.sample((2014, 2019, 2020, 2021, 2023), random.randint(0, 3)))),
        period_bound=random.random() < 0.7,
    )


def about(random: Random, register: list[Record], count: int) -> list[Question]:
    """Questions about people on file, in which at most two things differ."""
    return [_about(random, random.choice([r for r in register if r.addresses])) for _ in range(count)]


def _about(random: Random, record: Record) -> Question:
    person, other = record.person, _question(random)
    fields = {
        "name": person.name,
        "place": random.choice(record.addresses).place,
        "tin": person.tin,
        "birth_date": person.birth_date,
        "periods": other.periods,
        "period_bound": other.period_bound,
    }
    for changed in random.sample(sorted(fields), random.choice((0, 0, 1, 1, 2))):
        fields[changed] = getattr(other, changed)
    return Question(**fields)  # type: ignore[arg-type]
