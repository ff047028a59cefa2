"""The register: one committed question per request, one word for an answer.

Each function takes a connection that is logged in as the one role that may do the act; the
database refuses every other role. The decision itself is SQL, in `schema/30_register.sql`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, LiteralString, NamedTuple, TypeAlias

from psycopg import errors
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from wicketgate.core.identifiers import Handle
from wicketgate.core.identity import NameKey, PersonRecord, PlaceKey, Question, SealedAddress
from wicketgate.store.copy_text import copy_text
from wicketgate.store.database import Connection

Outcome: TypeAlias = Literal["one", "not_one", "held"]

_COPY_PERSONS: LiteralString = (
    "COPY register_next.person (person_id, first_key, surname_key, middle_key, suffix_key, first_near, "
    "surname_near, tin, birth_date, flags) FROM STDIN"
)
_COPY_ADDRESSES: LiteralString = (
    "COPY register_next.address (person_id, record, load, sealed, point, unit, city_key, state_key, zip5, "
    "from_period, to_period, is_last_known) FROM STDIN"
)


class RegisterError(Exception):
    """The register refused: one clear sentence, without anything about a person."""


class UnsoundError(RegisterError):
    """Rows that are good one by one contradict each other, so nothing was loaded."""


@dataclass(frozen=True, slots=True)
class Generation:
    """One register as it was loaded, whole: where from, when, and how much."""

    number: int
    source: str
    persons: int
    addresses: int
    at: datetime


def load(
    connection: Connection,
    persons: Iterable[PersonRecord],
    addresses: Iterable[SealedAddress],
    source: str = "records",
) -> tuple[int, int]:
    """Replace the whole register, as `register_load`; returns the numbers of persons and addresses.

    Names and places come as tokens (`wicketgate.keys`); the names as written are not kept.

    The next generation is built beside the one in force, which answers meanwhile, and takes its place when
    the transaction commits; so nothing should follow in it. Whatever `persons`, `addresses` or the
    database raises leaves the former register untouched. Raises `UnsoundError` when a person occurs twice,
    an address belongs to nobody, or a person has two last known addresses, and `RegisterError` while
    another load is under way.
    """
    try:
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute("SELECT register.open_load()")
            with cursor.copy(_COPY_PERSONS) as copy:
                for lines in copy_text(map(_person_row, persons)):
                    copy.write(lines)
            with cursor.copy(_COPY_ADDRESSES) as copy:
                for lines in copy_text(map(_address_row, addresses)):
                    copy.write(lines)
            found = cursor.execute(
                "SELECT persons, addresses FROM register.close_load(%s)", [source]
            ).fetchone()
    except errors.IntegrityError as error:
        raise UnsoundError(_LOAD_PROBLEMS.get(error.diag.constraint_name or "", _UNSOUND)) from None
    except errors.Error as error:
        raise _refusal(error) from None
    if found is None:  # a function with OUT parameters always has its row
        raise RegisterError(_UNSOUND)
    return int(found[0]), int(found[1])


def generations(connection: Connection) -> list[Generation]:
    """All generations that were loaded, the one in force last, as `register_load`."""
    with connection.cursor(row_factory=class_row(Generation)) as cursor:
        return cursor.execute(
            "SELECT generation AS number, source, persons, addresses, at FROM register.generations()"
        ).fetchall()


def ask(connection: Connection, questions: Sequence[tuple[Handle, Question]]) -> None:
    """Put questions on record, as `gate_review`, for requests that are endorsed.

    The same question may be put again. Raises `RegisterError` for a request in another state
    and for a second, different question about one request.
    """
    rows = [_ticket(handle, question) for handle, question in questions]
    try:
        connection.execute("SELECT register.ask(%s)", [Jsonb(rows)])
    except errors.Error as error:
        raise _refusal(error) from None


def answer(connection: Connection, handles: Sequence[Handle]) -> dict[Handle, Outcome]:
    """The register's answers to committed questions, as `gate_verify`.

    Asked again, the same answer. `held` means one person whose record holds the disclosure
    back; it stays inside the custodian. Raises `RegisterError` when a question is missing, was
    put in this very transaction, or belongs to a request that is no longer endorsed.
    """
    try:
        rows = connection.execute("SELECT handle, outcome FROM register.verify(%s)", [_texts(handles)])
        return {Handle(handle): outcome for handle, outcome in rows}
    except errors.Error as error:
        raise _refusal(error) from None


class Sealed(NamedTuple):
    """The one last known address of a request's person, as it lies in the register."""

    record: str
    load: int
    sealed: bytes


def subjects(connection: Connection, handles: Sequence[Handle]) -> dict[Handle, str]:
    """The random names of the records that a release would open, as `gate_release`; nothing is read.

    Raises `RegisterError` when any request is not approved.
    """
    try:
        rows = connection.execute("SELECT handle, record FROM register.subjects(%s)", [_texts(handles)])
        return {Handle(handle): record for handle, record in rows}
    except errors.Error as error:
        raise _refusal(error) from None


def release(connection: Connection, handles: Sequence[Handle]) -> dict[Handle, Sealed]:
    """The one last known address per approved request, sealed, as `gate_release`.

    A request without an entry in the result is held back: the person became ambiguous, or a
    reason inside the register arose since the answer. Raises `RegisterError` for the whole list
    when any request is not verified or not approved.
    """
    try:
        rows = connection.execute(
            "SELECT handle, record, load, sealed FROM register.release(%s)", [_texts(handles)]
        )
        return {Handle(row[0]): Sealed(*row[1:]) for row in rows}
    except errors.Error as error:
        raise _refusal(error) from None


def opened(connection: Connection, handle: Handle, entry: int, record: str) -> Sealed | None:
    """A record, sealed, against the entry `access.opened` about this request, as `gate_oversee`.

    None without such an entry, and where the register that held the record has been replaced.
    """
    row = connection.execute(
        "SELECT record, load, sealed FROM register.opened(%s, %s, %s)", [handle.text, entry, record]
    ).fetchone()
    return None if row is None or row[0] is None else Sealed(*row)


def taxpayers(connection: Connection, handles: Sequence[Handle]) -> dict[Handle, str]:
    """Whom each approved request is about, by a pseudonym that lasts, as `gate_release`.

    The same person has the same one in every register; nobody makes it into a name again.
    Raises `RegisterError` when any request is not approved.
    """
    try:
        rows = connection.execute("SELECT handle, taxpayer FROM register.taxpayers(%s)", [_texts(handles)])
        return {Handle(handle): taxpayer for handle, taxpayer in rows}
    except errors.Error as error:
        raise _refusal(error) from None


def persons(connection: Connection, handles: Sequence[Handle]) -> dict[Handle, str]:
    """Who was meant by verified requests, as `register_load`: for the custodian's own eyes."""
    rows = connection.execute("SELECT handle, person_id FROM register.person_of(%s)", [_texts(handles)])
    return {Handle(handle): person_id for handle, person_id in rows}


_UNSOUND = "The register was not loaded: it contradicts itself."
_LOAD_PROBLEMS: Mapping[str, str] = {
    "person_once": "The register was not loaded: a person_id occurs twice in persons.",
    "address_of_a_person": "The register was not loaded: an address has a person_id that no person has.",
    "one_last_known_address": "The register was not loaded: a person has two last known addresses.",
}
_OWN_STATES = "WG0"


def _refusal(error: errors.Error) -> Exception:
    if (error.sqlstate or "").startswith(_OWN_STATES):
        return RegisterError(error.diag.message_primary or "The register refused.")
    return error


def _texts(handles: Sequence[Handle]) -> list[str]:
    return [str(handle) for handle in handles]


def _name_columns(name: NameKey) -> dict[str, object]:
    return {
        "first_key": name.first,
        "surname_key": name.surnames,
        "middle_key": name.middle,
        "suffix_key": name.suffix,
        "first_near": name.first_near,
        "surname_near": name.surname_near,
    }


def _place_columns(place: PlaceKey) -> dict[str, object]:
    return {
        "point": place.point,
        "unit": place.unit,
        "city_key": place.city,
        "state_key": place.state,
        "zip5": place.zip5,
    }


def _ticket(handle: Handle, question: Question) -> dict[str, object]:
    return {
        "handle": str(handle),
        **_name_columns(question.name),
        **_place_columns(question.place),
        "tin": question.tin,
        "birth_date": question.birth_date,
        "periods": list(question.periods),
        "period_bound": question.period_bound,
    }


def _person_row(person: PersonRecord) -> tuple[object, ...]:
    return (
        person.person_id,
        *_name_columns(person.name).values(),
        person.tin,
        person.birth_date,
        person.flags,
    )


def _address_row(address: SealedAddress) -> tuple[object, ...]:
    written = (address.person_id, address.record, address.load, address.sealed)
    periods = (address.from_period, address.to_period, address.is_last_known)
    return (*written, *_place_columns(address.place).values(), *periods)
