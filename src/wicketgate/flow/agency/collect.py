"""The recipient officer's desk: packages that wait, one pick-up each, and the word that it arrived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from wicketgate.core.actor import Actor
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.flow.agency.door import as_agency
from wicketgate.flow.gate import Gate, Record
from wicketgate.flow.pick_up import Collected, Collector, SignedPickUp, pick_up
from wicketgate.flow.work.refusals import NotAllowedError, UnknownRequestError
from wicketgate.store import agency as store
from wicketgate.store import duties
from wicketgate.store.acts import ActRefusedError
from wicketgate.store.agency import Outward, Turn
from wicketgate.store.services import Service

__all__ = ["Collected", "Page", "Turn", "Waiting", "acknowledge", "collect", "count_waiting"]
__all__ += ["package", "packages"]

ACKNOWLEDGED = "disclosure.acknowledged"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One package of an officer: sealed to which key, until when, and what became of it."""

    seen: Outward
    acknowledged_at: datetime | None

    @property
    def waits(self) -> bool:
        """True while it can be picked up."""
        return self.seen.status == "disclosed"


class Page(NamedTuple):
    """Some packages, and where the next page goes on; None after the last."""

    packages: Sequence[Waiting]
    after: Turn | None


def packages(gate: Gate, actor: Actor, officer: str, after: Turn | None = None, most: int = 50) -> Page:
    """The packages that were sealed to this officer: those that wait first, each the newest first."""
    _require(actor, officer)
    with as_agency(gate, actor.agency or "") as connection:
        found = store.sealed_to(connection, officer, after=after, most=most + 1)
        known = duties.acknowledged(connection, [each.handle for each in found])
    shown = [Waiting(each, known.get(each.handle)) for each in found[:most]]
    if len(found) <= most:
        return Page(shown, None)
    last = shown[-1]
    return Page(shown, Turn(last.waits, last.seen.submission, last.seen.row))


def count_waiting(gate: Gate, actor: Actor, officer: str) -> int:
    """How many packages wait for this officer."""
    _require(actor, officer)
    with as_agency(gate, actor.agency or "") as connection:
        return store.count_waiting(connection, officer)


def package(gate: Gate, actor: Actor, officer: str, handle: Handle) -> Waiting:
    """One package of this officer. Raises `UnknownRequestError` for any other."""
    _require(actor, officer)
    with as_agency(gate, actor.agency or "") as connection:
        seen = store.one(connection, handle)
        owner = None if seen is None or seen.key_id is None else store.officer_of(connection, seen.key_id)
        if seen is None or owner != officer:
            raise UnknownRequestError(f"No package {handle} is sealed to you.")
        return Waiting(seen, duties.acknowledged(connection, [handle.text]).get(handle.text))


def collect(
    gate: Gate, actor: Actor, officer: str, handle: Handle, signed: SignedPickUp | None = None
) -> Collected:
    """The sealed package with its share, once. What is handed out opens only with the officer's own key.

    Raises `UnknownRequestError` for whatever is not handed out, whatever the reason, and what
    `flow.pick_up` raises; then the same officer may try again.
    """
    key = package(gate, actor, officer, handle).seen.key_id
    collector = Collector(officer, key or "", signed)
    found = pick_up(gate, {handle: collector}).get(handle)
    if found is None:
        raise UnknownRequestError(
            f"No package {handle} can be handed out to you now: it was picked up, has expired,"
            " was called back, or your signature does not hold."
        )
    return found


def acknowledge(gate: Gate, actor: Actor, officer: str, handle: Handle, digest: str) -> bool:
    """Keep the officer's word that this package, by its digest, came and opened; False for a second word.

    Raises `UnknownRequestError` for any other package.
    """
    package(gate, actor, officer, handle)
    now = gate.clock.now()
    with gate.acting(Service.PORTAL) as connection:
        try:
            if not duties.acknowledge(connection, handle, digest, officer, actor.handle, now):
                return False
        except ActRefusedError as error:
            raise UnknownRequestError(str(error)) from None
        fields = {"recipient": officer, "package_digest": digest, "actor": actor.handle}
        gate.record(connection, [Record(ACKNOWLEDGED, handle, fields)])
    return True


def _require(actor: Actor, officer: str) -> None:
    if actor.role is not Role.RECIPIENT_OFFICER or actor.agency is None:
        raise NotAllowedError("Only a recipient officer picks up packages.")
    if not officer:
        raise NotAllowedError(
            "Your account does not say under which name, badge and agency requests name you; "
            "ask the administrator."
        )
