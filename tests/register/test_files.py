"""A register directory is loaded whole, or refused with a list that says where."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import duckdb
import pytest

from tests.register.gate import Gate
from tests.register.town import question
from wicketgate.flow import register_files
from wicketgate.flow.register_source import RegisterRefusedError
from wicketgate.stages.register_row import ADDRESS_COLUMNS, PERSON_COLUMNS
from wicketgate.store.services import Service

Row: TypeAlias = tuple[str, ...]
JOSE: Row = ("P1", "123-45-6789", "José", "Luis", "García López", "", "1980-02-29", "")
HOME: Row = ("P1", "17 N Oak St", "", "Dayton", "OH", "45402", "", "2020", "2025", "true")


def write(directory: Path, persons: Sequence[Row], addresses: Sequence[Row]) -> Path:
    """A register directory in CSV."""
    for name, columns, rows in (
        ("persons", PERSON_COLUMNS, persons),
        ("addresses", ADDRESS_COLUMNS, addresses),
    ):
        with (directory / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([columns, *rows])
    return directory


def changed(row: Row, columns: Row, **cells: str) -> Row:
    """The row with some cells changed."""
    return tuple(cells.get(column, cell) for column, cell in zip(columns, row, strict=True))


def load(gate: Gate, directory: Path) -> tuple[int, int]:
    return register_files.load(gate.database.connect(Service.LOAD), gate.keys, directory)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_both_kinds_of_files_load_alike(gate: Gate, tmp_path: Path, kind: str) -> None:
    old = ("P1", '9 "Elm" Ave', "", "Dayton", "OH", "45402", "US", "", "", "false")
    write(tmp_path, [JOSE], [HOME, old])
    if kind == "parquet":
        for name in ("persons", "addresses"):
            path = tmp_path / f"{name}.csv"
            options = "all_varchar = true, nullstr = ''" if name == "persons" else "nullstr = ''"
            duckdb.connect().execute(
                f"COPY (SELECT * FROM read_csv('{path}', {options})) TO '{tmp_path / name}.parquet'"
            )
            path.unlink()
    told: list[tuple[str, int]] = []
    progress = lambda step, done, total=None: told.append((step, done))  # noqa: E731
    transaction = gate.database.connect(Service.LOAD)
    assert register_files.load(transaction, gate.keys, tmp_path, progress) == (1, 2)
    assert gate.verify(question()) == ["one"]
    kept = gate.owner.execute("SELECT person_id, flags FROM register.person").fetchall()
    assert kept == [("P1", [])]
    assert told[-1] == ("addresses", 2)


PERSON_PROBLEMS = {
    "person_id": ("", "must not be empty"),
    "last_name": ("--", "no letter"),
    "tin": ("12345", "nine digits"),
    "birth_date": ("29.02.1980", "1980-12-31"),
    "flags": ("informer", "not known"),
    "first_name": ("José\x07", "control character"),
    "middle_name": ("x" * 501, "more than 500"),
}
ADDRESS_PROBLEMS = {
    "person_id": ("P9", "No row of persons"),
    "line1": (" ", "must not be empty"),
    "from_period": ("20", "not a year"),
    "to_period": ("2019", "lies before"),
    "is_last_known": ("yes", "true or false"),
}


def test_every_bad_row_is_listed_and_none_of_the_register_is_changed(gate: Gate, tmp_path: Path) -> None:
    load(gate, write(tmp_path, [JOSE], [HOME]))
    persons = [JOSE, ("P1", *JOSE[1:])]
    persons += [
        changed(("P2", *JOSE[1:]), PERSON_COLUMNS, **{column: cell})
        for column, (cell, _) in PERSON_PROBLEMS.items()
    ]
    persons = [row if n < 3 else (f"Q{n}", *row[1:]) for n, row in enumerate(persons)]
    addresses = [HOME, ("P1", "2 Elm Ave", *HOME[2:])]
    addresses += [
        changed((*HOME[:-1], "false"), ADDRESS_COLUMNS, **{column: cell})
        for column, (cell, _) in ADDRESS_PROBLEMS.items()
    ]
    write(tmp_path, persons, addresses)
    with pytest.raises(register_files.UnsoundRegisterError) as refused:
        load(gate, tmp_path)
    found = {(p.file, p.row, p.column): p.problem for p in refused.value.problems}
    expected = {("persons.csv", 2, "person_id"): "occurs before"}
    expected |= {
        ("persons.csv", row, column): said
        for row, (column, (_, said)) in enumerate(PERSON_PROBLEMS.items(), 3)
    }
    expected |= {("addresses.csv", 2, "is_last_known"): "another last known"}
    expected |= {
        ("addresses.csv", row, column): said
        for row, (column, (_, said)) in enumerate(ADDRESS_PROBLEMS.items(), 3)
    }
    assert found.keys() == expected.keys()
    assert refused.value.count == len(expected)
    for place, said in expected.items():
        assert said in found[place]
    assert not any(secret in str(refused.value) for secret in ("José", "informer", "29.02.1980", "Elm"))
    assert gate.verify(question()) == ["one"]


def test_many_problems_are_counted_and_the_first_are_listed(gate: Gate, tmp_path: Path) -> None:
    bad = [(f"P{n}", "1", *JOSE[2:]) for n in range(250)]
    with pytest.raises(register_files.UnsoundRegisterError, match="mend 250 of its rows") as refused:
        load(gate, write(tmp_path, bad, []))
    assert (refused.value.count, len(refused.value.problems)) == (250, register_files.SHOWN)
    assert "and 150 more" in str(refused.value)


def test_a_directory_that_is_no_register(gate: Gate, tmp_path: Path) -> None:
    with pytest.raises(RegisterRefusedError, match=r"neither of persons\.csv and persons\.parquet"):
        register_files.read(tmp_path)
    write(tmp_path, [JOSE], [HOME])
    (tmp_path / "persons.parquet").write_bytes(b"PAR1")
    with pytest.raises(RegisterRefusedError, match="both of"):
        register_files.read(tmp_path)
    (tmp_path / "persons.csv").unlink()
    with pytest.raises(RegisterRefusedError, match=r"persons\.parquet cannot be read"):
        register_files.read(tmp_path)
    (tmp_path / "persons.parquet").unlink()
    (tmp_path / "persons.csv").write_text("person_id,name\nP1,García\n")
    with pytest.raises(RegisterRefusedError, match=r"missing: tin, .*; unknown: name"):
        register_files.read(tmp_path)
    (tmp_path / "persons.csv").write_bytes(b"person_id,\xff\n")
    with pytest.raises(RegisterRefusedError, match="cannot be read as csv in UTF-8"):
        register_files.read(tmp_path)


def test_rows_that_are_no_rows_are_listed_beside_the_others(gate: Gate, tmp_path: Path) -> None:
    load(gate, write(tmp_path, [JOSE], [HOME]))
    write(tmp_path, [JOSE], [HOME])
    header, *_ = (tmp_path / "persons.csv").read_text().splitlines()
    lines = [
        *("P2,,Ann,,García,,,", "P3,García", "P4,1,Ann,,García,,,", "P5,,Ann,,García,,,,more,"),
        *('P6,,"Ann"x,,García,,,', "P7,,Ann,,García,,,informer", "P2,,Ann,,García,,,"),
    ]
    text = "\n".join((header, *lines)).encode() + b"\nP8,,\xff,,Lopez,,,\nP9,,Ann,,--,,,\n"
    (tmp_path / "persons.csv").write_bytes(text)
    told: list[register_files.RegisterProblem] = []
    with pytest.raises(register_files.UnsoundRegisterError) as refused:
        register_files.check(register_files.read(tmp_path, listener=told.append))
    found = {(p.file, p.row): (p.column, p.problem) for p in told}
    assert list(refused.value.problems) == told
    expected = {
        2: ("row", "too few"),
        3: ("tin", "nine digits"),
        4: ("row", "too many"),
        5: ("row", "quotation mark"),
        6: ("flags", "not known"),
        7: ("person_id", "before"),
        8: ("row", "not UTF-8"),
        9: ("last_name", "no letter"),
    }
    assert {row for file, row in found if file == "persons.csv"} == set(expected)
    for row, (column, said) in expected.items():
        assert found["persons.csv", row][0] == column
        assert said in found["persons.csv", row][1]
    assert found["addresses.csv", 1] == ("person_id", "No row of persons has this person_id.")
    assert "García" not in str(refused.value)
    with pytest.raises(register_files.UnsoundRegisterError):
        load(gate, tmp_path)
    assert gate.verify(question()) == ["one"]


def test_a_sound_register_is_only_counted_by_a_check(gate: Gate, tmp_path: Path) -> None:
    assert register_files.check(register_files.read(write(tmp_path, [JOSE], [HOME]))) == (1, 1)
    assert gate.verify(question()) == ["not_one"]


def test_rows_that_contradict_each_other_are_named_after_the_database_found_that_they_do(
    gate: Gate, tmp_path: Path
) -> None:
    write(tmp_path, [JOSE, ("P2", *JOSE[1:]), JOSE], [HOME])
    with pytest.raises(register_files.UnsoundRegisterError) as refused:
        load(gate, tmp_path)
    assert [(p.row, p.column) for p in refused.value.problems] == [(3, "person_id")]
    assert gate.verify(question()) == ["not_one"]
