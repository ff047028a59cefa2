"""What the custodian knows apart from the request: agencies, orders, open matters, switches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, TypeAlias

SwitchValue: TypeAlias = str | int
ANSWER_SLOT = timedelta(days=1)
CUSTODIAN = "Disclosure office of the custodian"
"""How letters name the custodian where its context does not."""


@dataclass(frozen=True, slots=True)
class Agency:
    """An entry of the custodian's agency directory."""

    code: str
    name: str
    federal: bool
    level: Literal["department", "independent", "component"]
    safeguards: Literal["accepted", "open_findings", "open_findings_with_accepted_plan"]
    parent: str | None = None
    automated_analysis_notice: date | None = None
    """When the Office of Safeguards acknowledged a notice; None: none was acknowledged."""


@dataclass(frozen=True, slots=True)
class Order:
    """A court's order that suspends disclosure."""

    court: str
    docket: str
    binds: Literal["custodian", "recipient"]
    effective_from: date
    agency: str | None = None
    """The agency concerned and its components; None: all."""

    def holds(self, agency_line: tuple[str, ...], on: date) -> bool:
        """True when the order suspends disclosure to an agency (with its parents) on that day."""
        return on >= self.effective_from and (self.agency is None or self.agency in agency_line)


@dataclass(frozen=True, slots=True)
class FacilityList:
    """The custodian's own list of custody facilities: `keys` are the building keys of the address room.

    `name` and `version` say which list a finding rests on.
    """

    name: str
    version: str
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long records of one kind are kept: requests that ended in one of the states."""

    name: str
    states: tuple[str, ...]
    years: int
    """After the last act."""
    authority: str
    """What allows their disposition: the approved schedule, as it is cited."""


@dataclass(frozen=True, slots=True)
class Context:
    """The custodian's side of a review, on one day."""

    as_of: date
    agencies: Mapping[str, Agency]
    switches: Mapping[str, SwitchValue] = field(default_factory=dict)
    engagements: Mapping[str, int] = field(default_factory=dict)
    """Open requests per officer (``Name|badge|agency`` as written) before this submission."""
    orders: tuple[Order, ...] = ()
    answer_slot: timedelta = ANSWER_SLOT
    """Answers leave all together, once in each such stretch of time: a house rule of the custodian."""
    facilities: FacilityList | None = None
    custodian: str = CUSTODIAN
    """The office that signs letters, as it calls itself."""
    retention: tuple[Schedule, ...] = ()
    """Without a schedule nothing is ever due to be expunged."""

    def line(self, code: str) -> tuple[str, ...]:
        """The agency's code followed by its parents' codes; empty for an unknown agency.

        A parent that is not in the directory, or a circle, makes the whole line unknown.
        """
        line: list[str] = []
        current: str | None = code
        while current is not None:
            agency = self.agencies.get(current)
            if agency is None or current in line:
                return ()
            line.append(current)
            current = agency.parent
        return tuple(line)

    def orders_for(self, code: str) -> tuple[Order, ...]:
        """The orders that suspend disclosure to this agency today."""
        line = self.line(code)
        return tuple(order for order in self.orders if order.holds(line, self.as_of))
