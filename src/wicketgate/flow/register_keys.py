"""The comparison keys of a whole register, and of the questions about it, as tables of digests.

The keys come from the records that `register_files` makes, so they are those that the gate
compares. Each text becomes a 64-bit digest under a key that exists for one run: two records
agree exactly when their digests do, and nothing can be read back, from memory or from what
DuckDB puts on the disk for a while. A chance collision, about one in a million runs over ten
million people, touches a count or a simulation and never a disclosure.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice
from tempfile import TemporaryDirectory
from typing import TypeAlias

import duckdb

from wicketgate.core.identity import UNREADABLE, AddressRecord, NameKey, PersonRecord, PlaceKey, Question
from wicketgate.stages.comparison import spelled_out

MEMORY = "1GB"
"""What DuckDB may use of it; past that it works on the disk."""
_BATCH = 20_000
MASKS = 4

_NAME = {
    **dict.fromkeys(("name", "first", "surnames", "suffix", "middle", "middle_initial"), "BIGINT"),
    **dict.fromkeys(("middle_spelled", "middle_single"), "BOOLEAN"),
}
_PLACE = {
    **dict.fromkeys(("by_zip", "by_town", "place"), "BIGINT"),
    **dict.fromkeys(("has_unit", "located"), "BOOLEAN"),
}
_STATED = {"tin": "BIGINT", "birth_date": "BIGINT"}
_TABLES = {
    "person": {"person": "BIGINT", **_NAME, **_STATED, "flags": "VARCHAR", "person_id": "VARCHAR"},
    "home": {
        "person": "BIGINT",
        **_PLACE,
        "is_last_known": "BOOLEAN",
        "from_period": "SMALLINT",
        "to_period": "SMALLINT",
    },
    "asked": {
        "number": "BIGINT",
        **_NAME,
        **_PLACE,
        **_STATED,
        "periods": "SMALLINT[]",
        "period_bound": "BOOLEAN",
    },
    "forms": {"name": "BIGINT", "near": "BIGINT[]", **{f"mask{n}": "BIGINT" for n in range(MASKS)}},
}
"""NULL: nothing that could agree; 0: stated, but agrees with nothing. `by_zip` and `by_town` are the two
ways in which a delivery point is the same, `place` is state and unit. Whether two names can be confused
hangs on `first` and `surnames` alone, so `forms` holds their fingerprints once for each, and masks in which
each fingerprint sets one bit of 256."""

Row: TypeAlias = Sequence[object]


class RegisterKeys:
    """Tables `person`, `home`, `asked` and `forms`; close it after use."""

    def __init__(self, memory: str = MEMORY, threads: int = 2) -> None:
        self._keyed = hashlib.blake2b(digest_size=8, key=secrets.token_bytes(16))
        self._often = lru_cache(maxsize=20_000)(self._digest)
        self._folder = TemporaryDirectory(prefix="wicketgate-digests-")
        self._forms: list[Row] = []
        self._given = lru_cache(maxsize=20_000)(self._given_digest)
        self._family = lru_cache(maxsize=20_000)(self._family_digest)
        self.database = duckdb.connect(
            config={
                "memory_limit": memory,
                "threads": threads,
                "temp_directory": self._folder.name,
                "preserve_insertion_order": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        for table, columns in _TABLES.items():
            declared = ", ".join(" ".join(column) for column in columns.items())
            self.database.execute(f"CREATE TABLE {table} ({declared})")

    def add(self, persons: Iterable[PersonRecord], addresses: Iterable[AddressRecord]) -> None:
        """Take in a register's records, a batch at a time."""
        self._insert("person", map(self._person, persons))
        self._insert("home", map(self._home, addresses))

    def ask(self, questions: Iterable[tuple[int, Question]]) -> None:
        """Take in questions, each under a number of its own."""
        self._insert("asked", map(self._asked, questions))

    def finished(self) -> duckdb.DuckDBPyConnection:
        """The database once everything is taken in; a name that was noted twice stands there once."""
        self.database.execute("CREATE OR REPLACE TABLE forms AS SELECT DISTINCT ON (name) * FROM forms")
        return self.database

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
        self._folder.cleanup()

    def _insert(self, table: str, rows: Iterable[Row]) -> None:
        waiting = iter(rows)
        while batch := list(islice(waiting, _BATCH)):
            self._put(table, batch)
            if self._forms:
                self._put("forms", self._forms)
                self._forms = []

    def _put(self, table: str, rows: Sequence[Row]) -> None:
        cells = [
            f"CAST(unnest(?::VARCHAR[]) AS {kind})" if kind.endswith("[]") else f"unnest(?::{kind}[])"
            for kind in _TABLES[table].values()
        ]
        values = [list(column) for column in zip(*rows, strict=True)]
        self.database.execute(f"INSERT INTO {table} SELECT {', '.join(cells)}", values)

    def _person(self, person: PersonRecord) -> Row:
        return (
            self._digest("id", person.person_id),
            *self._name(person.name),
            self._stated("tin", person.tin),
            self._stated("born", person.birth_date),
            ";".join(person.flags),
            person.person_id,
        )

    def _home(self, address: AddressRecord) -> Row:
        return (
            self._digest("id", address.person_id),
            *self._place(address.place),
            address.is_last_known,
            address.from_period,
            address.to_period,
        )

    def _asked(self, numbered: tuple[int, Question]) -> Row:
        number, question = numbered
        return (
            number,
            *self._name(question.name),
            *self._place(question.place),
            self._stated("tin", question.tin),
            self._stated("born", question.birth_date),
            str(list(question.periods)),
            question.period_bound,
        )

    def _name(self, name: NameKey) -> Row:
        comparable = name.surnames and spelled_out(name.first)
        return (
            self._digest("name", name.first, *name.surnames) if comparable else None,
            self._given(name.first, name.first_near),
            self._family(name.surnames, name.surname_near),
            self._often("suffix", name.suffix) if name.suffix else None,
            self._often("middle", name.middle) if name.middle else None,
            self._often("initial", name.middle[0]) if name.middle else None,
            spelled_out(name.middle),
            len(name.middle) == 1,
        )

    def _place(self, place: PlaceKey) -> Row:
        point = place.point
        return (
            self._digest("zip", point, place.zip5) if point and place.zip5 else None,
            self._digest("town", point, place.state, place.city)
            if point and place.state and place.city
            else None,
            self._often("place", place.state, place.unit),
            bool(place.unit),
            bool(point),
        )

    def _given_digest(self, first: str, near: tuple[int, ...]) -> int:
        return self._with_forms(self._digest("first", first), near)

    def _family_digest(self, surnames: tuple[str, ...], near: tuple[int, ...]) -> int:
        return self._with_forms(self._digest("surnames", *surnames), near)

    def _with_forms(self, name: int, near: tuple[int, ...]) -> int:
        """Note the name's fingerprints; the digest of one shows as little as that of a name."""
        forms = [self._digest("form", str(form)) for form in near]
        self._forms.append((name, str(forms), *_masks(forms)))
        return name

    def _stated(self, kind: str, text: str) -> int | None:
        if not text:
            return None
        return 0 if text == UNREADABLE else self._digest(kind, text)

    def _digest(self, kind: str, *texts: str) -> int:
        hashed = self._keyed.copy()
        hashed.update("\x1f".join((kind, *texts)).encode())
        return int.from_bytes(hashed.digest(), "little", signed=True)


def _masks(forms: Iterable[int]) -> list[int]:
    masks = [0] * MASKS
    for form in forms:
        masks[form >> 6 & MASKS - 1] |= 1 << (form & 63)
    return [mask - (mask >> 63 << 64) for mask in masks]  # as signed numbers
