"""Which place a text names, and when two texts name the same."""

from __future__ import annotations

import pytest

from wicketgate.address import (
    Address,
    DeliveryPoint,
    building_key,
    delivery_point_key,
    normalise_line,
    parse_delivery_point,
    split_unit,
)

SAME = [
    ["123 North Main Street Apt 4", "123 N. MAIN ST. #4", "123 n main st, unit 4", "Apt 4, 123 N Main St"],
    ["120-55 Queens Boulevard", "120-55 QUEENS BLVD"],
    ["123½ Oak Avenue", "123 1/2 Oak Ave", "123-1/2 OAK AV"],
    ["1201-A Elm St", "1201A Elm Street"],
    ["P.O. Box 12", "PO Box 12", "Post Office Box #12", "POB 12"],
    ["RR 2 Box 15", "Rural Route 2, Box 15", "R.R. 02 Box 15", "RFD 2 Box 15"],
    ["HC 1 Box 5", "HC-01 Box 5"],
    ["9 Fifth Avenue", "9 5th Ave"],
    ["1 Saint Marys Rd", "1 St. Mary's Road"],
    ["123 Main St Springfield IL 62701", "123 Main St, Springfield, Illinois 62701", "123 Main St"],
    ["9 North Front Road", "9 N Front Rd"],
    ["9 East Park Avenue", "9 E. Park Ave."],
    ["9 West Court Street", "9 W Court St"],
    ["350 South 200 East", "350 S 200 E"],
    ["379 FM 2972 West", "379 FM-2972 W"],
    ["12 Peña Blvd", "12 PENA BLVD"],
]
DIFFERENT = [
    ("100 N Main St", "100 S Main St"),
    ("100 Main St N", "100 Main St"),
    ("100 North St", "100 N St"),
    ("100 Main St", "100 Main Ave"),
    ("100 Main St Apt 4", "100 Main St Apt 5"),
    ("100 Main St Apt 4", "100 Main St"),
    ("100 Main St Fl 4", "100 Main St Apt 4"),
    ("100 Main St", "1/2 100 Main St"),
    ("12-055 Queens Blvd", "12055 Queens Blvd"),
    ("RR 2 Box 15", "RR 3 Box 15"),
    ("PO Box 15", "RR 2 Box 15"),
    ("12 Calle 5", "5 Calle 12"),
]


def key(line1: str) -> str:
    return delivery_point_key(Address(line1, None, "Springfield", "IL", "62701"))


@pytest.mark.parametrize("spellings", SAME, ids=lambda spellings: spellings[0])
def test_spellings_of_one_place_have_one_key(spellings: list[str]) -> None:
    assert len({key(line1) for line1 in spellings}) == 1


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_places_have_two_keys(one: str, other: str) -> None:
    assert key(one) != key(other)


def test_the_urbanization_tells_equal_streets_apart_wherever_it_stands() -> None:
    def san_juan(line1: str, line2: str | None = None) -> str:
        return delivery_point_key(Address(line1, line2, "San Juan", "PR", "00926"))

    above = san_juan("Urb Las Flores", "A12 Calle 3")
    assert above == san_juan("A-12 Calle 3", "Urbanización Las Flores")
    assert above != san_juan("Urb Royal Oak", "A12 Calle 3")


def test_a_court_in_connecticut_keeps_its_suffix() -> None:
    court = Address("7 Market Ct", None, "Gales Ferry", "CT", "06335")
    spelled = Address("7 Market Court, Gales Ferry, CT 06335", None, "Gales Ferry", "CT", "06335")
    assert delivery_point_key(court) == delivery_point_key(spelled) == "7 market ct||06335"


def test_the_key_rests_on_the_zip_and_without_one_on_city_and_state() -> None:
    assert delivery_point_key(Address("1 A St", None, "X", "IL", "62701-1234")).endswith("|62701")
    fort = [delivery_point_key(Address("1 A St", None, city, "TX")) for city in ("Ft. Worth", "FORT WORTH")]
    assert fort[0] == fort[1]
    assert delivery_point_key(Address()) == ""


def test_reused_junk_is_counted_too() -> None:
    assert key("Failed to Provide") == key("FAILED  TO PROVIDE") != key("Unknown")


def test_a_delivery_point_shows_its_parts() -> None:
    assert parse_delivery_point("Sunset Towers, 123 North Main St Bldg 5 Apt 4B") == DeliveryPoint(
        "street",
        number="123",
        street=("n", "main", "st"),
        unit=("bldg", "5", "apt", "4b"),
        other=("sunset", "towers"),
    )
    assert parse_delivery_point("PSC 802", "Box 74") == DeliveryPoint(
        "military", street=("psc", "802"), box="74"
    )


def test_of_a_street_and_a_box_the_one_nearer_the_city_counts() -> None:
    point = parse_delivery_point("123 Main St", "PO Box 45")
    assert point is not None
    assert (point.kind, point.box) == ("po_box", "45")


@pytest.mark.parametrize("line1", ["", "Main St", "123", "12 N", "45 th St", "RR 2", "PO Box", "HC 1 Box"])
def test_an_incomplete_form_is_no_delivery_point(line1: str) -> None:
    assert parse_delivery_point(line1) is None


def test_units_leave_the_rest_of_the_line() -> None:
    words = normalise_line("123 Main Street, Building 5, Apartment #4B")
    assert split_unit(words) == (("123", "main", "st"), ("bldg", "5", "apt", "4b"))


def test_building_keys_ignore_the_unit() -> None:
    keys = {building_key(Address(line, None, None, None, "62701")) for line in ("1 Elm St # 2", "1 Elm St")}
    assert len(keys) == 1
