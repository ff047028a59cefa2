"""A register, checked row by row and loaded whole or not at all, wherever its rows come from."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, TypeVar

from wicketgate.core.digest import Canonical
from wicketgate.core.identity import AddressRecord, PersonRecord, SealedAddress
from wicketgate.flow.progress import Progress, silent
from wicketgate.flow.register_source import Fault, RegisterRefusedError, RegisterSource, Source
from wicketgate.keys import Keys, Loading, record_key, seal_address
from wicketgate.ledger import public_leaf
from wicketgate.stages.disclose import ADDRESS_FIELDS
from wicketgate.stages.register_row import (
    ADDRESS_COLUMNS,
    PERSON_COLUMNS,
    RowProblemError,
    address_record,
    person_record,
)
from wicketgate.store import register
from wicketgate.store.database import Connection
from wicketgate.store.log import Entry
from wicketgate.store.register import Generation

SHOWN = 100
"""How many problems are listed; all are counted, and told to whoever listens."""
_TOLD_EVERY = 10_000
COLUMNS: Mapping[str, Sequence[str]] = {"persons": PERSON_COLUMNS, "addresses": ADDRESS_COLUMNS}

_Record = TypeVar("_Record")
Append: TypeAlias = Callable[[Connection, Sequence[Entry]], object]
"""Writes entries into the log in the caller's transaction, like `Gate.append`."""
NOT_AUDITED = "not audited"


@dataclass(frozen=True, slots=True)
class RegisterProblem:
    """What is wrong in one row, without the row's values.

    `row` is 1 for the first row after a file's header; a row of a database has no number, and is
    named by its person_id.
    """

    file: str
    row: int | str
    column: str
    problem: str

    def __str__(self) -> str:
        place = f"row {self.row}" if isinstance(self.row, int) else f"person_id {self.row}"
        return f"{self.file}, {place}, {self.column}: {self.problem}"


Listener = Callable[[RegisterProblem], None]


class UnsoundRegisterError(RegisterRefusedError):
    """Rows that cannot be loaded: `problems` lists the first `SHOWN` of `count`."""

    def __init__(self, problems: Sequence[RegisterProblem], count: int) -> None:
        listed = "".join(f"\n  {problem}" for problem in problems)
        more = f"\n  and {count - len(problems)} more" if count > len(problems) else ""
        super().__init__(f"The register was not loaded; mend {count} of its rows:{listed}{more}")
        self.problems = tuple(problems)
        self.count = count


class RegisterFiles:
    """The rows of one register as records.

    `persons` and `addresses` give the good rows and remember the bad ones; `require_good_rows` and
    `require_sound` raise when there was any.
    """

    def __init__(self, source: Source, progress: Progress = silent, listener: Listener | None = None) -> None:
        self.source = source
        self._progress = progress
        self._listener = listener
        self._problems: list[RegisterProblem] = []
        self._count = 0
        self._compared = False
        for fault in source.unreadable():
            self._note(fault)

    def persons(self) -> Iterator[PersonRecord]:
        """A record for each good row, in the source's order."""
        return self._records("persons", person_record)

    def addresses(self) -> Iterator[AddressRecord]:
        """A record for each good row, in the source's order."""
        return self._records("addresses", address_record)

    def require_good_rows(self) -> None:
        """Raise `UnsoundRegisterError` unless every row read so far is good; then rows are compared too."""
        if self._count:
            self.require_sound()

    def require_sound(self) -> None:
        """Compare the rows with each other, and raise `UnsoundRegisterError` unless everything is good."""
        if not self._compared:
            self._compared = True
            for fault in self.source.contradictions():
                self._note(fault)
        if self._count:
            raise UnsoundRegisterError(self._problems, self._count)

    def close(self) -> None:
        """Let go of the source."""
        self.source.close()

    def _records(self, table: str, make: Callable[[Mapping[str, str]], _Record]) -> Iterator[_Record]:
        done = 0
        columns = COLUMNS[table]
        for done, (place, cells) in enumerate(self.source.rows(table), 1):
            if done % _TOLD_EVERY == 0:
                self._progress(table, done)
            try:
                record = make(dict(zip(columns, cells, strict=True)))
            except RowProblemError as error:
                self._note(Fault(table, place, error.column, str(error)))
                continue
            yield record
        self._progress(table, done)

    def _note(self, fault: Fault) -> None:
        self._count += 1
        if len(self._problems) >= SHOWN and self._listener is None:
            return
        title = self.source.titles[fault.table]
        problem = RegisterProblem(title, fault.row, fault.column, fault.problem)
        if len(self._problems) < SHOWN:
            self._problems.append(problem)
        if self._listener is not None:
            self._listener(problem)


def read(directory: Path, progress: Progress = silent, listener: Listener | None = None) -> RegisterFiles:
    """Open a register directory (interface: "A register directory").

    `listener` is told every problem as it is found. Raises `RegisterRefusedError` when a file or a
    column is missing, unknown or unreadable.
    """
    return RegisterFiles(RegisterSource(directory, COLUMNS), progress, listener)


def check(files: RegisterFiles) -> tuple[int, int]:
    """Read everything and load nothing; the numbers of persons and addresses, or `UnsoundRegisterError`."""
    with closing(files):
        counts = sum(1 for _ in files.persons()), sum(1 for _ in files.addresses())
        files.require_sound()
    return counts


def load(
    transaction: AbstractContextManager[Connection],
    keys: Keys,
    directory: Path,
    progress: Progress = silent,
    append: Append | None = None,
) -> tuple[int, int]:
    """Replace the register by that of a directory: `load_from`."""
    return load_from(transaction, keys, read(directory, progress), append)


def load_from(
    transaction: AbstractContextManager[Connection],
    keys: Keys,
    files: RegisterFiles,
    append: Append | None = None,
    audit: str = NOT_AUDITED,
) -> tuple[int, int]:
    """Replace the register, as `register_load`; returns the numbers of persons and addresses.

    `transaction` commits when it is left. `append` writes the entry of the new generation into the log,
    with what `audit` says of its twins; nobody on file and no count of them is in it. What could be
    disclosed is sealed and what is compared becomes tokens before anything reaches the database; the keys
    of the former register are destroyed once this one is in. Any bad row refuses the whole register
    (`UnsoundRegisterError`) and leaves the former one in place: a person who is left out could be the one
    with whom another is confused.
    """
    loading: Loading | None = None

    def begun() -> Loading:
        """By the first row, when this load has its turn: of two loads the later has the later key."""
        nonlocal loading
        loading = loading or keys.begin_load()
        return loading

    def persons() -> Iterator[PersonRecord]:
        yield from map(begun().blinding.person, files.persons())

    def addresses() -> Iterator[SealedAddress]:
        yield from (sealed_address(each, begun()) for each in files.addresses())
        files.require_good_rows()  # inside the load's transaction, before anything is made final

    with closing(files):
        try:
            with transaction as connection:
                counts = register.load(connection, persons(), addresses(), files.source.name)
                if append is not None:
                    append(connection, [_entry(register.generations(connection)[-1], audit)])
        except register.UnsoundError:
            # The database compares rows without holding them in memory; to say which, they are read again.
            files.require_sound()
            raise
    keys.end_load(begun().load)
    return counts


def _entry(generation: Generation, audit: str) -> Entry:
    """The public event: a register took over. Not what is in it, nor how much."""
    fields: dict[str, Canonical] = {
        "generation": generation.number,
        "on": generation.at.date().isoformat(),
        "audit": audit,
    }
    return Entry("register", public_leaf("register", fields), None, fields)


def sealed_address(address: AddressRecord, loading: Loading) -> SealedAddress:
    """An address on file, sealed under a key of its own."""
    record = secrets.token_hex(16)
    return SealedAddress(
        address.person_id,
        record,
        loading.load,
        seal_address(
            record_key(loading.key, record), record, {n: getattr(address, n) for n in ADDRESS_FIELDS}
        ),
        loading.blinding.place(address.place),
        address.from_period,
        address.to_period,
        address.is_last_known,
    )
