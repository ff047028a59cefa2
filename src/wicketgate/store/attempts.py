"""How often an agency asked for people of one class, and for how many it gave one address: by digest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from wicketgate.core.identifiers import Handle
from wicketgate.store.database import Connection


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request of an agency (the root of its line), as keyed digests of the name and the address."""

    agency: str
    person_class: str
    person: str
    address: str
    """Empty when no address is stated."""


@dataclass(frozen=True, slots=True)
class Before:
    """What was on record: attempts of the class, and whether an answer about the person is still due."""

    attempts: int
    waiting: bool


def before(
    connection: Connection, asked: Sequence[Attempt], submission: int, since: datetime
) -> list[Before]:
    """What is on record about each of `asked`, as `gate_intake`.

    Until the commit nobody else counts for these agencies.
    """
    cursor = connection.execute(
        "SELECT earlier, waiting FROM gate.attempts(%b::text[], %b::text[], %b::text[], %s, %s)"
        " ORDER BY number",
        [*_columns(asked)[:3], submission, since],
    )
    return [Before(int(earlier), bool(waiting)) for earlier, waiting in cursor]


def people_at(connection: Connection, asked: Sequence[Attempt]) -> list[int]:
    """For how many people the agency of each gave its address by now, itself included; after `before`."""
    agencies, _, persons, addresses = _columns(asked)
    cursor = connection.execute(
        "SELECT people FROM gate.address_uses(%b::text[], %b::text[], %b::text[]) ORDER BY number",
        [agencies, addresses, persons],
    )
    return [int(people) for (people,) in cursor]


def add(connection: Connection, made: Mapping[Handle, Attempt], submission: int, at: datetime) -> None:
    """Put attempts on record, as `gate_intake`, for requests that are stored."""
    connection.execute(
        "INSERT INTO gate.attempt (handle, agency, person_class, person, address, submission, at)"
        " SELECT handle, agency, person_class, person, address, %s, %s"
        " FROM unnest(%b::text[], %b::text[], %b::text[], %b::text[], %b::text[])"
        " AS new (handle, agency, person_class, person, address)",
        [submission, at, [handle.text for handle in made], *_columns(list(made.values()))],
    )


def _columns(attempts: Sequence[Attempt]) -> list[list[str]]:
    return [
        [each.agency for each in attempts],
        [each.person_class for each in attempts],
        [each.person for each in attempts],
        [each.address for each in attempts],
    ]
