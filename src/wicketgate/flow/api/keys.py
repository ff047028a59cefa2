"""An agency's keys over the API: handed in with a proof, looked at by two people of the custodian, ended."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wicketgate.flow.agency.door import as_agency, codes_of
from wicketgate.flow.api.caller import Caller
from wicketgate.flow.api.refusals import CallRefusedError, unknown, wrong_cursor
from wicketgate.flow.gate import Gate
from wicketgate.flow.official_keys import Registration, require_sound, revoke_own
from wicketgate.store import key_book
from wicketgate.store.acts import ActRefusedError
from wicketgate.store.key_book import KeyLine, Place
from wicketgate.store.services import Service

__all__ = ["KeyLine", "Offered", "hand_in", "keys", "revoke"]

WAITING = 50
"""Keys of one agency that may wait for the custodian at a time."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A key that was handed in."""

    key_id: str
    at: datetime


def keys(gate: Gate, caller: Caller, after: str | None, most: int) -> tuple[Sequence[KeyLine], str | None]:
    """The keys of the agency and its components, those that wait too, the newest first, and the next cursor.

    Raises `CallRefusedError` for a cursor that is none of ours.
    """
    at = None if after is None else _place(after)
    with as_agency(gate, caller.agency) as connection:
        found = key_book.of_agency(connection, codes_of(gate, caller.agency), at, most + 1)
    shown = found[:most]
    return shown, _cursor(key_book.place_of(shown[-1])) if len(found) > most else None


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


def _cursor(place: Place) -> str:
    return f"{place.since}.{place.key_id.removeprefix('sha256:')}"


def _place(cursor: str) -> Place:
    since, _, key = cursor.partition(".")
    if not (_DIGITS.fullmatch(since) and _DIGEST.fullmatch(key)):
        raise wrong_cursor()
    return Place(False, int(since), f"sha256:{key}")


_DIGITS, _DIGEST = re.compile("[0-9]{1,17}"), re.compile("[0-9a-f]{64}")
