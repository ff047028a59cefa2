"""A standing gate as a custodian runs it, served over TLS, and an agency's people with their keys."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import requests
from click.testing import CliRunner, Result
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from tests.stories.people import VALID, write_register
from tests.web.served import Served, served
from wicketgate.cli import main
from wicketgate.core.actor import Actor
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.embedded import throw_away
from wicketgate.flow.agency_signing import read_registration
from wicketgate.flow.founding import load_register
from wicketgate.flow.gate import Gate
from wicketgate.flow.official_keys import confirm_key, register_key
from wicketgate.flow.standing import kin_of, open_standing
from wicketgate.flow.work.case import case
from wicketgate.flow.work.claim import claim
from wicketgate.flow.work.decide import Confirmation, approve
from wicketgate.flow.work.declare import declare
from wicketgate.flow.work.endorse import endorse
from wicketgate.flow.work.kin import Kin
from wicketgate.flow.work.onward import onward
from wicketgate.store.database import open_database
from wicketgate.web.configuration import read

ERIN, ADA = Actor("erin", Role.EXAMINER), Actor("ada", Role.APPROVER)
CORA, SAM = Actor("cora", Role.COUNSEL), Actor("sam", Role.SAFEGUARDS_OFFICER)
OFFICIAL, OFFICER = VALID["signatory_name"], VALID["engaged_officers"].split(";")[0]
TODAY = VALID | {"signed_on": datetime.now(UTC).date().isoformat()}
"""The valid request, signed today: a served gate's clock is the real one."""


@dataclass
class AgencyGate:
    """A served gate, the same gate for its officers in this process, and a folder of the agency's."""

    served: Served
    gate: Gate = field(repr=False)
    kin: Kin = field(repr=False)
    folder: Path

    def run(self, command: str, *arguments: object) -> Result:
        """`wicketgate agency …`, with what a call needs where it makes one."""
        calls = () if command in ("keygen", "sign", "decrypt") else self.where()
        return CliRunner().invoke(main, ["agency", command, *map(str, arguments), *calls])

    def where(self, connect: str = "system") -> tuple[str, ...]:
        """The options that name the gate and the connecting key."""
        key = self.folder / connect / "private.json"
        return ("--gate", self.served.url, "--ca", str(self.served.certificate), "--connect", str(key))

    def key(self, name: str, holder: str, use: str, agency: str = "DHS", *, known: bool = True) -> Path:
        """A key made by `agency keygen`; `known`: registered and confirmed by two people."""
        made = self.run(
            "keygen", "--official", holder, "--agency", agency, "--use", use, "--out", self.folder / name
        )
        assert made.exit_code == 0, made.output
        if known:
            registration = read_registration(self.folder / name / "registration.json")
            confirm_key(self.gate, SAM, register_key(self.gate, CORA, registration))
        return self.folder / name / "private.json"

    def decided(self, handle: Handle) -> None:
        """An examiner endorses, the register verifies, an approver approves, and the gate releases."""
        onward(self.gate, handle)
        endorse(self.gate, ERIN, handle, self._taken(ERIN, handle))
        onward(self.gate, handle)
        approve(
            self.gate, ADA, handle, self._taken(ADA, handle), Confirmation(handle.text, self.gate.clock.now())
        )
        onward(self.gate, handle)

    def _taken(self, actor: Actor, handle: Handle) -> int:
        declare(self.gate, actor, handle, conflict=False)
        claim(self.gate, actor, handle)
        return case(self.gate, actor, handle, self.kin).version


@contextmanager
def agency_gate(folder: Path) -> Iterator[AgencyGate]:
    """Found and serve it, with a register of one person and a connecting key of the agency.

    On a server that keeps what it acknowledges, as a standing gate demands.
    """
    register = write_register(folder / "register")
    with (
        throw_away(fsync=True) as cluster,
        served(open_database(cluster, "gate"), folder, "http://127.0.0.1:1") as running,
    ):
        standing = read(running.config).standing
        _wait_for(running)
        with open_standing(standing) as gate:
            load_register(gate, register)
            made = AgencyGate(running, gate, kin_of(standing), folder)
            made.key("system", "case system", "connect")
            yield made


def _wait_for(running: Served) -> None:
    """Until it listens."""
    with requests.Session() as session:
        session.trust_env = False
        session.mount("https://", HTTPAdapter(max_retries=Retry(total=12, connect=12, backoff_factor=0.2)))
        session.get(f"{running.url}/livez", verify=str(running.certificate)).raise_for_status()
