"""The procedure of 2025 answers what a lawful gate must not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.synthetic.conftest import Submitted, read
from wicketgate.core.request import COLUMNS
from wicketgate.synthetic import SyntheticError, procedure_2025
from wicketgate.synthetic.truth import TRUTH_COLUMNS
from wicketgate.synthetic.writing import write_rows

PERSON = {"person_id": "P1", "tin": "123456789", "first_name": "Ana", "last_name": "García López"}
HOME = {"person_id": "P1", "line1": "12 Oak St", "line2": "Apt 3", "postal_code": "77002"}


def disclosed(tmp_path: Path, **asked: str) -> bool:
    """Would the procedure answer this one request about P1's data?"""
    register = tmp_path / "register"
    register.mkdir(exist_ok=True)
    for name, row in (("persons", PERSON), ("addresses", HOME)):
        write_rows(register / f"{name}.csv", list(row), [list(row.values())])
    file = tmp_path / "s.csv"
    write_rows(file, COLUMNS, [[({"request_id": "R1"} | asked).get(name, "") for name in COLUMNS]])
    write_rows(tmp_path / "s.csv.truth.csv", TRUTH_COLUMNS, [["R1", "deficient", "P1", "B2:AD-02"]])
    counts = procedure_2025(file, register)
    assert counts.requests == 1
    assert counts.disclosed == counts.unlawful == counts.junk_address
    assert counts.wrong_person == 0
    return counts.disclosed == 1


def test_a_number_and_four_letters_of_a_name_are_enough_beside_any_five_digits(tmp_path: Path) -> None:
    asked = {"taxpayer_tin": "123-45-6789", "taxpayer_last_name": "GARCÍA"}
    assert disclosed(tmp_path, **asked, address_line1="Don't Care 12345")
    assert disclosed(tmp_path, **asked, address_line1="Failed to Provide", address_postal_code="77002-1234")
    assert disclosed(tmp_path, **asked, address_line1="123456789")
    assert not disclosed(tmp_path, **asked, address_line1="12 Oak St")
    assert not disclosed(tmp_path, **asked, address_line1="1234567")
    assert not disclosed(
        tmp_path, taxpayer_tin="123456789", taxpayer_last_name="Gomez", address_line1="12345"
    )


def test_without_a_number_name_and_address_must_agree(tmp_path: Path) -> None:
    asked = {
        "taxpayer_first_name": "ana",
        "taxpayer_last_name": "Garcia Lopez",
        "address_postal_code": "77002",
    }
    assert disclosed(tmp_path, **asked, address_line1="12 oak st", address_line2="apt 3")
    assert not disclosed(tmp_path, **asked, address_line1="12 Oak St")
    asked["taxpayer_first_name"] = "Anna"
    assert not disclosed(tmp_path, **asked, address_line1="12 oak st", address_line2="apt 3")


def test_it_answers_part_of_the_august_file_always_unlawfully_and_mostly_by_number(
    august: Submitted, register: Path, tmp_path: Path
) -> None:
    pairs = tmp_path / "pairs.csv"
    counts = procedure_2025(august.file, register, pairs)
    assert counts.requests == len(august.rows)
    assert 0.025 < counts.disclosed / counts.requests < 0.05
    assert counts.unlawful == counts.disclosed == len(read(pairs))
    assert 0.80 < counts.by_number / counts.disclosed < 0.97
    assert 0 < counts.wrong_person < 0.1 * counts.disclosed
    assert 0 < counts.junk_address < 0.3 * counts.disclosed


def test_a_missing_truth_is_one_sentence(register: Path, tmp_path: Path) -> None:
    file = tmp_path / "s.csv"
    file.write_text("request_id\n")
    with pytest.raises(SyntheticError, match=r"There is no file .*s\.csv\.truth\.csv"):
        procedure_2025(file, register)
