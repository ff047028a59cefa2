"""A register directory, checked row by row and loaded whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from psycopg import Connection
from psycopg.rows import TupleRow

from wicketgate.core.identity import AddressRecord, PersonRecord
from wicketgate.flow.progress import Progress, silent
from wicketgate.flow.register_source import RegisterRefusedError, RegisterSource
from wicketgate.stages.register_row import (
    ADDRESS_COLUMNS,
    PERSON_COLUMNS,
    RowProblemError,
    address_record,
    person_record,
)
from wicketgate.store import register

SHOWN = 100
"""How many problems are listed; all are counted."""
_TOLD_EVERY = 10_000

_REPEATED = "QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY row) > 1 ORDER BY row"
_BETWEEN_ROWS = (
    (
        "persons",
        "person_id",
        "This person_id occurs before in the file; each person is one row.",
        f"SELECT row FROM persons {_REPEATED}",
    ),
    (
        "addresses",
        "person_id",
        "No row of persons has this person_id.",
        "SELECT row FROM addresses ANTI JOIN persons USING (person_id) ORDER BY row",
    ),
    (
        "addresses",
        "is_last_known",
        "The person has another last known address before; only one can be the last.",
        f"SELECT row FROM addresses WHERE lower(trim(is_last_known)) = 'true' {_REPEATED}",
    ),
)
"""What rows say together: file, column, problem, and the rows in question."""

_Record = TypeVar("_Record")


@dataclass(frozen=True, slots=True)
class RegisterProblem:
    """What is wrong in one row (1 is the first row after the header), without the row's values."""

    file: str
    row: int
    column: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}, row {self.row}, {self.column}: {self.problem}"


class UnsoundRegisterError(RegisterRefusedError):
    """Rows that cannot be loaded: `problems` lists the first `SHOWN` of `count`."""

    def __init__(self, problems: Sequence[RegisterProblem], count: int) -> None:
        listed = "".join(f"\n  {problem}" for problem in problems)
        more = f"\n  and {count - len(problems)} more" if count > len(problems) else ""
        super().__init__(f"The register was not loaded; mend {count} of its rows:{listed}{more}")
        self.problems = tuple(problems)
        self.count = count


class RegisterFiles:
    """The rows of one register directory as records.

    `persons` and `addresses` give the good rows and remember the bad ones; `require_sound`
    raises when there was any.
    """

    def __init__(self, directory: Path, progress: Progress = silent) -> None:
        self._source = RegisterSource(directory, {"persons": PERSON_COLUMNS, "addresses": ADDRESS_COLUMNS})
        self._progress = progress
        self._problems: list[RegisterProblem] = []
        self._count = 0
        self._bad: dict[str, set[int]] = {"persons": set(), "addresses": set()}
        for name, column, problem, sql in _BETWEEN_ROWS:
            for (row,) in self._source.rows(sql):
                self._bad[name].add(row)
                self._note(name, row, column, problem)

    def persons(self) -> Iterator[PersonRecord]:
        """A record for each good row, in the file's order."""
        return self._records("persons", PERSON_COLUMNS, person_record)

    def addresses(self) -> Iterator[AddressRecord]:
        """A record for each good row, in the file's order."""
        return self._records("addresses", ADDRESS_COLUMNS, address_record)

    def require_sound(self) -> None:
        """Raise `UnsoundRegisterError` unless every row read so far is good."""
        if self._count:
            raise UnsoundRegisterError(self._problems, self._count)

    def close(self) -> None:
        """Let go of the files."""
        self._source.close()

    def _records(
        self, name: str, columns: Sequence[str], make: Callable[[Mapping[str, str]], _Record]
    ) -> Iterator[_Record]:
        row = 0
        for row, *cells in self._source.rows(f"SELECT row, {', '.join(columns)} FROM {name}"):
            if row % _TOLD_EVERY == 0:
                self._progress(name, row)
            try:
                record = make(dict(zip(columns, cells, strict=True)))
            except RowProblemError as error:
                self._note(name, row, error.column, str(error))
                continue
            if row not in self._bad[name]:
                yield record
        self._progress(name, row)

    def _note(self, name: str, row: int, column: str, problem: str) -> None:
        self._count += 1
        if len(self._problems) < SHOWN:
            self._problems.append(RegisterProblem(self._source.files[name].name, row, column, problem))


def read(directory: Path, progress: Progress = silent) -> RegisterFiles:
    """Open a register directory (interface: "A register directory").

    The rows are compared with each other at once. Raises `RegisterRefusedError` when a file or a
    column is missing, unknown or unreadable.
    """
    return RegisterFiles(directory, progress)


def load(connection: Connection[TupleRow], directory: Path, progress: Progress = silent) -> tuple[int, int]:
    """Replace the register, as `register_load`; returns the numbers of persons and addresses.

    Any bad row refuses the whole directory (`UnsoundRegisterError`) and leaves the former
    register in place.
    """
    with closing(read(directory, progress)) as files:

        def addresses() -> Iterator[AddressRecord]:
            yield from files.addresses()
            files.require_sound()  # inside the load's transaction, before anything is made final

        return register.load(connection, files.persons(), addresses())
