"""A generated submission says what its truth says, and the same for the same seed."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.synthetic.conftest import Rows, Submitted, submitted
from wicketgate.core.request import COLUMNS
from wicketgate.synthetic import SyntheticError, make_register, make_submission
from wicketgate.synthetic.defects import defects
from wicketgate.synthetic.mixed import GROUPS
from wicketgate.synthetic.submission import AS_OF

CODE = re.compile(r"A([1-9]|10)|B([1-9]|1[0-2])|B2:AD-\d\d|I([1-9]|1[01])|V1")
OUTCOMES = {"deficient", "referred", "not_verified", "held", "disclosed"}


def skeleton(text: str) -> str:
    """The text without capitalised words and numbers, as a counter of repeated reasons sees it."""
    return re.sub(r"\b(?:[A-Z]\w*|\d+)\b", "", text)


def officers(row: dict[str, str]) -> list[str]:
    return row["engaged_officers"].split(";")


@pytest.mark.parametrize("kind", ["lawful", "mixed", "august-2025"])
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(
    kind: str, register: Path, tmp_path: Path
) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        make_submission(tmp_path / f"{name}.csv", 150, kind, seed, register)  # type: ignore[arg-type]
    a, b, c = ((tmp_path / f"{name}.csv").read_bytes() for name in "abc")
    assert a == b != c
    truths = [(tmp_path / f"{name}.csv.truth.csv").read_bytes() for name in "ab"]
    assert truths[0] == truths[1]


@pytest.mark.parametrize("name", ["lawful", "mixed", "august"])
def test_truth_stands_beside_every_request_and_speaks_the_interface(
    name: str, persons: Rows, request: pytest.FixtureRequest
) -> None:
    found: Submitted = request.getfixturevalue(name)
    known = {person["person_id"] for person in persons}
    assert tuple(found.rows[0]) == COLUMNS
    assert [row["request_id"] for row in found.rows] == [truth["request_id"] for truth in found.truth]
    assert len({row["request_id"] for row in found.rows}) == len(found.rows)
    for truth in found.truth:
        assert truth["lawful_outcome"] in OUTCOMES
        assert truth["person_id"] in known or not truth["person_id"]
        codes = [code for code in truth["defects"].split(";") if code]
        assert all(CODE.fullmatch(code) for code in codes)
        assert bool(codes) == (truth["lawful_outcome"] in {"deficient", "referred"})


def test_lawful_requests_share_no_matter_few_officers_and_hardly_a_text(lawful: Submitted) -> None:
    assert max(Counter(row["matter_number"] for row in lawful.rows).values()) == 1
    assert max(Counter(officer for row in lawful.rows for officer in officers(row)).values()) <= 25
    assert max(Counter(skeleton(row["reasons"]) for row in lawful.rows).values()) <= 25
    asked = Counter(truth["person_id"] for truth in lawful.truth if truth["person_id"])
    assert max(asked.values()) <= 2, "people are asked for again only when the register runs out"


def test_lawful_requests_come_from_those_who_may_ask_about_many_statutes(lawful: Submitted) -> None:
    heads = {"agency_head", "inspector_general"}
    for row in lawful.rows:
        assert (row["signatory_capacity"] in heads) == (row["requesting_agency"] != "DOJ")
        assert all(officer.endswith(f"|{row['requesting_agency']}") for officer in officers(row))
        assert date(2026, 1, 1) < date.fromisoformat(row["signed_on"]) < AS_OF
    statutes = Counter(row["statute"] for row in lawful.rows)
    assert {"18 U.S.C. 1343", "18 U.S.C. 1028(a)(1)", "21 U.S.C. 841(a)(1)"} < set(statutes)
    assert {f"8 U.S.C. 1253(a)(1)({limb})" for limb in "ABCD"} < set(statutes)
    assert {row["requesting_agency"] for row in lawful.rows} >= {"DHS", "DOJ"}


def test_what_is_disclosed_agrees_with_the_register_and_has_a_second_discriminator(
    lawful: Submitted, mixed: Submitted, persons: Rows, addresses: Rows
) -> None:
    people = {person["person_id"]: person for person in persons}
    lived: defaultdict[str, Rows] = defaultdict(list)
    for address in addresses:
        lived[address["person_id"]].append(address)
    pairs = [*zip(lawful.rows, lawful.truth, strict=True), *zip(mixed.rows, mixed.truth, strict=True)]
    checked = 0
    for row, truth in pairs:
        if truth["lawful_outcome"] != "disclosed":
            continue
        checked += 1
        person = people[truth["person_id"]]
        assert row["taxpayer_first_name"].casefold() == person["first_name"].casefold()
        assert row["taxpayer_last_name"].casefold() == person["last_name"].casefold()
        assert row["taxpayer_suffix"].casefold() == person["suffix"].casefold()
        tin = row["taxpayer_tin"].replace("-", "")
        assert tin in {"", person["tin"]}
        assert row["taxpayer_birth_date"] in {"", person["birth_date"]}
        assert tin or row["taxpayer_birth_date"]
        held = lived[person["person_id"]]
        assert row["address_postal_code"][:5] in {address["postal_code"] for address in held}
        last = next(address for address in held if address["is_last_known"] == "true")
        years = {int(year) for year in row["taxable_periods"].split(";")}
        assert years & set(range(int(last["from_period"]), int(last["to_period"]) + 1))
        assert max(years) < AS_OF.year
        assert not person["flags"]
    assert checked > 5_000


def test_most_of_a_lawful_file_can_be_answered_and_some_of_it_cannot(lawful: Submitted) -> None:
    outcomes = Counter(truth["lawful_outcome"] for truth in lawful.truth)
    total = len(lawful.truth)
    assert 0.78 < outcomes["disclosed"] / total < 0.88
    assert 0.10 < outcomes["not_verified"] / total < 0.20
    assert 0.003 < outcomes["held"] / total < 0.02
    written = [row["address_line1"] for row in lawful.rows]
    assert any(line.isupper() for line in written)
    assert any(" Street" in line for line in written)


def test_every_defect_and_every_group_appears_in_a_mixed_file(mixed: Submitted) -> None:
    expected = {code for defect in defects() for code in defect.codes}
    expected |= {code for group in GROUPS for code in group.codes}
    found = {code for truth in mixed.truth for code in truth["defects"].split(";")}
    assert expected <= found
    assert {f"A{n}" for n in range(1, 11)} | {f"I{n}" for n in range(1, 11)} <= expected
    assert {f"B{n}" for n in (1, 3, 4, 5, 6, 7, 8, 9, 11, 12)} <= expected
    assert {f"B2:AD-{n:02d}" for n in (*range(1, 12), 13, 14, 15, 17)} <= expected


def test_groups_pass_their_thresholds_and_nothing_else_does(mixed: Submitted) -> None:
    grouped = {
        code: [
            row
            for row, truth in zip(mixed.rows, mixed.truth, strict=True)
            if truth["defects"] == code and truth["lawful_outcome"] == "referred"
        ]
        for code in ("B7", "B5", "B6")
    }
    assert max(Counter(officer for row in grouped["B7"] for officer in officers(row)).values()) >= 30
    assert max(Counter(row["reasons"] for row in grouped["B5"]).values()) >= 30
    assert max(Counter(row["matter_number"] for row in grouped["B6"]).values()) >= 30
    others = [
        row
        for row, truth in zip(mixed.rows, mixed.truth, strict=True)
        if truth["lawful_outcome"] in {"disclosed", "not_verified", "held"}
    ]
    assert max(Counter(officer for row in others for officer in officers(row)).values()) <= 25
    assert max(Counter(row["reasons"] for row in others).values()) <= 25


def test_a_third_of_a_mixed_file_is_lawful(mixed: Submitted) -> None:
    outcomes = Counter(truth["lawful_outcome"] for truth in mixed.truth)
    assert 0.20 < outcomes["disclosed"] / len(mixed.truth) < 0.36
    assert all(outcomes[outcome] for outcome in OUTCOMES)


def test_the_august_file_has_one_official_for_all_rows(august: Submitted) -> None:
    assert len({row["signatory_name"] for row in august.rows}) == 1
    assert len({row["engaged_officers"] for row in august.rows}) == 1
    assert len({row["reasons"] for row in august.rows}) <= 2
    assert {row["requesting_agency"] for row in august.rows} == {"DHS-ICE"}
    assert {truth["lawful_outcome"] for truth in august.truth} == {"deficient"}
    statutes = Counter(row["statute"] for row in august.rows)
    assert statutes["8 U.S.C. 1253(a)(1)"] > 0.9 * len(august.rows)


def test_the_august_file_has_the_reported_shares_of_bad_addresses(august: Submitted) -> None:
    total = len(august.rows)
    codes = Counter(code for truth in august.truth for code in truth["defects"].split(";"))
    blank = sum(not any(row[name] for name in COLUMNS if name.startswith("address_")) for row in august.rows)
    assert blank == codes["B2:AD-01"]
    assert blank / total == pytest.approx(0.18 * 54 / 177, abs=0.012)
    undeliverable = codes["B2:AD-19"] + codes["B2:AD-20"]
    assert undeliverable / total == pytest.approx(0.18 * 26 / 177, abs=0.01)
    assert codes["B2:AD-11"] / total == pytest.approx(0.18 * 97 / 177 / 2, abs=0.02)
    lines = " ".join(row["address_line1"] for row in august.rows)
    for junk in ("Failed to Provide", "Unknown Address", "NA NA", "Don't Care 12345"):
        assert junk.casefold() in lines.casefold()
    assert {f"B2:AD-{n:02d}" for n in range(1, 12)} <= set(codes)


def test_the_three_formats_hold_the_same_texts(register: Path, tmp_path: Path) -> None:
    for suffix in ("csv", "jsonl", "parquet"):
        make_submission(tmp_path / f"s.{suffix}", 400, "mixed", 9, register)
    plain = [{name: text for name, text in row.items() if text} for row in submitted(tmp_path / "s.csv").rows]
    lines = [json.loads(line) for line in (tmp_path / "s.jsonl").read_text(encoding="utf-8").splitlines()]
    assert lines == plain
    names = ", ".join(COLUMNS)
    with duckdb.connect() as database:
        rows = database.execute(f"SELECT {names} FROM '{tmp_path / 's.parquet'}'").fetchall()
    assert [{n: t for n, t in zip(COLUMNS, row, strict=True) if t is not None} for row in rows] == plain
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".csv"] * 4 + [".jsonl", ".parquet"]


def test_a_parquet_register_gives_the_same_submission(register: Path, tmp_path: Path) -> None:
    for name in ("persons", "addresses"):
        source = f"read_csv('{register / name}.csv', all_varchar = true)"
        with duckdb.connect() as database:
            database.execute(f"COPY (FROM {source}) TO '{tmp_path / name}.parquet'")
    make_submission(tmp_path / "a.csv", 200, "lawful", 4, register)
    make_submission(tmp_path / "b.csv", 200, "lawful", 4, tmp_path)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_more_rows_than_people_ask_again_but_never_with_another_address(tmp_path: Path) -> None:
    make_register(tmp_path / "register", 700, 2)
    make_submission(tmp_path / "s.csv", 1_500, "lawful", 4, tmp_path / "register")
    found = submitted(tmp_path / "s.csv")
    towns: defaultdict[str, set[str]] = defaultdict(set)
    for row, truth in zip(found.rows, found.truth, strict=True):
        if truth["person_id"]:
            towns[truth["person_id"]].add(row["address_postal_code"][:5])
    assert len(towns) < 700
    assert {len(seen) for seen in towns.values()} == {1}


def test_bad_wishes_are_refused_in_one_sentence(register: Path, tmp_path: Path) -> None:
    file = tmp_path / "s.csv"
    with pytest.raises(SyntheticError, match=r"at least 1 row, not 0\.$"):
        make_submission(file, 0, "lawful", 1, register)
    with pytest.raises(SyntheticError, match=r"choose one of lawful, august-2025, mixed\.$"):
        make_submission(file, 1, "unlawful", 1, register)  # type: ignore[arg-type]
    with pytest.raises(SyntheticError, match=r"the suffix must be \.csv, \.jsonl or \.parquet\.$"):
        make_submission(tmp_path / "s.xlsx", 1, "lawful", 1, register)
    with pytest.raises(SyntheticError, match="make it with 'wicketgate synth'"):
        make_submission(file, 1, "lawful", 1, tmp_path)
    (tmp_path / "persons.csv").write_text("who,what\n1,2\n")
    (tmp_path / "addresses.csv").write_text("who,what\n1,2\n")
    with pytest.raises(SyntheticError, match="cannot be read as a register"):
        make_submission(file, 1, "lawful", 1, tmp_path)
    assert not file.exists()


def test_held_requests_are_about_flagged_people_or_former_years_and_never_about_a_canary(
    lawful: Submitted, mixed: Submitted, persons: Rows
) -> None:
    people = {person["person_id"]: person for person in persons}
    held = [truth for truth in lawful.truth if truth["lawful_outcome"] == "held"]
    assert held
    assert all(people[truth["person_id"]]["flags"] for truth in held)
    for truth in (*lawful.truth, *mixed.truth):
        assert not truth["person_id"] or "canary" not in people[truth["person_id"]]["flags"]
