"""An agency's system before a served gate, from its keys to the end of a disclosure."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from joserfc.jwk import ECKey

from tests.stories.people import VALID, write_submission
from tests.web.agency_gate import CORA, OFFICER, OFFICIAL, SAM, TODAY, AgencyGate
from tests.web.demo import ROOT
from wicketgate.core.identifiers import Handle
from wicketgate.flow.agency_signing import read_registration
from wicketgate.flow.api.agency_desk import Held
from wicketgate.flow.official_keys import confirm_key, register_offered
from wicketgate.flow.outbox import open_all
from wicketgate.flow.recall import recall

pytestmark = pytest.mark.xdist_group("served agency gate")


def done(found: object) -> str:
    assert found.exit_code == 0, found.output  # type: ignore[attr-defined]
    return str(found.output)  # type: ignore[attr-defined]


def test_from_keys_to_a_certified_destruction(gate_served: AgencyGate, tmp_path: Path) -> None:
    gate = gate_served
    # Two further keys are handed in over the API; one person registers each, another confirms it.
    signing = gate.key("official", OFFICIAL, "sign", known=False)
    officer = gate.key("officer", OFFICER, "sign", known=False)
    receiving = gate.key("receiving", OFFICER, "receive", known=False)
    for key in (signing, officer, receiving):
        registration = key.with_name("registration.json")
        key_id = done(gate.run("hand-in", registration)).split("\t")[0]
        assert key_id == read_registration(registration).key_id
        register_offered(gate.gate, CORA, key_id)
        confirm_key(gate.gate, SAM, key_id)
    package_key = read_registration(receiving.with_name("registration.json")).key_id

    # A look before it is sent, then signed and sent.
    file = write_submission(tmp_path / "requests.csv", [TODAY, TODAY | {"request_id": "W", "statute": ""}])
    told = done(gate.run("check", file))
    assert [line.split("\t")[1] for line in told.splitlines()] == ["sufficient", "deficient"]
    unsigned = gate.run("submit", file)
    assert unsigned.exit_code != 0
    assert "signed requests only" in unsigned.output
    signatures = tmp_path / "signatures"
    done(gate.run("sign", file, "--key", signing, "--recipient-key", package_key, "--out", signatures))
    sent = [
        line.split("\t") for line in done(gate.run("submit", file, "--signatures", signatures)).splitlines()
    ]
    assert [(line[0], line[2]) for line in sent] == [("V", "received"), ("W", "received")]
    good, bad = (Handle(line[1]) for line in sent)
    again = done(gate.run("submit", file, "--signatures", signatures))
    assert [line.split("\t")[1:] for line in again.splitlines()] == [
        [str(good), "was in"],
        [str(bad), "was in"],
    ]
    assert {line.split("\t")[1] for line in done(gate.run("status", good, bad)).splitlines()} == {
        "in_progress"
    }

    # The office works, and the next slot of the clock comes.
    gate.decided(good)
    open_all(gate.gate)
    assert f"{good}\tdisclosed" in done(gate.run("status"))
    assert f"{bad}\tdeficient" in done(gate.run("status"))
    done(gate.run("receipts", good, "--out", tmp_path / "receipts"))
    assert (tmp_path / "receipts" / "received.tlog-proof").is_file()
    assert (tmp_path / "receipts" / "answer.recipient.json").is_file()

    # Picked up once, opened with the officer's own key, called back, and certified.
    package = tmp_path / "package.json"
    pick_up = ("pickup", good, "--key", officer, "--package-key", package_key, "--out")
    done(gate.run(*pick_up, package))
    assert VALID["address_city"] not in package.read_text()
    assert "Salem" in done(gate.run("decrypt", package, "--key", receiving))
    assert gate.run("decrypt", package, "--key", signing).exit_code != 0
    second = gate.run(*pick_up, tmp_path / "second.json")
    assert second.exit_code != 0
    assert "no package" in second.output
    recall(gate.gate, CORA, good, "The order that the request rests on was vacated.")
    done(
        gate.run(
            "certify", good, "--key", officer, "--copies", 1, "--media", "electronic", "--method", "destroy"
        )
    )
    assert f"{good}\trecalled" in done(gate.run("status", good))
    for name in ("Rosa", "Quintero", "Juniper"):
        for command in (("status",), ("check", file)):
            assert name not in done(gate.run(*command))


PAGE = ROOT / "docs" / "how-to" / "connect-an-agencys-system.md"


def test_curl_calls_as_the_page_says(gate_served: AgencyGate, tmp_path: Path) -> None:
    """The block of the page, run as it stands but for the gate's address and its certificate."""
    served, held = gate_served.served, Held.read(gate_served.folder / "system" / "private.json")
    (tmp_path / "system.pem").write_bytes(ECKey.import_key(dict(held.key)).as_pem(private=True))
    [block] = [each for each in PAGE.read_text().split("```sh\n")[1:] if each.startswith("URL=")]
    script = block.split("```")[0].replace("https://gate.example.gov", served.url)
    script = script.replace("curl ", f"curl --silent --show-error --cacert {served.certificate} ")
    found = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        check=True,
        capture_output=True,
        cwd=tmp_path,
        env={**os.environ, "KEYID": held.key_id},
    )
    assert "items" in json.loads(found.stdout)
