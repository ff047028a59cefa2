"""A file as a careless agency sends it: a third lawful, the rest wrong in one or two ways each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from wicketgate.synthetic.defects import Defect, defects
from wicketgate.synthetic.dice import Weighted
from wicketgate.synthetic.lawful import Lawful
from wicketgate.synthetic.near_misses import NearMisses
from wicketgate.synthetic.people import NOT_CANARY, Pool, adult, asked_about, periods_for, written_address
from wicketgate.synthetic.requests import BY_FAMILY, Asked, Drafting
from wicketgate.synthetic.roll import Roll
from wicketgate.synthetic.strangers import Strangers
from wicketgate.synthetic.truth import Generated, Truth, strictest

_ROLES = Weighted([("lawful", 34.0), ("near miss", 14.0), ("defect", 52.0)])
_GROUP = 30
"""Requests that share what a lawful file would not: above every threshold of 25 or 20."""
_BLOCK = 2_000
"""One group of each kind per this many rows, so that a small file is not made of groups."""


@dataclass(frozen=True, slots=True)
class _Group:
    """What a run of requests has in common, though each alone would pass."""

    name: str
    codes: tuple[str, ...]
    columns: tuple[str, ...]
    """Taken from the first request of the run."""
    size: int = _GROUP


_PERSON = tuple(
    f"taxpayer_{part}" for part in ("first_name", "middle_name", "last_name", "suffix", "tin", "birth_date")
)
_ADDRESS = tuple(f"address_{part}" for part in ("line1", "line2", "city", "state", "postal_code"))
_OFFICE = ("requesting_agency", "signatory_name", "signatory_capacity", "engaged_officers")
_TEXT = (
    "The subject is thought to have bought from the ring whose ledgers were seized. The address may show "
    "which of the parcels that were intercepted the subject was meant to receive."
)
GROUPS = (
    _Group("one officer", ("B7",), _OFFICE),
    _Group("one text", ("B5",), ("reasons",)),
    _Group("one matter", ("B6",), ("matter_number",)),
    _Group("one address", ("B2:AD-14",), _ADDRESS),
    _Group("one person, many addresses", ("B11",), _PERSON, size=5),
)


class Mixed:
    """Writes the rows of such a file."""

    def __init__(self, roll: Roll, seed: int, drafting: Drafting) -> None:
        # Three parts of the register, so that no defective request about a person touches a lawful one.
        part = "substr(md5(person_id), 1, 1)"
        self._drafting = drafting
        self._year = year = drafting.as_of.year
        self._lawful = Lawful(roll, seed, drafting, f"{part} < '7'")
        self._near = NearMisses(roll, seed, drafting, f"{part} BETWEEN '7' AND '9'")
        where = f"{part} >= 'a' AND {NOT_CANARY} AND (tin <> '' OR birth_date <> '')"
        self._others = Pool(roll, seed, where, lambda listed: adult(listed, year))
        self._strangers = Strangers(seed + 2)
        self._turn = 0

    def requests(self, numbers: Iterator[int]) -> Iterator[Generated]:
        """One request per number, in blocks that begin with the groups."""
        while block := list(islice(numbers, _BLOCK)):
            written: list[Generated] = []
            if len(block) == _BLOCK:
                for group in GROUPS:
                    written += self._group(group, block[: group.size])
                    block = block[group.size :]
            written += [self._single(number) for number in block]
            self._drafting.dice.shuffle(written)
            yield from written

    def _single(self, number: int) -> Generated:
        role = self._drafting.dice.weigh(_ROLES)
        if role == "lawful":
            return self._lawful.request(number)
        if role == "near miss":
            return self._near.request(number)
        return self._defective(number)

    def _defective(self, number: int) -> Generated:
        """The defects take turns; one in four has a second one."""
        every = defects()
        wrong = [every[self._turn % len(every)]]
        self._turn += 1
        dice = self._drafting.dice
        if dice.chance(0.25):
            second = dice.pick(every)
            if second.goes_with(wrong[0]):
                wrong.append(second)
        return self._wrong_in(number, wrong)

    def _wrong_in(self, number: int, wrong: list[Defect]) -> Generated:
        asked, person_id = self._asked()
        family = next((defect.charge for defect in wrong if defect.charge), "")
        draft = self._drafting.draft(number, asked, BY_FAMILY[family] if family else None)
        for defect in wrong:
            defect.put_into(draft, self._drafting)
        codes = tuple(sorted({code for defect in wrong for code in defect.codes}))
        return Generated(draft, Truth(strictest([defect.outcome for defect in wrong]), person_id, codes))

    def _group(self, group: _Group, numbers: list[int]) -> Iterator[Generated]:
        first: Generated | None = None
        for number in numbers:
            # The first is about nobody else's home or officer, so that the group draws no lawful request in.
            asked, person_id = self._asked(0.7 if first else 0.0)
            draft = self._drafting.draft(number, asked, BY_FAMILY["drugs"])  # of one department
            if first is None:
                draft["engaged_officers"] = self._drafting.officer(draft["requesting_agency"])
                draft["reasons"] = _TEXT if "reasons" in group.columns else draft["reasons"]
            else:
                for column in group.columns:
                    draft[column] = first.draft[column]
                person_id = first.truth.person_id if group.size < _GROUP else person_id
            row = Generated(draft, Truth("referred", person_id, group.codes))
            first = first or row
            yield row

    def _asked(self, on_register: float = 0.7) -> tuple[Asked, str]:
        """The next person, on the register or not, and who that is."""
        dice = self._drafting.dice
        listed = self._others.next() if dice.chance(on_register) else None
        listed = listed or self._strangers.next(self._year)
        held = listed.addresses[0]
        asked = asked_about(dice, listed, written_address(dice, held), periods_for(listed, held, self._year))
        return asked, listed.person_id
