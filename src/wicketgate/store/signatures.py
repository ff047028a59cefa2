"""Keys of officials, and what was signed with them: registered by two, counted once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from psycopg import errors
from psycopg.types.json import Jsonb

from wicketgate.core.digest import Canonical
from wicketgate.core.identifiers import Handle
from wicketgate.store.acts import ActRefusedError
from wicketgate.store.database import Connection


@dataclass(frozen=True, slots=True)
class OfficialKey:
    """A registered public key and whose it is; `jwk` has no private part."""

    key_id: str
    official: str
    agency: str
    jwk: Mapping[str, str] = field(repr=False)
    use: str = "sign"
    """``sign`` (requests, pick-ups, certificates), or ``connect``: the agency's system over the API."""


@dataclass(frozen=True, slots=True)
class Use:
    """One signature about to be counted."""

    key_id: str
    nonce: str
    sequence: int | None
    about: str


def register(connection: Connection, key: OfficialKey, by: str, at: datetime) -> None:
    """Register a key that nobody may use yet, as `gate_intake`. Raises `ActRefusedError`."""
    try:
        connection.execute(
            "INSERT INTO gate.official_key (key_id, official, agency, jwk, use, registered_by, registered_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [key.key_id, key.official, key.agency, Jsonb(dict(key.jwk)), key.use, by, at],
        )
    except errors.UniqueViolation:
        raise ActRefusedError(f"The key {key.key_id} is registered already.") from None
    except errors.CheckViolation:
        raise ActRefusedError("The key was not registered: only a public P-384 key may be.") from None


def confirm(connection: Connection, key_id: str, by: str, at: datetime) -> bool:
    """Confirm a registered key, as `gate_oversee`; False when none of this name waits for it.

    Raises `ActRefusedError` for whoever registered it.
    """
    try:
        done = connection.execute(
            "UPDATE gate.official_key SET confirmed_by = %s, confirmed_at = %s"
            " WHERE key_id = %s AND confirmed_by IS NULL AND revoked_by IS NULL",
            [by, at, key_id],
        )
    except errors.CheckViolation:
        raise ActRefusedError("Somebody else than who registered the key must confirm it.") from None
    return done.rowcount == 1


def revoke(connection: Connection, key_id: str, by: str, at: datetime) -> bool:
    """End the use of a key, as `gate_oversee` or `gate_portal`; False when there is nothing to end."""
    done = connection.execute(
        "UPDATE gate.official_key SET revoked_by = %s, revoked_at = %s"
        " WHERE key_id = %s AND revoked_by IS NULL",
        [by, at, key_id],
    )
    return done.rowcount == 1


def valid(connection: Connection, key_ids: Sequence[str], use: str = "sign") -> dict[str, OfficialKey]:
    """Those of the keys that are confirmed, not revoked, and for this use."""
    cursor = connection.execute(
        "SELECT key_id, official, agency, jwk, use FROM gate.official_key"
        " WHERE key_id = ANY (%s) AND use = %s AND confirmed_by IS NOT NULL AND revoked_by IS NULL",
        [list(key_ids), use],
    )
    return {key_id: OfficialKey(key_id, *rest) for key_id, *rest in cursor}


def count(connection: Connection, uses: Sequence[Use], at: datetime) -> list[bool]:
    """Count signatures, as `gate_intake` or `gate_portal`; False for a nonce or number used before."""
    counted = []
    for use in uses:
        done = connection.execute(
            "INSERT INTO gate.used_signature (key_id, nonce, sequence, about, at) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [use.key_id, use.nonce, use.sequence, use.about, at],
        )
        counted.append(done.rowcount == 1)
    return counted


def keep(
    connection: Connection, signed: Mapping[Handle, tuple[str, str, Mapping[str, Canonical], str]]
) -> None:
    """Keep the signatures of received requests (key, nonce, terms, JWS), as `gate_intake`."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO gate.signed_request (handle, key_id, nonce, terms, jws) VALUES (%s, %s, %s, %s, %s)",
            [
                (handle.text, key_id, nonce, Jsonb(dict(terms)), token)
                for handle, (key_id, nonce, terms, token) in signed.items()
            ],
        )


def recipient_keys(connection: Connection, handles: Sequence[Handle]) -> dict[Handle, str]:
    """The recipient's key that each signed request names, as `gate_release`."""
    cursor = connection.execute(
        "SELECT handle, terms ->> 'recipient_key' FROM gate.signed_request WHERE handle = ANY (%s)",
        [[handle.text for handle in handles]],
    )
    return {Handle(handle): key_id for handle, key_id in cursor}


def next_number(connection: Connection, official: str) -> int:
    """The number after the last that an official of this name has signed with, as `gate_portal`."""
    row = connection.execute(
        "SELECT coalesce(max(u.sequence), 0) + 1 FROM gate.used_signature u JOIN gate.official_key k"
        " USING (key_id) WHERE lower(k.official) = lower(%s)",
        [official],
    ).fetchone()
    return 1 if row is None else int(row[0])
