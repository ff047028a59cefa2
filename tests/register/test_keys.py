"""Keys of addresses, numbers and dates: spelling is no difference, substance is."""

from __future__ import annotations

import pytest

from wicketgate.core.identity import UNREADABLE, PlaceKey
from wicketgate.core.request import Request
from wicketgate.stages.comparison import birth_date_key, question, requested_periods, tin_key
from wicketgate.stages.place_key import place_key

SAME = [
    (("100 North Main Street Apartment 4B", ""), ("100 N. MAIN ST", "# 4-B")),
    (("120-55 Queens Blvd", None), ("120-55 QUEENS BOULEVARD", None)),
    (("P.O. Box 12", ""), ("PO BOX 12", "")),
    (("RR 2 Box 152", ""), ("Rural Route 2, Box 152", "")),
    (("HC 68 Box 23A", ""), ("HCR 68 BOX 23A", "")),
    (("PSC 802 Box 74", ""), ("psc 802 box 74", "")),
    (("URB Las Gladiolas", "150 Calle A"), ("Urbanizacion Las Gladiolas", "150 CALLE A")),
    (("5 First Ave", ""), ("5 1st Avenue", "")),
]
DIFFERENT = [
    (("100 N Main St", ""), ("100 S Main St", "")),
    (("100 N Main St", ""), ("100 Main St", "")),
    (("100 Main St", ""), ("100 Main Ave", "")),
    (("100 Main St", "Apt 4"), ("100 Main St", "Apt 5")),
    (("100 Main St", "Apt 4"), ("100 Main St", "Fl 4")),
    (("100 Main St", ""), ("100 Main St", "Apt 1")),
    (("PO Box 12", ""), ("12 Box St", "")),
    (("RR 2 Box 152", ""), ("RR 3 Box 152", "")),
    (("URB Las Gladiolas", "150 Calle A"), ("URB Villa Carolina", "150 Calle A")),
]


def key(lines: tuple[str | None, str | None]) -> PlaceKey:
    return place_key(*lines, "Dayton", "OH", "45402", None)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_spellings_of_one_place(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert key(one) == key(other)
    assert key(one).point


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_places(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert key(one) != key(other)
    assert key(one).point
    assert key(other).point


def test_what_is_no_place_has_no_point() -> None:
    assert key(("Unknown", "")).point == ""
    assert key((None, None)).point == ""
    assert place_key("10 High St", None, "London", None, None, "GB").point == ""


def test_the_town_and_the_zip_code() -> None:
    home = place_key("1 Elm St", "", "Fort Worth", "Texas", "76101-1234", "USA")
    assert home == place_key("1 Elm St", None, "FT. WORTH", "tx", "76101", None)
    assert (home.city, home.state, home.zip5) == ("ft worth", "TX", "76101")
    assert place_key("1 Elm St", "", "Dayton", "Ohioo", "4540", None).zip5 == ""
    assert place_key("1 Elm St", "", "Dayton", "Ohioo", "4540", None).state == ""


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("123-45-6789", "123456789"),
        (" 123 45 6789 ", "123456789"),
        (None, ""),
        ("  ", ""),
        ("12345678", UNREADABLE),
        ("1234567890", UNREADABLE),
        ("１２３４５６７８９", UNREADABLE),
        ("none", UNREADABLE),
    ],
)
def test_numbers(written: str | None, expected: str) -> None:
    assert tin_key(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1980-02-29", "1980-02-29"),
        (None, ""),
        ("1981-02-29", UNREADABLE),
        ("02/29/1980", UNREADABLE),
        ("19800229", UNREADABLE),
        ("1980-02-29T00:00", UNREADABLE),
    ],
)
def test_birth_dates(written: str | None, expected: str) -> None:
    assert birth_date_key(written) == expected


def test_a_question_is_made_of_the_request_alone() -> None:
    request = Request(
        "r1",
        taxpayer_first_name="José",
        taxpayer_last_name="García López",
        taxpayer_suffix="Jr.",
        address_line1="17 North Oak Street",
        address_city="Dayton",
        address_state="OH",
        address_postal_code="45402",
        taxpayer_tin="123-45-6789",
        taxable_periods="2023; 2022;2023",
    )
    asked = question(request, requested_periods(request.taxable_periods), period_bound=True)
    assert (asked.name.first, asked.name.surnames, asked.name.suffix) == ("jose", ("garcia", "lopez"), "jr")
    assert asked.place == place_key("17 N Oak St", "", "Dayton", "OH", "45402", "US")
    assert (asked.tin, asked.birth_date) == ("123456789", "")
    assert (asked.periods, asked.period_bound) == ((2022, 2023), True)
    assert "Jos" not in repr(asked)
    assert "123" not in repr(asked)


def test_all_or_no_periods_are_stated_by_nothing() -> None:
    assert requested_periods(None) == ()
    assert requested_periods("all") == ()
