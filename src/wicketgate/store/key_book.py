"""All keys of agencies in one list: handed in, registered, confirmed, revoked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString, NamedTuple, Protocol

from psycopg import errors
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from wicketgate.store.acts import ActRefusedError
from wicketgate.store.database import Connection


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One key; `status` is ``handed_in``, ``registered`` (by one person), ``confirmed`` or ``revoked``."""

    key_id: str
    use: str
    holder: str = field(repr=False)
    agency: str
    status: str
    since: datetime
    registered_by: str | None
    confirmed_by: str | None


class Place(NamedTuple):
    """Where a page of the book ends: keys that wait come first, then those in use, each the newest first."""

    used: bool
    since: int
    """In microseconds."""
    key_id: str


class Registered(Protocol):
    """What is handed in."""

    @property
    def key_id(self) -> str: ...
    @property
    def use(self) -> str: ...
    @property
    def official(self) -> str: ...
    @property
    def agency(self) -> str: ...
    @property
    def jwk(self) -> Mapping[str, str]: ...
    @property
    def proof(self) -> str: ...


_STATUS: LiteralString = (
    "CASE WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN confirmed_at IS NOT NULL THEN 'confirmed'"
    " ELSE 'registered' END"
)
_BOOK: LiteralString = (
    f"SELECT key_id, use, official AS holder, agency, {_STATUS} AS status, registered_at AS since,"
    " registered_by, confirmed_by FROM gate.official_key"
    " UNION ALL "
    f"SELECT key_id, 'receive', officer, split_part(officer, '|', 3), {_STATUS}, registered_at,"
    " registered_by, confirmed_by FROM gate.recipient_key"
    " UNION ALL "
    "SELECT o.key_id, o.use, o.holder, o.agency, 'handed_in', o.handed_in_at, NULL, NULL"
    " FROM gate.key_offer o"
    " WHERE NOT EXISTS (SELECT FROM gate.official_key k WHERE k.key_id = o.key_id)"
    " AND NOT EXISTS (SELECT FROM gate.recipient_key k WHERE k.key_id = o.key_id)"
)
_SINCE: LiteralString = "(extract(epoch FROM since) * 1000000)::bigint"


def of_agency(connection: Connection, codes: Sequence[str], after: Place | None, most: int) -> list[KeyLine]:
    """The next keys of these agencies, the newest first, whatever became of them."""
    _, since, key_id = after or Place(False, 0, "")
    return _lines(
        connection,
        f"agency = ANY (%s) AND (%s OR (-{_SINCE}, key_id) > (%s, %s))",
        [list(codes), after is None, -since, key_id],
        most,
    )


def page(connection: Connection, after: Place | None, most: int) -> list[KeyLine]:
    """The keys that wait for a person of the custodian, then those in use, each the newest first."""
    used, since, key_id = after or Place(False, 0, "")
    with connection.cursor(row_factory=class_row(KeyLine)) as cursor:
        return cursor.execute(
            f"SELECT * FROM ({_BOOK}) AS book WHERE status <> 'revoked'"
            f" AND (%s OR (status = 'confirmed', -{_SINCE}, key_id) > (%s, %s, %s))"
            f" ORDER BY status = 'confirmed', since DESC, key_id LIMIT %s",
            [after is None, used, -since, key_id, most],
        ).fetchall()


def place_of(line: KeyLine) -> Place:
    """Where a page ends that ends with this key."""
    since = line.since - datetime(1970, 1, 1, tzinfo=UTC)
    return Place(line.status == "confirmed", since // timedelta(microseconds=1), line.key_id)


def one(connection: Connection, key_id: str) -> KeyLine | None:
    """One key."""
    found = _lines(connection, "key_id = %s", [key_id], 1)
    return found[0] if found else None


def _lines(
    connection: Connection, condition: LiteralString, parameters: list[object], most: int
) -> list[KeyLine]:
    with connection.cursor(row_factory=class_row(KeyLine)) as cursor:
        return cursor.execute(
            f"SELECT * FROM ({_BOOK}) AS book WHERE {condition} ORDER BY since DESC, key_id LIMIT %s",
            [*parameters, most],
        ).fetchall()


def offer(connection: Connection, key: Registered, with_key: str, at: datetime, most: int) -> None:
    """Keep a key that an agency handed in, as `gate_portal`. Raises `ActRefusedError`."""
    row = connection.execute(
        "SELECT count(*) FROM gate.key_offer o WHERE o.agency = %s"
        " AND NOT EXISTS (SELECT FROM gate.official_key k WHERE k.key_id = o.key_id)"
        " AND NOT EXISTS (SELECT FROM gate.recipient_key k WHERE k.key_id = o.key_id)",
        [key.agency],
    ).fetchone()
    if row is not None and row[0] >= most:
        raise ActRefusedError(
            f"{most} keys of {key.agency} wait for the custodian; ask there before you send more."
        )
    try:
        done = connection.execute(
            "INSERT INTO gate.key_offer"
            " (key_id, use, holder, agency, jwk, proof, handed_in_with, handed_in_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [key.key_id, key.use, key.official, key.agency, Jsonb(dict(key.jwk)), key.proof, with_key, at],
        )
    except errors.CheckViolation:
        raise ActRefusedError(
            "The key was not kept: only a public P-384 key with a short proof may be."
        ) from None
    if done.rowcount != 1:
        raise ActRefusedError(f"The key {key.key_id} was handed in before.")


def offered(connection: Connection, key_id: str) -> dict[str, Any] | None:
    """What was handed in with a key: use, holder, agency, jwk and proof."""
    row = connection.execute(
        "SELECT use, holder, agency, jwk, proof FROM gate.key_offer WHERE key_id = %s", [key_id]
    ).fetchone()
    return None if row is None else dict(zip(("use", "official", "agency", "jwk", "proof"), row, strict=True))
