"""What the judge says about each kind of address, case by case."""

from __future__ import annotations

import re

import pytest

from wicketgate.address import CLEAR, Address, Verdict, facility_list, judge
from wicketgate.address.sentences import CODES
from wicketgate.core.catalogue import ADDRESS_CODES


def home(
    line1: str | None = "123 Main St",
    line2: str | None = None,
    city: str | None = "Springfield",
    state: str | None = "IL",
    postal_code: str | None = "62701",
    country: str | None = None,
) -> Address:
    return Address(line1, line2, city, state, postal_code, country)


def codes(address: Address) -> dict[str, str]:
    return judge(address).by_code()


def sentence(verdict: Verdict, code: str) -> str:
    return next(finding.sentence for finding in verdict.findings if finding.code == code)


def test_a_complete_address_is_clear_and_the_verdict_is_one_shared_value() -> None:
    assert judge(home()) is CLEAR
    assert judge(home("PO Box 12")) is CLEAR


@pytest.mark.parametrize("line1", [None, "", "   "])
def test_blank_lines_are_blank_and_what_is_left_is_no_address(line1: str | None) -> None:
    assert codes(home(line1)) == {"AD-01": "defect", "AD-10": "defect"}
    assert codes(Address(line1, postal_code="62701"))["AD-08"] == "defect"
    assert codes(Address(line1)) == {"AD-01": "defect"}


def test_the_placeholders_of_the_ruling_are_defects_with_a_true_city_and_zip_behind_them() -> None:
    assert codes(home("Failed to Provide 62701"))["AD-02"] == "defect"
    assert codes(home("Unknown Address"))["AD-03"] == "defect"
    assert codes(home("NA NA"))["AD-04"] == "defect"
    assert codes(home("Don't Care 12345"))["AD-09"] == "defect"


def test_someone_without_a_home_has_no_address_until_a_place_for_mail_is_named() -> None:
    assert codes(home("Homeless"))["AD-03"] == "defect"
    assert codes(home("General Delivery")) == {"AD-29": "refer"}
    assert codes(home("Rescue Mission", "45 Water St")) == {"AD-15": "refer"}


def test_a_street_may_be_called_unknown() -> None:
    assert codes(home("123 Unknown Rd")) == {"AD-17": "refer"}
    assert codes(home("123 Unknown"))["AD-03"] == "defect"


def test_a_word_that_placeholders_use_may_stand_in_a_street_name() -> None:
    for line in ("12 Refugee Rd", "4 Given Ave", "77 Same Way", "11 None Such Ct", "9 Home Place Dr"):
        assert judge(home(line)) is CLEAR, line


def test_a_placeholder_in_the_second_line_is_noted_and_beside_an_address_it_is_a_question() -> None:
    assert codes(home("123 Main St", "N/A")) == {"AD-04": "note"}
    assert codes(home("N/A", "123 Main St")) == {"AD-17": "refer"}
    assert codes(home("123 Main St Unknown")) == {"AD-17": "refer"}


def test_a_jail_needs_its_location_and_then_a_person() -> None:
    assert codes(home("County Jail")) == {"AD-07": "defect"}
    assert codes(home("County Jail", "701 N 1st St")) == {"AD-07": "refer"}
    assert codes(home("701 County Jail"))["AD-07"] == "defect"
    assert judge(home("12 Jail Rd")) is CLEAR


def test_a_facility_given_as_a_bare_street_is_found_by_the_custodians_list_only() -> None:
    facilities = facility_list("county facilities", "2026-03", [home("379 FM 2972 West")])
    address = home("379 fm 2972 W", "Unit 12")
    assert judge(address) is CLEAR
    verdict = judge(address, facilities=facilities)
    assert verdict.by_code() == {"AD-07": "refer"}
    assert "(county facilities, 2026-03)" in sentence(verdict, "AD-07")
    assert judge(home("380 FM 2972 W"), facilities=facilities) is CLEAR


def test_a_list_without_an_address_is_refused() -> None:
    with pytest.raises(ValueError, match="county facilities"):
        facility_list("county facilities", "1", [Address()])


def test_an_office_without_a_location_is_a_defect_and_with_one_a_question() -> None:
    assert codes(home("ICE Field Office")) == {"AD-15": "defect"}
    assert codes(home("ICE Field Office, 500 Federal Way")) == {"AD-15": "refer"}
    assert judge(home("500 Court St")) is CLEAR


def test_a_lost_leading_zero_is_said_as_such_and_never_padded() -> None:
    verdict = judge(home(city="Agawam", state="MA", postal_code="1001"))
    assert verdict.by_code() == {"AD-19": "defect"}
    assert "leading zero" in sentence(verdict, "AD-19")
    assert judge(home(city="Agawam", state="MA", postal_code="01001")) is CLEAR


def test_the_zip_must_lie_in_the_state_but_the_city_is_only_noted() -> None:
    assert codes(home(state="MO")) == {"AD-20": "defect"}
    assert codes(home(city="Some Hamlet")) == {"AD-25": "note"}


def test_the_zip_of_one_organisation_goes_to_a_person() -> None:
    assert codes(home("1 River Rd", None, "Schenectady", "NY", "12345")) == {"AD-24": "refer"}


def test_lawful_forms_are_accepted() -> None:
    for line in ("PO Box 12", "RR 2 Box 15", "HC 1 Box 5", "1350 E 200 S", "123 Broadway", "N6W23001 Oak Rd"):
        assert judge(home(line)) is CLEAR, line
    assert judge(home("A12 Calle 3", "Urb Las Flores", "San Juan", "PR", "00926")) is CLEAR
    assert judge(home("12 Estate Annas Hope", None, "Christiansted", "VI", "00820")) is CLEAR
    assert judge(home("PSC 3 Box 12", None, "APO", "AP", "96201")).severity != "defect"


def test_a_unit_is_asked_for_only_where_the_line_itself_names_several() -> None:
    assert codes(home("123 Main St Apt")) == {"AD-11": "refer"}
    assert codes(home("123 Main St Bldg 5")) == {"AD-11": "refer"}
    assert codes(home("Lakeview Apartments", "45 Lake Dr")) == {"AD-11": "refer"}
    assert judge(home("123 Main St", "Apt 4")) is CLEAR
    assert judge(home("123 Main St", "B")) is CLEAR


def test_several_addresses_in_one_field_are_a_defect_but_a_street_with_a_box_is_one_address() -> None:
    for line in ("123 Main St / 456 Oak Ave", "123 Main St 456 Oak Ave", "123 or 125 Main St"):
        assert codes(home(line)) == {"AD-21": "defect"}, line
    assert codes(home("123 Main St", "456 Oak Ave")) == {"AD-21": "defect"}
    assert judge(home("123 Main St", "PO Box 45")) is CLEAR
    assert judge(home("123 Main St", "123 Main Street")) is CLEAR
    assert judge(home("One Liberty Plaza", "165 Broadway")) is CLEAR


def test_a_place_told_in_words_is_never_refused() -> None:
    assert codes(home("5 miles north of Chinle on Route 191", None, "Chinle", "AZ", "86503")) == {
        "AD-23": "refer"
    }


def test_a_foreign_address_goes_to_a_person_and_a_foreign_placeholder_does_not() -> None:
    abroad = Address("Calle Reforma 5", None, "Ciudad de México", "CDMX", "06600", "México")
    assert codes(abroad) == {"AD-26": "refer"}
    assert codes(Address("desconocido", country="México"))["AD-03"] == "defect"
    for country in ("US", "usa", "U.S.A.", "United States", "Estados Unidos"):
        assert judge(home(country=country)) is CLEAR


def test_invisible_and_look_alike_characters_are_defects_at_their_place() -> None:
    verdict = judge(home("123 Ma\u0456n St"))
    (finding,) = verdict.findings
    assert (finding.code, finding.field, finding.start, finding.text) == ("AD-22", "line1", 6, "\u0456")
    assert codes(home("F\u0430iled to Provide")).keys() >= {"AD-02", "AD-17", "AD-22"}


def test_a_text_of_any_length_is_judged_at_once() -> None:
    for text in ("12 Main St " * 100_000, "Unknown" * 100_000, "\u0430" * 100_000, "9" * 100_000):
        assert codes(home(text))["AD-22"] == "defect"
        assert codes(home(None, text))["AD-22"] == "defect"
    assert codes(home(city="x" * 100_000))["AD-22"] == "defect"


def test_marks_and_okinas_are_letters_of_addresses() -> None:
    assert judge(home("12 Kaʻahumanu Ave", None, "Kahului", "HI", "96732")) is CLEAR
    assert judge(home("45 Cañón Dr")) is CLEAR


def test_names_in_print_show_no_address() -> None:
    verdict = judge(home("Secret Lane Jail"))
    assert "Secret" not in repr(home("Secret Lane")) + repr(verdict)
    assert all("Secret" not in finding.sentence for finding in verdict.findings)


def test_every_code_is_known_to_the_catalogue_of_facts() -> None:
    assert set(CODES) <= set(ADDRESS_CODES)
    assert all(re.fullmatch(r"AD-\d\d", code) for code in CODES)
