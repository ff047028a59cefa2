"""Complete requests, as a lawful agency writes them: one person, one matter, its own reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple, TypeAlias

from wicketgate.core.request import COLUMNS
from wicketgate.synthetic.dice import Dice, Weighted
from wicketgate.synthetic.handwriting import Address
from wicketgate.synthetic.names import Sex, given_name, surname
from wicketgate.synthetic.reasons import reasons

Draft: TypeAlias = dict[str, str]
"""A row in the making: every column, in the interface's order; an empty text means missing."""

BLANK: Draft = dict.fromkeys(COLUMNS, "")
"""What every row is made from, so that the columns keep their order."""


class Asked(NamedTuple):
    """The person as the requester describes them."""

    first_name: str
    middle_name: str
    last_name: str
    suffix: str
    address: Address
    tin: str
    birth_date: str
    periods: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Charge:
    """A criminal statute, the agencies that enforce it, and its family of reasons."""

    statute: str
    family: str
    agencies: tuple[str, ...]


_DEPART = tuple(
    Charge(f"8 U.S.C. 1253(a)(1)({limb})", f"failure_{limb}", ("DHS", "DHS", "DHS", "DOJ")) for limb in "ABCD"
)
_REENTRY = Charge("8 U.S.C. 1326(a)", "reentry", ("DHS", "DOJ"))
_ENTRY = Charge("8 U.S.C. 1325(a)", "entry", ("DHS", "DOJ"))
CHARGES: Weighted[Charge] = Weighted(
    [
        *((charge, 12.0) for charge in _DEPART),
        (_REENTRY, 9.0),
        (_ENTRY, 5.0),
        (Charge("18 U.S.C. 1343", "fraud", ("DOJ", "DHS")), 14.0),
        (Charge("18 U.S.C. 1028(a)(1)", "identity", ("DHS", "DOJ")), 10.0),
        (Charge("21 U.S.C. 841(a)(1)", "drugs", ("DOJ",)), 9.0),
        (Charge("18 U.S.C. 641", "theft", ("SSA", "VA", "DOJ")), 5.0),
    ]
)
"""What lawful requests are about, by weight."""

BY_FAMILY: dict[str, Charge] = {charge.family: charge for charge in CHARGES.items} | {"failure": _DEPART[0]}
"""One charge per family, for requests that need a particular statute."""

_DOJ_OFFICERS = (
    "attorney_general", "deputy_attorney_general", "associate_attorney_general", "assistant_attorney_general",
    "us_attorney", "us_attorney", "us_attorney", "fbi_director", "dea_administrator",
)  # fmt: skip
_HEADS = ("agency_head", "agency_head", "agency_head", "inspector_general")
_GROUNDS = tuple(f"8 U.S.C. 1227(a){path}" for path in ("(1)(B)", "(1)(B)", "(1)(C)(i)", "(2)(A)(iii)"))
_STAGES = ("investigation", "investigation", "judicial_proceeding_preparation", "grand_jury")


class Drafting:
    """Writes requests; keeps a team of two officers per agency for a dozen requests or so."""

    def __init__(self, seed: int, as_of: date) -> None:
        self.dice = Dice(seed, "requests")
        self.as_of = as_of
        self._signatories: dict[tuple[str, str], str] = {}
        self._teams: dict[str, tuple[str, int]] = {}
        self._badge = 1000

    def draft(self, number: int, asked: Asked, charge: Charge | None = None) -> Draft:
        """A request that shows every element; `number` makes its reference and its matter its own."""
        dice = self.dice
        charge = charge or dice.weigh(CHARGES)
        agency = dice.pick(charge.agencies)
        capacity = dice.pick(_DOJ_OFFICERS if agency == "DOJ" else _HEADS)
        line1, line2, city, state, postal_code = asked.address
        draft: Draft = BLANK | {
            "request_id": f"R{number:08d}",
            "requesting_agency": agency,
            "form": "written",
            "authority_cited": "26 U.S.C. 6103(i)(2)",
            "signatory_name": self._signatory(agency, capacity),
            "signatory_capacity": capacity,
            "signed_on": self._day(2, 28),
            "taxpayer_first_name": asked.first_name,
            "taxpayer_middle_name": asked.middle_name,
            "taxpayer_last_name": asked.last_name,
            "taxpayer_suffix": asked.suffix,
            "address_line1": line1,
            "address_line2": line2,
            "address_city": city,
            "address_state": state,
            "address_postal_code": postal_code,
            "taxpayer_tin": asked.tin,
            "taxpayer_birth_date": asked.birth_date,
            "taxable_periods": ";".join(map(str, asked.periods)),
            "statute": charge.statute,
            "matter_stage": dice.pick(_STAGES),
            "matter_number": f"{agency}-{self.as_of.year - dice.between(0, 2)}-{number:08d}",
            "reasons": reasons(dice, charge.family, city, self.as_of.year - 1),
            "items_requested": "last_known_address",
            "engaged_officers": self._team(agency),
            "sole_use_attested": "true",
            "automated_analysis": "none",
        }
        self._add_statute_facts(draft, charge)
        return draft

    def person_name(self) -> str:
        """A made-up official's name."""
        sex: Sex = "male" if self.dice.chance(0.5) else "female"
        return f"{given_name(self.dice, 'anglo', sex)} {surname(self.dice, 'anglo')}"

    def officer(self, agency: str) -> str:
        """A new officer as ``Name|badge|agency``."""
        self._badge += 1
        return f"{self.person_name()}|{agency[0]}{self._badge}|{agency}"

    def _day(self, least: int, most: int) -> str:
        return (self.as_of - timedelta(days=self.dice.between(least, most))).isoformat()

    def _add_statute_facts(self, draft: Draft, charge: Charge) -> None:
        dice = self.dice
        if charge.family.startswith("failure_"):
            final = dice.between(120, 2200)
            draft["removal_order_final_on"] = self._day(final, final)
            if final > 400 and dice.chance(0.25):  # judicially reviewed: the 90 days run from the court
                draft["removal_order_court_final_on"] = self._day(110, final - 30)
            draft["removal_order_ground"] = dice.pick(_GROUNDS)
            draft["failure_limb"] = charge.family[-1]
            draft["pending_relief"] = "none"
        elif charge.family == "reentry":
            draft["entry_on"] = self._day(100, 1500)
            draft["prior_removal_on"] = self._day(1600, 5000)
        elif charge.family == "entry":
            draft["entry_on"] = self._day(60, 1500)

    def _signatory(self, agency: str, capacity: str) -> str:
        # An office has one holder, but there are many United States attorneys.
        district = str(self.dice.between(1, 94)) if capacity == "us_attorney" else ""
        key = (agency, capacity + district)
        if key not in self._signatories:
            self._signatories[key] = self.person_name()
        return self._signatories[key]

    def _team(self, agency: str) -> str:
        team, left = self._teams.get(agency, ("", 0))
        if left == 0:
            team = f"{self.officer(agency)};{self.officer(agency)}"
            left = self.dice.between(6, 18)
        self._teams[agency] = (team, left - 1)
        return team


def as_row(draft: Draft) -> tuple[str, ...]:
    """The texts in the interface's order of columns."""
    return tuple(draft.values())
