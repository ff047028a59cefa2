"""Where the gate takes signed requests only, each row of a file counts by a signature of its own."""

from __future__ import annotations

from pathlib import Path

from tests.bulk.yard import Yard
from tests.cli.test_commands import run
from tests.stories.people import VALID, write_submission
from tests.workplace.office import CLEO, CORA, SAM
from tests.workplace.signing import OFFICER, OFFICIAL
from wicketgate.flow.agency_side import AgencySide
from wicketgate.flow.agency_signing import read_registration
from wicketgate.flow.bulk.take_in import Arriving, take_in
from wicketgate.flow.official_keys import confirm_key, register_key
from wicketgate.store.database import Database


def test_rows_count_by_their_own_signatures(
    database: Database, tmp_path: Path, keys: tuple[Path, Path]
) -> None:
    yard = Yard(database, tmp_path, keys, signed_only=True)
    AgencySide(tmp_path).register(yard.gate, [OFFICER])
    run("agency", "keygen", "--official", OFFICIAL, "--agency", "DHS", "--out", tmp_path / "key")
    registration = read_registration(tmp_path / "key" / "registration.json")
    register_key(yard.gate, CORA, registration)
    confirm_key(yard.gate, SAM, registration.key_id)
    rows = [VALID | {"request_id": f"R{number}"} for number in range(4)]
    file = write_submission(tmp_path / "s.csv", rows)
    run(
        *("agency", "sign", file, "--key", tmp_path / "key" / "private.json", "--first-number", "5"),
        *("--recipient-key", AgencySide(tmp_path).key_id(OFFICER), "--out", tmp_path / "s.signatures"),
    )
    signatures = (tmp_path / "s.signatures").read_bytes().splitlines(keepends=True)
    changed = write_submission(
        tmp_path / "c.csv", [rows[0], rows[1] | {"taxable_periods": "2021"}, *rows[2:]]
    )
    with Arriving(yard.uploads) as arriving, Arriving(yard.uploads) as signed:
        arriving.write(changed.read_bytes())
        signed.write(b"".join(signatures[:3]))
        sent = take_in(yard.gate, CLEO, yard.uploads, "c.csv", arriving, signed)
    yard.work()
    assert yard.rows("SELECT row FROM gate.request ORDER BY row") == [(1,), (3,)]
    assert yard.rows("SELECT count(*) FROM gate.signed_request") == [(2,)]
    text = yard.uploads.of(sent.upload).table("problems", "csv").read_text().splitlines()
    assert [(line.split(",")[0], "signed" in line or "signature" in line) for line in text[1:]] == [
        ("2", True),
        ("4", True),
    ]
    yard.gate.close()
