"""Reads a register and says, by one simple rule of its own, who on it could be confused with whom.

The rule is the generator's truth. It is written here in SQL from the law's words ("exactly one
person or nothing") and shares no code with the gate.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, NamedTuple, TypeAlias

import duckdb

from wicketgate.synthetic.register import ADDRESS_COLUMNS, PERSON_COLUMNS
from wicketgate.synthetic.tables import register_table
from wicketgate.synthetic.writing import SyntheticError

Standing: TypeAlias = Literal["clear", "namesake", "near"]
"""Against everybody who ever lived in the same building: clear, nobody has the same initial and a
similar surname; namesake, somebody of the same first name and surname has had
the last known address, unit included; near, anything between, homes of more than twenty people and
numbers that are shared, of which the generators ask nothing."""


class Held(NamedTuple):
    """An address of the register, with the first and last period of its use."""

    line1: str
    line2: str
    city: str
    state: str
    postal_code: str
    from_period: int
    to_period: int


class Listed(NamedTuple):
    """A person of the register; `addresses` begins with the last known one."""

    person_id: str
    tin: str
    first_name: str
    middle_name: str
    last_name: str
    suffix: str
    birth_date: str
    flags: str
    standing: Standing
    housemate_tin: str
    """The number of somebody else with the same last known address; empty when there is none."""
    addresses: tuple[Held, ...]


class Roll:
    """The register in DuckDB, in bounded memory; a context manager."""

    def __init__(self, directory: Path) -> None:
        """Load it; raises `SyntheticError` when the directory holds no readable register."""
        sources = {
            "persons": register_table(directory, "persons", PERSON_COLUMNS),
            "addresses": register_table(directory, "addresses", ADDRESS_COLUMNS),
        }
        self._folder = TemporaryDirectory(prefix="wicketgate-roll-")
        self._database = duckdb.connect(
            config={"threads": 2, "memory_limit": "1GB", "temp_directory": self._folder.name}
        )
        try:
            for name, source in sources.items():
                self._database.execute(f"CREATE TABLE {name} AS SELECT * FROM {source}")  # noqa: S608
            self._database.execute(_STANDING)
        except duckdb.Error as error:
            self.close()
            raise SyntheticError(
                f"{directory} cannot be read as a register; make it anew with 'wicketgate synth register'."
            ) from error

    def __enter__(self) -> Roll:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Forget the register."""
        self._database.close()
        self._folder.cleanup()

    def listed(self, seed: int, where: str) -> Iterator[Listed]:
        """The people for whom the SQL condition holds, in an order that depends on the seed alone."""
        cursor = self._database.cursor()
        cursor.execute(_LISTED.format(where=where), [str(seed)])
        while rows := cursor.fetchmany(2_000):
            for row in rows:
                fields = (*row[:-1], tuple(map(_held, row[-1])))
                yield Listed(*fields)

    def count(self, where: str) -> int:
        """How many people the SQL condition holds for."""
        row = self._database.execute(f"SELECT count(*) FROM roll WHERE {where}").fetchone()  # noqa: S608
        return int(row[0]) if row else 0


def _held(text: str) -> Held:
    line1, line2, city, state, postal_code, first, last = text.split("\x1f")
    return Held(line1, line2, city, state, postal_code, int(first), int(last))


_UNIT = r"\s+(?:(?:apt|apartment|unit|suite|ste|lot|trlr|box)\b|#).*$"
_PARTICLES = "['de','la','las','los','el','del','al','da','di','van','von','san','st','saint','jean']"

_STANDING = f"""
CREATE TABLE sites AS
  SELECT a.person_id, left(postal_code, 5) || '|' || regexp_replace(written, '{_UNIT}', '') AS site,
         regexp_extract(written, '{_UNIT}') AS unit, is_last_known,
         strip_accents(lower(first_name)) AS first_name, strip_accents(lower(last_name)) AS last_name
  FROM (SELECT *, lower(concat_ws(' ', line1, nullif(line2, ''))) AS written FROM addresses) a
  JOIN persons p USING (person_id);

CREATE TABLE words AS
  SELECT DISTINCT site, unit, is_last_known, person_id, left(first_name, 1) AS initial,
                  first_name, last_name, word
  FROM (SELECT *, unnest(regexp_split_to_array(last_name, '[ -]')) AS word FROM sites)
  WHERE NOT list_contains({_PARTICLES}, word);

CREATE TABLE neighbours AS
  SELECT a.person_id,
         bool_or(a.is_last_known = 'true' AND a.unit = b.unit
                 AND a.first_name = b.first_name AND a.last_name = b.last_name) AS namesake
  FROM words a JOIN words b
    ON a.site = b.site AND a.initial = b.initial AND a.person_id <> b.person_id
   AND levenshtein(a.word, b.word) <= 2
  GROUP BY ALL;

CREATE TABLE mixed_sites AS  -- homes with and without a unit at one place
  SELECT site FROM sites GROUP BY site HAVING bool_or(unit = '') AND bool_or(unit <> '');

CREATE TABLE crowds AS  -- hostels and the like: so many requests for one address need a person's eye
  SELECT site, unit FROM sites GROUP BY ALL HAVING count(DISTINCT person_id) > 20;

CREATE TABLE roll AS
  SELECT p.person_id, coalesce(p.tin, '') AS tin, p.first_name, coalesce(p.middle_name, '') AS middle_name,
         p.last_name, coalesce(p.suffix, '') AS suffix, coalesce(p.birth_date, '') AS birth_date,
         coalesce(p.flags, '') AS flags,
         CASE WHEN n.namesake THEN 'namesake'
              WHEN n.person_id IS NOT NULL OR shared.tin IS NOT NULL OR m.person_id IS NOT NULL THEN 'near'
              ELSE 'clear' END AS standing,
         coalesce(h.housemate_tin, '') AS housemate_tin, ad.addresses
  FROM persons p
  JOIN (SELECT person_id, list(concat_ws(chr(31), line1, coalesce(line2, ''), city, state, postal_code,
                                         from_period, to_period)
                               ORDER BY is_last_known DESC, to_period DESC, line1) AS addresses
        FROM addresses GROUP BY person_id) ad USING (person_id)
  LEFT JOIN neighbours n USING (person_id)
  LEFT JOIN (SELECT tin FROM persons WHERE tin <> '' GROUP BY tin HAVING count(*) > 1) shared USING (tin)
  LEFT JOIN (SELECT person_id FROM sites JOIN mixed_sites USING (site) WHERE unit = ''
             UNION SELECT person_id FROM sites JOIN crowds USING (site, unit)) m USING (person_id)
  LEFT JOIN (SELECT person_id, coalesce(lag(tin) OVER home, lead(tin) OVER home) AS housemate_tin
             FROM addresses JOIN persons USING (person_id) WHERE is_last_known = 'true'
             WINDOW home AS (PARTITION BY line1, line2, postal_code ORDER BY person_id)) h USING (person_id);

DROP TABLE sites; DROP TABLE words; DROP TABLE neighbours; DROP TABLE mixed_sites;
DROP TABLE crowds;
DROP TABLE persons; DROP TABLE addresses;
"""  # noqa: S608 - our own patterns

_LISTED = """
SELECT person_id, tin, first_name, middle_name, last_name, suffix, birth_date, flags, standing,
       housemate_tin, addresses
FROM roll WHERE {where} ORDER BY md5(person_id || ?), person_id
"""
