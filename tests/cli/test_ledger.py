"""Receipts are made from a published folder and checked without it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import run
from tests.ledger.logs import KEY, entries, publish
from tests.stories.people import VALID, without, write_register, write_submission
from wicketgate.ledger import LogKey, commit, open_field

FIELDS = {"handle": "WG-2B3C-4D5F-6G7H", "recipient": "A. Agent|1|DHS"}
MADE = commit("pickup", FIELDS)
LEAVES = [*entries(300), MADE.leaf]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    publish(tmp_path / "log", LEAVES)
    return tmp_path / "log"


@pytest.fixture
def opening(tmp_path: Path) -> Path:
    path = tmp_path / "recipient.json"
    path.write_text(open_field(MADE.leaf, "pickup", FIELDS, MADE.nonces, "recipient").to_text())
    return path


def test_a_receipt_is_checked_offline_with_the_opening_of_its_entry(
    tmp_path: Path, log: Path, opening: Path
) -> None:
    receipt = tmp_path / "receipt"
    done = run("ledger", "prove", log, "--index", 300, "--out", receipt, "--vkey", KEY.vkey)
    assert (done.exit_code, done.output) == (0, "")
    checked = run("ledger", "verify", "--vkey", KEY.vkey, "--proof", receipt, "--opening", opening)
    assert checked.exit_code == 0, checked.output
    assert "A. Agent|1|DHS" in checked.output


def test_a_receipt_of_another_entry_does_not_prove_it(tmp_path: Path, log: Path, opening: Path) -> None:
    receipt = tmp_path / "receipt"
    receipt.write_text(run("ledger", "prove", log, "--index", 299).output)
    checked = run("ledger", "verify", "--vkey", KEY.vkey, "--proof", receipt, "--opening", opening)
    assert checked.exit_code == 1


def test_a_receipt_under_another_key_does_not_hold(tmp_path: Path, log: Path, opening: Path) -> None:
    receipt = tmp_path / "receipt"
    receipt.write_text(run("ledger", "prove", log, "--index", 300).output)
    other = LogKey.generate(KEY.origin).vkey
    assert run("ledger", "verify", "--vkey", other, "--proof", receipt, "--opening", opening).exit_code == 1


def test_a_receipt_is_checked_against_the_folder_without_an_opening(tmp_path: Path, log: Path) -> None:
    receipt = tmp_path / "receipt"
    run("ledger", "prove", log, "--index", 0, "--out", receipt)
    assert run("ledger", "verify", log, "--proof", receipt).exit_code == 0


@pytest.mark.parametrize(
    ("broken", "at"),
    [("tile/1/000.p/1", 0), ("tile/entries/001.p/45", -40), ("tile/0/001.p/45", 0), ("checkpoint", -20)],
)
def test_no_receipt_is_made_from_a_damaged_folder(log: Path, broken: str, at: int) -> None:
    path = log / broken
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(bytes(data))
    done = run("ledger", "prove", log, "--index", 300)
    assert done.exit_code == 2
    assert done.output.startswith("wicketgate: ")


def test_what_cannot_be_proved_is_one_sentence(tmp_path: Path, log: Path) -> None:
    nowhere = tmp_path / "no" / "receipt"
    for arguments in (
        (log, "--index", 301),
        (tmp_path, "--index", 0),
        (log, "--index", 0, "--vkey", "not a key"),
        (log, "--index", 0, "--out", nowhere),
    ):
        done = run("ledger", "prove", *arguments)
        assert done.exit_code == 2, arguments
        (line,) = done.output.splitlines()
        assert line.startswith("wicketgate: ")


def test_a_simulation_gives_the_agency_receipts_and_keeps_the_oracle_shut(tmp_path: Path) -> None:
    """Disclosed and deficient are receipted; requests that end without a disclosure all look alike."""
    file = write_submission(
        tmp_path / "s.csv",
        [
            VALID | {"request_id": "disclosed"},
            without("statute", request_id="deficient"),
            without(request_id="nobody", taxpayer_first_name="Nadia", taxpayer_tin="900-70-0099"),
        ],
    )
    (tmp_path / "context.toml").write_text("as_of = 2026-03-01\n")
    write_register(tmp_path / "register")
    out = tmp_path / "out"
    done = run(
        *("simulate", file, "--register", tmp_path / "register", "--out", out, "--receipts"),
        *("--context", tmp_path / "context.toml"),
    )
    assert done.exit_code == 0, done.output
    receipts = out / "receipts"
    rows = [path for path in receipts.iterdir() if path.is_dir()]
    names = {row.name: {path.name.split(".")[0] for path in row.iterdir()} for row in rows}
    assert (receipts / "submission.tlog-proof").is_file()
    assert names == {"1": {"received", "answer"}, "2": {"received", "answer"}, "3": {"received"}}

    vkey = (out / "ledger" / "vkey").read_text().strip()
    for proof in receipts.rglob("*.tlog-proof"):
        openings = sorted(proof.parent.glob(f"{proof.stem}.*.json"))
        assert openings
        arguments = [argument for path in openings for argument in ("--opening", path)]
        checked = run("ledger", "verify", "--vkey", vkey, "--proof", proof, *arguments)
        assert checked.exit_code == 0, checked.output
    told = json.loads((receipts / "2" / "answer.determination.json").read_text())
    assert told["value"] == "deficient"
