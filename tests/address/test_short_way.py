"""The short ways to a verdict say what the long way says, word for word."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.address.lists import Row, rows
from wicketgate.address import Address, FacilityList, Verdict, building_key, shapes, short_way
from wicketgate.address import examine as examine_address
from wicketgate.address.examine import long_way
from wicketgate.address.placeholders import GLUE, LOUD, STRONG
from wicketgate.address.places import MULTI_UNIT, TRIGGERS
from wicketgate.address.pub28 import ABBREVIATIONS, CORE_SUFFIXES, NUMBER_WORDS, SHORT_DIRECTIONALS, STATES
from wicketgate.address.units import UNIT_WORDS
from wicketgate.core.finding import Severity

LISTED = [*rows("good.txt"), *rows("bad.txt")]
WORDS = sorted(
    {word for row in LISTED for text in row.address if text for word in text.split()}
    | {word for name in STATES for word in name.split()}
    | {*ABBREVIATIONS, *ABBREVIATIONS.values(), *GLUE, *LOUD, *STRONG, *TRIGGERS, *MULTI_UNIT, *NUMBER_WORDS}
)
STREETS = ["Main", "Oak", "Old Mill", "10th", "La Paloma", "Kennedy", "Springfield", "Washington", "Ohio"]
NAMES = st.sampled_from(STREETS) | st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
TYPES = st.sampled_from(sorted(CORE_SUFFIXES)) | st.sampled_from(WORDS) | st.just("")
SIDES = st.sampled_from(["", "", "", *sorted(SHORT_DIRECTIONALS)])
ODD_NUMBERS = [
    "007",
    "12a",
    "1/2",
    "One",
    "62701",
    "12 1/2",
    "9 3/4",
    "120-55",
    "7-1",
    "012-3",
    "N6W23001",
    "e12s9",
]
NUMBERS = st.integers(0, 99_999).map(str) | st.sampled_from(["", *ODD_NUMBERS])
UNITS = st.builds(
    "{}{}{}".format,
    st.sampled_from(sorted(UNIT_WORDS)) | st.sampled_from(WORDS),
    st.sampled_from([" ", "", ". ", " # "]),
    st.integers(0, 99_999).map(str) | st.sampled_from(["", "4b", "b", "2nd"]),
)
CASES: list[Callable[[str], str]] = [str.lower, str.upper, str.title, lambda text: text]
LASTS = st.sampled_from(
    [
        ("Springfield", "IL", "62701", None),
        ("Saint Paul", "MN", "55101", None),
        ("OHIO CITY", "Ohio", "45874-1234", "US"),
        ("29 Palms", "CA", "92277", "USA"),
        ("Washington", "DC", "20500", None),
        ("Unit", "IL", "62701", None),
        ("Omaha", "NE", "68102", None),
        ("Hartford", "CT", "06103", None),
        ("San Juan", "PR", "00926", None),
        ("APO", "AP", "96201", None),
        ("Sacramento", "CA", "94203", None),
        ("Reno", "NV", "62701", None),
        ("Unknown", None, "62701", None),
        ("Reno", "NV", None, None),
        ("Reno", "NV", "6270", None),
        ("Tijuana", "BC", "22000", "Mexico"),
        ("Reno\u200b", "NV", "89501", None),
        (None, None, None, None),
    ]
)


@st.composite
def homes(draw: st.DrawFn) -> Address:
    """Addresses of the shape that the short way knows, and of many that it only seems to know."""
    parts = [draw(NUMBERS), draw(SIDES), draw(NAMES), draw(TYPES), draw(SIDES)]
    line1, line2 = " ".join(filter(None, parts)), draw(st.none() | st.just("") | UNITS)
    if line2 and draw(st.booleans()):
        line1, line2 = f"{line1} {line2}", None
    case = draw(st.sampled_from(CASES))
    return Address(case(line1), line2 and case(line2), *draw(LASTS))


@settings(max_examples=1_000, deadline=None)
@given(homes())
def test_both_ways_say_the_same(address: Address) -> None:
    assert examine_address(address) == long_way(address)


@settings(max_examples=200, deadline=None)
@given(homes(), homes())
def test_both_ways_know_the_facilities(address: Address, other: Address) -> None:
    keys = frozenset(filter(None, map(building_key, (address, other))))
    listed, without = (
        FacilityList("county", "1", keys),
        FacilityList("county", "1", keys - {building_key(address)}),
    )
    for facilities in (listed, without):
        assert examine_address(address, facilities=facilities) == long_way(address, facilities)


@pytest.mark.parametrize("row", LISTED, ids=lambda row: ascii(row.text))
def test_both_ways_say_the_same_of_the_lists(row: Row) -> None:
    assert examine_address(row.address) == long_way(row.address)


DENVER = ("Denver", "CO", "80203")


@pytest.mark.parametrize(
    ("line1", "line2"),
    [
        ("123 Main St", None),
        ("9 N OLD MILL RD.", None),
        ("4502 E 10th Avenue", "# 12"),
        ("17 La Paloma Drive Apt 4B", None),
        ("17 La Paloma Drive", "Suite 210"),
        ("48213 Juniper Ct", None),
        ("12 Denver St", None),
        ("80203 Main St", None),
        ("12 1/2 Martin Luther King Jr Blvd", None),
        ("120-55 Church Ave", "Apt 3"),
        ("N6W23001 Bluemound Rd", None),
    ],
)
def test_the_commonest_addresses_go_the_short_way(line1: str, line2: str | None) -> None:
    address = Address(line1, line2, *DENVER)
    assert short_way.find(address) == long_way(address)


@pytest.mark.parametrize(
    "line1",
    ["0 Main St", "012 Main St", "12 Unknown St", "12 Main", "12 Main St Fl", "PO Box 1"],
)
def test_whatever_could_depend_on_more_goes_another_way(line1: str) -> None:
    assert short_way.find(Address(line1, None, *DENVER)) is None


@pytest.mark.parametrize(
    "last", [("Omaha", "NE", "68102"), ("APO", "AE", "09012"), ("Reno\u200b", "NV", "89501")]
)
def test_nor_does_a_line_in_which_its_last_line_has_a_say(last: tuple[str, str, str]) -> None:
    assert short_way.find(Address("12 Main St NE", None, *DENVER)) is not None
    assert short_way.find(Address("12 Main St NE", None, *last)) is None


def by_shape(address: Address) -> tuple[Verdict, str] | None:
    """What is known of the shape of an address."""
    shape = shapes.shape_of(address)
    return shapes.find(shape, address) if shape else None


@pytest.mark.parametrize(
    ("line1", "other"),
    [
        ("PO Box 4471", "PO Box 12"),
        ("HC 2 Box 24196", "HC 7 Box 11111"),
        ("120-55 Queens Blvd", "94-17 Queens Blvd"),
        ("Failed to provide", "Failed to provide"),
        ("12 Unknown St", "455 Unknown St"),
        ("County Jail, Bed 4", "County Jail, Bed 9"),
        ("Apt 4, 17 Old Mill Rd", "Apt 9, 22 Old Mill Rd"),
    ],
)
def test_lines_that_came_twice_are_known_by_their_shape(line1: str, other: str) -> None:
    for _ in range(2):
        examine_address(Address(line1, None, "Reno", "NV", "89501"))
    for last in (DENVER, ("Denver", None, None), ("APO", "AP", "96201")):
        address = Address(other, None, *last)
        for _ in range(2):
            examine_address(Address(line1, None, *last))
        if len(other) == len(line1):
            assert by_shape(address) is not None
        assert examine_address(address) == long_way(address)


@settings(max_examples=500, deadline=None)
@given(homes(), LASTS, st.integers(0, 9), st.sampled_from(["", "", " or ", ", ", " / "]), homes())
def test_what_was_read_before_changes_nothing(
    address: Address, last: tuple[str | None, ...], digit: int, joint: str, other: Address
) -> None:
    if joint:
        address = address._replace(line1=f"{address.line1}{joint}{other.line1}")
    turned = str.maketrans("123", f"{digit}{digit}{9 - digit}")
    for line1 in (address.line1, (address.line1 or "").translate(turned)):
        for fields in (address[2:], last):
            asked = Address(line1, address.line2, *fields)
            for _ in range(3):
                assert examine_address(asked) == long_way(asked)


def test_nothing_is_learned_from_a_foreign_address() -> None:
    line1 = "12 Not Provided St"
    for _ in range(3):
        examine_address(Address(line1, None, "Toronto", "ON", "M5V 2T6", "Canada"))
    assert examine_address(Address("14 Not Provided St", None, *DENVER))[0].severity is Severity.REFER


def test_a_line_that_names_a_kind_of_last_line_is_not_taken_for_it() -> None:
    for _ in range(3):
        examine_address(Address("nowhere", "General Delivery", *DENVER))
        examine_address(Address(None, "General Delivery", "Denver", None, "80203"))
    for address in (
        Address("nowhere", "General Delivery", *DENVER),
        Address(None, "General Delivery", *DENVER),
    ):
        assert examine_address(address) == long_way(address)
