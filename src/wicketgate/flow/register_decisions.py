"""Many questions decided at once over a whole register, in DuckDB: the third writing of one rule.

The rule is defined in `stages/verify_rule.py`; the gate decides in PostgreSQL, and this serves
simulations, audits and campaigns. What it finds is for the custodian's eyes and discloses nothing.

Whoever belongs to the conflict set of a question has an address with the question's delivery
point and ZIP code, or with its delivery point and town, or bears the number that it states. So
three joins on equal keys find everybody; nearness of names then only takes people away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import duckdb

from wicketgate.core.identity import AddressRecord, PersonRecord, Question
from wicketgate.flow.register_keys import MASKS, MEMORY, RegisterKeys
from wicketgate.stages.comparison import Level
from wicketgate.stages.verify_rule import Decision

_SLICE = 200_000
"""Questions decided together: what bounds the memory that the joins need."""


class RegisterDecisions:
    """Questions first, the register next, then the decisions; close it after use."""

    def __init__(self, memory: str = MEMORY, threads: int = 2) -> None:
        self._keys = RegisterKeys(memory, threads)
        self._prepared = False
        self.database = self._keys.database
        """Digests under a key of this object; see `register_keys`."""

    def ask(self, questions: Iterable[Question]) -> None:
        """Take in questions; the decisions come in the same order."""

        self._keys.ask(enumerate(questions, self._keys.number("SELECT count(*) FROM asked")))

    def load(self, persons: Iterable[PersonRecord], addresses: Iterable[AddressRecord]) -> None:
        """Take in the register."""
        self._keys.add(persons, addresses)
        self._prepared = False

    @property
    def persons(self) -> int:
        """How many people are on file."""
        return self._keys.number("SELECT count(*) FROM person")

    def prepare(self) -> None:
        """Work out what hangs on the register alone; done once, at the first decision at the latest."""
        self._keys.finished().execute(_ONCE)
        self._prepared = True

    def tables(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The table `decided`, filled with one slice of the questions after the other."""
        if not self._prepared:
            self.prepare()
        for first in range(0, self._keys.number("SELECT count(*) FROM asked"), _SLICE):
            yield self.database.execute(_EACH.format(first=first, last=first + _SLICE - 1))

    def decisions(self) -> Iterator[Decision]:
        """The decision on each question, in order."""
        for database in self.tables():
            database.execute("FROM decided ORDER BY number")
            while rows := database.fetchmany(5_000):
                for _, is_one, person_id, flags, known, in_period, *levels in rows:
                    held = _reasons(flags, known, in_period) if is_one else ()
                    yield Decision("one" if is_one else "not_one", person_id, _compared(*levels), held)

    def close(self) -> None:
        """Forget everything."""
        self._keys.close()


def _reasons(flags: str, known: bool, in_period: bool) -> tuple[str, ...]:
    reasons = tuple(flags.split(";")) if flags else ()
    reasons += () if known else ("no_last_known_address",)
    return reasons if in_period else (*reasons, "period")


@cache
def _compared(*levels: str | None) -> Mapping[str, Level] | None:
    """The levels of the one person in the conflict set, where there is one."""
    stated = [Level(level) for level in levels if level is not None]
    return dict(zip(("suffix", "middle", "birth_date", "tin"), stated, strict=True)) if stated else None


_ONCE = """
CREATE OR REPLACE MACRO level(asked, held) AS CASE
    WHEN asked = 0 THEN 'conflict' WHEN asked IS NULL OR held IS NULL THEN 'absent'
    WHEN asked = held THEN 'equal' ELSE 'conflict' END;
CREATE OR REPLACE TABLE building AS
    SELECT by_zip AS spot FROM home WHERE has_unit AND by_zip IS NOT NULL
    UNION SELECT by_town FROM home WHERE has_unit AND by_town IS NOT NULL;
-- Whoever is met at an address is told apart by name at once.
CREATE OR REPLACE TABLE resident AS
    SELECT by_zip, by_town, place, has_unit, person, p.first, p.surnames
    FROM home JOIN person AS p USING (person);
-- A number that two people bear identifies neither.
CREATE OR REPLACE TABLE shared AS
    SELECT tin FROM person WHERE tin IS NOT NULL GROUP BY tin HAVING count(*) > 1;
"""


def _share_a_bit(one: str, other: str) -> str:
    return "(" + " OR ".join(f"{one}.mask{n} & {other}.mask{n} <> 0" for n in range(MASKS)) + ")"


_EACH = f"""
CREATE OR REPLACE TEMP TABLE here AS
    SELECT *, by_zip IN (FROM building) IS TRUE OR by_town IN (FROM building) IS TRUE AS several_units
    FROM asked WHERE number BETWEEN {{first}} AND {{last}};
-- There are few first names, so those that can be confused are paired beforehand.
CREATE OR REPLACE TEMP TABLE confusable AS
    WITH asked AS (
        SELECT name, unnest(near) AS form FROM forms WHERE name IN (SELECT first FROM here)
    ), held AS (
        SELECT name, unnest(near) AS form FROM forms WHERE name IN (SELECT first FROM person)
    )
    SELECT DISTINCT asked.name AS first, held.name AS held_first FROM asked JOIN held USING (form);
CREATE OR REPLACE TEMP TABLE perhaps AS
    WITH met AS (
        SELECT a.number, h.person, a.first, a.surnames, h.first AS held_first, h.surnames AS held,
            h.place = a.place AND (h.has_unit OR NOT several_units) AS same_address
        FROM here AS a JOIN resident AS h USING (by_zip)
        UNION ALL
        SELECT a.number, h.person, a.first, a.surnames, h.first, h.surnames,
            h.place = a.place AND (h.has_unit OR NOT several_units)
        FROM here AS a JOIN resident AS h USING (by_town) WHERE (h.by_zip = a.by_zip) IS NOT TRUE
    )
    SELECT number, person, same_address, surnames, held FROM met JOIN confusable USING (first, held_first);
-- Surnames that share a fingerprint share a bit of their masks: a cheap test first, then the exact one.
CREATE OR REPLACE TEMP TABLE met AS
    SELECT number, person, same_address
    FROM perhaps JOIN forms AS s ON s.name = held JOIN forms AS asked_s ON asked_s.name = surnames
    WHERE {_share_a_bit("s", "asked_s")} AND list_has_any(s.near, asked_s.near);
CREATE OR REPLACE TEMP TABLE decided AS
    WITH conflict_set AS (
        FROM met UNION ALL SELECT number, person, false FROM here JOIN person USING (tin)
    ), single AS (
        SELECT number, any_value(person) AS person, bool_or(same_address) AS same_address
        FROM conflict_set GROUP BY number HAVING min(person) = max(person)
    ), compared AS (
        SELECT a, p, same_address, level(a.suffix, p.suffix) AS suffix,
            CASE WHEN a.middle IS NULL OR p.middle IS NULL THEN 'absent'
                WHEN a.middle = p.middle THEN if(a.middle_spelled, 'equal', 'near')
                WHEN (a.middle_single OR p.middle_single) AND a.middle_initial = p.middle_initial THEN 'near'
                ELSE 'conflict' END AS middle,
            level(a.birth_date, p.birth_date) AS birth_date, level(a.tin, p.tin) AS tin
        FROM single JOIN here AS a USING (number) JOIN person AS p USING (person)
    ), judged AS (
        SELECT a.number AS number, p, suffix, middle, birth_date, tin,
            a.periods AS periods, a.period_bound AS period_bound,
            same_address AND (a.name = p.name) IS TRUE
            AND 'conflict' NOT IN (suffix, middle, birth_date, tin)
            AND (a.tin IS NULL OR tin = 'equal')
            AND (tin = 'equal' OR birth_date = 'equal' OR (middle = 'equal' AND suffix = 'equal'))
            AND (p.tin IN (FROM shared)) IS NOT TRUE AS is_one
        FROM compared
    )
    SELECT a.number, coalesce(is_one, false) AS is_one, if(is_one, p.person_id, NULL) AS person_id,
        p.flags AS flags, k.person IS NOT NULL AS known,
        NOT j.period_bound OR len(list_filter(j.periods, lambda year:
            coalesce(year >= k.from_period AND (k.to_period IS NULL OR year <= k.to_period), false))) > 0
            AS in_period,
        j.suffix, j.middle, j.birth_date, j.tin
    FROM here AS a LEFT JOIN judged AS j USING (number)
    LEFT JOIN (FROM home WHERE is_last_known) AS k ON k.person = j.p.person AND j.is_one;
"""
