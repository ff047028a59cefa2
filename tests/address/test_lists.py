"""The two bars: junk hardly ever passes, and a complete address is hardly ever refused."""

from __future__ import annotations

import pytest

from tests.address.lists import Row, rows
from wicketgate.address import judge
from wicketgate.core.finding import Severity

BAD = rows("bad.txt")
GOOD = rows("good.txt")
TO_A_PERSON = ("told in words", "places that a person decides on")


def _share(some: list[Row], of: list[Row]) -> float:
    return len(some) / len(of)


def test_the_lists_are_long_and_every_kind_is_there() -> None:
    assert len(BAD) >= 250
    assert len(GOOD) >= 200
    kinds = {row.code for row in BAD}
    assert kinds >= {f"AD-{n:02d}" for n in (*range(1, 11), 13, 15, 17, 18, 19, 20, 21, 22, 27)}


def test_junk_is_accepted_with_neither_defect_nor_referral_in_at_most_one_percent() -> None:
    accepted = [row for row in BAD if judge(row.address).severity in (None, Severity.NOTE)]
    assert _share(accepted, BAD) <= 0.01, [row.text for row in accepted]


def test_a_complete_unusual_address_is_a_defect_in_at_most_one_percent() -> None:
    refused = [row for row in GOOD if judge(row.address).severity is Severity.DEFECT]
    assert _share(refused, GOOD) <= 0.01, [row.text for row in refused]


def test_a_complete_unusual_address_is_referred_in_at_most_six_percent() -> None:
    plain = [row for row in GOOD if not row.heading.startswith(TO_A_PERSON)]
    referred = [row for row in plain if judge(row.address).severity is Severity.REFER]
    assert _share(referred, plain) <= 0.06, [row.text for row in referred]


def test_what_only_a_person_can_judge_goes_to_a_person() -> None:
    asked = [row for row in GOOD if row.heading.startswith(TO_A_PERSON)]
    assert [row.text for row in asked if judge(row.address).severity is not Severity.REFER] == []


@pytest.mark.parametrize("row", BAD, ids=lambda row: f"{row.code}: {row.text[:40]!r}")
def test_each_bad_text_gets_the_code_of_its_kind(row: Row) -> None:
    assert row.code in judge(row.address).by_code()
