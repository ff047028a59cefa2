"""A second, independent source: the sample population bundled with the `pseudopeople` package.

The sample is one simulated town, "Anytown, WA 00000"; each of its streets and box numbers is
moved, always to the same one, to a real combination of ZIP, city and state.
"""

from __future__ import annotations

import importlib
import zlib
from typing import Any

from wicketgate.synthetic.dice import Dice
from wicketgate.synthetic.places import Dwelling, Place, places
from wicketgate.synthetic.register import THIS_YEAR, Holding, Record
from wicketgate.synthetic.writing import SyntheticError

_DIRECTIONALS = frozenset({"n", "s", "e", "w", "ne", "nw", "se", "sw"})
_FLAGS = ("informant", "tax_case_sensitive", "canary")


def records(persons: int, seed: int) -> list[Record]:
    """This many filers of the sample's tax returns, without noise, in the sample's order.

    Raises `SyntheticError` when the package is missing or the sample has fewer people.
    """
    try:
        source: Any = importlib.import_module("pseudopeople")
    except ImportError as error:
        raise SyntheticError(
            "The source pseudopeople is not installed: run pip install 'wicketgate[pseudopeople]', "
            "or choose the source own."
        ) from error
    births = {row["simulant_id"]: row for row in _rows(source.generate_social_security, seed)}
    filers = [row for row in _rows(source.generate_taxes_1040, seed) if _line1(row)]
    if persons > len(filers):
        raise SyntheticError(
            f"The pseudopeople sample has {len(filers)} usable people, not {persons}: "
            f"ask for at most {len(filers)}, or choose the source own."
        )
    dice = Dice(seed, "pseudopeople")
    records: list[Record] = []
    for number, filer in enumerate(filers[:persons]):
        birth = births.get(filer["simulant_id"], {})
        flag = _FLAGS[number // 200 % 3] if number % 200 == 17 else ""
        person = (
            f"P{number + 1:09d}",
            filer["ssn"].replace("-", ""),
            filer["first_name"],
            birth.get("middle_name") or filer["middle_initial"],
            filer["last_name"],
            "",  # the sample has no suffixes
            _iso(birth.get("date_of_birth", "")),
            flag,
        )
        held = Holding(_dwelling(filer, seed), THIS_YEAR - dice.between(2, 9), THIS_YEAR - 1)
        records.append(Record(person, (held,)))
    return records


def _rows(generate: Any, seed: int) -> list[dict[str, str]]:
    frame = generate(config="no_noise", seed=seed)
    texts = frame.astype(object).where(frame.notna(), "")
    return [{name: str(value).strip() for name, value in row.items()} for row in texts.to_dict("records")]


def _line1(row: dict[str, str]) -> str:
    if row["mailing_address_po_box"]:
        return f"PO Box {row['mailing_address_po_box']}"
    number, street = row["mailing_address_street_number"], row["mailing_address_street_name"]
    return f"{number} {_title(street)}" if number and street else ""


def _dwelling(row: dict[str, str], seed: int) -> Dwelling:
    unit = "" if row["mailing_address_po_box"] else _title(row["mailing_address_unit_number"])
    moved = row["mailing_address_po_box"] or row["mailing_address_street_name"]
    return Dwelling(_line1(row), unit, _place(moved, seed))


def _place(street: str, seed: int) -> Place:
    towns = [*places()["city"], *places()["town"]]
    return towns[zlib.crc32(f"{seed}:{street}".encode()) % len(towns)]


def _title(text: str) -> str:
    return " ".join(word.upper() if word in _DIRECTIONALS else word.capitalize() for word in text.split())


def _iso(day: str) -> str:
    return f"{day[:4]}-{day[4:6]}-{day[6:]}" if len(day) == 8 and day.isdigit() else ""
