"""How often the gate could mean the wrong person: the bound that a register's own twins give.

A disclosure is about somebody else only when the person meant is not on file and a twin on file
agrees in every compared field. Twins who are both on file are seen, and nothing is disclosed
about either; how often that happens tells how often one of them is missing. Let t be the share
of records with a twin on file and c the share of the population that is on file: for each twin
seen there are (1 - c) / c who are not, so a record has about t * (1 - c) / c unseen twins.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt

CONFIDENCE = 0.95
"""One-sided."""
_QUANTILE = 1.6448536269514722
"""Of the normal distribution at `CONFIDENCE`."""


@dataclass(frozen=True, slots=True)
class FieldSet:
    """What a verification can rest on; `accepted` when the rule asks for no more than these fields."""

    name: str
    title: str
    accepted: bool


FIELD_SETS: tuple[FieldSet, ...] = (
    FieldSet("name_address", "name and address", accepted=False),
    FieldSet("tin", "name, address and taxpayer number", accepted=True),
    FieldSet("birth_date", "name, address and birth date", accepted=True),
    FieldSet("full_name", "name, address, full middle name and stated suffix", accepted=True),
)
"""The first alone is never enough; `verify_rule.second_discriminator` has the others."""


@dataclass(frozen=True, slots=True)
class TwinRate:
    """Of `holders`, the persons whom these fields could verify, `twins` share all of them with another.

    `persons` is everybody on file.
    """

    fields: FieldSet
    holders: int
    twins: int
    persons: int

    @property
    def rate(self) -> float:
        """t as it was counted among holders; 0 where nobody holds the fields."""
        return self.twins / self.holders if self.holders else 0.0

    @property
    def upper_rate(self) -> float:
        """The 95 % upper limit of the share of all records that have a twin, and not below t.

        With no twin among n records it is 3 / n, not nothing.
        """
        return max(self.rate, min(1.0, upper_limit(self.twins) / self.persons)) if self.holders else 0.0

    def expected(self, population_share: float) -> float:
        """Unseen twins per record by the rate as counted; `population_share` lies between 0 and 1."""
        return _unseen(self.rate, population_share)

    def bound(self, population_share: float) -> float:
        """Unseen twins per record by the upper limit of the rate: what a limit is compared with."""
        return _unseen(self.upper_rate, population_share)


def upper_limit(events: int) -> float:
    """The 95 % upper limit of a Poisson mean of which `events` were seen (Wilson and Hilferty)."""
    if not events:
        return -log(1 - CONFIDENCE)
    n = events + 1
    return float(n * (1 - 1 / (9 * n) + _QUANTILE / (3 * sqrt(n))) ** 3)


def _unseen(rate: float, population_share: float) -> float:
    if not 0 < population_share < 1:
        raise ValueError("the share of the population on file lies between 0 and 1")
    return rate * (1 - population_share) / population_share
