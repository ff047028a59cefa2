"""Calls of the agencies' API, as `gate_portal`: each nonce once, so many in a while, each answer once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from wicketgate.store.database import Connection


class Counted(NamedTuple):
    """One call, counted. `fresh` is False for a nonce that was used before."""

    fresh: bool
    calls: int
    began_at: datetime
    """When the stretch of time began in which the key has made so many `calls`."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call under a key of its sender's; without `status` it was begun and not answered yet."""

    asked: str
    began_at: datetime
    status: int | None
    answer: str | None = field(repr=False)


def count(
    connection: Connection, key_id: str, nonce: str | None, at: datetime, forget: timedelta, length: timedelta
) -> Counted:
    """Count a call of a key, and its nonce, where it has one. Nonces older than `forget` are forgotten."""
    row = connection.execute(
        "SELECT fresh, calls, began_at FROM gate.count_call(%s, %s, %s, %s, %s)",
        [key_id, nonce, at, forget, length],
    ).fetchone()
    assert row is not None  # noqa: S101  # a function has its row
    return Counted(*row)


def begin(connection: Connection, agency: str, key: str, asked: str, at: datetime) -> Call | None:
    """Begin a call, or find the one that was begun under this key before."""
    begun = connection.execute(
        "INSERT INTO gate.api_call (agency, call_key, asked, began_at) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT DO NOTHING",
        [agency, key, asked, at],
    )
    if begun.rowcount == 1:
        return None
    row = connection.execute(
        "SELECT asked, began_at, status, answer FROM gate.api_call WHERE agency = %s AND call_key = %s",
        [agency, key],
    ).fetchone()
    assert row is not None  # noqa: S101  # it conflicted with this row, and none is ever deleted
    return Call(*row)


def take_over(connection: Connection, agency: str, key: str, began_at: datetime, at: datetime) -> bool:
    """Take over a call that began then and was not answered; False when somebody else did."""
    done = connection.execute(
        "UPDATE gate.api_call SET began_at = %s"
        " WHERE agency = %s AND call_key = %s AND began_at = %s AND status IS NULL",
        [at, agency, key, began_at],
    )
    return done.rowcount == 1


def answer(connection: Connection, agency: str, key: str, status: int, text: str) -> None:
    """Keep what was answered."""
    connection.execute(
        "UPDATE gate.api_call SET status = %s, answer = %s"
        " WHERE agency = %s AND call_key = %s AND status IS NULL",
        [status, text, agency, key],
    )
