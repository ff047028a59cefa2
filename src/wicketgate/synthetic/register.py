"""A made-up register: persons, and the addresses they had in which years."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from wicketgate.synthetic.dice import Dice
from wicketgate.synthetic.households import Member, household
from wicketgate.synthetic.places import Dwelling, dwellings
from wicketgate.synthetic.writing import Progress, SyntheticError, write_rows

PERSON_COLUMNS = (
    "person_id", "tin", "first_name", "middle_name", "last_name", "suffix", "birth_date", "flags",
)  # fmt: skip
ADDRESS_COLUMNS = (
    "person_id", "line1", "line2", "city", "state", "postal_code", "country", "from_period", "to_period",
    "is_last_known",
)  # fmt: skip
THIS_YEAR = 2026
"""The year in which the generated register stands; the last filed period is the year before."""

Row: TypeAlias = tuple[str, ...]
Source: TypeAlias = Literal["own", "pseudopeople"]
Format: TypeAlias = Literal["csv", "parquet"]


@dataclass(frozen=True, slots=True)
class Holding:
    """One dwelling with the first and last taxable period it was used in."""

    dwelling: Dwelling
    from_period: int
    to_period: int


@dataclass(frozen=True, slots=True)
class Record:
    """One person of the register; the last holding is the last known address."""

    person: Row
    holdings: tuple[Holding, ...]


def make_register(
    directory: Path,
    persons: int,
    seed: int,
    source: Source = "own",
    format: Format = "csv",  # noqa: A002 - the interface's word
    progress: Progress | None = None,
) -> None:
    """Write `persons` and `addresses` files of a register with this many people into the directory.

    The same arguments give the same bytes. Memory does not grow with `persons`.
    Raises `SyntheticError` when there is nobody to make or a source is not installed.
    """
    if persons < 1:
        raise SyntheticError(f"A register needs at least 1 person, not {persons}.")
    if source == "pseudopeople":
        from wicketgate.synthetic.pseudopeople import records as sample

        records: Iterable[Record] = sample(persons, seed)
    else:
        records = own_records(persons, seed)
    directory.mkdir(parents=True, exist_ok=True)
    write_records(directory, records, format, progress)


def own_records(persons: int, seed: int) -> Iterator[Record]:
    """This many people in households, by our own generator."""
    dice = Dice(seed, "register")
    homes = dwellings(Dice(seed, "dwellings"))
    elsewhere = dwellings(Dice(seed, "former dwellings"))
    recent: deque[Dwelling] = deque(maxlen=300)
    tins = _Tins(seed)
    number = 0
    while True:
        members = household(dice, THIS_YEAR)
        home = next(homes)
        together = _history(dice, home, elsewhere, recent)
        recent.append(home)
        shared = tins.next(number) if dice.chance(0.0012) else ""  # one number used by two: it happens
        for position, member in enumerate(members):
            if number == persons:
                return
            # A grown child or a housemate has a history of their own.
            own = position > 1 and dice.chance(0.35)
            holdings = _history(dice, home, elsewhere, recent) if own else together
            tin = shared if shared and position in (0, 2) else tins.next(number)
            yield Record(_person(dice, number, tin, member), holdings)
            number += 1


def _person(dice: Dice, number: int, tin: str, member: Member) -> Row:
    flag = ""
    roll = dice.between(0, 9_999)
    if roll < 60:
        flag = "informant" if roll < 30 else "tax_case_sensitive"
        flag = "informant;tax_case_sensitive" if roll == 0 else flag
    elif roll < 62:
        flag = "canary"
    if number % 1_000 == 17:  # even a small register has some of each
        flag = ("informant", "tax_case_sensitive", "canary")[number // 1_000 % 3]
    if dice.chance(0.03):
        tin = ""
    return (
        f"P{number + 1:09d}", tin, member.first_name, member.middle_name, member.last_name, member.suffix,
        member.birth_date.isoformat(), flag,
    )  # fmt: skip


def _history(
    dice: Dice, home: Dwelling, elsewhere: Iterator[Dwelling], recent: deque[Dwelling]
) -> tuple[Holding, ...]:
    """Up to three former addresses, then the home. Some former homes are other people's homes now."""
    last = THIS_YEAR - 1 - (0 if dice.chance(0.8) else dice.between(1, 3))
    start = last - dice.between(1, 12)
    holdings = [Holding(home, start, last)]
    while len(holdings) < 4 and dice.chance(0.30):
        end = holdings[0].from_period - 1
        former = dice.pick(recent) if recent and dice.chance(0.3) else next(elsewhere)
        if any(former == held.dwelling for held in holdings):
            break
        holdings.insert(0, Holding(former, end - dice.between(0, 5), end))
    return tuple(holdings)


class _Tins:
    """Numbers with the shape of real ones, all different: an affine walk through each range.

    They are random. Areas 001-599 and ITINs 900-949 belong to register people; `synthetic.people`
    gives numbers outside of them to people who are on no register.
    """

    _SPAN = 99 * 9999

    def __init__(self, seed: int) -> None:
        dice = Dice(seed, "tins")
        self._kind = Dice(seed, "tin kinds")
        self._offset = dice.between(0, 10**9)

    def next(self, number: int) -> str:
        itin = self._kind.chance(0.10)
        # Both steps share no factor with their range: no number comes twice before a whole round.
        if itin:
            place = (number * 15_485_863 + self._offset) % (50 * len(_ITIN_GROUPS) * 9999)
            area, rest = divmod(place, len(_ITIN_GROUPS) * 9999)
            group, serial = divmod(rest, 9999)
            return f"{900 + area}{_ITIN_GROUPS[group]:02d}{serial + 1:04d}"
        place = (number * 400_000_009 + self._offset) % (599 * self._SPAN)
        area, rest = divmod(place, self._SPAN)
        group, serial = divmod(rest, 9999)
        return f"{area + 1:03d}{group + 1:02d}{serial + 1:04d}"


_ITIN_GROUPS = (*range(50, 66), *range(70, 89), *range(90, 93), *range(94, 100))


def write_records(
    directory: Path,
    records: Iterable[Record],
    kind: Format,
    progress: Progress | None,
) -> None:
    """Write a register's files; persons stream into theirs while addresses stream into theirs."""
    for stale in ("csv", "parquet"):  # a directory holds one register
        for name in ("persons", "addresses"):
            (directory / f"{name}.{stale}").unlink(missing_ok=True)
    passing = directory / "addresses.tmp"
    try:
        with passing.open("w", encoding="utf-8", newline="") as file:
            put: Callable[[Row], object] = csv.writer(file).writerow
            write_rows(directory / f"persons.{kind}", PERSON_COLUMNS, _split(records, put), progress)
        with passing.open(encoding="utf-8", newline="") as file:
            write_rows(directory / f"addresses.{kind}", ADDRESS_COLUMNS, csv.reader(file))
    finally:
        passing.unlink(missing_ok=True)


def _split(records: Iterable[Record], put: Callable[[Row], object]) -> Iterator[Row]:
    for record in records:
        for row in address_rows(record):
            put(row)
        yield record.person


def address_rows(record: Record) -> Iterator[Row]:
    """The rows of a person's addresses, oldest first."""
    for held in record.holdings:
        place = held.dwelling.place
        yield (
            record.person[0],
            held.dwelling.line1,
            held.dwelling.line2,
            place.city,
            place.state,
            place.postal_code,
            "US",
            str(held.from_period),
            str(held.to_period),
            "true" if held is record.holdings[-1] else "false",
        )
