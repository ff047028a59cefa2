"""The file of August 2025 in shape: one official, one text, and the addresses that were reported.

Shares: DHS OIG-23-47 found 18 % of 981,671 addresses bad, in the parts 54 blank : 26 undeliverable :
97 without a unit. Court papers and press accounts report the junk beside them. Matches in 2025 came
to 3.7 % of the rows, nine in ten of them by number.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TypeAlias

from wicketgate.synthetic.defects import Defect, defects
from wicketgate.synthetic.dice import Weighted
from wicketgate.synthetic.handwriting import Address, as_held, plain, without_unit
from wicketgate.synthetic.people import NOT_CANARY, Pool, written_address
from wicketgate.synthetic.requests import BLANK, Draft, Drafting
from wicketgate.synthetic.roll import Held, Listed, Roll
from wicketgate.synthetic.strangers import Strangers
from wicketgate.synthetic.truth import Generated, Truth

Codes: TypeAlias = tuple[str, ...]

SENT = date(2025, 8, 5)
ON_FILE = 0.0515
"""Share of the persons who are on the register."""

_ADDRESS_KINDS = Weighted([("given", 77.0 + 9.9), ("blank", 5.5), ("undeliverable", 2.65), ("junk", 4.95)])
_NO_UNIT_OF_UNITS = 0.38
"""A tenth of all rows lack their unit; three in ten homes have one."""
_JUNK = (
    "Failed to Provide",
    "Failed to Provide",
    "Unknown Address",
    "NA NA",
    "ZIP only",
    "city and state only",
    "jail without a building location",
    "street number missing",
    "street name missing",
    "any five digits as a ZIP",
)
_UNDELIVERABLE = ("undeliverable: no such ZIP", "undeliverable: ZIP of another state")
_TEXTS = Weighted(
    [
        (
            (
                "The subject is under criminal investigation and has a final order of removal. "
                "The information requested is relevant to the investigation."
            ),
            70.0,
        ),
        (
            (
                "Subject has a final order of removal and remains in the United States. "
                "Last known address is needed to locate the subject."
            ),
            30.0,
        ),
    ]
)
_STATUTES = Weighted([("8 U.S.C. 1253(a)(1)", 94.0), ("8 U.S.C. 1326", 4.0), ("8 U.S.C. 1325(a)", 2.0)])


class August:
    """Writes the rows; every one of them lacks several elements."""

    def __init__(self, roll: Roll, seed: int, rows: int) -> None:
        """`rows` decides which thresholds of repetition the file passes."""
        self._drafting = Drafting(seed, SENT)
        self._pool = Pool(roll, seed, NOT_CANARY)
        self._strangers = Strangers(seed)
        self._by_name: dict[str, Defect] = {defect.name: defect for defect in defects()}
        self._official = self._drafting.person_name()
        repeated: Codes = (*(("B5",) if rows > 100 else ()), *(("B7",) if rows > 25 else ()))
        self._codes: Codes = ("A2", "A3", *repeated)

    def requests(self, numbers: Iterator[int]) -> Iterator[Generated]:
        """One request per number."""
        for number in numbers:
            yield self._request(number)

    def _request(self, number: int) -> Generated:
        dice = self._drafting.dice
        listed = self._pool.next() if dice.chance(ON_FILE) else None
        stranger = self._strangers.next(SENT.year)
        tin, wrong_tin = self._tin(listed or stranger)
        held, elsewhere = self._address_of(listed, stranger)
        draft = self._draft(number, listed or stranger, tin)
        codes: set[str] = {*self._codes, *(("I2", "I4", "I5") if "1253" in draft["statute"] else ())}
        codes |= set(self._put_address(draft, held))
        if wrong_tin or elsewhere:
            codes.add("V1")
        person_id = listed.person_id if listed else ""
        return Generated(draft, Truth("deficient", person_id, tuple(sorted(codes))))

    def _tin(self, listed: Listed) -> tuple[str, bool]:
        """The number given, if any, and whether it is somebody else's."""
        dice = self._drafting.dice
        if not listed.tin or not dice.chance(0.78 if listed.person_id else 0.15):
            return "", False
        roll = dice.between(1, 100)
        if roll <= 5 and listed.housemate_tin:
            return listed.housemate_tin, True
        if roll <= 9:
            return listed.tin[:-2] + dice.digits(2), True
        return listed.tin, False

    def _address_of(self, listed: Listed | None, stranger: Listed) -> tuple[Held, bool]:
        """The address given, and whether it is not one of the person's."""
        dice = self._drafting.dice
        if listed is None:
            return stranger.addresses[0], False
        if dice.chance(0.60):
            return stranger.addresses[0], True
        return dice.pick(listed.addresses), False

    def _put_address(self, draft: Draft, held: Held) -> Codes:
        """Write the address, or what stands there instead; return the codes that it earns."""
        dice = self._drafting.dice
        kind = dice.weigh(_ADDRESS_KINDS)
        bare = without_unit(held)
        if kind == "given" and bare is not None and dice.chance(_NO_UNIT_OF_UNITS):
            _write(draft, bare)
            if dice.chance(0.5):  # the field announces a unit, so its absence can be seen
                draft["address_line2"] = "Apt"
                return ("B2:AD-11",)
            return ("V1",)
        _write(draft, as_held(held) if dice.chance(0.5) else written_address(dice, held))
        if kind == "given":
            return ()
        name = "address blank"
        if kind != "blank":
            name = dice.pick(_UNDELIVERABLE if kind == "undeliverable" else _JUNK)
        self._by_name[name].put_into(draft, self._drafting)
        return self._by_name[name].codes

    def _draft(self, number: int, listed: Listed, tin: str) -> Draft:
        dice = self._drafting.dice
        shout = dice.chance(0.6)
        names = (listed.first_name, listed.last_name)
        first, last = (plain(name).upper() if shout else name for name in names)
        statute = dice.weigh(_STATUTES)
        return BLANK | {
            "request_id": f"R{number:08d}",
            "requesting_agency": "DHS-ICE",
            "form": "written",
            "authority_cited": "26 U.S.C. 6103(i)(2)",
            "signatory_name": self._official,
            "signatory_capacity": "other",
            "signed_on": SENT.isoformat(),
            "taxpayer_first_name": first,
            "taxpayer_last_name": last,
            "taxpayer_suffix": listed.suffix if dice.chance(0.3) else "",
            "taxpayer_tin": tin,
            "taxpayer_birth_date": listed.birth_date if dice.chance(0.9) else "",
            "taxable_periods": "2018;2019;2020;2021;2022;2023;2024",
            "statute": statute,
            "matter_stage": "investigation",
            "matter_number": f"FIN{number * 7_919 % 10**10:010d}",
            "reasons": dice.weigh(_TEXTS),
            "items_requested": "last_known_address",
            "engaged_officers": f"{self._official}|10001|DHS-ICE",
            "sole_use_attested": "true",
            "automated_analysis": "none",
            "removal_order_final_on": date(dice.between(2005, 2024), dice.between(1, 12), 28).isoformat(),
            "pending_relief": "none",
        }


def _write(draft: Draft, address: Address) -> None:
    lines = ("address_line1", "address_line2", "address_city", "address_state", "address_postal_code")
    draft.update(zip(lines, address, strict=True))
