"""A tiny register and the base valid request of law.md 4, for stories that read like the law."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from wicketgate.core.request import COLUMNS

PERSONS = ("person_id", "tin", "first_name", "middle_name", "last_name", "suffix", "birth_date", "flags")
ADDRESSES = (
    *("person_id", "line1", "line2", "city", "state", "postal_code", "country"),
    *("from_period", "to_period", "is_last_known"),
)

VALID: dict[str, str] = {
    "request_id": "V",
    "requesting_agency": "DHS",
    "form": "written",
    "authority_cited": "26 U.S.C. 6103(i)(2)",
    "signatory_name": "Pat Secretary",
    "signatory_capacity": "agency_head",
    "signed_on": "2026-02-16",
    "taxpayer_first_name": "Rosa",
    "taxpayer_middle_name": "Elena",
    "taxpayer_last_name": "Quintero Salas",
    "address_line1": "4821 Juniper Street Apt 3B",
    "address_city": "Salem",
    "address_state": "OR",
    "address_postal_code": "97301",
    "taxpayer_tin": "900-70-0001",
    "taxable_periods": "2022;2023",
    "statute": "8 U.S.C. 1253(a)(1)(A)",
    "matter_stage": "investigation",
    "matter_number": "DHS-2026-00017",
    "reasons": "After the order became final the subject was served in person on 3 March 2025, told "
    "the serving officer that she refused to depart, and twice failed to report for the travel appointment "
    "set for her; the address bears on whether she received the second notice.",
    "items_requested": "last_known_address",
    "engaged_officers": "Alma Agent|1234|DHS;Ben Broder|5678|DHS",
    "sole_use_attested": "true",
    "automated_analysis": "none",
    "removal_order_final_on": "2025-01-25",
    "removal_order_ground": "8 U.S.C. 1227(a)(1)(B)",
    "failure_limb": "A",
    "pending_relief": "none",
}

ROSA = ("p1", "900700001", "Rosa", "Elena", "Quintero Salas", "", "1984-05-06", "")
ROSA_HOME = ("p1", "4821 Juniper St", "Apt 3B", "Salem", "OR", "97301", "US", "2019", "", "true")


def write_register(
    folder: Path,
    persons: Iterable[tuple[str, ...]] = (ROSA,),
    addresses: Iterable[tuple[str, ...]] = (ROSA_HOME,),
) -> Path:
    """A register directory."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, columns, rows in (("persons", PERSONS, persons), ("addresses", ADDRESSES, addresses)):
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows(rows)
    return folder


def write_submission(path: Path, requests: Iterable[Mapping[str, str]]) -> Path:
    """A CSV submission with every column of the interface."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(requests)
    return path


def without(*columns: str, **changed: str) -> dict[str, str]:
    """The valid request without some columns and with others changed."""
    return {name: text for name, text in VALID.items() if name not in columns} | changed


def rows_of(path: Path) -> list[dict[str, str]]:
    """A CSV file's rows."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
