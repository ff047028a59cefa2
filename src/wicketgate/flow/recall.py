"""What was released can end before its time: expired, recalled unopened, or recalled from its reader.

No cryptography calls back what was opened: then the officer destroys it and signs that they did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from wicketgate.core.actor import Actor
from wicketgate.core.digest import Canonical, digest
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.core.states import State
from wicketgate.flow.gate import GATE, Gate, Record
from wicketgate.stages.signing import DESTRUCTION, SignatureError, verify
from wicketgate.store import acts, campaigns, packages, recalls, signatures
from wicketgate.store.acts import Act, ActRefusedError
from wicketgate.store.database import Connection
from wicketgate.store.services import Service

CERTIFICATE_DUE = timedelta(days=10)
"""How long a recipient has to destroy what was recalled and to say so."""
METHODS = ("clear", "purge", "destroy")
"""How media are sanitised (NIST SP 800-88)."""
MEDIA = ("electronic", "removable", "backup", "paper")
"""On what the copies were."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What an officer signs: every copy that was made, and how each was destroyed."""

    handle: Handle
    officer: str
    copies: int
    media: str
    method: str
    destroyed_on: date
    key_id: str
    jws: str = field(repr=False)

    def document(self) -> dict[str, Canonical]:
        """The signed part."""
        return {
            "handle": str(self.handle),
            "officer": self.officer,
            "copies": self.copies,
            "media": self.media,
            "method": self.method,
            "destroyed_on": self.destroyed_on.isoformat(),
        }


def recall(gate: Gate, actor: Actor, handle: Handle, reasons: str) -> State:
    """Call one disclosure back, as counsel; returns the state after it.

    What was not picked up is destroyed here and now, in every copy of the database too. What was is
    asked back by a notice. Raises `ActRefusedError`, and `KeysError` when only the key process did not
    hear of it: the recall stands then, and `destroy_again` is to be called.
    """
    if not reasons.strip():
        raise ActRefusedError("A recall needs reasons.")
    with gate.acting(Service.OVERSEE) as connection:
        due = gate.clock.now() + CERTIFICATE_DUE
        states, destroyed = call_back(gate, connection, actor, [handle], reasons, due)
        if not states:
            raise ActRefusedError(f"Nothing of {handle} is out that could be recalled.")
    gate.the_keys().destroy_shares(destroyed)
    return State.RECALLED if states[handle] == State.RELEASED else State.RECALL_NOTICED


def call_back(
    gate: Gate,
    connection: Connection,
    actor: Actor,
    handles: Sequence[Handle],
    reasons: str,
    due: datetime,
    campaign: int | None = None,
) -> tuple[Mapping[Handle, str], Mapping[Handle, date]]:
    """Call disclosures back in the caller's transaction: destroyed unopened, or asked back until `due`.

    `campaign` is the recall of many that lists them. Returns where each that was out stood, `imported` for
    what was sent elsewhere and has no acts here, and what the key process must destroy once this is durable.
    Raises `ActRefusedError`.
    """
    now = gate.clock.now()
    # Packages before requests, in the order of a pick-up; one that is not handed out yet goes as well.
    destroyed = packages.destroy(connection, handles, now)
    states = campaigns.standings(connection, handles)
    ours = [handle for handle, state in states.items() if state != "imported"]
    acts.perform(
        connection, [Act(each, "recall", Role.COUNSEL, actor.handle, None, reasons) for each in ours], now
    )
    asked_back = [handle for handle, state in states.items() if state != State.RELEASED]
    recalls.notice(connection, asked_back, reasons, now, due)
    said: dict[str, Canonical] = {"act": "recall", "actor": actor.handle, "reasons": reasons}
    if campaign is not None:
        said["campaign"] = campaign
    dated = said | {"due": due.isoformat()}
    records = [
        Record("disclosure.recalled", handle, said if state == State.RELEASED else dated)
        for handle, state in states.items()
    ]
    if records:
        gate.record(connection, records)
    return states, destroyed


def certify_destruction(gate: Gate, certificate: Certificate) -> None:
    """The officer's signed word that nothing is left. Raises `ActRefusedError` for anything else."""
    with gate.acting(Service.PORTAL) as connection:
        if not accept(gate, connection, certificate):
            raise ActRefusedError(f"No recall of {certificate.handle} waits for a certificate.")


def accept(gate: Gate, connection: Connection, certificate: Certificate) -> bool:
    """Check a certificate and let it answer the recall that waits for it; False where none does.

    In the caller's transaction, as `gate_portal`. Raises `ActRefusedError` for a certificate that is none.
    """
    handle, now = certificate.handle, gate.clock.now()
    try:
        _require_signed(connection, certificate, now.date())
    except SignatureError as problem:
        raise ActRefusedError(f"The certificate for {handle} is not accepted: {problem}") from None
    if not recalls.certify(connection, handle, certificate.document(), certificate.jws, now):
        return False
    act = Act(handle, "certify destruction", Role.RECIPIENT_OFFICER, certificate.officer)
    acts.perform(connection, [act], now)
    fields = {"recipient": certificate.officer, "certificate_digest": digest(certificate.document())}
    gate.record(connection, [Record("destruction.certified", handle, fields)])
    return True


def _require_signed(connection: Connection, certificate: Certificate, today: date) -> None:
    """Raise `SignatureError` unless it is whole, of a day that has come, and of the officer who picked up."""
    if certificate.method not in METHODS or certificate.media not in MEDIA or certificate.copies < 1:
        raise SignatureError(
            f"It says how many copies were destroyed, on what ({', '.join(MEDIA)}) and how:"
            f" {', '.join(METHODS)}."
        )
    if certificate.destroyed_on > today:
        raise SignatureError("It names a day that has not come; certify what is destroyed already.")
    if not certificate.jws:
        raise SignatureError("It is not signed; the officer signs it with a registered key.")
    if packages.officer_of(connection, certificate.handle) != certificate.officer:
        raise SignatureError("Only the officer who picked the package up certifies its destruction.")
    key = signatures.valid(connection, [certificate.key_id]).get(certificate.key_id)
    if key is None or key.official != certificate.officer:
        raise SignatureError("It is not signed with a registered key of this officer.")
    verify(certificate.jws, certificate.document(), key.jwk, DESTRUCTION)


def expire(gate: Gate) -> int:
    """Destroy the packages that nobody picked up in time; returns how many. To be called on a clock."""
    now = gate.clock.now()
    with gate.acting(Service.RELEASE) as connection:
        late = packages.expired(connection, now)
        destroyed = packages.destroy(connection, late, now)
        if late:
            acts.perform(connection, [Act(each, "expire", Role.GATE, GATE) for each in late], now)
            records = [Record("disclosure.expired", each, {"actor": GATE}) for each in late]
            gate.record(connection, records)
    if destroyed:
        gate.the_keys().destroy_shares(destroyed)
    return len(late)


def destroy_again(gate: Gate, since: datetime | None = None) -> int:
    """Tell the key process of every package that was destroyed, or `since` then; harmless when it knows."""
    with gate.acting(Service.RELEASE) as connection:
        destroyed = packages.destroyed(connection, since)
    if destroyed:
        gate.the_keys().destroy_shares(destroyed)
    return len(destroyed)
