"""Sealed packages for one named officer, picked up once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from psycopg import errors
from psycopg.types.json import Jsonb

from wicketgate.core.identifiers import Handle
from wicketgate.store.acts import ActRefusedError
from wicketgate.store.database import Connection


@dataclass(frozen=True, slots=True)
class RecipientKey:
    """An officer's registered public key, as a JWK without any private part."""

    key_id: str
    officer: str
    jwk: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Package:
    """A JWE that only the holder of the key can open, with the share that opens it sealed beside it."""

    handle: Handle
    key_id: str
    jwe: str = field(repr=False)
    share: str = field(repr=False)
    digest: str
    sealed_at: datetime
    expires_at: datetime


def register_keys(connection: Connection, keys: Sequence[RecipientKey], by: str, at: datetime) -> int:
    """Register officers' public keys that nobody may use yet, as `gate_intake`; returns how many are new.

    One already there stays as it is. Raises `ActRefusedError` for a key with a private part.
    """
    try:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO gate.recipient_key (key_id, officer, jwk, registered_at, registered_by)"
                " VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                [(key.key_id, key.officer, Jsonb(dict(key.jwk)), at, by) for key in keys],
            )
            return cursor.rowcount
    except errors.CheckViolation:
        raise ActRefusedError(
            "A recipient's key was not registered: only a public P-384 key may be."
        ) from None


def confirm_keys(connection: Connection, key_ids: Sequence[str], by: str, at: datetime) -> int:
    """Confirm registered keys, as `gate_oversee`; returns how many waited for it.

    Raises `ActRefusedError` for whoever registered one of them.
    """
    try:
        return connection.execute(
            "UPDATE gate.recipient_key SET confirmed_by = %s, confirmed_at = %s"
            " WHERE key_id = ANY (%s) AND confirmed_by IS NULL AND revoked_at IS NULL",
            [by, at, list(key_ids)],
        ).rowcount
    except errors.CheckViolation:
        raise ActRefusedError("Somebody else than who registered the key must confirm it.") from None


def revoke_key(connection: Connection, key_id: str, by: str, at: datetime) -> bool:
    """End the use of a key, as `gate_oversee` or `gate_portal`; packages sealed to it stay closed.

    False when there is nothing to end.
    """
    done = connection.execute(
        "UPDATE gate.recipient_key SET revoked_at = greatest(%s, registered_at), revoked_by = %s"
        " WHERE key_id = %s AND revoked_at IS NULL",
        [at, by, key_id],
    )
    return done.rowcount == 1


def keys_of(connection: Connection, officers: Sequence[str]) -> dict[str, RecipientKey]:
    """The newest valid key of each officer that has one, by officer."""
    cursor = connection.execute(
        "SELECT DISTINCT ON (officer) officer, key_id, jwk FROM gate.recipient_key"
        " WHERE officer = ANY (%s) AND confirmed_by IS NOT NULL AND revoked_at IS NULL"
        " ORDER BY officer, registered_at DESC, key_id",
        [list(officers)],
    )
    return {officer: RecipientKey(key_id, officer, jwk) for officer, key_id, jwk in cursor}


def seal(connection: Connection, packages: Sequence[Package]) -> None:
    """Store sealed packages, as `gate_release`, for approved requests; raises `ActRefusedError`."""
    try:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO gate.package (handle, key_id, jwe, share, digest, sealed_at, expires_at)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s)",
                [
                    (p.handle.text, p.key_id, p.jwe, p.share, p.digest, p.sealed_at, p.expires_at)
                    for p in packages
                ],
            )
    except errors.IntegrityError as error:
        raise ActRefusedError(error.diag.message_primary or "The package was refused.") from None


def sealed(connection: Connection, handles: Sequence[Handle]) -> dict[Handle, str]:
    """The packages that still wait for their pick-up, as `gate_release`."""
    cursor = connection.execute(
        "SELECT handle, jwe FROM gate.package WHERE jwe IS NOT NULL AND handle = ANY (%s)",
        [[handle.text for handle in handles]],
    )
    return {Handle(handle): str(jwe) for handle, jwe in cursor}


def begin_pick_up(connection: Connection, keys: Mapping[Handle, str], at: datetime) -> dict[Handle, str]:
    """Mark packages as picked up by the holders of these keys, as `gate_portal`; returns their digests.

    Nothing is handed out yet. A request without an entry in the result says nothing more: never
    sealed, sealed to somebody else, picked up, expired, recalled and suspended look alike.
    """
    cursor = connection.execute(
        "SELECT handle, gate.begin_pick_up(handle, key, %s)"
        " FROM unnest(%s::text[], %s::text[]) AS asked (handle, key)",
        [at, [handle.text for handle in keys], list(keys.values())],
    )
    return {Handle(handle): str(digest) for handle, digest in cursor if digest is not None}


class HandedOut(NamedTuple):
    """A package as it leaves the database, once: the JWE, its share still sealed, and when it was sealed."""

    jwe: str
    share: str
    sealed_on: date


def hand_out(connection: Connection, keys: Mapping[Handle, str], at: datetime) -> dict[Handle, HandedOut]:
    """The packages whose pick-up by the holder of the key is on record, each once, as `gate_portal`."""
    cursor = connection.execute(
        "SELECT handle, jwe, share, sealed_on FROM unnest(%s::text[], %s::text[]) AS asked (handle, key),"
        " gate.hand_out(handle, key, %s)",
        [[handle.text for handle in keys], list(keys.values()), at],
    )
    return {Handle(handle): HandedOut(*rest) for handle, *rest in cursor if rest[0] is not None}


def officers(connection: Connection) -> list[str]:
    """Every officer for whom a key was registered, as `gate_audit`."""
    return [name for (name,) in connection.execute("SELECT DISTINCT officer FROM gate.recipient_key")]


def officers_of(connection: Connection, key_ids: Sequence[str]) -> dict[str, str]:
    """Whose the valid recipients' keys of these names are."""
    cursor = connection.execute(
        "SELECT key_id, officer FROM gate.recipient_key"
        " WHERE key_id = ANY (%s) AND confirmed_by IS NOT NULL AND revoked_at IS NULL",
        [list(key_ids)],
    )
    return dict(cursor.fetchall())


def keys_named(connection: Connection, key_ids: Sequence[str]) -> dict[str, RecipientKey]:
    """The valid recipients' keys of these names."""
    cursor = connection.execute(
        "SELECT key_id, officer, jwk FROM gate.recipient_key"
        " WHERE key_id = ANY (%s) AND confirmed_by IS NOT NULL AND revoked_at IS NULL",
        [list(key_ids)],
    )
    return {key_id: RecipientKey(key_id, officer, jwk) for key_id, officer, jwk in cursor}


def officer_of(connection: Connection, handle: Handle) -> str | None:
    """The officer to whom a request's package was sealed, as `gate_portal`."""
    row = connection.execute("SELECT gate.package_officer(%s)", [handle.text]).fetchone()
    return None if row is None or row[0] is None else str(row[0])


def expired(connection: Connection, at: datetime) -> list[Handle]:
    """The released packages whose time is over, as `gate_release`."""
    cursor = connection.execute(
        "SELECT p.handle FROM gate.package p JOIN gate.request r USING (handle)"
        " WHERE p.expires_at <= %s AND p.picked_up_at IS NULL AND p.destroyed_at IS NULL"
        " AND r.state = 'released'",
        [at],
    )
    return [Handle(handle) for (handle,) in cursor]


def destroyed(connection: Connection, since: datetime | None = None) -> dict[Handle, date]:
    """All that were destroyed, or since then, and when each was sealed, as `gate_release`."""
    cursor = connection.execute(
        "SELECT handle, (sealed_at AT TIME ZONE 'UTC')::date FROM gate.package"
        " WHERE destroyed_at IS NOT NULL AND (%(since)s::timestamptz IS NULL OR destroyed_at >= %(since)s)",
        {"since": since},
    )
    return {Handle(handle): day for handle, day in cursor}


def destroy(connection: Connection, handles: Sequence[Handle], at: datetime) -> dict[Handle, date]:
    """Destroy packages that were not handed out, as `gate_release` (expiry) or `gate_oversee` (recall).

    Returns when each was sealed: by this day the key process destroys the share too.
    """
    cursor = connection.execute(
        "SELECT handle, sealed_on FROM gate.destroy_packages(%s, %s)", [[each.text for each in handles], at]
    )
    return {Handle(handle): day for handle, day in cursor}
