"""A recall of many disclosures: one person proposes, counsel starts it, agencies are served and certify."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from wicketgate.core.actor import Actor
from wicketgate.core.cells import safe_cell
from wicketgate.core.digest import Canonical, digest
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.flow.gate import GATE, Gate, Record
from wicketgate.flow.recall import CERTIFICATE_DUE, MEDIA, METHODS, call_back
from wicketgate.flow.recall_selection import DryRun
from wicketgate.flow.statistics import LEAST
from wicketgate.ledger import public_leaf
from wicketgate.store import acts, campaigns, packages
from wicketgate.store.acts import Act
from wicketgate.store.campaigns import Agency, Campaign, Listed
from wicketgate.store.database import Connection
from wicketgate.store.log import Entry
from wicketgate.store.services import Service

PROPOSERS = frozenset({Role.COUNSEL, Role.INSPECTOR, Role.SAFEGUARDS_OFFICER})
HOW = ("in person", "registered mail", "electronic, receipt confirmed")
"""How a notice may be served."""
_PIECE = 500
"""Disclosures called back in one transaction."""
_OUTCOME = {None: "gone", "released": "destroyed", "picked_up": "noticed", "imported": "noticed"}
"""By where a disclosure stood; gone is what expired or was recalled since the list was made."""


class RecallRefusedError(Exception):
    """Nothing was recalled; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A recall and how far it has come."""

    campaign: Campaign
    agencies: tuple[Agency, ...]

    @property
    def waiting(self) -> int:
        """Disclosures that are still to be called back."""
        return sum(each.waiting for each in self.agencies)

    @property
    def state(self) -> str:
        """``proposed``, ``under_way``, or ``done`` when everything is called back and certified."""
        if self.campaign.started_at is None:
            return "proposed"
        return "under_way" if self.waiting or self.residue else "done"

    @property
    def residue(self) -> int:
        """Disclosures asked back whose destruction nobody has certified."""
        return sum(each.outstanding for each in self.agencies)


def propose(
    gate: Gate,
    actor: Actor,
    chosen: DryRun,
    told: Mapping[str, str],
    reasons: str,
    days: int = CERTIFICATE_DUE.days,
) -> int:
    """Keep the list of a dry run, to be started by another person; returns its number.

    `told` is the selection in words. Raises `RecallRefusedError`.
    """
    _may(actor, PROPOSERS, "propose a recall")
    if not chosen.members:
        raise RecallRefusedError("The selection fits no disclosure that is out; nothing is to be recalled.")
    if not told:
        raise RecallRefusedError("Say by what the disclosures are chosen; an empty selection is everything.")
    if not reasons.strip() or len(reasons) > 10_000:
        raise RecallRefusedError("A recall needs reasons, at most 10,000 characters; recipients read them.")
    if not 1 <= days <= 365:
        raise RecallRefusedError("Give recipients 1 to 365 days to destroy and to certify.")
    with gate.acting(Service.OVERSEE) as connection:
        number = campaigns.propose(
            connection,
            chosen.members,
            reasons=reasons.strip(),
            selection=told,
            list_digest=chosen.list_digest,
            days=days,
            actor=actor.handle,
            at=gate.clock.now(),
        )
        _write(gate, connection, actor, number, "propose", len(chosen.members), chosen.list_digest)
    return number


def start(gate: Gate, actor: Actor, number: int) -> Standing:
    """Start exactly the list that another person proposed, as counsel; `go_on` calls all of it back.

    What was not picked up is destroyed at once, before this returns. Raises `RecallRefusedError`, and
    `KeysError` when only the key process did not hear of it: the clock tells it again.
    """
    _may(actor, frozenset({Role.COUNSEL}), "start a recall")
    campaign = known(gate, number)
    if campaign.proposed_by.lower() == actor.handle.lower():
        raise RecallRefusedError(f"You proposed recall {number}; another person starts it.")
    destroyed: Mapping[Handle, date] = {}
    with gate.acting(Service.OVERSEE) as connection:
        if campaigns.start(connection, number, actor.handle, gate.clock.now()):
            listed = campaigns.waiting(connection, number, campaign.disclosures)
            destroyed = packages.destroy(connection, listed, gate.clock.now())
            _write(gate, connection, actor, number, "start", campaign.disclosures, campaign.list_digest)
    if destroyed:
        gate.the_keys().destroy_shares(destroyed)
    return standing(gate, number)


def under_way(gate: Gate) -> Sequence[int]:
    """The recalls that were started and of which some is not called back yet, the oldest first."""
    with gate.acting(Service.AUDIT) as connection:
        return campaigns.under_way(connection)


def go_on(gate: Gate, number: int) -> int:
    """Call some more of a started recall back, in one transaction; how many, 0 when nothing waits.

    The rest is asked back by its day. Whoever does this may be killed at any moment, and several may do it
    at once: each takes what nobody else has.
    """
    campaign = known(gate, number)
    if campaign.started_by is None:
        raise RecallRefusedError(f"Recall {number} is not started.")
    actor = Actor(campaign.started_by, Role.COUNSEL)
    with gate.acting(Service.OVERSEE) as connection:
        found = campaigns.waiting(connection, number, _PIECE)
        due = gate.clock.now() + timedelta(days=campaign.days)
        states, destroyed = call_back(gate, connection, actor, found, campaign.reasons, due, number)
        campaigns.settle(connection, number, {each: _OUTCOME[states.get(each)] for each in found})
    if destroyed:
        gate.the_keys().destroy_shares(destroyed)
    return len(found)


def serve(gate: Gate, actor: Actor, number: int, agency: str, on: date, how: str, proof: str) -> None:
    """Record that an agency was served with its notice, and the proof of it. Raises `RecallRefusedError`."""
    _may(actor, PROPOSERS, "record the service of a notice")
    found = standing(gate, number)
    mine = [each for each in found.agencies if each.agency == agency]
    if found.campaign.started_at is None or not mine:
        raise RecallRefusedError(f"Recall {number} is not started, or asks nothing back from this agency.")
    if mine[0].served_on is not None:
        raise RecallRefusedError(f"That {agency} was served is on record; it is recorded once.")
    if how not in HOW or not 1 <= len(proof.strip()) <= 200:
        raise RecallRefusedError(f"Say how it was served ({'; '.join(HOW)}) and the number of the receipt.")
    if not found.campaign.started_at.date() <= on <= gate.clock.now().date():
        raise RecallRefusedError("The day of service lies between the start of the recall and today.")
    with gate.acting(Service.OVERSEE) as connection:
        campaigns.serve(connection, number, agency, on, how, proof.strip(), actor.handle, gate.clock.now())
        fields: dict[str, Canonical] = {
            "number": number,
            "act": "serve",
            "actor": actor.handle,
            "agency": agency,
            "proof_digest": digest({"on": on.isoformat(), "how": how, "proof": proof.strip()}),
        }
        gate.record_apart(connection, "recall.act", fields)


def certify_imported(
    gate: Gate,
    actor: Actor,
    number: int,
    agency: str,
    *,
    copies: int,
    media: str,
    method: str,
    document: bytes,
) -> int:
    """Keep an agency's signed certificate for what was disclosed before this gate; returns for how many.

    What this gate disclosed is certified by its officers, one by one (`recall.certify_destruction`).
    """
    _may(actor, PROPOSERS, "record a certificate")
    if media not in MEDIA or method not in METHODS or copies < 1 or not document:
        raise RecallRefusedError(
            "A certificate says how many copies were destroyed, on what media and how, and is attached."
        )
    certificate: dict[str, Canonical] = {
        "agency": agency,
        "copies": copies,
        "media": media,
        "method": method,
        "document": digest(document.hex()),
    }
    with gate.acting(Service.OVERSEE) as connection:
        done = campaigns.certify_imported(connection, number, agency, certificate, gate.clock.now())
        if not done:
            raise RecallRefusedError(f"Nothing that was asked back from {agency} waits for this certificate.")
        said: dict[str, Canonical] = {
            "number": number,
            "act": "certify",
            "actor": actor.handle,
            "agency": agency,
        }
        gate.record_apart(connection, "recall.act", {**said, "proof_digest": digest(certificate)})
    return done


def import_disclosures(gate: Gate, submission: int, rows: list[int], procedure: str, on: date) -> int:
    """Note that received requests were answered elsewhere; they are held here and can be recalled.

    Returns how many. Held is what they are to everybody: nothing about them goes on by itself.
    """
    done = 0
    for first in range(0, len(rows), _PIECE):
        piece = rows[first : first + _PIECE]
        with gate.acting(Service.OVERSEE) as connection:
            noted = campaigns.import_disclosures(connection, submission, piece, procedure, on)
            acts.perform(connection, [Act(each, "hold", Role.GATE, GATE) for each in noted], gate.clock.now())
            records = [Record("request.held", each, {"act": "import", "actor": GATE}) for each in noted]
            if records:
                gate.record(connection, records)
        done += len(noted)
    return done


def known(gate: Gate, number: int) -> Campaign:
    """One recall. Raises `RecallRefusedError` when there is none of this number."""
    found = [each for each in all_of(gate) if each.number == number]
    if not found:
        raise RecallRefusedError(f"There is no recall {number}.")
    return found[0]


def all_of(gate: Gate) -> list[Campaign]:
    """Every recall, the newest first."""
    with gate.acting(Service.AUDIT) as connection:
        return campaigns.campaigns(connection)


def standing(gate: Gate, number: int) -> Standing:
    """How far a recall has come. Raises `RecallRefusedError`."""
    campaign = known(gate, number)
    with gate.acting(Service.AUDIT) as connection:
        found = campaigns.agencies(connection, gate.clock.now(), number)
    return Standing(campaign, tuple(found.get(number, ())))


def standings(gate: Gate) -> list[Standing]:
    """How far every recall has come, the newest first."""
    with gate.acting(Service.AUDIT) as connection:
        known, found = campaigns.campaigns(connection), campaigns.agencies(connection, gate.clock.now())
    return [Standing(each, tuple(found.get(each.number, ()))) for each in known]


def listed(gate: Gate, number: int, agency: str) -> list[Listed]:
    """The list that goes with the notice to an agency: by handle and the agency's own reference."""
    with gate.acting(Service.AUDIT) as connection:
        return campaigns.listed(connection, number, agency)


def sheet(gate: Gate, number: int, agency: str) -> Iterator[Sequence[object]]:
    """The same as rows of a sheet, its names first; no cell is a formula."""
    yield "number", "your_reference", "state", "due_on", "certified_on"
    for each in listed(gate, number, agency):
        reference = safe_cell(each.request_id)
        yield each.handle, reference, each.outcome, each.due_on or "", each.certified_on or ""


def _write(
    gate: Gate, connection: Connection, actor: Actor, number: int, act: str, count: int, list_digest: str
) -> None:
    """For everybody that a recall stands, with a small number untold; and for the custodian who did it."""
    told: dict[str, Canonical] = {
        "number": number,
        "act": act,
        "on": gate.clock.now().date().isoformat(),
        "disclosures": count if count >= LEAST else 0,
        "list": list_digest,
    }
    fields: dict[str, Canonical] = {"number": number, "act": act, "actor": actor.handle}
    gate.append(connection, [Entry("recall", public_leaf("recall", told), None, told)])
    gate.record_apart(connection, "recall.act", fields)


def require_proposer(actor: Actor, act: str) -> None:
    """Raises `RecallRefusedError` unless this person may propose recalls."""
    _may(actor, PROPOSERS, act)


def _may(actor: Actor, roles: frozenset[Role], act: str) -> None:
    if actor.role not in roles:
        raise RecallRefusedError(f"You act as {actor.role}, who may not {act}.")
