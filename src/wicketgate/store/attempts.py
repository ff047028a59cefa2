"""How often an agency asked for people of one class: counted by digest, never read back by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from wicketgate.core.identifiers import Handle
from wicketgate.store.database import Connection


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request of an agency (the root of its line), as two keyed digests of the name asked for."""

    agency: str
    person_class: str
    person: str


@dataclass(frozen=True, slots=True)
class Before:
    """What was on record: attempts of the class, and whether an answer about the person is still due."""

    attempts: int
    waiting: bool


def before(
    connection: Connection, asked: Sequence[Attempt], submission: int, since: datetime
) -> list[Before]:
    """What is on record about each of `asked`, as `gate_intake`; nobody else counts until the commit."""
    cursor = connection.execute(
        "SELECT earlier, waiting FROM gate.attempts(%b::text[], %b::text[], %b::text[], %s, %s)"
        " ORDER BY number",
        [*_columns(asked), submission, since],
    )
    return [Before(int(earlier), bool(waiting)) for earlier, waiting in cursor]


def add(connection: Connection, made: Mapping[Handle, Attempt], at: datetime) -> None:
    """Put attempts on record, as `gate_intake`, for requests that are stored."""
    connection.execute(
        "INSERT INTO gate.attempt (handle, agency, person_class, person, at)"
        " SELECT handle, agency, person_class, person, %s"
        " FROM unnest(%b::text[], %b::text[], %b::text[], %b::text[])"
        " AS new (handle, agency, person_class, person)",
        [at, [handle.text for handle in made], *_columns(list(made.values()))],
    )


def _columns(attempts: Sequence[Attempt]) -> list[list[str]]:
    return [
        [each.agency for each in attempts],
        [each.person_class for each in attempts],
        [each.person for each in attempts],
    ]
