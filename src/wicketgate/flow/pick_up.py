"""The named officer picks up a package, once: the entry first, and once it is durable what it names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from wicketgate.core.digest import Canonical
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.flow.gate import Gate, Record
from wicketgate.flow.proofs import prepared
from wicketgate.flow.release import INTENDED
from wicketgate.flow.signed import LONGEST
from wicketgate.flow.witnessing import require_witnesses
from wicketgate.stages.signing import PICK_UP, SignatureError, verify
from wicketgate.store import acts, log, packages, signatures
from wicketgate.store.acts import Act
from wicketgate.store.database import Connection
from wicketgate.store.services import Service
from wicketgate.store.signatures import Use

PICKED_UP = "pickup"


class SignedPickUp(NamedTuple):
    """What an officer signs to have one package, once: with a registered key, until a moment."""

    key_id: str
    nonce: str
    expires: datetime
    jws: str

    def document(self, handle: Handle, package_key: str) -> dict[str, Canonical]:
        """The signed part."""
        return {
            "handle": str(handle),
            "package_key": package_key,
            "nonce": self.nonce,
            "expires": self.expires.isoformat(),
        }


class Collector(NamedTuple):
    """The officer who collects a package, and the registered key that opens it."""

    officer: str
    key_id: str
    signed: SignedPickUp | None = None


class Collected(NamedTuple):
    """What an officer is given: the sealed package, and the share that opens it beside the officer's key."""

    jwe: str
    share: bytes


def pick_up(gate: Gate, collectors: Mapping[Handle, Collector]) -> dict[Handle, Collected]:
    """The sealed packages, each for the holder of its key, once; no entry for anything else, ever after.

    Raises `WitnessingError` or `KeysError`, and hands out nothing, when witnesses have not cosigned
    or the key process does not answer. What was recorded by then waits for the same officer's next try,
    which is signed anew where the gate takes signed pick-ups only.
    """
    require_witnesses(gate)
    collectors = say(gate, collectors)
    with gate.acting(Service.AUDIT) as connection:
        entries = log.about(connection, list(collectors), [PICKED_UP])
    said = {
        handle: recorded[-1]
        for handle, recorded in entries.items()
        if recorded[-1].body.get("recipient") == collectors[handle].officer
    }
    if not said:
        return {}
    proofs = prepared(gate, said)
    keys = {handle: collectors[handle].key_id for handle in said}
    with gate.acting(Service.PORTAL) as connection:
        handed = packages.hand_out(connection, keys, gate.clock.now())
        shares = gate.the_keys().open_shares(
            proofs.about(list(handed)), [(each.share, each.sealed_on) for each in handed.values()]
        )
    return {
        handle: Collected(each.jwe, share)
        for (handle, each), share in zip(handed.items(), shares, strict=True)
    }


def say(gate: Gate, collectors: Mapping[Handle, Collector]) -> Mapping[Handle, Collector]:
    """Record who picks up what, for what, and commit it before anything is handed out.

    Returns those who may have something handed out now: on a gate of signed pick-ups, who signed now.
    """
    now = gate.clock.now()
    with gate.acting(Service.AUDIT) as connection:
        intents = log.about(connection, list(collectors), [INTENDED])
    with gate.acting(Service.PORTAL) as connection:
        allowed = _signed_for(gate, connection, collectors) if gate.signed_only else collectors
        keys = {handle: collector.key_id for handle, collector in allowed.items()}
        digests = packages.begin_pick_up(connection, keys, now)
        if not digests:
            return allowed
        officers = {handle: collectors[handle].officer for handle in digests}
        acts.perform(
            connection,
            [Act(handle, "pick up", Role.RECIPIENT_OFFICER, name) for handle, name in officers.items()],
            now,
        )
        gate.record(
            connection,
            [
                Record(
                    PICKED_UP,
                    handle,
                    {
                        "recipient": officers[handle],
                        "purpose": intents[handle][-1].body["purpose"],
                        "package_digest": digest,
                    },
                )
                for handle, digest in digests.items()
            ],
        )
    return allowed


def _signed_for(
    gate: Gate, connection: Connection, collectors: Mapping[Handle, Collector]
) -> dict[Handle, Collector]:
    """Those signed by their officer, in time, for the first time; the others look like no package."""
    given = {handle: each.signed for handle, each in collectors.items() if each.signed is not None}
    keys = signatures.valid(connection, [each.key_id for each in given.values()])
    now, allowed = gate.clock.now(), {}
    for handle, signed in given.items():
        collector, key = collectors[handle], keys.get(signed.key_id)
        if key is None or key.official != collector.officer or not now < signed.expires <= now + LONGEST:
            continue
        try:
            verify(signed.jws, signed.document(handle, collector.key_id), key.jwk, PICK_UP)
        except SignatureError:
            continue
        if signatures.count(connection, [Use(signed.key_id, signed.nonce, None, "pick up")], now) == [True]:
            allowed[handle] = collector
    return allowed
