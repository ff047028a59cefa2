"""The short way to a verdict says what the long way says, word for word."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.address.lists import Row, rows
from wicketgate.address import Address, FacilityList, building_key
from wicketgate.address import examine as examine_address
from wicketgate.address.examine import long_way, short_way
from wicketgate.address.placeholders import GLUE, LOUD, STRONG
from wicketgate.address.places import MULTI_UNIT, TRIGGERS
from wicketgate.address.pub28 import ABBREVIATIONS, CORE_SUFFIXES, NUMBER_WORDS, SHORT_DIRECTIONALS, STATES
from wicketgate.address.units import UNIT_WORDS

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
NUMBERS = st.integers(0, 99_999).map(str) | st.sampled_from(["", "007", "12a", "1/2", "One", "62701"])
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
    line1, line2 = " ".join(filter(None, parts)), draw(st.none() | UNITS)
    if line2 is not None and draw(st.booleans()):
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


@pytest.mark.parametrize(
    ("line1", "line2"),
    [
        ("123 Main St", None),
        ("9 N OLD MILL RD.", None),
        ("4502 E 10th Avenue", "# 12"),
        ("17 La Paloma Drive Apt 4B", None),
        ("17 La Paloma Drive", "Suite 210"),
    ],
)
def test_the_commonest_addresses_go_the_short_way(line1: str, line2: str | None) -> None:
    assert short_way(Address(line1, line2, "Denver", "CO", "80203")) is not None


@pytest.mark.parametrize(
    "line1",
    ["62701 Main St", "0 Main St", "12 Denver St", "12 Unknown St", "12 Main", "12 Main St Fl", "PO Box 1"],
)
def test_whatever_could_depend_on_more_goes_the_long_way(line1: str) -> None:
    assert short_way(Address(line1, None, "Denver", "CO", "80203")) is None
