"""Exactly one person, or nothing: the decision rule of verification, in plain Python.

The register decides inside the database (`store/schema/30_register.sql`); this is the
same rule written a second time, for one question over records in memory. It is the
definition that the database is tested against, and what a reader should read first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from wicketgate.core.identity import AddressRecord, PersonRecord, PlaceKey, Question
from wicketgate.stages.comparison import Level, confusable, level, middle_level, spelled_out


@dataclass(frozen=True, slots=True, repr=False)
class Record:
    """One person of the register with every address on file."""

    person: PersonRecord
    addresses: tuple[AddressRecord, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Decision:
    """The answer; `levels` compares the one person who could be meant, where there is one."""

    outcome: Literal["one", "not_one"]
    person_id: str | None = None
    levels: Mapping[str, Level] | None = None
    held: tuple[str, ...] = ()
    """Why a disclosure about the one person is held back; it stays inside the custodian."""


def decide(question: Question, register: Iterable[Record]) -> Decision:
    """Decide one question over the whole register.

    The conflict set holds everyone with a confusable name at the same delivery point, any
    unit, any year, and everyone who bears the stated number. Only when it holds exactly one
    person can that person be the answer, and only when everything compared agrees.
    """
    records = list(register)
    at_point = [(r, a) for r in records for a in r.addresses if same_point(question.place, a.place)]
    conflict_set = {
        r.person.person_id: r.person for r, _ in at_point if confusable(question.name, r.person.name)
    }
    if question.tin:
        conflict_set |= {r.person.person_id: r.person for r in records if r.person.tin == question.tin}
    if len(conflict_set) != 1:
        return Decision("not_one")
    (person,) = conflict_set.values()

    levels = compare(question, person)
    several_units = any(address.place.unit for _, address in at_point)
    own_number = not any(
        r.person.tin == person.tin for r in records if person.tin and r.person.person_id != person.person_id
    )
    same_address = any(
        record.person.person_id == person.person_id
        and address.place.state == question.place.state
        and address.place.unit == question.place.unit
        and (address.place.unit or not several_units)
        for record, address in at_point
    )
    if (
        same_name(question, person)
        and same_address
        and own_number
        and Level.CONFLICT not in levels.values()
        and (not question.tin or levels["tin"] is Level.EQUAL)
        and second_discriminator(levels)
    ):
        (record,) = (r for r in records if r.person.person_id == person.person_id)
        return Decision("one", person.person_id, levels, holds(question, record))
    return Decision("not_one", levels=levels)


def same_point(asked: PlaceKey, held: PlaceKey) -> bool:
    """The same delivery point, whatever the unit: all of it, and the ZIP code or the town."""
    if not asked.point or asked.point != held.point:
        return False
    same_zip = bool(asked.zip5) and asked.zip5 == held.zip5
    same_town = (
        bool(asked.city) and bool(asked.state) and (asked.city, asked.state) == (held.city, held.state)
    )
    return same_zip or same_town


def same_name(question: Question, person: PersonRecord) -> bool:
    """Full first name and the whole ordered list of surnames, letter for letter once folded."""
    return (
        spelled_out(question.name.first)
        and question.name.first == person.name.first
        and bool(question.name.surnames)
        and question.name.surnames == person.name.surnames
    )


def compare(question: Question, person: PersonRecord) -> dict[str, Level]:
    """The levels of the fields that may be absent but may not conflict."""
    return {
        "suffix": level(question.name.suffix, person.name.suffix),
        "middle": middle_level(question.name.middle, person.name.middle),
        "birth_date": level(question.birth_date, person.birth_date),
        "tin": level(question.tin, person.tin),
    }


def second_discriminator(levels: Mapping[str, Level]) -> bool:
    """Beyond name and address, one more thing agrees: number, birth date, or middle name with suffix.

    A suffix that neither side states is not equal: the son often has his father's full name.
    """
    full_name = levels["middle"] is levels["suffix"] is Level.EQUAL
    return Level.EQUAL in (levels["tin"], levels["birth_date"]) or full_name


def holds(question: Question, record: Record) -> tuple[str, ...]:
    """Why a disclosure about this one person is held back: flags, no last known address, its periods."""
    known = [address for address in record.addresses if address.is_last_known]
    in_period = any(
        address.from_period is not None and address.from_period <= year <= (address.to_period or year)
        for address in known
        for year in question.periods
    )
    return (
        *record.person.flags,
        *(() if known else ("no_last_known_address",)),
        *(("period",) if question.period_bound and not in_period else ()),
    )
