"""An agency's keys over the API: handed in with a proof, looked at by two people of the custodian, ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wicketgate.flow.agency.door import as_agency, codes_of
from wicketgate.flow.api.caller import Caller
from wicketgate.flow.api.refusals import CallRefusedError, unknown
from wicketgate.flow.gate import Gate
from wicketgate.flow.official_keys import Registration, require_sound, revoke_own
from wicketgate.store import key_book
from wicketgate.store.acts import ActRefusedError
from wicketgate.store.key_book import KeyLine
from wicketgate.store.services import Service

__all__ = ["KeyLine", "Offered", "hand_in", "keys", "revoke"]

WAITING = 50
"""Keys of one agency that may wait for the custodian at a time."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A key that was handed in."""

    key_id: str
    at: datetime


def keys(gate: Gate, caller: Caller) -> Sequence[KeyLine]:
    """The keys of the agency and its components, those that wait too, the newest first."""
    with as_agency(gate, caller.agency) as connection:
        return key_book.of_agency(connection, codes_of(gate, caller.agency))


def hand_in(gate: Gate, caller: Caller, registration: Registration) -> Offered:
    """Hand in a key for the custodian's two people. Raises `CallRefusedError`."""
    if registration.agency not in codes_of(gate, caller.agency):
        raise CallRefusedError(
            403, "other-agency", f"Your key speaks for {caller.agency} and its components, and for no other."
        )
    now = gate.clock.now()
    try:
        require_sound(gate, registration)
        with gate.acting(Service.PORTAL) as connection:
            key_book.offer(connection, registration, caller.key_id, now, WAITING)
    except ActRefusedError as problem:
        raise CallRefusedError(422, "key-refused", str(problem)) from None
    return Offered(registration.key_id, now)


def revoke(gate: Gate, caller: Caller, key_id: str, reasons: str) -> None:
    """End a key of the agency at once. Raises `CallRefusedError`: 404 when it has none so named."""
    with as_agency(gate, caller.agency) as connection:
        found = key_book.one(connection, key_id)
    mine = found is not None and found.agency in codes_of(gate, caller.agency)
    if found is None or not mine or found.status not in ("confirmed", "registered"):
        raise unknown()
    try:
        revoke_own(gate, caller.key_id, key_id, reasons)
    except ActRefusedError as problem:
        raise CallRefusedError(422, "key-refused", str(problem)) from None
