"""The comparison keys of one person and one delivery point, asked for or on file.

Made by `stages.comparison`, the same way for a record when it is loaded and for a
request when it is asked; stored and compared by `store.register`. In every text
``""`` means absent and `UNREADABLE` means stated but not usable: equal to nothing.
Reprs show no person.
"""

from __future__ import annotations

from dataclasses import dataclass

UNREADABLE = "?"
"""A stated value from which no key can be made. It agrees with nothing and conflicts with everything."""


@dataclass(frozen=True, slots=True, repr=False)
class NameKey:
    """A name as it is compared: folded texts, surnames as the whole ordered list.

    The two `_near` tuples are fingerprints (signed 32-bit): two names may be confused
    when their tuples share an element. They only ever widen the set of people who
    could be confused with the one who is meant, so a chance collision refuses.
    """

    first: str
    surnames: tuple[str, ...]
    middle: str
    suffix: str
    first_near: tuple[int, ...]
    surname_near: tuple[int, ...]


@dataclass(frozen=True, slots=True, repr=False)
class PlaceKey:
    """A delivery point as it is compared.

    `point` names kind, number, street with directionals, or box; ``""`` when the address
    has no delivery point that can be compared. `unit` lies inside the point.
    """

    point: str
    unit: str
    city: str
    state: str
    zip5: str


@dataclass(frozen=True, slots=True, repr=False)
class Question:
    """The one question that the register may be asked about one request.

    `period_bound` is the strict reading of the switch that binds the disclosed address to
    one of the stated `periods` (years).
    """

    name: NameKey
    place: PlaceKey
    tin: str
    birth_date: str
    periods: tuple[int, ...]
    period_bound: bool


@dataclass(frozen=True, slots=True, repr=False)
class PersonRecord:
    """One person of a register: the texts as they were delivered, and the keys."""

    person_id: str
    first_name: str
    middle_name: str
    last_name: str
    suffix: str
    name: NameKey
    tin: str
    birth_date: str
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class AddressRecord:
    """One address on file for a person, with the years (both inclusive) for which it was filed.

    `from_period` None: unknown. `to_period` None: still in use.
    """

    person_id: str
    line1: str
    line2: str
    city: str
    state: str
    postal_code: str
    country: str
    place: PlaceKey
    from_period: int | None
    to_period: int | None
    is_last_known: bool


@dataclass(frozen=True, slots=True, repr=False)
class SealedAddress:
    """An address on file as the database keeps it: what could be disclosed is sealed, `place` is tokens.

    `record` is a random name (32 hexadecimal digits) that says nothing about the person;
    `load` is the load of the register whose key seals it.
    """

    person_id: str
    record: str
    load: int
    sealed: bytes
    place: PlaceKey
    from_period: int | None
    to_period: int | None
    is_last_known: bool


FLAGS: tuple[str, ...] = ("informant", "tax_case_sensitive", "canary")
"""Marks on a register record that hold a disclosure back without anybody outside learning of it."""
