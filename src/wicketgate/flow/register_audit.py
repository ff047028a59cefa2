"""The custodian's own risk report: how often the gate could mean somebody else, counted on the register.

Everything is a count. No person and no address leaves this module.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from wicketgate.flow import register_files
from wicketgate.flow.progress import Progress, silent
from wicketgate.flow.register_files import RegisterFiles
from wicketgate.flow.register_keys import RegisterKeys
from wicketgate.flow.register_source import RegisterRefusedError
from wicketgate.stages.twins import FIELD_SETS, FieldSet, TwinRate

POPULATION_SHARE = 0.85
"""The share of the population on file, where the custodian has no figure of its own."""
LIMIT = 1e-4
"""Unseen twins per record that a profile may have at most."""


@dataclass(frozen=True, slots=True)
class Audit:
    """What was counted, and what the counts were judged by."""

    rates: tuple[TwinRate, ...]
    counts: Mapping[str, int]
    crowds: tuple[tuple[str, int], ...]
    """People at one delivery point, and how many delivery points have as many."""
    population_share: float
    limit: float

    @property
    def weakest(self) -> TwinRate | None:
        """The accepted field set with the highest bound; None when nobody could be verified at all."""
        used = [rate for rate in self.rates if rate.fields.accepted and rate.holders]
        return max(used, key=lambda rate: rate.bound(self.population_share), default=None)

    @property
    def refusal(self) -> str | None:
        """Why the rule may not be used on this register, in one sentence; None when it may."""
        weakest = self.weakest
        if weakest is None:
            return "The profile is refused: nobody in this register could be verified by any field set."
        bound = weakest.bound(self.population_share)
        if bound <= self.limit:
            return None
        why = (
            f"{weakest.twins:,} of {weakest.holders:,} people have a twin; mend the records that stand for "
            "the same person twice"
            if weakest.expected(self.population_share) > self.limit
            else f"{weakest.twins:,} twins among {weakest.persons:,} people are too few people to show less"
        )
        return (
            f"The profile is refused: by {weakest.fields.title} the bound is {bound:.1e} unseen twins per "
            f"record, above the limit of {self.limit:.1e} ({why}, or set a limit that you can answer for)."
        )


class ProfileRefusedError(RegisterRefusedError):
    """The rule may not be used on a register: its bound is above the limit."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a custodian answers for: the share of the population on file, and the highest bound."""

    population_share: float = POPULATION_SHARE
    limit: float = LIMIT

    @property
    def told(self) -> str:
        """What a register that was accepted under it may be said to satisfy, and nothing of its counts."""
        return (
            f"accepted: at most {self.limit:.1e} unseen twins per record,"
            f" with {self.population_share:g} of the people on file"
        )

    def require(self, files: RegisterFiles, progress: Progress = silent) -> Audit:
        """Audit a register before it is loaded; raises `ProfileRefusedError` when it may not be used."""
        found = audit_of(files, self.population_share, self.limit, progress)
        if found.refusal:
            raise ProfileRefusedError(found.refusal)
        return found


def audit(
    directory: Path,
    population_share: float = POPULATION_SHARE,
    limit: float = LIMIT,
    progress: Progress = silent,
) -> Audit:
    """Count the twins of a register directory, in a gigabyte; past it, keyed digests wait on the disk.

    Raises `RegisterRefusedError` when the directory could not be loaded either.
    """
    with closing(register_files.read(directory, progress)) as files:
        return audit_of(files, population_share, limit, progress)


def audit_of(
    files: RegisterFiles, population_share: float, limit: float, progress: Progress = silent
) -> Audit:
    """The same of a register that is open; it can be read again afterwards."""
    with closing(RegisterKeys()) as keys:
        keys.add(files.persons(), files.addresses())
        files.require_sound()
        progress("compare", 0)
        keys.finished().execute(_DERIVED)
        rates = tuple(_rate(keys, fields) for fields in FIELD_SETS)
        counts = {name: keys.number(sql) for name, sql in _COUNTS.items()}
        found = {int(crowd): int(points) for crowd, points in keys.rows(_CROWDS)}
    crowds = tuple((_crowd_title(n), found.get(n, 0)) for n in range(len(_CROWD_ENDS)))
    return Audit(rates, counts, crowds, population_share, limit)


def _rate(keys: RegisterKeys, fields: FieldSet) -> TwinRate:
    field = "0" if fields.name == "name_address" else fields.name
    held = (
        f"SELECT person, name, {field} AS field, spot, place FROM stand JOIN bearer USING (person) "
        "WHERE name IS NOT NULL AND field IS NOT NULL"
    )
    return TwinRate(
        fields,
        holders=keys.number(f"SELECT count(DISTINCT person) FROM ({held})"),
        twins=keys.number(f"""
            WITH held AS ({held}), shared AS (
                SELECT name, field, spot, place FROM held GROUP BY ALL HAVING min(person) <> max(person))
            SELECT count(DISTINCT person) FROM held SEMI JOIN shared USING (name, field, spot, place)"""),
        persons=keys.number("SELECT count(*) FROM person"),
    )


_DERIVED = """
CREATE VIEW bearer AS
    SELECT *, CASE WHEN middle_spelled AND suffix IS NOT NULL THEN hash(middle, suffix) END AS full_name
    FROM person;
CREATE TABLE building AS
    SELECT by_zip AS spot FROM home WHERE has_unit AND by_zip IS NOT NULL
    UNION SELECT by_town FROM home WHERE has_unit AND by_town IS NOT NULL;
-- Addresses at which a person can be verified: where the building has units, one is stated.
CREATE TABLE address AS
    SELECT *, by_zip IN (FROM building) OR by_town IN (FROM building) AS in_building FROM home;
CREATE TABLE stand AS
    SELECT DISTINCT person, spot, place FROM (
        UNPIVOT (FROM address WHERE has_unit OR in_building IS NOT TRUE)
            ON by_zip, by_town INTO NAME way VALUE spot);
-- Pairs at one delivery point, any unit, any year, of whom one could be taken for the other: each pair by
-- its ZIP code, or by its town when the ZIP codes differ.
CREATE TABLE occupant AS SELECT DISTINCT person, by_zip, by_town FROM home;
CREATE TABLE pair AS
    WITH met AS (
        SELECT one.person AS one, other.person AS other, one.by_zip AS spot
        FROM occupant AS one JOIN occupant AS other
            ON one.by_zip = other.by_zip AND one.person < other.person
        UNION ALL
        SELECT one.person, other.person, one.by_town
        FROM occupant AS one JOIN occupant AS other
            ON one.by_town = other.by_town AND one.person < other.person
        WHERE (one.by_zip = other.by_zip) IS NOT TRUE
    )
    SELECT one, other, spot
    FROM met JOIN person AS p ON p.person = one JOIN person AS q ON q.person = other
    JOIN forms AS ps ON ps.name = p.surnames JOIN forms AS qs ON qs.name = q.surnames
    JOIN forms AS pf ON pf.name = p.first JOIN forms AS qf ON qf.name = q.first
    WHERE list_has_any(ps.near, qs.near) AND list_has_any(pf.near, qf.near);
CREATE TABLE confusable AS SELECT one AS person, spot FROM pair UNION SELECT other, spot FROM pair;
CREATE TABLE shared_number AS
    SELECT person FROM person SEMI JOIN (
        SELECT tin FROM person WHERE tin IS NOT NULL GROUP BY tin HAVING count(*) > 1) USING (tin);
-- Whom the gate would answer about if everything on file were asked.
CREATE TABLE answerable AS
    SELECT DISTINCT person FROM address JOIN bearer USING (person)
    WHERE name IS NOT NULL AND coalesce(tin, birth_date, full_name) IS NOT NULL
        AND (has_unit OR in_building IS NOT TRUE) AND coalesce(by_zip, by_town) IS NOT NULL
        AND NOT EXISTS (FROM confusable c WHERE c.person = address.person AND c.spot = address.by_zip)
        AND NOT EXISTS (FROM confusable c WHERE c.person = address.person AND c.spot = address.by_town)
        AND NOT EXISTS (FROM shared_number n WHERE n.person = address.person);
"""

_COUNTS: Mapping[str, str] = {
    "persons": "SELECT count(*) FROM person",
    "persons_answerable": "SELECT count(*) FROM answerable",
    "persons_ambiguous": "SELECT count(*) FROM (SELECT person FROM confusable UNION FROM shared_number)",
    "persons_confusable": "SELECT count(DISTINCT person) FROM confusable",
    "persons_sharing_a_tin": "SELECT count(*) FROM shared_number",
    "tins_shared": "SELECT count(DISTINCT tin) FROM person SEMI JOIN shared_number USING (person)",
    "persons_without_comparable_name": "SELECT count(*) FROM person WHERE name IS NULL",
    "persons_without_second_field": (
        "SELECT count(*) FROM bearer WHERE coalesce(tin, birth_date, full_name) IS NULL"
    ),
    "persons_without_verifiable_address": "SELECT count(*) FROM person ANTI JOIN stand USING (person)",
    "addresses": "SELECT count(*) FROM home",
    "addresses_without_delivery_point": "SELECT count(*) FROM home WHERE NOT located",
    "addresses_with_unit": "SELECT count(*) FROM home WHERE has_unit",
    "addresses_without_unit_in_building": "SELECT count(*) FROM address WHERE NOT has_unit AND in_building",
}
"""What is counted, by the name it has in the report."""

_CROWD_ENDS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
"""Upper ends of the classes of people at one delivery point; the last class is open."""
_CROWDS = f"""
    SELECT least(len(list_filter({list(_CROWD_ENDS)}, lambda e: e < people)), {len(_CROWD_ENDS) - 1}),
        count(*)
    FROM (
        SELECT count(DISTINCT person) AS people FROM home
        WHERE coalesce(by_zip, by_town) IS NOT NULL GROUP BY coalesce(by_zip, by_town)
    ) GROUP BY ALL
"""


def _crowd_title(number: int) -> str:
    last, first = _CROWD_ENDS[number], _CROWD_ENDS[number - 1] + 1 if number else 1
    if number == len(_CROWD_ENDS) - 1:
        return f"{first} and more"
    return str(last) if first == last else f"{first} to {last}"
