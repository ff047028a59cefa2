"""The sample cases of the law, from a file to its determinations.

1. A complete request is sufficient.
2. Every missing element is named, with its citation and how to mend it.
3. An address is judged whatever identifiers came with it.
4. What a set of requests has in common is seen.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.campaigns.disclosures import DAY, law_and_context
from tests.stories.people import VALID, rows_of, without, write_submission
from wicketgate.core.context import Context, Order
from wicketgate.core.request import COLUMNS
from wicketgate.flow.review_file import review_file

LAW, CONTEXT = law_and_context()


def review(
    folder: Path, *requests: dict[str, str], context: Context = CONTEXT
) -> tuple[list[dict[str, str]], dict[str, Any]]:
    """Determinations and summary of a submission of these requests."""
    numbered = [r | {"request_id": f"R{i}"} for i, r in enumerate(requests)]
    file = write_submission(folder / "submission.csv", numbered)
    summary = review_file(file, folder / "out", LAW, context)
    return rows_of(folder / "out" / "determinations.csv"), summary


CASES: list[tuple[str, dict[str, str], str, str]] = [
    ("a complete request", without(), "sufficient", ""),
    ("the Inspector General signs", without(signatory_capacity="inspector_general"), "sufficient", ""),
    (
        "a fraud that has nothing to do with removal",
        without("removal_order_final_on", "removal_order_ground", "failure_limb", statute="18 U.S.C. 1343"),
        "sufficient",
        "",
    ),
    (
        "failed to provide, number correct",
        without(address_line1="Failed to Provide 97301"),
        "deficient",
        "B2:AD-02",
    ),
    ("the court's own example", without(address_line1="Don't Care 12345"), "deficient", "B2:AD-"),
    ("a jail without a location", without(address_line1="County Jail"), "deficient", "B2:AD-07"),
    ("signed for the head", without(signatory_capacity="delegate"), "deficient", "A4"),
    ("a civil statute", without(statute="8 U.S.C. 1231"), "deficient", "B4"),
    ("an order sixty days old", without(removal_order_final_on="2025-12-31"), "deficient", "I3"),
    ("an order on another ground", without(removal_order_ground="8 U.S.C. 1182(a)(6)(A)"), "deficient", "I2"),
    (
        "only to locate",
        without(reasons="We need the address to locate and remove the subject."),
        "deficient",
        "B5",
    ),
    ("another agency's officers", without(engaged_officers="Carl Clerk|9|DOJ"), "deficient", "B8"),
    ("use also elsewhere", without(other_uses="civil removal"), "deficient", "B9"),
    ("no attestation", without("sole_use_attested"), "deficient", "B9"),
    ("analysis without notice", without(automated_analysis="planned"), "deficient", "B12"),
    ("a return", without(items_requested="form_1040"), "deficient", "A8"),
    ("deferred action", without(pending_relief="deferred_action"), "deficient", "I7"),
    ("an unlisted statute", without(statute="33 U.S.C. 411"), "referred", "B4"),
]


@pytest.mark.parametrize(
    ("facts", "determination", "code"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_sample_cases(tmp_path: Path, facts: dict[str, str], determination: str, code: str) -> None:
    rows, _ = review(tmp_path, facts)
    assert rows[0]["determination"] == determination
    assert code in rows[0]["findings"] if code else rows[0]["findings"] == ""


REQUIRED = [
    *("requesting_agency", "form", "authority_cited", "signatory_name", "signatory_capacity", "signed_on"),
    *("taxpayer_first_name", "taxpayer_last_name", "address_line1", "address_city", "address_state"),
    *("address_postal_code", "taxable_periods", "statute", "matter_stage", "matter_number", "reasons"),
    *("items_requested", "engaged_officers", "sole_use_attested", "removal_order_final_on"),
    *("removal_order_ground", "failure_limb"),
]


@pytest.mark.parametrize("column", REQUIRED)
def test_no_element_can_be_left_out(tmp_path: Path, column: str) -> None:
    rows, _ = review(tmp_path, without(column))
    assert rows[0]["determination"] == "deficient"
    assert rows[0]["findings"]


def test_leaving_anything_out_never_helps(tmp_path: Path) -> None:
    bad = [case for _, case, determination, _ in CASES if determination == "deficient"]
    fewer = [{k: v for k, v in case.items() if k != column} for case in bad for column in COLUMNS[1:]]
    rows, _ = review(tmp_path, *fewer)
    helped = [row for row in rows if row["determination"] == "sufficient"]
    cured = {"other_uses", "automated_analysis", "pending_relief", "removal_order_court_final_on"}
    # A request that no longer declares another use, an analysis or a relief is another request.
    assert all(set(COLUMNS) - set(fewer[int(row["row"]) - 1]) & cured for row in helped)


def test_every_finding_says_what_why_and_how_to_mend_it(tmp_path: Path) -> None:
    review(tmp_path, *[case for _, case, _, _ in CASES])
    for line in (tmp_path / "out" / "findings.jsonl").read_text().splitlines():
        for element in json.loads(line)["elements"]:
            assert element["citation"]
            assert element["message"].endswith((".", "?", ")"))
            assert element["remedy"].strip()


def test_a_number_never_cures_an_address(tmp_path: Path) -> None:
    with_number = without(address_line1="NA NA")
    rows, _ = review(tmp_path, with_number, without("taxpayer_tin", address_line1="NA NA"))
    assert {row["determination"] for row in rows} == {"deficient"}
    assert rows[0]["findings"] == rows[1]["findings"]


def test_the_same_reasons_on_many_requests_are_referred(tmp_path: Path) -> None:
    people = [
        without(
            taxpayer_first_name=f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[i]}nna",
            taxpayer_tin=f"900-70-{i + 1:04}",
            matter_number=f"DHS-2026-{i + 317}",
            address_line1=f"{i + 10} Juniper Street",
            engaged_officers=f"Alma {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[i]}gent|{i + 1234}|DHS",
        )
        for i in range(26)
    ]
    rows, _ = review(tmp_path, *people)
    assert {(row["determination"], row["findings"]) for row in rows} == {("referred", "B5")}
    rows, _ = review(tmp_path, *people[:25])
    assert {row["determination"] for row in rows} == {"sufficient"}


def test_one_officer_cannot_stand_for_everything(tmp_path: Path) -> None:
    one = [
        without(
            taxpayer_tin=f"900-70-{i + 1:04}",
            taxpayer_last_name=f"Quintero{'ab'[i % 2]}{'abcdefghijklmnopqrstuvwxyz'[i // 2 % 26]}",
            reasons=VALID["reasons"]
            + f" Item {'abcdefghijklmnopqrstuvwxyz'[i % 26]}{'xyz'[i % 3]} was seized.",
            matter_number=f"DHS-2026-{i + 317}",
            address_line1=f"{i + 10} Juniper Street",
        )
        for i in range(26)
    ]
    rows, _ = review(tmp_path, *one)
    assert {row["determination"] for row in rows} == {"referred"}
    assert {row["findings"] for row in rows} == {"B7"}


def test_open_matters_of_the_context_count(tmp_path: Path) -> None:
    busy = replace(CONTEXT, engagements={"Alma Agent|1234|DHS": 25})
    rows, _ = review(tmp_path, VALID, context=busy)
    assert (rows[0]["determination"], rows[0]["findings"]) == ("referred", "B7")


def test_one_person_asked_for_with_varied_addresses_is_referred(tmp_path: Path) -> None:
    probes = [without(address_line1=f"{n} Juniper Street") for n in (4821, 4823, 4825, 4827, 4829)]
    rows, _ = review(tmp_path, *probes)
    assert all("B11" in row["findings"].split(";") for row in rows)


def test_an_order_suspends_the_agency_it_names(tmp_path: Path) -> None:
    order = Order("D.D.C.", "1:25-cv-00457", "custodian", date(2025, 11, 21))
    rows, _ = review(tmp_path, VALID, context=replace(CONTEXT, orders=(order,)))
    assert rows[0]["determination"] != "sufficient"
    assert rows[0]["findings"] == "R3"
    later = replace(order, effective_from=date(2027, 1, 1))
    rows, _ = review(tmp_path, VALID, context=replace(CONTEXT, orders=(later,)))
    assert rows[0]["determination"] == "sufficient"


def test_the_summary_adds_up(tmp_path: Path) -> None:
    rows, summary = review(tmp_path, *[case for _, case, _, _ in CASES])
    assert summary["rows"] == len(CASES) == sum(summary["by_determination"].values())
    assert summary["authority_digest"].startswith("sha256:")
    assert summary["as_of"] == DAY.isoformat()
    for code, count in summary["by_code"].items():
        assert count == sum(code in row["findings"].split(";") for row in rows)


def test_a_repeated_reference_is_malformed_and_the_first_stands(tmp_path: Path) -> None:
    file = write_submission(
        tmp_path / "s.csv", [VALID, without(statute="8 U.S.C. 1231"), without(request_id="W")]
    )
    summary = review_file(file, tmp_path / "out", LAW, CONTEXT)
    assert [row["row"] for row in rows_of(tmp_path / "out" / "determinations.csv")] == ["1", "3"]
    (malformed,) = rows_of(tmp_path / "out" / "malformed.csv")
    assert (malformed["row"], malformed["column"]) == ("2", "request_id")
    assert "row 1" in malformed["problem"]
    assert summary["malformed"] == 1


def test_a_reference_that_a_spreadsheet_would_run_is_plain_text_in_the_results(tmp_path: Path) -> None:
    file = write_submission(tmp_path / "s.csv", [without(request_id="=1+1")])
    review_file(file, tmp_path / "out", LAW, CONTEXT)
    assert rows_of(tmp_path / "out" / "determinations.csv")[0]["request_id"] == "'=1+1"


def test_an_empty_submission_has_empty_results(tmp_path: Path) -> None:
    summary = review_file(write_submission(tmp_path / "s.csv", []), tmp_path / "out", LAW, CONTEXT)
    assert summary["rows"] == 0
    assert rows_of(tmp_path / "out" / "determinations.csv") == []
