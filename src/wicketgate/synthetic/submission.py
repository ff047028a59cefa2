"""A submission of synthetic requests, and beside it the truth."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Literal, Protocol, TextIO, TypeAlias, get_args

from wicketgate.core.request import COLUMNS
from wicketgate.synthetic.august import August
from wicketgate.synthetic.lawful import Lawful
from wicketgate.synthetic.mixed import Mixed
from wicketgate.synthetic.requests import Drafting, as_row
from wicketgate.synthetic.roll import Roll
from wicketgate.synthetic.truth import TRUTH_COLUMNS, Generated
from wicketgate.synthetic.writing import Progress, SyntheticError, write_rows

Kind: TypeAlias = Literal["lawful", "august-2025", "mixed"]

AS_OF = date(2026, 3, 1)
"""The day of review for which the requests are written, unless another is given."""


class _Writer(Protocol):
    def requests(self, numbers: Iterator[int]) -> Iterator[Generated]:
        """One request per number."""
        ...


def make_submission(
    file: Path,
    rows: int,
    kind: Kind,
    seed: int,
    register: Path,
    *,
    as_of: date = AS_OF,
    progress: Progress | None = None,
) -> None:
    """Write a submission (``.csv``, ``.jsonl`` or ``.parquet``) and ``FILE.truth.csv`` beside it.

    The same arguments give the same bytes. Memory does not grow with `rows`.
    Raises `SyntheticError` for an unknown kind or suffix, fewer than one row, or a directory
    that holds no register.
    """
    if rows < 1:
        raise SyntheticError(f"A submission needs at least 1 row, not {rows}.")
    if kind not in get_args(Kind):
        raise SyntheticError(f"The kind {kind!r} is unknown; choose one of {', '.join(get_args(Kind))}.")
    with Roll(register) as roll, _truth_of(file).open("w", encoding="utf-8", newline="") as truth:
        generated = _writer(kind, roll, seed, as_of, rows).requests(iter(range(1, rows + 1)))
        write_rows(file, COLUMNS, _split(generated, truth), progress)


def _truth_of(file: Path) -> Path:
    return file.with_name(file.name + ".truth.csv")


def _writer(kind: Kind, roll: Roll, seed: int, as_of: date, rows: int) -> _Writer:
    if kind == "august-2025":
        return August(roll, seed, rows)
    drafting = Drafting(seed, as_of)
    return Lawful(roll, seed, drafting) if kind == "lawful" else Mixed(roll, seed, drafting)


def _split(generated: Iterable[Generated], truth: TextIO) -> Iterator[tuple[str, ...]]:
    """The requests' rows; each row's truth goes into its own file on the way."""
    writer = csv.writer(truth, lineterminator="\r\n")
    writer.writerow(TRUTH_COLUMNS)
    for draft, outcome in generated:
        writer.writerow(outcome.row(draft["request_id"]))
        yield as_row(draft)
