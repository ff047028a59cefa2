"""The custodian's context: exactly what the interface says, or one sentence about the key that is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.custodian import VOCABULARY
from wicketgate.core.context import Agency, Order
from wicketgate.core.request import Request
from wicketgate.stages.context import ContextError, load_context
from wicketgate.stages.facts import Observer

TODAY = date(2026, 11, 22)
WHOLE = """
as_of = 2026-03-01
answer_slot_minutes = 720
[switches]
S4_officer_caseload = 25
S6_locate_only_reason = "human"
[agencies.DHS]
name = "Department of Homeland Security"
federal = true
level = "department"
safeguards = "accepted"
automated_analysis_notice = 2025-12-01
[agencies.DHS-ICE]
name = "Immigration and Customs Enforcement"
federal = true
level = "component"
parent = "DHS"
safeguards = "open_findings"
[[engagements]]
officer = "A. Agent|1234|DHS"
open_requests = 3
[[orders]]
court = "D.D.C."
docket = "1:25-cv-00457"
binds = "custodian"
agency = "DHS-ICE"
from = 2025-11-21
effect = "suspend_disclosure"
"""


def test_the_example_of_the_interface_is_read(tmp_path: Path) -> None:
    file = tmp_path / "context.toml"
    file.write_text(WHOLE)
    context = load_context(file, today=TODAY)
    assert context.as_of == date(2026, 3, 1)
    assert context.agencies["DHS"] == Agency(
        "DHS", "Department of Homeland Security", True, "department", "accepted", None, date(2025, 12, 1)
    )
    assert context.line("DHS-ICE") == ("DHS-ICE", "DHS")
    assert context.switches == {"S4_officer_caseload": 25, "S6_locate_only_reason": "human"}
    assert context.engagements == {"A. Agent|1234|DHS": 3}
    assert context.answer_slot == timedelta(hours=12)
    assert context.orders == (Order("D.D.C.", "1:25-cv-00457", "custodian", date(2025, 11, 21), "DHS-ICE"),)


FACILITIES = '[facilities]\nname = "County list"\nversion = "2026-03"\nfile = "facilities.csv"\n'
HEADER = "line1,line2,city,state,postal_code\n"


def test_the_custodians_list_of_facilities_finds_a_bare_street_address(tmp_path: Path) -> None:
    (tmp_path / "facilities.csv").write_text(HEADER + "379 FM 2972 West,,Rusk,TX,75785\n")
    (tmp_path / "context.toml").write_text(WHOLE + FACILITIES)
    context = load_context(tmp_path / "context.toml", today=TODAY)
    assert context.facilities is not None
    assert context.facilities.version.startswith("2026-03, sha256 ")
    request = Request(
        "R",
        address_line1="379 F.M. 2972 W",
        address_city="Rusk",
        address_state="TX",
        address_postal_code="75785",
    )
    with_list, without = (
        Observer(each, VOCABULARY)(request).facts["address_ad_07"]
        for each in (context, replace(context, facilities=None))
    )
    assert (with_list, without) == ("refer", "clear")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "cannot be read"),
        ("name\nJail\n", "must have the columns"),
        (HEADER + "12 Oak St,Salem\n", "another number of columns in row 1"),
        (HEADER + "12 Oak St,,Salem,OR,97301\n,,,,\n", "facility 2 has no address"),
    ],
)
def test_a_list_of_facilities_that_cannot_be_relied_on(tmp_path: Path, text: str | None, says: str) -> None:
    if text is not None:
        (tmp_path / "facilities.csv").write_text(text)
    (tmp_path / "context.toml").write_text(WHOLE + FACILITIES)
    with pytest.raises(ContextError, match=says) as refusal:
        load_context(tmp_path / "context.toml", today=TODAY)
    assert "facilities.file" in str(refusal.value)


def test_without_a_file_the_products_directory_counts_today() -> None:
    context = load_context(None, today=TODAY)
    assert context.as_of == TODAY
    assert not context.orders
    assert not context.engagements
    assert not context.switches
    assert sum(agency.level == "department" for agency in context.agencies.values()) == 15
    assert {agency.safeguards for agency in context.agencies.values()} == {"accepted"}
    assert [code for code, agency in context.agencies.items() if not agency.federal] == ["TX-DPS"]
    assert context.line("DHS-ICE-HSI") == ("DHS-ICE-HSI", "DHS-ICE", "DHS")
    for code in ("DOJ-FBI", "DOJ-DEA", "DOJ-USAO", "DOJ-ATF", "DOJ-USMS", "DHS-CBP", "DHS-USCIS", "DHS-USSS"):
        assert len(context.line(code)) == 2
    assert context.line("TREAS-TIGTA")
    assert all(context.line(code) for code in ("SSA", "EPA", "SEC"))


def test_a_file_without_agencies_uses_the_products_directory(tmp_path: Path) -> None:
    file = tmp_path / "context.toml"
    file.write_text("as_of = 2026-03-01\n")
    assert load_context(file, today=TODAY).agencies == load_context(None, today=TODAY).agencies


BROKEN = {
    "no day": ("as_of = 2026-03-01\n", "", "as_of is missing"),
    "a day in quotation marks": ("as_of = 2026-03-01", 'as_of = "2026-03-01"', "as_of must be a date"),
    "an instant": ("as_of = 2026-03-01", "as_of = 2026-03-01T00:00:00Z", "as_of must be a date"),
    "an unknown table": ("[switches]", "[settings]", "'settings' is unknown; allowed here: as_of, agencies"),
    "an unknown key": ('docket = "1:', 'judge = "x"\ndocket = "1:', r"orders\[1\].'judge' is unknown"),
    "a switch that is a float": ("caseload = 25", "caseload = 2.5", "switches.S4_officer_caseload must be"),
    "a switch that is a flag": ("caseload = 25", "caseload = true", "switches.S4_officer_caseload must be"),
    "federal as text": ("federal = true", 'federal = "yes"', "agencies.DHS.federal must be true or false"),
    "an unknown level": (
        '"department"',
        '"ministry"',
        "level must be one of: department, independent, component",
    ),
    "unknown safeguards": (
        '"accepted"',
        '"fine"',
        "agencies.DHS.safeguards must be one of: accepted, open_findings",
    ),
    "an unknown parent": (
        'parent = "DHS"',
        'parent = "DOD"',
        "agencies.DHS-ICE.parent must be the code of another",
    ),
    "its own parent": ('parent = "DHS"', 'parent = "DHS-ICE"', "agencies.DHS-ICE.parent leads back"),
    "a component of nothing": ('parent = "DHS"\n', "", "parent must be given for a component"),
    "a department with a parent": (
        'level = "department"',
        'level = "department"\nparent = "X"',
        "only for a component",
    ),
    "a code with blanks": ("[agencies.DHS]", '[agencies."D S"]', "'D S' must be a code of capital letters"),
    "an empty directory entry": (
        "[agencies.DHS-ICE]",
        "[agencies.NEW]\n[agencies.DHS-ICE]",
        "agencies.NEW.level is missing",
    ),
    "an officer without badge": (
        "A. Agent|1234|DHS",
        "A. Agent|DHS",
        "officer must be written Name|badge|agency",
    ),
    "a negative count": ("open_requests = 3", "open_requests = -3", "must be a whole number from 0"),
    "a count that is a flag": ("open_requests = 3", "open_requests = true", "must be a whole number from 0"),
    "an order on nobody": (
        'agency = "DHS-ICE"',
        'agency = "ICE"',
        "agency must be the code of an agency in the directory",
    ),
    "an order that binds nobody": ('"custodian"', '"everyone"', "binds must be one of: custodian, recipient"),
    "another effect": ("suspend_disclosure", "pause", "effect must be one of: suspend_disclosure"),
    "an order without a day": ("from = 2025-11-21\n", "", r"orders\[1\].from is missing"),
    "orders as a table": ("[[orders]]", "[orders]", r"orders must be tables, each under \[\[orders\]\]"),
    "no toml": ("[switches]", "[switches", "is not TOML"),
    "a control character": ("Homeland", "Home\\u001bland", "name must be a text of at most 200 printable"),
}


@pytest.mark.parametrize(("old", "new", "says"), BROKEN.values(), ids=BROKEN)
def test_what_is_not_exactly_so_is_refused_with_file_and_key(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    assert old in WHOLE
    file = tmp_path / "context.toml"
    file.write_text(WHOLE.replace(old, new, 1))
    with pytest.raises(ContextError, match=says.replace("|", r"\|")) as refusal:
        load_context(file, today=TODAY)
    assert str(refusal.value).startswith("The context 'context.toml'")
    assert str(refusal.value).endswith(".")
    assert "\n" not in str(refusal.value)


def test_an_officer_is_stated_once(tmp_path: Path) -> None:
    file = tmp_path / "context.toml"
    file.write_text(WHOLE + '[[engagements]]\nofficer = "A. Agent|1234|DHS"\nopen_requests = 1\n')
    with pytest.raises(ContextError, match="is listed before"):
        load_context(file, today=TODAY)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(ContextError, match="cannot be read"):
            load_context(path, today=TODAY)


@given(
    st.one_of(
        st.binary(max_size=200), st.text(st.sampled_from('as_of=[]{}".\n12-'), max_size=80).map(str.encode)
    )
)
def test_no_bytes_raise_anything_but_a_refusal(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "fuzzed.toml"
    file.write_bytes(data)
    with pytest.raises(ContextError):
        load_context(file, today=TODAY)
