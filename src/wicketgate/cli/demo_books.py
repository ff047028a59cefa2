"""The demonstration's books: papers of agencies, a recall, an incident, lists whose retention is over."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from pathlib import Path

from wicketgate.cli.demo_people import CORA, DANA, INA, KIM, SAM, Person
from wicketgate.flow import incidents
from wicketgate.flow.agency.duties import Handed, answer, hand_in
from wicketgate.flow.gate import Gate
from wicketgate.flow.recall_campaign import go_on
from wicketgate.flow.recall_campaign import propose as propose_recall
from wicketgate.flow.recall_campaign import start as start_recall
from wicketgate.flow.recall_selection import Selection, select
from wicketgate.flow.retention import Scope, place_hold
from wicketgate.flow.retention import propose as propose_disposition
from wicketgate.flow.safeguards import find, keep, visited
from wicketgate.flow.witness_client import Reply
from wicketgate.flow.witnessing import Witnessing, ask_witnesses
from wicketgate.ledger import Kind, Policy, PolicyWitness
from wicketgate.ledger.witness import Witness
from wicketgate.ledger.witness_state import FileState, make_witness

RETURNED, ENDED = "Requests that were returned", "Requests that ended otherwise"
CONTEXT = f"""\
# The custodian's context of the demonstration: the product's own agencies, and how long records are kept.
as_of = 2026-01-01
[[retention]]
kind = "{RETURNED}"
states = ["deficient"]
years = 1
authority = "Records schedule of the demonstration, item 1"
[[retention]]
kind = "{ENDED}"
states = ["withdrawn", "not_verified", "refused"]
years = 1
authority = "Records schedule of the demonstration, item 2"
"""
_STATEMENT = "All packages were recorded on receipt and kept in one locked system."
_WITNESS = "witness.example/demonstration"


def keep_agencies(gate: Gate) -> None:
    """Two agencies whose papers are in order, some of them not for long; a finding and its plan wait."""
    today = gate.clock.now().date()
    _papers(gate, KIM, today, report=21, training=200)
    _papers(gate, DANA, today, report=300, training=28)
    wanting = "Back-ups of the case system were not encrypted."
    number = find(gate, SAM.actor, KIM.agency, wanting, today + timedelta(days=20))
    items = [
        ("Encrypt the yearly archive", today + timedelta(days=30)),
        ("Train the night shift", today + timedelta(days=10)),
    ]
    hand_in(gate, KIM.actor, Handed("corrective_plan", KIM.agency, {"finding": str(number)}, items=items))
    seen = "The log-in records of the case system were read for one month; nothing was found."
    visited(gate, SAM.actor, DANA.agency, today - timedelta(days=4), seen)


def _papers(gate: Gate, contact: Person, today: date, *, report: int, training: int) -> None:
    """An agency hands its papers in, they are accepted until so many days from now, and the book keeps it."""
    period = {"from": (today - timedelta(days=365)).isoformat(), "to": today.isoformat()}
    kept = {"on": today.isoformat(), "statement": "What is over was destroyed; the rest is kept as agreed."}
    for kind, body, days in (
        ("safeguards_report", {**period, "statement": _STATEMENT}, report),
        ("training", {**period, "people": "34", "trained": "34"}, training),
        ("retention", kept, 900),
    ):
        number = hand_in(gate, contact.actor, Handed(kind, contact.agency, body))
        answer(gate, SAM.actor, number, "accepted", "Thank you.", today + timedelta(days=days))
    keep(gate, SAM.actor, contact.agency, today)


def call_back(gate: Gate, submission: int) -> None:
    """A recall that is under way, of what an officer has picked up; and one that counsel has not started."""
    chosen = Selection(submission=submission)
    why = "The order on which the request rests was vacated on the day before the disclosure."
    number = propose_recall(gate, INA.actor, select(gate, chosen), chosen.told(), why)
    start_recall(gate, CORA.actor, number)
    while go_on(gate, number):
        pass
    wider = Selection(agency="DOJ")
    why = "The matter number of these requests belongs to a matter that was closed."
    if (found := select(gate, wider)).members:
        propose_recall(gate, SAM.actor, found, wider.told(), why)


def begin_incident(gate: Gate, now: datetime) -> None:
    """Something was lost yesterday; one step is taken, the clocks of the others run."""
    what = "A list of request numbers was sent to a mailbox that the whole office reads."
    number = incidents.begin(gate, SAM.actor, KIM.agency, what, now - timedelta(hours=20))
    told = "By telephone to the duty officer, and in writing the same hour."
    incidents.take(gate, SAM.actor, number, "inspector general told", told)


def end_retention(gate: Gate) -> None:
    """One list waits for its second person, more is due, and a hold keeps one agency's requests from any."""
    place_hold(gate, INA.actor, Scope(agency=DANA.agency), "D.D.C., 1:26-cv-00031")
    why = "The year after the last act is over; no matter needs them."
    propose_disposition(gate, SAM.actor, RETURNED, why)


def cosign(gate: Gate, folder: Path) -> None:
    """A witness of the demonstration cosigns the ledger as it stands, as one outside the office would."""
    vkey = make_witness(folder, _WITNESS, Kind.COSIGNATURE_ED25519)
    state = FileState(folder)
    witness = Witness(state.key(), [gate.key.verifier], state)

    def send(_prefix: str, body: bytes) -> Reply:
        said = witness.add_checkpoint(body, int(time.time()))
        return Reply(said.status, said.text)

    watched = PolicyWitness("demonstration", vkey, "http://127.0.0.1")
    policy = Policy((gate.key.verifier,), (watched,), quorum="demonstration")
    gate.witnessing = Witnessing.by(policy, gate.key, send=send)
    ask_witnesses(gate)
    state.close()
