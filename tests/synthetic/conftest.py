"""One small register and its submissions, made once."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

import pytest

from wicketgate.synthetic import make_register, make_submission

PERSONS = 12_000
ROWS = 6_000

Rows = list[dict[str, str]]


class Submitted(NamedTuple):
    """The rows of a submission, each beside its truth."""

    file: Path
    rows: Rows
    truth: Rows


def read(path: Path) -> Rows:
    """All rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def submitted(file: Path) -> Submitted:
    """A CSV submission with its truth."""
    return Submitted(file, read(file), read(file.with_name(file.name + ".truth.csv")))


@pytest.fixture(scope="session")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("register")
    make_register(directory, PERSONS, seed=1)
    return directory


@pytest.fixture(scope="session")
def persons(register: Path) -> Rows:
    return read(register / "persons.csv")


@pytest.fixture(scope="session")
def addresses(register: Path) -> Rows:
    return read(register / "addresses.csv")


@pytest.fixture(scope="session")
def lawful(register: Path, tmp_path_factory: pytest.TempPathFactory) -> Submitted:
    file = tmp_path_factory.mktemp("lawful") / "lawful.csv"
    make_submission(file, ROWS, "lawful", 3, register)
    return submitted(file)


@pytest.fixture(scope="session")
def mixed(register: Path, tmp_path_factory: pytest.TempPathFactory) -> Submitted:
    file = tmp_path_factory.mktemp("mixed") / "mixed.csv"
    make_submission(file, ROWS, "mixed", 3, register)
    return submitted(file)


@pytest.fixture(scope="session")
def august(register: Path, tmp_path_factory: pytest.TempPathFactory) -> Submitted:
    file = tmp_path_factory.mktemp("august") / "august.csv"
    make_submission(file, ROWS, "august-2025", 3, register)
    return submitted(file)
