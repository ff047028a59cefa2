"""The demonstration's agency: its clerk asks, its officer has a package waiting, its contact reports."""

from __future__ import annotations

import csv
import json
import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from wicketgate.cli.demo_books import call_back, keep_agencies
from wicketgate.cli.demo_people import ADA, CLEO, CORA, ERIN, KIM, OMAR, RITA, SAM
from wicketgate.core.actor import Actor
from wicketgate.core.identifiers import Handle
from wicketgate.core.request import Request
from wicketgate.flow.agency.ask import ask
from wicketgate.flow.agency.collect import acknowledge, collect, package
from wicketgate.flow.agency.duties import Handed, hand_in
from wicketgate.flow.agency_side import AgencySide
from wicketgate.flow.agency_signing import REGISTRATION, make_official_key, read_registration
from wicketgate.flow.gate import Gate
from wicketgate.flow.official_keys import confirm_key, register_key
from wicketgate.flow.outbox import open_due
from wicketgate.flow.work.case import case
from wicketgate.flow.work.claim import claim
from wicketgate.flow.work.decide import Confirmation, approve
from wicketgate.flow.work.declare import declare
from wicketgate.flow.work.endorse import endorse
from wicketgate.flow.work.kin import Kin
from wicketgate.flow.work.onward import onward
from wicketgate.flow.work.refusals import WorkRefusedError
from wicketgate.synthetic import make_submission

_ROWS, _DISCLOSED, _SEED = 14, 4, 77
KEY_FILE, SIGNING = "omar-key.json", "omar-signing"


@dataclass(slots=True)
class Calendar:
    """A clock that the history moves forward, and never past the present."""

    at: datetime

    def now(self) -> datetime:
        """The moment of the history."""
        return self.at

    def on(self, **words: float) -> None:
        """Move on by a `timedelta`."""
        self.at = min(self.at + timedelta(**words), datetime.now(UTC))

    def reach(self, moment: datetime) -> None:
        """Move on to a moment, unless it has passed."""
        self.at = max(self.at, moment)


def play_agency(gate: Gate, kin: Kin, folder: Path, clock: Calendar, officers: AgencySide) -> None:
    """Some requests of the agency, three disclosed to its officer; what it hands in about them."""
    clock.reach(datetime.now(UTC) - timedelta(days=8))
    gate.context = replace(gate.context, as_of=clock.now().date())
    _give_keys(gate, folder / "agency", officers)
    asked = [ask(gate, CLEO.actor, each, kin).handle for each in _written(gate, folder)]
    done: list[Handle] = []
    for handle in asked:
        if len(done) == _DISCLOSED:
            break
        if _disclosed(gate, kin, clock, handle):
            done.append(handle)
    clock.on(days=2)
    open_due(gate)
    for handle in done[:2]:
        seen = package(gate, OMAR.actor, OMAR.officer, handle).seen
        collect(gate, OMAR.actor, OMAR.officer, handle)
        acknowledge(gate, OMAR.actor, OMAR.officer, handle, seen.package_digest or "")
    _report(gate, clock, done)
    keep_agencies(gate)
    call_back(gate, package(gate, OMAR.actor, OMAR.officer, done[1]).seen.submission)


def _written(gate: Gate, folder: Path) -> list[Request]:
    """Lawful requests as the agency's clerk writes them; the last one lacks something."""
    path = folder / "portal.csv"
    make_submission(
        path,
        rows=_ROWS,
        kind="lawful",
        seed=_SEED,
        register=folder / "register",
        as_of=gate.context.as_of,
    )
    with path.open(encoding="utf-8", newline="") as file:
        lawful = [Request.from_mapping(row) for row in csv.DictReader(file)]
    found = [
        replace(
            each,
            request_id=f"DHS-{2026000 + number}",
            requesting_agency="DHS",
            signatory_name=RITA.display_name,
            signatory_capacity="agency_head",
            engaged_officers=OMAR.officer,
        )
        for number, each in enumerate(lawful, 1)
    ]
    return [*found[:-1], replace(found[-1], reasons=None, taxable_periods=None)]


def _disclosed(gate: Gate, kin: Kin, clock: Calendar, handle: Handle) -> bool:
    """The office does its part; False where the rules or the register do not let it through."""
    try:
        version = _taken(gate, kin, clock, ERIN.actor, handle)
        endorse(gate, ERIN.actor, handle, version)
        onward(gate, handle)
        version = _taken(gate, kin, clock, ADA.actor, handle)
        approve(gate, ADA.actor, handle, version, Confirmation(handle.text, clock.now()))
        onward(gate, handle)
    except WorkRefusedError:
        return False
    return True


def _taken(gate: Gate, kin: Kin, clock: Calendar, actor: Actor, handle: Handle) -> int:
    declare(gate, actor, handle, conflict=False)
    claim(gate, actor, handle)
    clock.on(minutes=9)
    return case(gate, actor, handle, kin).version


def _give_keys(gate: Gate, folder: Path, officers: AgencySide) -> None:
    """The officer's two keys, as files to choose on the pages; a real officer's stay with them."""
    officers.register(gate, [OMAR.officer])
    make_official_key(folder / SIGNING, OMAR.officer, OMAR.agency)
    registration = read_registration(folder / SIGNING / REGISTRATION)
    register_key(gate, CORA.actor, registration)
    confirm_key(gate, SAM.actor, registration.key_id)
    with os.fdopen(os.open(folder / KEY_FILE, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        json.dump({"officer": OMAR.officer, "key": officers.private_key(OMAR.officer)}, file)


def _report(gate: Gate, clock: Calendar, done: list[Handle]) -> None:
    """What the contact and the officer hand in, and what the Office of Safeguards replies."""
    day = clock.now().date()
    notice = {
        "system": "Case triage",
        "purpose": "To put letters that came back into the order in which they are followed up.",
        "begins_on": (day + timedelta(days=60)).isoformat(),
        "safeguards": "It runs apart from other systems; results are seen by the officers who are named.",
    }
    hand_in(gate, KIM.actor, Handed("automated_analysis_notice", "DHS", notice))
    found = {"discovered_at": (clock.now() - timedelta(hours=5)).isoformat()}
    incident = {
        **found,
        "what": "A print-out was left in a meeting room for an hour.",
    }
    hand_in(gate, OMAR.actor, Handed("incident", "DHS", incident))
    for handle in done[:1]:
        ended = {"ended_on": day.isoformat(), "what": "made_undisclosable"}
        hand_in(gate, OMAR.actor, Handed("use_ended", "DHS", ended, handle))
