"""What an official or an officer signs in the browser: the very bytes, checked again on return."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from wicketgate.core.actor import Actor
from wicketgate.core.digest import canonical
from wicketgate.core.identifiers import Handle
from wicketgate.core.request import Request
from wicketgate.flow.agency.door import as_agency
from wicketgate.flow.gate import Gate
from wicketgate.flow.pick_up import SignedPickUp
from wicketgate.flow.work.refusals import IncompleteError
from wicketgate.stages.disclose import first_officer
from wicketgate.stages.signing import Signature, Terms
from wicketgate.store import agency as store
from wicketgate.store import signatures
from wicketgate.store.services import Service

COUNTS_FOR = timedelta(days=30)
PICK_UP_WITHIN = timedelta(hours=1)
TERMS = ("key", "nonce", "expires", "sequence", "recipient_key", "jws")
"""What a signature of a request says, as in a line of `wicketgate agency sign`."""


@dataclass(frozen=True, slots=True)
class RequestOffer:
    """The terms under which a request would be signed, and the bytes to sign as text."""

    terms: Terms
    document: str = field(repr=False)


def offer_request(gate: Gate, actor: Actor, request: Request) -> RequestOffer:
    """What the official who is named signs. Raises `IncompleteError` where the officer has no valid key."""
    officer = first_officer(request)
    with as_agency(gate, actor.agency or "") as connection:
        key_id = store.newest_key(connection, officer)
    if key_id is None:
        raise IncompleteError(
            "The first officer whom the request names has no confirmed key, so nothing could be sealed to"
            " them; register one, or name another officer first."
        )
    with gate.acting(Service.PORTAL) as connection:
        number = signatures.next_number(connection, request.signatory_name or "")
    expires = gate.clock.now().replace(microsecond=0) + COUNTS_FOR
    terms = Terms(secrets.token_urlsafe(24), expires, number, key_id)
    return RequestOffer(terms, canonical(terms.signed_part(request)).decode())


def offer_pick_up(gate: Gate, handle: Handle, package_key: str) -> tuple[SignedPickUp, str]:
    """What an officer signs to have one package: the words without a signature, and the bytes as text."""
    expires = gate.clock.now().replace(microsecond=0) + PICK_UP_WITHIN
    unsigned = SignedPickUp("", secrets.token_urlsafe(24), expires, "")
    return unsigned, canonical(unsigned.document(handle, package_key)).decode()


def signature_of(given: Mapping[str, Any]) -> Signature | None:
    """A signature as it came back; None where there is none. Raises `IncompleteError`."""
    if not given.get("jws"):
        return None
    try:
        terms = Terms(
            str(given["nonce"]),
            _moment(given["expires"]),
            int(given["sequence"]),
            str(given["recipient_key"]),
        )
        return Signature(str(given["key"]), terms, str(given["jws"]))
    except (ValueError, KeyError, TypeError):
        raise IncompleteError("The signature cannot be read; sign the request again.") from None


def signed_pick_up_of(given: Mapping[str, Any]) -> SignedPickUp | None:
    """A signed pick-up as it came back; None where there is none. Raises `IncompleteError`."""
    if not given.get("jws"):
        return None
    try:
        return SignedPickUp(
            str(given["key"]), str(given["nonce"]), _moment(given["expires"]), str(given["jws"])
        )
    except (ValueError, KeyError, TypeError):
        raise IncompleteError("The signature cannot be read; sign the pick-up again.") from None


def _moment(text: object) -> datetime:
    found = datetime.fromisoformat(str(text))
    if found.tzinfo is None:
        raise ValueError("no time zone")
    return found
