"""Names, identifiers, officers and matters, judged by their form."""

from __future__ import annotations

import pytest

from tests.intake.custodian import fact, facts

NAMES = {
    ("Maria", "García López"): "complete",
    ("José-Luis", "O’Neill"): "complete",
    ("Nguyễn", "Văn A."): "complete",
    ("伟", "王"): "complete",
    ("Олена", "Ковальчук"): "complete",
    ("Na", "Li"): "complete",
    ("Christopher", "Null"): "complete",
    ("Ana", "Test"): "complete",
    ("Deidre", "Doe"): "complete",
    ("Mary Ann", "de la Cruz"): "complete",
    ("J.", "Garcia"): "initial_only",
    ("Jane", "G"): "initial_only",
    ("FNU", "Garcia"): "placeholder",
    ("Maria", "LNU"): "placeholder",
    ("Unknown", "Unknown"): "placeholder",
    ("John", "Doe"): "placeholder",
    ("Baby", "Doe"): "placeholder",
    ("Test", "Person"): "placeholder",
    ("Null", "Null"): "placeholder",
    ("N/A", "Garcia"): "placeholder",
    ("Maria", "not provided"): "placeholder",
    ("xxx", "Garcia"): "placeholder",
    ("J*", "Garcia"): "wildcard",
    ("Maria", "Garc%"): "wildcard",
    ("M?", "Garcia"): "wildcard",
    ("Maria2", "Garcia"): "not_a_name",
    ("maria@example.org", "Garcia"): "not_a_name",
    ("Maria", "Garcia LLC"): "not_a_name",
    ("-", "Garcia"): "not_a_name",
    ("\u200b", "Garcia"): "not_a_name",
    (None, "Garcia"): "missing",
    ("Maria", None): "missing",
    (None, None): "missing",
}


@pytest.mark.parametrize(("name", "form"), NAMES.items())
def test_the_form_of_a_name(name: tuple[str | None, str | None], form: str) -> None:
    assert fact("name_form", taxpayer_first_name=name[0], taxpayer_last_name=name[1]) == form


@pytest.mark.parametrize("suffix", ["Jr.", "III", "2nd", "Sr"])
def test_a_suffix_belongs_to_a_name(suffix: str) -> None:
    assert fact("name_form", taxpayer_suffix=suffix) == "complete"
    assert fact("name_form", taxpayer_suffix="007") == "not_a_name"
    assert fact("name_form", taxpayer_middle_name="*") == "wildcard"


@pytest.mark.parametrize(
    "last",
    [
        "Garcia & Lopez",
        "Garcia/Lopez",
        "Garcia and Maria Lopez",
        "Garcia; Lopez",
        "Garcia et al",
        "Garcia household",
        "Garcia aka Lopez",
        "Garcia, Maria",
        "Garcia a.k.a. Lopez",
        "Garcia or Lopez",
        "Garcia family",
        "Estate of Garcia",
    ],
)
def test_a_request_is_about_one_person(last: str) -> None:
    assert fact("names_one_person", taxpayer_last_name=last) is False


@pytest.mark.parametrize(
    "last", ["García López", "Ortega y Gasset", "Anderson", "Orlando", "Smith, Jr.", "Sandoval"]
)
def test_two_surnames_are_one_person(last: str) -> None:
    assert fact("names_one_person", taxpayer_last_name=last) is True


def test_nobody_named_is_not_one_person() -> None:
    assert fact("names_one_person", taxpayer_first_name=None, taxpayer_last_name=None) is None


@pytest.mark.parametrize(
    ("signatory", "named"),
    [
        ("Pat Example-Smith", True),
        ("K. Example", True),
        ("The Hon. Pat Q. Example", True),
        ("Secretary of the Department", False),
        ("Office of Enforcement", False),
        ("Example", False),
        ("John Doe", False),
        ("unknown", False),
        ("a@b.gov", False),
        (None, False),
    ],
)
def test_a_signatory_is_a_person(signatory: str | None, named: bool) -> None:
    assert fact("signatory_named", signatory_name=signatory) is named


@pytest.mark.parametrize(
    ("tin", "form"),
    [
        ("123-45-6780", "plausible"),
        ("123456780", "plausible"),
        ("912-70-1234", "plausible"),
        ("000-12-3456", "implausible"),
        ("666-12-3456", "implausible"),
        ("912-12-3456", "implausible"),
        ("123-00-4567", "implausible"),
        ("123-45-0000", "implausible"),
        ("123456789", "implausible"),
        ("555555555", "implausible"),
        ("12-3456789", "implausible"),
        ("12345678", "implausible"),
        ("１２３４５６７８０", "implausible"),
        ("unknown", "implausible"),
        (None, "absent"),
    ],
)
def test_the_form_of_a_taxpayer_number(tin: str | None, form: str) -> None:
    assert fact("tin_form", taxpayer_tin=tin) == form


@pytest.mark.parametrize(
    ("born", "form"),
    [
        ("1980-02-29", "plausible"),
        ("2026-03-01", "plausible"),
        ("1905-03-02", "plausible"),
        ("1905-03-01", "implausible"),
        ("1905-02-28", "implausible"),
        ("1981-02-29", "implausible"),
        ("2026-03-02", "implausible"),
        ("02/03/1980", "implausible"),
        (None, "absent"),
    ],
)
def test_the_form_of_a_birth_date(born: str | None, form: str) -> None:
    assert fact("birth_date_form", taxpayer_birth_date=born) == form


@pytest.mark.parametrize(
    ("officers", "count", "individual", "of_agency"),
    [
        ("A. Agent|1234|DHS", 1, True, True),
        ("Ana Agent|1234|DHS-ICE;Bo Berg|B-7|DHS-ICE-HSI", 2, True, True),
        ("Ana Agent|7|DHS;Ana Agent|7|DHS", 1, True, True),
        ("Ana Agent|1234|DOJ", 1, True, False),
        ("Ana Agent|1234|DHS;Bo Berg|12|DOJ", 2, True, False),
        ("Ana Agent||DHS", 1, False, True),
        ("Ana Agent|n/a|DHS", 1, False, True),
        ("Ana Agent|0000|DHS", 1, False, True),
        ("Ana Agent", 1, False, False),
        ("Ana Agent|1|DHS|extra", 1, False, True),
        ("unit@dhs.gov|1|DHS", 1, False, True),
        ("Houston Field Office|1|DHS", 1, False, True),
        ("ICE agents|1|DHS", 1, False, True),
        ("Task Force Alpha|1|DHS", 1, False, True),
        ("Fugitive Team|1|DHS", 1, False, True),
        (";", 0, None, None),
        (None, 0, None, None),
    ],
)
def test_officers_are_persons_of_the_agency_that_asks(
    officers: str | None, count: int, individual: bool | None, of_agency: bool | None
) -> None:
    found = facts(engaged_officers=officers)
    assert (found["officers_count"], found["officers_individual"], found["officers_of_agency"]) == (
        count,
        individual,
        of_agency,
    )


def test_a_department_has_no_officers_in_its_components_requests() -> None:
    """The component asks; its department is another agency."""
    assert fact("officers_of_agency", requesting_agency="DHS-ICE", engaged_officers="A. Agent|1|DHS") is False


@pytest.mark.parametrize(
    ("matter", "identified"),
    [
        ("HSI-2025-0042", True),
        ("1:25-cr-00457", True),
        ("25-0017", True),
        ("pending", False),
        ("TBD", False),
        ("0000", False),
        ("12345", False),
        ("9999", False),
        ("7", False),
        ("n/a", False),
        ("various", False),
        ("to be assigned", False),
        ("Houston", False),
        (None, False),
    ],
)
def test_a_matter_has_a_number_that_somebody_assigned(matter: str | None, identified: bool) -> None:
    assert fact("matter_identified", matter_number=matter) is identified
