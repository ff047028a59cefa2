"""The two bars once more, over texts that grammars make; the long version is a campaign of `make soak`."""

from __future__ import annotations

import pytest

from tests.campaigns import awkward, junk
from wicketgate.address import Address, judge
from wicketgate.core.finding import Severity

ACCEPTED = (None, Severity.NOTE)


def test_junk_is_hardly_ever_accepted() -> None:
    made = list(junk.junk(6_000, seed=20))
    accepted = [(kind, a.line1, a.line2) for kind, a in made if judge(a).severity in ACCEPTED]
    assert {kind for kind, _ in made} == set(junk.KINDS)
    assert len(accepted) <= 0.01 * len(made), accepted


def test_an_awkward_address_is_hardly_ever_a_defect_and_what_a_person_judges_goes_to_one() -> None:
    made = list(awkward.awkward(6_000, seed=20))
    assert {kind for kind, _ in made} == set(awkward.KINDS)
    refused = [(kind, a.line1, a.line2) for kind, a in made if judge(a).severity is Severity.DEFECT]
    assert len(refused) <= 0.001 * len(made), refused
    plain = [(kind, a) for kind, a in made if kind not in awkward.ASKED]
    referred = [(kind, a.line1, a.line2) for kind, a in plain if judge(a).severity is Severity.REFER]
    assert len(referred) <= 0.06 * len(plain), referred
    asked = [a for kind, a in made if kind in awkward.ASKED]
    assert {judge(a).severity for a in asked} == {Severity.REFER}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("45 State St or 451 Oak St", {"AD-21": "defect"}),
        ("formerly 12 Main St now 14 Oak Ave", {"AD-21": "defect"}),
        ("12 Main St & 14 Oak Ave, Houston, TX 77002", {"AD-21": "defect"}),
        ("12 Main St or 12 Main Street", {}),
        ("100 North and South Rd", {}),
        ("34780 5 Mile Rd", {}),
        ("25 March 1974", {"AD-05": "defect"}),
        ("12 de mayo de 1990", {"AD-05": "defect"}),
        ("74 years old", {"AD-05": "defect"}),
        ("8:22 am", {"AD-05": "defect"}),
        ("12 May", {"AD-05": "refer"}),
        ("12 May St", {}),
        ("1501 RM 12", {"AD-05": "refer"}),
        ("see box 12", {"AD-27": "defect"}),
        ("Smith Ranch Box 12", {}),
        ("5400 blk Cedar", {"AD-23": "refer"}),
        ("123 asdf st", {"AD-17": "refer"}),
        ("123 abcdef st", {"AD-17": "refer"}),
        ("1 Made Up Ave", {"AD-17": "refer"}),
        ("123 Your Street", {"AD-17": "refer"}),
        ("Current: 12 Elm St Previous: 14 Oak St", {"AD-21": "defect"}),
        ("12 Elm St Houston TX / 88 Pine St Dallas TX", {"AD-21": "defect"}),
        ("100 Main St Unit 5 Park Pl", {}),
        ("5500 County Rd 12 Oak Ln", {}),
        ("29° 45N 95° 22W", {"AD-05": "defect"}),
        ("450 9W", {}),
        ("12 Sin Nombre St", {"AD-17": "refer"}),
        ("12 Old US 80", {}),
        ("3rd Floor 411 Pine St", {}),
        ("Firm Caller 120", {}),
        ("N 7 mile marker 5", {"AD-23": "refer"}),
        ("W Mesa St", {"AD-06": "defect"}),
        ("Hill Rd", {"AD-06": "defect"}),
        ("Blue house on Mesa Rd", {"AD-23": "refer"}),
        ("12 W Mesa St", {}),
        ("9-1-4 Estate Hope", {}),
        ("Urb Loiza Valley V-912 Calle Adonis", {}),
        ("Edif 5 Apt 48 Residencial Sabana Abajo", {}),
        ("Rose Garden Apartments Apt 4, 12 Oak St", {}),
        ("Rose Garden Apartments, 12 Oak St", {"AD-11": "refer"}),
    ],
)
def test_forms_that_look_like_each_other(line: str, found: dict[str, str]) -> None:
    assert judge(Address(line, None, "Houston", "TX", "77002")).by_code() == found
