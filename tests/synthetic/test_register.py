"""A generated register is whole, varied, and the same for the same seed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from tests.synthetic.conftest import PERSONS, Rows
from wicketgate.synthetic import SyntheticError, make_register

ADDRESS = ("line1", "line2", "city", "state", "postal_code")


def contents(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def share(rows: Rows, pattern: str, *columns: str) -> float:
    found = re.compile(pattern)
    return sum(bool(found.search(" ".join(row[column] for column in columns))) for row in rows) / len(rows)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        make_register(tmp_path / name, 500, seed)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert contents(tmp_path / "a")["persons.csv"] != contents(tmp_path / "c")["persons.csv"]


def test_a_larger_register_begins_with_the_smaller_one(tmp_path: Path) -> None:
    make_register(tmp_path / "small", 300, 5)
    make_register(tmp_path / "large", 600, 5)
    small, large = ((tmp_path / name / "persons.csv").read_bytes() for name in ("small", "large"))
    assert large.startswith(small)


def test_it_has_exactly_the_people_asked_for_and_everybody_has_one_last_known_address(
    persons: Rows, addresses: Rows
) -> None:
    identifiers = [person["person_id"] for person in persons]
    assert len(set(identifiers)) == len(identifiers) == PERSONS
    assert {address["person_id"] for address in addresses} == set(identifiers)
    last = Counter(address["person_id"] for address in addresses if address["is_last_known"] == "true")
    assert set(last.values()) == {1}
    assert len(last) == PERSONS


def test_address_periods_are_ordered_do_not_overlap_and_end_with_the_last_known(addresses: Rows) -> None:
    by_person: defaultdict[str, Rows] = defaultdict(list)
    for address in addresses:
        by_person[address["person_id"]].append(address)
    for held in by_person.values():
        periods = [(int(address["from_period"]), int(address["to_period"])) for address in held]
        assert all(first <= last for first, last in periods)
        assert all(before[1] < after[0] for before, after in pairwise(periods))
        assert held[-1]["is_last_known"] == "true"


@pytest.mark.parametrize(
    ("pattern", "least", "most"),
    [
        (r"(?:Apt|Unit|#) \S+$", 0.20, 0.42),
        (r"^PO Box \d+", 0.02, 0.08),
        (r"^RR \d+ Box \d+", 0.01, 0.05),
        (r"^HC \d+ Box \d+", 0.005, 0.04),
        (r"^(?:PSC|CMR|UNIT) \d+ BOX \d+", 0.003, 0.03),
        (r"^URB ", 0.002, 0.03),
        (r"^N\d+W\d+ ", 0.001, 0.02),
        (r"^\d+-\d+ ", 0.001, 0.02),
        (r"^\d+ 1/2 ", 0.001, 0.02),
    ],
)
def test_every_form_of_mailing_address_occurs(
    addresses: Rows, pattern: str, least: float, most: float
) -> None:
    assert least < share(addresses, pattern, "line1", "line2") < most


def test_military_and_puerto_rican_addresses_are_in_their_places(addresses: Rows) -> None:
    military = [row for row in addresses if re.match("PSC|CMR|UNIT", row["line1"])]
    assert {row["state"] for row in military} <= {"AA", "AE", "AP"}
    assert {row["city"] for row in military} <= {"APO", "FPO", "DPO"}
    assert all(row["state"] == "PR" for row in addresses if row["line1"].startswith("URB "))


def test_families_share_homes_and_names_and_some_share_a_whole_name(persons: Rows, addresses: Rows) -> None:
    names = {person["person_id"]: person for person in persons}
    homes: defaultdict[tuple[str, ...], list[dict[str, str]]] = defaultdict(list)
    for address in addresses:
        if address["is_last_known"] == "true":
            homes[tuple(address[column] for column in ADDRESS)].append(names[address["person_id"]])
    assert sum(len(people) > 1 for people in homes.values()) > len(homes) / 2
    namesakes = [
        people
        for people in homes.values()
        if len({(person["first_name"], person["last_name"]) for person in people}) < len(people)
    ]
    assert 0.001 < len(namesakes) / len(homes) < 0.05
    suffixes = Counter(person["suffix"] for person in persons)
    assert set(suffixes) == {"", "Jr", "Sr", "III"}
    births = [[person["birth_date"] for person in people] for people in homes.values()]
    assert any(len(set(days)) < len(days) for days in births), "no twins"


def test_naming_customs_movers_and_flags_occur(persons: Rows, addresses: Rows) -> None:
    assert 0.08 < share(persons, r"^\S+ \S+", "last_name") < 0.25
    assert share(persons, r"-", "last_name") > 0.005
    assert share(persons, r"[À-ž]", "last_name", "first_name") > 0.05
    assert 0.2 < len(addresses) / len(persons) - 1 < 0.8
    flags = {flag for person in persons for flag in person["flags"].split(";")}
    assert flags == {"", "informant", "tax_case_sensitive", "canary"}


def test_numbers_have_the_shape_of_real_ones_and_few_are_shared(persons: Rows) -> None:
    tins = [person["tin"] for person in persons if person["tin"]]
    assert len(tins) > 0.95 * PERSONS
    assert all(re.fullmatch(r"(?!000|666)(?:[0-5]\d\d|9\d\d)(?!00)\d\d(?!0000)\d{4}", tin) for tin in tins)
    shared = len(tins) - len(set(tins))
    assert 0 < shared < 0.005 * PERSONS


def test_parquet_holds_the_same_texts_as_csv(register: Path, tmp_path: Path) -> None:
    make_register(tmp_path, PERSONS, 1, format="parquet")
    for name in ("persons", "addresses"):
        csv = f"read_csv('{register / name}.csv', all_varchar = true)"
        parquet = f"'{tmp_path / name}.parquet'"
        for one, other in ((csv, parquet), (parquet, csv)):
            with duckdb.connect() as database:
                assert not database.execute(f"FROM {one} EXCEPT ALL FROM {other}").fetchall()


def test_a_directory_holds_one_register_only(tmp_path: Path) -> None:
    make_register(tmp_path, 20, 1)
    make_register(tmp_path, 20, 1, format="parquet")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["addresses.parquet", "persons.parquet"]


def test_nobody_and_a_missing_source_are_refused_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SyntheticError, match=r"^A register needs at least 1 person, not 0\.$"):
        make_register(tmp_path, 0, 1)
    monkeypatch.setitem(__import__("sys").modules, "pseudopeople", None)
    with pytest.raises(SyntheticError, match="pseudopeople is not installed: run pip install"):
        make_register(tmp_path / "none", 10, 1, source="pseudopeople")
    assert not (tmp_path / "none").exists()


def test_progress_counts_up_to_the_number_of_people(tmp_path: Path) -> None:
    heard: list[int] = []
    make_register(tmp_path, 11_000, 1, progress=heard.append)
    assert heard == [5_000, 10_000, 11_000]
