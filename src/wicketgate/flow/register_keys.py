"""The comparison keys of a whole register as tables: digests only, in memory only.

The keys come from the records that `register_files` makes, so they are those that the gate
compares. Each text becomes a 64-bit digest under a key that exists for one run: two records
agree exactly when their digests do, and nothing can be read back. A chance collision, about
one in thirty million runs over a million people, can only make a twin.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeAlias

import duckdb

from wicketgate.core.identity import AddressRecord, PersonRecord
from wicketgate.stages.comparison import spelled_out

_BATCH = 10_000
MEMORY = "4GB"
"""At most; a million people need about one gigabyte."""

_TABLES = """
CREATE TABLE person (  -- NULL: nothing that could agree
    person BIGINT, name BIGINT, tin BIGINT, birth_date BIGINT, full_name BIGINT,
    first_near INTEGER[], surname_near INTEGER[]
);
CREATE TABLE home (  -- by ZIP code and by town: the two ways in which a delivery point is the same
    person BIGINT, by_zip BIGINT, by_town BIGINT, place BIGINT, has_unit BOOLEAN, located BOOLEAN
);
"""
_PERSONS = """
INSERT INTO person
SELECT unnest(?::BIGINT[]), unnest(?::BIGINT[]), unnest(?::BIGINT[]),
       unnest(?::BIGINT[]), unnest(?::BIGINT[]),
       CAST(unnest(?::VARCHAR[]) AS INTEGER[]), CAST(unnest(?::VARCHAR[]) AS INTEGER[])
"""
_HOMES = """
INSERT INTO home
SELECT unnest(?::BIGINT[]), unnest(?::BIGINT[]), unnest(?::BIGINT[]), unnest(?::BIGINT[]),
       unnest(?::BOOLEAN[]), unnest(?::BOOLEAN[])
"""

Row: TypeAlias = Sequence[object]


class RegisterKeys:
    """Tables `person` and `home`; close it after use."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(16)
        self.database = duckdb.connect(
            config={
                "memory_limit": MEMORY,
                "temp_directory": "",  # no trace of a register is left on a disk
                "preserve_insertion_order": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        self.database.execute(_TABLES)

    def add(self, persons: Iterable[PersonRecord], addresses: Iterable[AddressRecord]) -> None:
        """Take in a register's records, a batch at a time."""
        for sql, rows in ((_PERSONS, map(self._person, persons)), (_HOMES, map(self._home, addresses))):
            for batch in _batches(rows):
                self.database.execute(sql, [list(column) for column in zip(*batch, strict=True)])

    def number(self, sql: str) -> int:
        """The one whole number of a query's one row."""
        found = self.database.execute(sql).fetchone()
        return int(found[0]) if found and found[0] is not None else 0

    def rows(self, sql: str) -> list[tuple[int, ...]]:
        """A short result."""
        return self.database.execute(sql).fetchall()

    def close(self) -> None:
        """Forget everything."""
        self.database.close()

    def _person(self, person: PersonRecord) -> Row:
        name = person.name
        comparable = spelled_out(name.first) and name.surnames
        return (
            self._digest("id", person.person_id),
            self._digest("name", name.first, *name.surnames) if comparable else None,
            self._digest("tin", person.tin) if person.tin else None,
            self._digest("born", person.birth_date) if person.birth_date else None,
            self._digest("full", name.middle, name.suffix) if spelled_out(name.middle) else None,
            f"[{','.join(map(str, name.first_near))}]",
            f"[{','.join(map(str, name.surname_near))}]",
        )

    def _home(self, address: AddressRecord) -> Row:
        place = address.place
        return (
            self._digest("id", address.person_id),
            self._digest("zip", place.point, place.zip5) if place.point and place.zip5 else None,
            self._digest("town", place.point, place.state, place.city)
            if place.point and place.state and place.city
            else None,
            self._digest("place", place.state, place.unit),
            bool(place.unit),
            bool(place.point),
        )

    def _digest(self, kind: str, *texts: str) -> int:
        text = "\x1f".join((kind, *texts))
        return int.from_bytes(
            hashlib.blake2b(text.encode(), digest_size=8, key=self._key).digest(), "little", signed=True
        )


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, _BATCH)):
        yield batch
