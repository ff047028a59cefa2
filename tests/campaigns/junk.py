"""Texts that are no address, made by a grammar of what people type instead, in English and Spanish.

Written from what such fields hold in practice and not from the judge's own word lists. `junk` gives any
number of them, each a whole address with a true last line.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

from wicketgate.address import Address

PLACES = (
    *(("Houston", "TX", "77002"), ("San Diego", "CA", "92154"), ("Brooklyn", "NY", "11219")),
    *(("Dayton", "OH", "45402"), ("Miami", "FL", "33125"), ("El Paso", "TX", "79901")),
    *(("Salem", "OR", "97301"), ("Newark", "NJ", "07102"), ("San Juan", "PR", "00901")),
)
_WORDS = {
    name: text.replace("\n", "").split("|")
    for name, text in tomllib.loads(Path(__file__).with_name("junk.toml").read_text("utf-8")).items()
}
_STREETS = _WORDS["streets"]
_MASH = ("asdfghjkl", "qwertyuiop", "zxcvbnm")
_NEIGHBOURS = {
    "a": "s",
    "e": "r",
    "i": "o",
    "o": "p",
    "u": "i",
    "n": "m",
    "t": "y",
    "d": "f",
    "s": "d",
    "r": "t",
}
_LEET = {"o": "0", "e": "3", "i": "1", "a": "4", "s": "5"}

Draw = random.Random


def _phrase(draw: Draw, place: tuple[str, str, str]) -> str:
    parts = [draw.choice(_WORDS[part]) for part in ("who", "did_not", "what", "when")]
    return " ".join(part for part in parts if part)


def _listed(texts: list[str]) -> Callable[[Draw, tuple[str, str, str]], str]:
    return lambda draw, place: draw.choice(texts).replace("{city}", place[0])


def _mash(draw: Draw, place: tuple[str, str, str]) -> str:
    def word() -> str:
        kind = draw.randrange(4)
        if kind == 0:
            row = draw.choice(_MASH)
            start = draw.randrange(len(row) - 3)
            return row[start : start + draw.randint(4, 7)]
        if kind == 1:
            return draw.choice("abcdefghijklmnopqrstuvwxyz") * draw.randint(3, 9)
        if kind == 2:
            return "".join(draw.choice("bcdfghjklmnpqrstvwxz") for _ in range(draw.randint(4, 9)))
        row = draw.choice(_MASH)
        return row[:4] * draw.randint(1, 3)

    return " ".join(word() for _ in range(draw.randint(1, 3)))


def _stand_in_street(draw: Draw, place: tuple[str, str, str]) -> str:
    number = draw.choice(("1", "123", "0", "000", "99999", "1234", "12", str(draw.randint(1, 9999))))
    return f"{number} {draw.choice(_WORDS['stand_ins'])} {draw.choice(_WORDS['suffixes'])}"


def _numbers(draw: Draw, place: tuple[str, str, str]) -> str:
    def digits(count: int) -> str:
        return "".join(draw.choice("0123456789") for _ in range(count))

    month, day, year = draw.randint(1, 12), draw.randint(1, 28), draw.randint(1950, 2025)
    return draw.choice(
        (
            *(f"{month:02}/{day:02}/{year}", f"{year}-{month:02}-{day:02}", f"{month}-{day}-{year % 100:02}"),
            *(f"Jan {day} {year}", f"DOB {month}/{day}/{year}", f"{day} March {year}", f"born {year}"),
            *(
                f"555-{digits(3)}-{digits(4)}",
                f"(555) {digits(3)}-{digits(4)}",
                f"555.{digits(3)}.{digits(4)}",
            ),
            *(f"+1 555 {digits(3)} {digits(4)}", f"tel 555{digits(7)}", f"ph: 555 {digits(3)} {digits(4)}"),
            *(f"call 555-{digits(4)}", f"cell 555{digits(7)}", f"fax 555-{digits(3)}-{digits(4)}"),
            *(
                f"A{digits(9)}",
                f"A# {digits(3)} {digits(3)} {digits(3)}",
                f"SSN {digits(3)}-{digits(2)}-{digits(4)}",
            ),
            *(
                f"case {digits(2)}-{digits(4)}",
                f"FIN {digits(7)}",
                f"booking # {digits(5)}",
                f"file no {digits(6)}",
            ),
            *(
                digits(3),
                digits(4),
                digits(5),
                digits(9),
                digits(10),
                f"{digits(5)}-{digits(4)}",
                "00000",
                "12345",
            ),
            *(f"zip {place[2]}", place[2], f"{place[2]}-{digits(4)}", f"{place[0]} {place[2]}"),
        )
    )


def _online(draw: Draw, place: tuple[str, str, str]) -> str:
    name = draw.choice(("jgarcia", "maria.lopez", "info", "contact", "j_doe77"))
    return draw.choice(
        (
            f"{name}@example.com",
            f"www.example.com/{name}",
            f"http://example.org/{name}",
            f"facebook {name}",
            f"@{name}",
        )
    )


def _region(draw: Draw, place: tuple[str, str, str]) -> str:
    city, state, code = place
    return draw.choice(
        (
            *(city, f"{city}, {state}", f"{city} {state} {code}", f"{city} {code}", state, f"{state} {code}"),
            *(
                "Texas",
                "California",
                "Harris County",
                "USA",
                "United States",
                "Mexico",
                "Guatemala",
                "Honduras",
            ),
            *(
                f"{city} area",
                f"near {city}",
                f"{city} city",
                f"city of {city}",
                "Tijuana, Mexico",
                "San Pedro Sula",
            ),
        )
    )


def _other(draw: Draw, place: tuple[str, str, str]) -> str:
    n, m = draw.randint(1, 99), draw.randint(1, 59)
    street = draw.choice(_STREETS).split(" ")[-2]
    return draw.choice(
        (
            *("John Smith", "Maria Garcia Lopez", "Smith, John", "Mr. Perez", "Juan", "Garcia residence"),
            *(
                f"{n % 12 + 1}:{m:02} AM",
                f"{n}:{m:02}",
                f"${n}00",
                f"{n % 7 + 1}'{n % 12}\"",
                f"{n} lbs",
                f"{n} years old",
            ),
            *(f"29.76{n}, -95.36{m}", f"lat 29.{n} long -95.{m}", f"N 29.{n} W 95.{m}", f"GPS 29.{n}"),
            *(
                f"cell block {street[0]}",
                f"bed {n}",
                f"pod {street[0]}",
                f"room {n}",
                f"cell {n}",
                f"dorm {n}",
                f"unit {n}",
            ),
            *(
                f"{n}00 block of {street} St",
                f"{n}00 blk {street}",
                f"block {n}",
                f"{n} block {street} street",
            ),
            *(
                f"{street} St & 5th Ave",
                f"{street} and {n}th St",
                f"between 5th and 6th on {street}",
                f"{street} at Elm",
            ),
            *(
                f"{n} N",
                f"{n} E",
                f"{n} th",
                f"{n} st",
                f"{n} apt {m}",
                f"{n} #{m}",
                f"apt {n} floor {m}",
                f"{n} {m}",
            ),
            *(
                "1st floor",
                "second house",
                "the blue house",
                "red house on the corner",
                "upstairs",
                "basement",
                "rear",
            ),
            *(
                f"{n} minutes from downtown",
                "off I-10",
                "exit 45",
                "I-35",
                "Interstate 10",
                "US 59",
                "Hwy 6 south",
            ),
            *(
                "yes",
                "no",
                "male",
                "single",
                "Mexican",
                "laborer",
                "construction",
                "English",
                "Spanish",
                "Catholic",
            ),
            *(
                "see Box 12",
                "see page 2",
                "line 3",
                "ref above",
                "cont'd",
                "continued",
                "n/a n/a",
                "0 0 0",
                "1 1 1",
            ),
            *("none none none", "unknown st", "unknown street", "no street", "street unknown", "unknown apt"),
        )
    )


def _marks(draw: Draw, place: tuple[str, str, str]) -> str:
    return draw.choice(
        ("---", "???", "...", "***", "/", ".", "x", "X X X", "0", "00", "n", "-", "?", "!", "_____", "#")
    )


def _several(draw: Draw, place: tuple[str, str, str]) -> str:
    one, other = (f"{draw.randint(1, 9999)} {street}" for street in draw.sample(_STREETS, 2))
    joined = draw.choice(
        (
            "{} or {}",
            "{} and {}",
            "{} / {}",
            "{}; {}",
            "{} & {}",
            "{}, {}",
            "{} (old) {} (new)",
            "formerly {} now {}",
        )
    )
    return joined.format(one, other)


KINDS: dict[str, Callable[[Draw, tuple[str, str, str]], str]] = {
    "phrase": _phrase,
    "nothing": _listed(_WORDS["nothing"]),
    "homeless": _listed(_WORDS["homeless"]),
    "spanish": _listed(_WORDS["spanish"]),
    "notes": _listed(_WORDS["notes"]),
    "parts": _listed(_WORDS["parts"]),
    "custody": _listed(_WORDS["custody"]),
    "mash": _mash,
    "stand-in": _stand_in_street,
    "numbers": _numbers,
    "online": _online,
    "region": _region,
    "marks": _marks,
    "several": _several,
    "other": _other,
}
SPELLED = frozenset(("phrase", "nothing", "spanish", "homeless"))
"""Kinds whose texts are also written badly: a slip in a street's name would only make another street."""


def junk(number: int, seed: int) -> Iterator[tuple[str, Address]]:
    """`number` addresses that are none, each with its kind."""
    draw = random.Random(seed)
    names = list(KINDS)
    for _ in range(number):
        kind, place = draw.choice(names), draw.choice(PLACES)
        text = KINDS[kind](draw, place)
        if kind in SPELLED:
            text = _misspelled(draw, text)
        text = _dressed(draw, text, place) if kind != "marks" else text
        city, state, code = place
        first = draw.random() < 0.9 or kind == "several"
        yield kind, Address(text if first else None, None if first else text, city, state, code)


def _misspelled(draw: Draw, text: str) -> str:
    words = text.split(" ")
    at = draw.randrange(len(words))
    word = words[at]
    if len(word) > 5 and word.isalpha():
        place = draw.randrange(1, len(word) - 1)
        slip = draw.randrange(8)
        if slip == 0:
            word = word[:place] + word[place + 1 :]
        elif slip == 1:
            word = word[:place] + word[place] + word[place:]
        elif slip == 2:
            word = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        elif slip == 3:
            word = word[:place] + _NEIGHBOURS.get(word[place], word[place]) + word[place + 1 :]
        elif slip == 4:
            word = "".join(_LEET.get(letter, letter) for letter in word)
    words[at] = word
    return " ".join(words)


def _dressed(draw: Draw, text: str, place: tuple[str, str, str]) -> str:
    """Case, spacing, punctuation, and a true city or ZIP Code behind it."""
    text = draw.choice((str, str, str.upper, str.lower, str.title))(text)
    style = draw.randrange(14)
    if style == 0:
        text = text.replace(" ", "  ")
    elif style == 1:
        text = text.replace(" ", "-") if text.isascii() and text.replace(" ", "").isalpha() else text
    elif style == 2:
        text = text.replace(" ", "_") if text.replace(" ", "").isalpha() else text
    elif style == 3:
        text = f"** {text} **"
    elif style == 4:
        text = f"({text})"
    elif style == 5:
        text = f"{text}."
    elif style == 6 and text.replace(" ", "").isalpha() and len(text) < 24:
        text = " ".join(text)
    elif style == 7:
        text = f'"{text}"'
    elif style == 8 and text.replace(" ", "").isalpha():
        text = text.replace(" ", "")
    city, state, code = place
    behind = draw.randrange(8)
    return text + {0: f", {city}, {state} {code}", 1: f" {code}", 2: f" {city} {code}", 3: f", {city}"}.get(
        behind, ""
    )
