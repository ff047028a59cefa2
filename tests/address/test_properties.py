"""What must hold for every text, found by search."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from tests.address.lists import Row, rows
from wicketgate.address import (
    CLEAR,
    Address,
    building_key,
    delivery_point_key,
    judge,
    normalise_line,
    parse_delivery_point,
)
from wicketgate.address.sentences import CODES
from wicketgate.core.finding import Severity

LastLine = tuple[str, str, str]

ANY = st.none() | st.text(max_size=60) | st.text("0123456789 -/#.,'abcstNEUPO\u200b½é", max_size=30)
ADDRESSES = st.builds(Address, ANY, ANY, ANY, ANY, ANY, ANY)
BAD = rows("bad.txt")
GOOD = st.sampled_from(rows("good.txt"))
SAID = [row.address.line1 or "" for row in BAD if row.code in ("AD-02", "AD-03", "AD-04")]
PLACEHOLDERS = st.sampled_from([text for text in SAID if any(map(str.isalnum, text))])
NO_PLACE = st.sampled_from([row for row in BAD if row.code < "AD-11" and row.code != "AD-06"])
STREETS = [point for row in rows("good.txt") if (point := parse_delivery_point(row.address.line1))]
PADDING = st.text(" .,-*\t\u00a0\u200b\u2060\ufeff", max_size=4)
GAPS = st.sampled_from([" ", "  ", "-", ".", "_", "\u00a0", "\u200b"])
CASES: list[Callable[[str], str]] = [str.upper, str.lower, str.title, lambda text: f"  {text} "]
LAST_LINES = st.sampled_from(
    [
        ("Springfield", "IL", "62701"),
        ("Houston", "TX", "77002"),
        ("San Juan", "PR", "00926"),
        ("APO", "AP", "96201"),
        ("Schenectady", "NY", "12345"),
        ("New York", "NY", "10001-1234"),
    ]
)


def _stopped(line1: str | None, line2: str | None, last: LastLine) -> bool:
    return judge(Address(line1, line2, *last)).severity in (Severity.DEFECT, Severity.REFER)


@given(ADDRESSES)
def test_any_text_gets_a_verdict_whose_spans_lie_inside_the_field(address: Address) -> None:
    for finding in judge(address).findings:
        text = getattr(address, finding.field) or ""
        assert 0 <= finding.start <= finding.end <= len(text)
        assert text[finding.start : finding.end] == finding.text
        assert finding.code in CODES
        assert finding.sentence.endswith(".")


@given(ADDRESSES)
def test_equal_addresses_get_equal_verdicts_and_keys(address: Address) -> None:
    twin = Address(*address)
    assert judge(address) == judge(twin)
    assert delivery_point_key(address) == delivery_point_key(twin)


@given(ADDRESSES)
def test_nothing_is_clear_without_a_delivery_point(address: Address) -> None:
    if judge(address) is CLEAR:
        assert parse_delivery_point(address.line1, address.line2) is not None


@given(PLACEHOLDERS, st.data(), LAST_LINES)
def test_no_case_padding_or_invisible_filler_makes_a_placeholder_pass(
    text: str, data: st.DataObject, last: LastLine
) -> None:
    draw = data.draw
    shown = draw(st.sampled_from(CASES))(text)
    shown = draw(st.sampled_from([shown, " ".join(shown), shown.replace(" ", draw(GAPS))]))
    assert _stopped(draw(PADDING) + shown + draw(PADDING), draw(st.none() | PADDING), last)


@given(PLACEHOLDERS, st.integers(1, 5), st.sampled_from([" ", ", ", " / ", "; "]), LAST_LINES)
def test_repeating_a_placeholder_does_not_make_it_pass(
    text: str, times: int, glue: str, last: LastLine
) -> None:
    assert _stopped(glue.join([text] * times), None, last)


@given(NO_PLACE, LAST_LINES, LAST_LINES, st.sampled_from(["{} {}", "{}, {}"]))
def test_a_true_city_state_and_zip_never_clear_junk(
    row: Row, last: LastLine, other: LastLine, form: str
) -> None:
    line1, line2 = row.address.line1, row.address.line2
    behind = form.format(line1 or "", " ".join(last))
    assert _stopped(line1, line2, last)
    assert _stopped(behind, line2, last)
    assert _stopped(behind, line2, other)


@given(GOOD, st.sampled_from(CASES))
def test_case_and_outer_space_never_refuse_a_complete_address(row: Row, change: Callable[[str], str]) -> None:
    lines = [line and change(line) for line in (row.address.line1, row.address.line2)]
    changed = row.address._replace(line1=lines[0], line2=lines[1])
    assert judge(changed).severity is not Severity.DEFECT
    assert delivery_point_key(changed) == delivery_point_key(row.address)


@given(GOOD)
def test_a_unit_tells_two_homes_of_one_building_apart(row: Row) -> None:
    address = row.address
    point = parse_delivery_point(address.line1)
    if point and point.kind == "street" and not point.unit and not point.other and not address.line2:
        home = address._replace(line2="Apt 77")
        assert building_key(home) == building_key(address)
        assert delivery_point_key(home) != delivery_point_key(address)


@given(st.text(max_size=80) | GOOD.map(lambda row: row.address.line1 or ""))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise_line(text)
    assert normalise_line(" ".join(once)) == once
