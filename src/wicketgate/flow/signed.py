"""Signed requests at the door: by a registered official, for this request, in time, once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from wicketgate.core.identifiers import Handle
from wicketgate.core.request import Request
from wicketgate.flow.gate import Gate
from wicketgate.stages.disclose import first_officer
from wicketgate.stages.signing import REQUEST, Signature, SignatureError, Terms, verify
from wicketgate.store import packages, signatures
from wicketgate.store.database import Connection
from wicketgate.store.requests import NewRequest
from wicketgate.store.signatures import OfficialKey, Use

LONGEST = timedelta(days=90)
"""A signature that expires later than this is refused: it would count for too long."""


class UnsignedError(RuntimeError):
    """This gate takes signed requests only, and these are not; one sentence."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not received, and why."""

    row: int
    why: str


def read_signatures(path: Path) -> dict[int, Signature]:
    """The signatures beside a file of requests, by row. Raises `UnsignedError` for a file that is none."""
    try:
        with path.open("rb") as lines:
            return dict(map(signature_of, lines))
    except OSError:
        raise UnsignedError(f"{path.name} holds no signatures of `wicketgate agency sign`.") from None


def signature_of(line: bytes) -> tuple[int, Signature]:
    """Row and signature of one line of such a file. Raises `UnsignedError` for a line that is none.

    What passes here can be stored: an agency's line is refused where its file is read, and nowhere later.
    """
    try:
        each = json.loads(line)
        expires = datetime.fromisoformat(each["expires"])
        if expires.tzinfo is None or not 16 <= len(each["nonce"]) <= 200:
            raise ValueError("no time zone, or no nonce")  # noqa: TRY301  # the same answer for every fault
        terms = Terms(_word(each["nonce"]), expires, _whole(each["sequence"]), _word(each["recipient_key"]))
        return _whole(each["row"]), Signature(_word(each["key"]), terms, _word(each["jws"]))
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise UnsignedError(
            "The signatures hold a line that `wicketgate agency sign` did not make."
        ) from None


def _word(value: object) -> str:
    if not isinstance(value, str) or not value or not value.isprintable():
        raise ValueError("no word")
    return value


def _whole(value: object) -> int:
    if type(value) is not int or not 0 < value < 2**63:
        raise ValueError("no number")
    return value


def checked(
    gate: Gate, connection: Connection, asked: Sequence[tuple[int, Request]], given: Mapping[int, Signature]
) -> dict[int, str]:
    """Why rows are refused, by row; none for those whose signature holds. Nothing is counted yet."""
    keys = signatures.valid(connection, [each.key_id for each in given.values()])
    officers = packages.officers_of(connection, [each.terms.recipient_key for each in given.values()])
    now, refused = gate.clock.now(), {}
    for row, request in asked:
        signature = given.get(row)
        if signature is None:
            refused[row] = "It is not signed."
            continue
        try:
            _check(gate, request, signature, keys.get(signature.key_id), officers, now)
        except SignatureError as problem:
            refused[row] = str(problem)
    return refused


def _check(
    gate: Gate,
    request: Request,
    signature: Signature,
    key: OfficialKey | None,
    officers: Mapping[str, str],
    now: datetime,
) -> None:
    terms = signature.terms
    if key is None:
        raise SignatureError("It is signed with a key that is not registered, not confirmed or revoked.")
    if not now < terms.expires <= now + LONGEST:
        raise SignatureError(f"Its signature has expired, or holds for more than {LONGEST.days} days.")
    if _folded(key.official) != _folded(request.signatory_name):
        raise SignatureError("It is signed by somebody else than the official whom it names.")
    if key.agency not in gate.context.line(request.requesting_agency or ""):
        raise SignatureError("It is signed for another agency.")
    if officers.get(terms.recipient_key) != first_officer(request):
        raise SignatureError(
            "The recipient's key that it names is not one of the first officer whom it names."
        )
    verify(signature.jws, terms.signed_part(request), key.jwk, REQUEST)


def _folded(name: str | None) -> str:
    return " ".join((name or "").split()).casefold()


def count_signatures(
    connection: Connection, new: Sequence[NewRequest], used: dict[Handle, Signature], at: datetime
) -> dict[int, str]:
    """Count each signature; those used before are taken out of `used` and named, by row."""
    asked = [each for each in new if each.handle in used]
    given = [used[each.handle] for each in asked]
    uses = [Use(each.key_id, each.terms.nonce, each.terms.sequence, "request") for each in given]
    refused = {}
    for each, first in zip(asked, signatures.count(connection, uses, at), strict=True):
        if not first:
            refused[each.row] = "Its signature, or its number in the official's count, was used before."
            del used[each.handle]
    return refused


def keep_signatures(
    connection: Connection, asked: Mapping[Handle, Request], used: Mapping[Handle, Signature]
) -> None:
    """Keep the signatures as evidence: terms without the request, which is kept anyway."""
    signed = {}
    for handle, signature in used.items():
        part = signature.terms.signed_part(asked[handle])
        terms = {name: value for name, value in part.items() if name != "request"}
        signed[handle] = (signature.key_id, signature.terms.nonce, terms, signature.jws)
    signatures.keep(connection, signed)
