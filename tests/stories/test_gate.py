"""One lawful request goes through the whole gate; everything else ends without a word about anybody.

1. The lawful request is disclosed: one address, sealed to the named officer, picked up once.
2. Nobody on file, two who could be meant, the wrong number, the wrong address: the same answer.
3. A record that must be held back: again the same answer.
4. An order stops all of it, and says so.
5. Every request is in a log that anybody can check.
"""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.campaigns.disclosures import law_and_context
from tests.stories.people import ROSA, ROSA_HOME, VALID, rows_of, without, write_register, write_submission
from wicketgate.core.context import Context, Order
from wicketgate.flow.simulate import simulate
from wicketgate.ledger.verify import verify_folder

LAW, CONTEXT = law_and_context()

TWIN = ("p2", "900700002", "Rosalia", "", "Quintero", "", "1984-05-06", "")
TWIN_HOME = ("p2", *ROSA_HOME[1:])
INFORMANT = ("p3", "900700003", "Ivo", "", "Tremblay", "", "1970-01-02", "informant")
INFORMANT_HOME = ("p3", "12 Cedar Rd", "", "Salem", "OR", "97301", "US", "2019", "", "true")
MOVED = ("p4", "900700004", "Uma", "", "Oyelaran", "", "1971-01-02", "")
MOVED_BEFORE = ("p4", "77 Birch Ave", "", "Salem", "OR", "97301", "US", "2015", "2021", "false")
MOVED_NOW = ("p4", "9 Larch Ln", "", "Bend", "OR", "97701", "US", "2022", "", "true")


def gate(
    folder: Path, *requests: dict[str, str], context: Context = CONTEXT, **register: Any
) -> tuple[list[str], list[dict[str, Any]]]:
    """Outcomes and outward answers of a submission."""
    numbered = [r | {"request_id": f"R{i}"} for i, r in enumerate(requests)]
    file = write_submission(folder / "s.csv", numbered)
    write_register(folder / "register", **register)
    simulate(file, folder / "register", folder / "out", LAW, context)
    outcomes = [row["outcome"] for row in rows_of(folder / "out" / "outcomes.csv")]
    outward = [json.loads(line) for line in (folder / "out" / "outward.jsonl").read_text().splitlines()]
    return outcomes, outward


def asking_for(person: tuple[str, ...], line1: str, **changed: str) -> dict[str, str]:
    return without(
        "taxpayer_middle_name",
        taxpayer_first_name=person[2],
        taxpayer_last_name=person[4],
        taxpayer_tin=person[1],
        address_line1=line1,
        **changed,
    )


def test_a_lawful_request_is_answered_once_to_one_officer(tmp_path: Path) -> None:
    outcomes, (answer,) = gate(tmp_path, VALID)
    assert outcomes == ["disclosed"]
    assert answer["answer"] == "disclosed"
    assert "Juniper" not in json.dumps(answer)
    assert rows_of(tmp_path / "out" / "disclosed.csv") == [{"request_id": "R0", "person_id": "p1"}]
    assert verify_folder(tmp_path / "out" / "ledger").ok
    # register, received, submission, determined, endorsed, asked, answered, decided, intended, released, gone
    assert (tmp_path / "out" / "ledger" / "checkpoint").read_text().splitlines()[1] == "11"


def test_every_other_end_is_the_same_answer_byte_for_byte(tmp_path: Path) -> None:
    requests = [
        without(taxpayer_first_name="Nadia", taxpayer_tin="900-70-0099"),  # nobody on file
        asking_for(TWIN, "4821 Juniper Street Apt 3B"),  # could be either of two
        without(
            "taxpayer_tin", "taxpayer_middle_name", address_line1="4821 Juniper St Apt 3B"
        ),  # no second fact
        asking_for(MOVED, "9 Larch Ln"),  # the address is another town's
        asking_for(INFORMANT, "12 Cedar Road"),  # held back
    ]
    outcomes, answers = gate(
        tmp_path,
        *requests,
        persons=(ROSA, TWIN, INFORMANT, MOVED),
        addresses=(ROSA_HOME, TWIN_HOME, INFORMANT_HOME, MOVED_BEFORE, MOVED_NOW),
    )
    assert outcomes == ["not_verified", "not_verified", "not_verified", "not_verified", "held"]
    assert len({json.dumps({**answer, "request_id": ""}) for answer in answers}) == 1
    assert "package" not in json.dumps(answers)
    assert (tmp_path / "out" / "disclosed.csv").read_text() == "request_id,person_id\n"


def test_an_earlier_address_on_file_verifies_and_the_last_known_is_disclosed(tmp_path: Path) -> None:
    outcomes, answers = gate(
        tmp_path,
        asking_for(MOVED, "77 Birch Avenue"),
        persons=(MOVED,),
        addresses=(MOVED_BEFORE, MOVED_NOW),
    )
    assert outcomes == ["disclosed"]
    assert "package" in answers[0]


def test_an_address_of_no_stated_period_is_held(tmp_path: Path) -> None:
    outcomes, answers = gate(
        tmp_path,
        asking_for(MOVED, "77 Birch Avenue", taxable_periods="2019"),
        persons=(MOVED,),
        addresses=(MOVED_BEFORE, MOVED_NOW),
    )
    assert outcomes == ["held"]
    assert answers[0]["answer"] == "no_disclosure"


def test_an_order_suspends_and_the_request_is_kept(tmp_path: Path) -> None:
    order = Order("D.D.C.", "1:25-cv-00457", "custodian", date(2025, 11, 21))
    outcomes, answers = gate(
        tmp_path, VALID, without(statute="8 U.S.C. 1231"), context=replace(CONTEXT, orders=(order,))
    )
    assert outcomes == ["held", "deficient"]
    assert answers[0]["answer"] == "suspended"
    assert "1:25-cv-00457" in answers[0]["text"]
    assert verify_folder(tmp_path / "out" / "ledger").ok


def test_an_order_about_one_agency_leaves_the_others_open(tmp_path: Path) -> None:
    order = Order("D. Mass.", "1:25-cv-12822", "recipient", date(2026, 2, 5), "DOJ")
    outcomes, _ = gate(tmp_path, VALID, context=replace(CONTEXT, orders=(order,)))
    assert outcomes == ["disclosed"]


def test_deficient_and_malformed_rows_are_told_why(tmp_path: Path) -> None:
    write_register(tmp_path / "register")
    file = write_submission(tmp_path / "s.csv", [VALID, without("statute", request_id="W")])
    with file.open("a", newline="") as rows:
        csv.writer(rows).writerow(["too", "short"])
    simulate(file, tmp_path / "register", tmp_path / "out", LAW, CONTEXT)
    outcomes = rows_of(tmp_path / "out" / "outcomes.csv")
    assert [row["outcome"] for row in outcomes] == ["disclosed", "deficient", "malformed"]
    answers = [json.loads(line) for line in (tmp_path / "out" / "outward.jsonl").read_text().splitlines()]
    assert {finding["code"] for finding in answers[1]["findings"]} >= {"B4"}
    assert "fields" in answers[2]["text"]


def test_two_registers_that_differ_in_people_not_disclosed_look_alike_outside(tmp_path: Path) -> None:
    requests = [
        without(taxpayer_first_name="Nadia", taxpayer_tin="900-70-0099"),
        asking_for(TWIN, "1 Elm St"),
    ]
    seen = []
    for name, persons, addresses in (
        ("one", (ROSA,), (ROSA_HOME,)),
        ("other", (ROSA, TWIN, INFORMANT), (ROSA_HOME, TWIN_HOME, INFORMANT_HOME)),
    ):
        (tmp_path / name).mkdir()
        gate(tmp_path / name, *requests, persons=persons, addresses=addresses)
        seen.append((tmp_path / name / "out" / "outward.jsonl").read_bytes())
    assert seen[0] == seen[1]


def test_the_log_holds_nothing_about_a_person(tmp_path: Path) -> None:
    gate(tmp_path, VALID, without("statute"))
    public = b"".join(
        path.read_bytes() for path in (tmp_path / "out" / "ledger").rglob("*") if path.is_file()
    )
    for secret in (b"Rosa", b"Quintero", b"Juniper", b"900700001", b"900-70-0001", b"Alma", b"DHS-2026"):
        assert secret not in public


@pytest.mark.parametrize("times", [2])
def test_the_same_folder_can_be_used_again(tmp_path: Path, times: int) -> None:
    for _ in range(times):
        outcomes, _ = gate(tmp_path, VALID)
        assert outcomes == ["disclosed"]
