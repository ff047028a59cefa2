"""An official signs a file at their own desk; the gate receives the rows that are as they were signed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import run
from tests.stories.people import VALID, write_submission
from tests.workplace.office import CORA, SAM, Office
from tests.workplace.signing import OFFICER, OFFICIAL
from wicketgate.core.clock import SystemClock
from wicketgate.flow.agency_side import AgencySide
from wicketgate.flow.agency_signing import read_registration
from wicketgate.flow.official_keys import confirm_key, register_key
from wicketgate.flow.receive_file import receive_file
from wicketgate.flow.review_file import reviewed
from wicketgate.flow.signed import Refused, UnsignedError, read_signatures
from wicketgate.store import requests
from wicketgate.store.database import Database
from wicketgate.store.services import Service

ROWS = [VALID | {"request_id": f"R{number}"} for number in range(3)]


def test_a_file_is_signed_row_by_row_and_received_as_it_was_signed(
    database: Database, tmp_path: Path
) -> None:
    office = Office(database, tmp_path)
    office.gate.clock, office.gate.signed_only = SystemClock(), True
    keygen = ("agency", "keygen", "--official", OFFICIAL, "--agency", "DHS", "--out", tmp_path / "key")
    made = run(*keygen)
    assert made.exit_code == 0, made.output
    assert run(*keygen).exit_code == 2  # a key is never written over
    assert (tmp_path / "key" / "private.json").stat().st_mode & 0o077 == 0
    assert '"d"' not in (tmp_path / "key" / "registration.json").read_text()
    registration = read_registration(tmp_path / "key" / "registration.json")
    register_key(office.gate, CORA, registration)
    confirm_key(office.gate, SAM, registration.key_id)

    file = write_submission(tmp_path / "s.csv", ROWS)
    signed = run(
        *("agency", "sign", file, "--key", tmp_path / "key" / "private.json", "--first-number", "5"),
        *("--recipient-key", AgencySide(tmp_path).key_id(OFFICER), "--out", tmp_path / "s.signatures"),
    )
    assert signed.output == "3 request(s) signed; the next number is 8.\n"

    changed = write_submission(tmp_path / "c.csv", [ROWS[0], ROWS[1] | {"taxable_periods": "2021"}, ROWS[2]])
    refused: list[Refused] = []
    with reviewed(changed, office.gate.law, office.gate.context) as review:
        with pytest.raises(UnsignedError):
            receive_file(office.gate, changed, review, None)
        given = read_signatures(tmp_path / "s.signatures")
        known = receive_file(office.gate, changed, review, None, signed=given, refused=refused)
    assert [(each.row, "does not hold" in each.why) for each in refused] == [(2, True)]
    with office.gate.acting(Service.AUDIT) as connection:
        stored = requests.between(connection, known.submission, 1, 3)
    assert [each.standing.row for each in stored] == [1, 3]
    assert office.value("SELECT requests FROM gate.submission WHERE submission = %s", known.submission) == 2
    office.gate.close()


@pytest.mark.parametrize("text", ["", "{}", "[1]", json.dumps({"row": 1}), "\x00"])
def test_what_is_no_file_of_signatures_is_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "x").write_text(text + "\n")
    with pytest.raises(UnsignedError, match="did not make"):
        read_signatures(tmp_path / "x")
    with pytest.raises(UnsignedError, match="none holds no signatures"):
        read_signatures(tmp_path / "none")


def test_a_key_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    file = write_submission(tmp_path / "s.csv", ROWS)
    (tmp_path / "private.json").write_text("{}")
    for key, said in ((tmp_path / "private.json", "no private key"), (tmp_path / "none", "cannot be used")):
        done = run("agency", "sign", file, "--key", key, "--recipient-key", "k", "--out", tmp_path / "o")
        assert done.exit_code == 2
        assert said in done.output
