"""Which requests the procedure of 2025 answered, and what a court would say of each answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from wicketgate.core.request import COLUMNS
from wicketgate.synthetic.procedure_2025 import procedure_2025
from wicketgate.synthetic.tables import table
from wicketgate.synthetic.truth import TRUTH_COLUMNS
from wicketgate.synthetic.writing import SyntheticError


@dataclass(frozen=True, slots=True)
class Answered:
    """Answered requests by their reference."""

    requests: int
    """How many were asked."""
    answered: frozenset[str]
    by_number: frozenset[str]
    """By number and name alone, the address never compared."""
    no_address: frozenset[str]
    """On an address that is none, as the truth beside the file says."""


def answered_2025(submission: Path, register: Path, most: int, defects: Sequence[str]) -> Answered:
    """Act the procedure out, and tell the first `most` requests that it answers apart.

    `defects` are the codes with which an address is none. Raises `SyntheticError`.
    """
    with TemporaryDirectory() as folder, duckdb.connect(config={"threads": 2}) as database:
        pairs = Path(folder) / "pairs.csv"
        asked = procedure_2025(submission, register, pairs).requests
        truth = submission.with_name(submission.name + ".truth.csv")
        try:
            database.execute(
                _TOLD.format(
                    pairs=table(pairs, ("request_id", "person_id")),
                    requests=table(submission, COLUMNS),
                    truth=table(truth, TRUTH_COLUMNS),
                    most=most,
                )
            )
            rows = database.execute(_KINDS, [list(defects)]).fetchall()
        except duckdb.Error as error:
            raise SyntheticError(f"{submission.name} or its truth cannot be read; make them anew.") from error
    return Answered(
        asked,
        frozenset(row[0] for row in rows),
        frozenset(row[0] for row in rows if row[1]),
        frozenset(row[0] for row in rows if row[2]),
    )


_TOLD = """
CREATE TABLE told AS
  SELECT r.*, string_split(coalesce(t.defects, ''), ';') AS defects
  FROM (FROM {pairs} LIMIT {most}) AS answered
  JOIN {requests} r USING (request_id) JOIN {truth} t USING (request_id)
"""
_KINDS = """
SELECT request_id, coalesce(taxpayer_tin, '') <> '', len(list_intersect(defects, ?::VARCHAR[])) > 0
FROM told
"""
