"""The procedure of 2025, acted out again for comparison: what it would have sent for a submission.

As reported (D.D.C., 26 February 2026, and press accounts): two mutually exclusive paths. With a
number, number and name control had to agree, and the address field had to hold something like a
ZIP, that is any five or nine digits. Without one, name and address had to agree.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import duckdb

from wicketgate.core.request import COLUMNS
from wicketgate.synthetic.register import ADDRESS_COLUMNS, PERSON_COLUMNS
from wicketgate.synthetic.tables import register_table, table
from wicketgate.synthetic.truth import TRUTH_COLUMNS
from wicketgate.synthetic.writing import SyntheticError


@dataclass(frozen=True, slots=True)
class Procedure2025:
    """Counts of what would have been sent, and against what the truth says."""

    requests: int
    disclosed: int
    by_number: int
    """Of those disclosed, by number and name control, without a look at the address."""
    unlawful: int
    """Of those disclosed, what a lawful gate would not have disclosed, for whatever reason."""
    wrong_person: int
    """Of those disclosed, the address of somebody other than the person meant."""
    junk_address: int
    """Of those disclosed, where the request held no complete address."""


def procedure_2025(submission: Path, register: Path, pairs: Path | None = None) -> Procedure2025:
    """Act it out on a submission with its truth beside it; `pairs` receives ``request_id,person_id``.

    Raises `SyntheticError` when a file is missing or cannot be read.
    """
    truth = submission.with_name(submission.name + ".truth.csv")
    with duckdb.connect(config={"threads": 2}) as database:
        try:
            database.execute(
                _TABLES.format(
                    requests=table(submission, COLUMNS),
                    truth=table(truth, TRUTH_COLUMNS),
                    persons=register_table(register, "persons", PERSON_COLUMNS),
                    addresses=register_table(register, "addresses", ADDRESS_COLUMNS),
                )
            )
            counts = database.execute(_COUNTS).fetchone()
        except duckdb.Error as error:
            raise SyntheticError(
                f"{submission.name}, its truth file or the register in {register} cannot be read; "
                "make them anew."
            ) from error
        if pairs is not None:
            _write(pairs, database.execute("SELECT request_id, person_id FROM sent ORDER BY line").fetchall())
    return Procedure2025(*(counts or ()))


def _write(path: Path, rows: list[tuple[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("request_id", "person_id"))
        writer.writerows(rows)


_TABLES = """
CREATE MACRO control(name) AS left(regexp_replace(strip_accents(upper(name)), '[^A-Z]', '', 'g'), 4);
CREATE MACRO words(text) AS
  trim(regexp_replace(strip_accents(upper(coalesce(text, ''))), '[^A-Z0-9]+', ' ', 'g'));

CREATE TABLE asked AS
  SELECT row_number() OVER () AS line, request_id, lawful_outcome, t.person_id AS meant, defects,
         regexp_replace(coalesce(taxpayer_tin, ''), '[^0-9]', '', 'g') AS tin,
         control(taxpayer_last_name) AS control,
         words(taxpayer_first_name) || '|' || words(taxpayer_last_name) AS name,
         words(concat_ws(' ', address_line1, address_line2)) || '|' || left(address_postal_code, 5)
           AS address,
         concat_ws(' ', address_line1, address_line2, address_city, address_postal_code) AS field
  FROM {requests} r JOIN {truth} t USING (request_id);

CREATE TABLE held AS
  SELECT person_id, tin, control(last_name) AS control, words(first_name) || '|' || words(last_name) AS name
  FROM {persons};

CREATE TABLE lived AS
  SELECT person_id, words(concat_ws(' ', line1, line2)) || '|' || left(postal_code, 5) AS address
  FROM {addresses};

CREATE TABLE sent AS
  SELECT line, any_value(request_id) AS request_id, min(person_id) AS person_id,
         bool_or(by_number) AS by_number, any_value(lawful_outcome) AS lawful_outcome,
         any_value(meant) AS meant, any_value(defects) AS defects
  FROM (
    SELECT asked.*, held.person_id, TRUE AS by_number
    FROM asked JOIN held ON asked.tin = held.tin AND asked.control = held.control
    WHERE asked.tin <> ''
      AND regexp_matches(field, '(^|[^0-9])([0-9]{{5}}|[0-9]{{9}}|[0-9]{{5}}-[0-9]{{4}})([^0-9]|$)')
    UNION ALL
    SELECT asked.*, held.person_id, FALSE
    FROM asked JOIN held USING (name) JOIN lived ON lived.person_id = held.person_id
     AND lived.address = asked.address
    WHERE asked.tin = ''
  ) GROUP BY line;
"""

_COUNTS = """
SELECT (SELECT count(*) FROM asked), count(*), count(*) FILTER (by_number),
       count(*) FILTER (lawful_outcome <> 'disclosed'), count(*) FILTER (person_id IS DISTINCT FROM meant),
       count(*) FILTER (contains(defects, 'B2:'))
FROM sent
"""
