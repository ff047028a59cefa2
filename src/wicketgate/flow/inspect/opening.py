"""Opening what a request says of a person: for a stated purpose, on record before it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from wicketgate.core.actor import Actor
from wicketgate.core.digest import Canonical
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.flow.gate import Gate, Record
from wicketgate.flow.proofs import prepared
from wicketgate.flow.release import INTENDED
from wicketgate.flow.work.refusals import (
    ExpungedError,
    IncompleteError,
    NotAllowedError,
    UnknownRequestError,
    WorkRefusedError,
)
from wicketgate.keys import KeysError, open_address
from wicketgate.store import log, register, requests
from wicketgate.store.log import Recorded
from wicketgate.store.services import Service

OPENED = "access.opened"
OPEN_FOR = timedelta(hours=1)
"""How long an opening lasts for the inspector who made it."""
SHORTEST = 20
"""Characters of a purpose: a word says nothing."""
LONGEST = 2_000


class Noted(Protocol):
    """An entry of the ledger, as far as an opening is told by it."""

    @property
    def kind(self) -> str:
        """Its kind."""

    @property
    def at(self) -> datetime:
        """When it was recorded."""

    @property
    def body(self) -> Mapping[str, Canonical]:
        """Its fields."""


_N = TypeVar("_N", bound=Noted)


def open_request(gate: Gate, actor: Actor, handle: Handle, purpose: str, *, disclosed: bool = False) -> None:
    """Put on record that this inspector opens the request, and for what; with `disclosed`, what was sent too.

    When this returns, the entry is durable and the request can be read for an hour. Raises
    `NotAllowedError`, `IncompleteError`, `UnknownRequestError` or `ExpungedError`; then nothing is opened.
    """
    _may(actor)
    text = purpose.strip()
    if not SHORTEST <= len(text) <= LONGEST or "\0" in text:
        raise IncompleteError(
            f"State for what you open {handle}, in {SHORTEST} to {LONGEST:,} characters; nothing is opened."
        )
    with gate.acting(Service.AUDIT) as connection:
        if requests.standing_of(connection, handle) is None:
            raise UnknownRequestError(f"There is no request {handle}.")
        if requests.get(connection, handle) is None:
            raise ExpungedError(handle)
        intents = log.about(connection, [handle], [INTENDED]).get(handle, [])
    fields: dict[str, Canonical] = {"actor": actor.handle, "role": actor.role.value, "purpose": text}
    if disclosed:
        if not intents:
            raise IncompleteError(f"Nothing was disclosed about {handle} that could be opened.")
        fields["subject"] = intents[-1].body["subject"]
    gate.record_together(Service.OVERSEE, [Record(OPENED, handle, fields)])


def opening(entries: Iterable[_N], actor: Actor, now: datetime) -> _N | None:
    """The newest opening by this inspector that still lasts, among the entries about one request."""
    found = [each for each in entries if each.kind == OPENED and each.body.get("actor") == actor.handle]
    return found[-1] if found and found[-1].at <= now < found[-1].at + OPEN_FOR else None


def opened(gate: Gate, actor: Actor, handle: Handle) -> Recorded | None:
    """The opening under which this inspector may read the request now."""
    with gate.acting(Service.AUDIT) as connection:
        return opening(log.accounting(connection, handle), actor, gate.clock.now())


def disclosed_address(gate: Gate, actor: Actor, handle: Handle) -> dict[str, str] | None:
    """What was sent about the request; None where the opening does not cover it.

    The key process gives the key of that one record against the proof of the opening in the log. Raises
    `KeysError` when it refuses, or when the register that was asked has been replaced.
    """
    _may(actor)
    entry = opened(gate, actor, handle)
    if entry is None or not entry.body.get("subject"):
        return None
    proofs = prepared(gate, {handle: entry})
    with gate.acting(Service.OVERSEE) as connection:
        found = register.opened(connection, handle, entry.index, str(entry.body["subject"]))
    if found is None:
        raise KeysError(f"What was disclosed about {handle} is no longer in the register: it was replaced.")
    [key] = gate.the_keys().record_keys(proofs.about([handle]), [found.load])
    return open_address(key, found.record, found.sealed)


def require_open(entries: Iterable[Noted], actor: Actor, handle: Handle, now: datetime) -> None:
    """Raises `UnopenedError` unless this inspector has opened the request, on record."""
    if opening(entries, actor, now) is None:
        raise UnopenedError(f"State first for what you open {handle}; that is an entry of the ledger.")


class UnopenedError(WorkRefusedError):
    """An inspector has not said for what the request is opened."""

    code = "unopened"
    recorded = False


def _may(actor: Actor) -> None:
    if actor.role is not Role.INSPECTOR:
        raise NotAllowedError(f"You act as {actor.role}; only an inspector opens requests for oversight.")
