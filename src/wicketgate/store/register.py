"""The register: one committed question per request, one word for an answer.

Each function takes a connection that is logged in as the one role that may do the act; the
database refuses every other role. The decision itself is SQL, in `schema/30_register.sql`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, LiteralString, TypeAlias

from psycopg import Connection, errors
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

from wicketgate.core.identifiers import Handle
from wicketgate.core.identity import AddressRecord, NameKey, PersonRecord, PlaceKey, Question

Outcome: TypeAlias = Literal["one", "not_one", "held"]

ADDRESS_FIELDS = ("line1", "line2", "city", "state", "postal_code", "country")

_COPY_PERSONS: LiteralString = (
    "COPY register.person (person_id, first_name, middle_name, last_name, name_suffix, first_key, "
    "surname_key, middle_key, suffix_key, first_near, surname_near, tin, birth_date, flags) FROM STDIN"
)
_COPY_ADDRESSES: LiteralString = (
    "COPY register.address (person_id, line1, line2, city, state, postal_code, country, point, unit, "
    "city_key, state_key, zip5, from_period, to_period, is_last_known) FROM STDIN"
)


class RegisterError(Exception):
    """The register refused: one clear sentence, without anything about a person."""


def load(
    connection: Connection[TupleRow], persons: Iterable[PersonRecord], addresses: Iterable[AddressRecord]
) -> tuple[int, int]:
    """Replace the whole register, as `register_load`; returns the numbers of persons and addresses.

    One transaction: whatever `persons`, `addresses` or the database raises leaves the former
    register untouched. Raises `RegisterError` when a person occurs twice, an address belongs to
    nobody, or a person has two last known addresses.
    """
    try:
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute("SELECT register.open_load()")
            with cursor.copy(_COPY_PERSONS) as copy:
                for person in persons:
                    copy.write_row(_person_row(person))
            with cursor.copy(_COPY_ADDRESSES) as copy:
                for address in addresses:
                    copy.write_row(_address_row(address))
            counted = cursor.execute("SELECT persons, addresses FROM register.close_load()").fetchone()
    except errors.IntegrityError as error:
        raise RegisterError(_LOAD_PROBLEMS.get(error.diag.constraint_name or "", _UNSOUND)) from None
    if counted is None:  # a function with OUT parameters always has its row
        raise RegisterError(_UNSOUND)
    return int(counted[0]), int(counted[1])


def ask(connection: Connection[TupleRow], questions: Sequence[tuple[Handle, Question]]) -> None:
    """Put questions on record, as `gate_review`, for requests that are endorsed.

    The same question may be put again. Raises `RegisterError` for a request in another state
    and for a second, different question about one request.
    """
    rows = [_ticket(handle, question) for handle, question in questions]
    try:
        connection.execute("SELECT register.ask(%s)", [Jsonb(rows)])
    except errors.Error as error:
        raise _refusal(error) from None


def answer(connection: Connection[TupleRow], handles: Sequence[Handle]) -> dict[Handle, Outcome]:
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


def release(connection: Connection[TupleRow], handles: Sequence[Handle]) -> dict[Handle, dict[str, str]]:
    """The one last known address per approved request, as `gate_release`: `ADDRESS_FIELDS` and no more.

    A request without an entry in the result is held back: the person became ambiguous, or a
    reason inside the register arose since the answer. Raises `RegisterError` for the whole list
    when any request is not verified or not approved.
    """
    try:
        rows = connection.execute(
            "SELECT handle, line1, line2, city, state, postal_code, country FROM register.release(%s)",
            [_texts(handles)],
        )
        return {Handle(row[0]): dict(zip(ADDRESS_FIELDS, row[1:], strict=True)) for row in rows}
    except errors.Error as error:
        raise _refusal(error) from None


def persons(connection: Connection[TupleRow], handles: Sequence[Handle]) -> dict[Handle, str]:
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
        "surname_key": list(name.surnames),
        "middle_key": name.middle,
        "suffix_key": name.suffix,
        "first_near": list(name.first_near),
        "surname_near": list(name.surname_near),
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
    written = (person.person_id, person.first_name, person.middle_name, person.last_name, person.suffix)
    return (
        *written,
        *_name_columns(person.name).values(),
        person.tin,
        person.birth_date,
        list(person.flags),
    )


def _address_row(address: AddressRecord) -> tuple[object, ...]:
    written = (
        address.person_id,
        address.line1,
        address.line2,
        address.city,
        address.state,
        address.postal_code,
        address.country,
    )
    periods = (address.from_period, address.to_period, address.is_last_known)
    return (*written, *_place_columns(address.place).values(), *periods)
