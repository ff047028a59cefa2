"""Requests that test identity alone, each with the person meant; many of them must come to nothing.

A population is made home by home. Part of it is on file; the requests are about anybody, on file or
not, so that the son who is missing from a register that holds his father is there as in life.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from typing import NamedTuple

from wicketgate.synthetic.dice import Dice, Weighted
from wicketgate.synthetic.handwriting import Address, as_held, plain, rewritten, without_unit
from wicketgate.synthetic.names import NICKNAMES, SPELLINGS, first_surname, read_table
from wicketgate.synthetic.people import periods_for
from wicketgate.synthetic.register import THIS_YEAR, Holding, Record, own_records
from wicketgate.synthetic.requests import Asked
from wicketgate.synthetic.roll import Held, Listed
from wicketgate.synthetic.strangers import Strangers

GENUINE = ("exact", "reformatted", "old address")
"""Kinds that are right in every word about somebody on file. The other requests are wrong about somebody on
file, or about somebody who is not."""

_KINDS = Weighted(
    [
        ("exact", 22.0),
        ("reformatted", 22.0),
        ("old address", 13.0),
        ("typo", 8.0),
        ("nickname", 4.0),
        ("transliteration", 2.0),
        ("one of two surnames", 2.0),
        ("unit missing", 5.0),
        ("initial only", 3.0),
        ("wrong number", 5.0),
        ("stranger at the address", 13.0),
        ("namesake at the address", 2.0),
    ]
)
"""What is asked about somebody on file, by weight. The last two are about people who are not on file; so are
"family not on file", "namesake not on file", "housemate not on file" and "home not on file", which the
population itself brings."""

_CROWDED = 7
"""In one of so many ZIP codes people bear one of a few common names."""


class Case(NamedTuple):
    """A request, its kind, and the `person_id` of the person meant: empty for somebody not on file.

    `told` names the true second discriminators that it states: ``tin``, ``birth_date``.
    """

    kind: str
    asked: Asked
    person_id: str
    told: str


@dataclass(frozen=True, slots=True)
class Home:
    """The people of one dwelling, those on file and the others."""

    on_file: tuple[Record, ...]
    missing: tuple[Record, ...]


def homes(people: int, seed: int, on_file: float = 0.85) -> Iterator[Home]:
    """So many people in their homes; of a home in twenty nobody is on file, of the others most are."""
    dice = Dice(seed, "on file")
    each = (on_file / 0.95 - 0.0001) if on_file < 1 else 1.0
    for _, group in groupby(own_records(people, seed), lambda record: record.holdings[-1].dwelling):
        members = _crowded(list(group))
        share = 0.0 if on_file < 1 and dice.chance(0.05) else each
        kept = [dice.chance(share) for _ in members]
        yield Home(
            tuple(member for member, here in zip(members, kept, strict=True) if here),
            tuple(member for member, here in zip(members, kept, strict=True) if not here),
        )


def cases(of: Home, asking: Asking) -> Iterator[Case]:
    """The requests about the people of a home."""
    for member in of.on_file:
        if asking.asks(member):
            yield asking.about(member, of)
    for member in of.missing:
        if asking.asks(member):
            yield asking.about_missing(member, of)


class Asking:
    """Writes requests about a share of the people, by chance that depends on the seed."""

    def __init__(self, seed: int, share: float) -> None:
        self._dice = Dice(seed, "identity")
        self._strangers = Strangers(seed)
        self._share = share

    def asks(self, member: Record) -> bool:
        """Whether somebody asks about this person, who must be of age."""
        born = member.person[6]
        return self._dice.chance(self._share) and (not born or int(born[:4]) <= THIS_YEAR - 19)

    def about(self, member: Record, home: Home) -> Case:
        """A request about somebody on file, or about somebody who is not at that person's address."""
        dice, kind = self._dice, self._dice.weigh(_KINDS)
        listed = _listed(member)
        if kind == "stranger at the address":
            return self._case(kind, self._lodger(listed), home)
        if kind == "namesake at the address":
            return self._case(kind, self._namesake(listed), home)
        change = _CHANGES.get(kind, _exact)
        asked = change(self._asked(listed), listed, dice)
        if kind == "old address" and len(listed.addresses) > 1:
            asked = self._at(asked, listed, dice.pick(listed.addresses[1:]))
        elif kind == "wrong number":
            asked = asked._replace(tin=self._wrong_number(listed, home))
        elif kind == "reformatted":
            asked = self._reformatted(asked, listed)
        unchanged = kind not in GENUINE and asked == self._kept(asked, listed)
        if unchanged or (kind == "old address" and len(listed.addresses) == 1):
            kind = "exact"
        return Case(kind, asked, listed.person_id, _told(asked, listed))

    def about_missing(self, member: Record, home: Home) -> Case:
        """A request about somebody who should be on file and is not."""
        listed = _listed(member)
        kind = "home not on file"
        for other in home.on_file:
            kind = "housemate not on file" if kind == "home not on file" else kind
            if _surnames(other) == _surnames(member):
                kind = "family not on file" if kind != "namesake not on file" else kind
                if other.person[2] == member.person[2]:
                    kind = "namesake not on file"
        return self._case(kind, listed, home)

    def _case(self, kind: str, listed: Listed, home: Home) -> Case:
        """About somebody not on file. Families share numbers: some requests give a housemate's.

        Never a namesake's: such a request would describe the namesake in every field it has.
        """
        dice = self._dice
        asked = self._asked(listed)
        if dice.chance(0.5):
            asked = self._reformatted(asked, listed)
        if asked.tin and dice.chance(0.05):
            own = plain(listed.first_name).lower()
            others = [r.person[1] for r in home.on_file if r.person[1] and plain(r.person[2]).lower() != own]
            asked = asked._replace(tin=dice.pick(others)) if others else asked
        return Case(kind, asked, "", _told(asked, listed))

    def _asked(self, listed: Listed) -> Asked:
        """As somebody describes them who knows all or less: number 60, birth date 40, middle name 50 %."""
        dice = self._dice
        held = listed.addresses[0]
        return Asked(
            listed.first_name,
            listed.middle_name if dice.chance(0.5) else "",
            listed.last_name,
            listed.suffix if dice.chance(0.7) else "",
            as_held(held),
            listed.tin if dice.chance(0.60) else "",
            listed.birth_date if dice.chance(0.40) else "",
            periods_for(listed, held, THIS_YEAR),
        )

    def _kept(self, asked: Asked, listed: Listed) -> Asked:
        """The same with the name and the address as they are on file."""
        return asked._replace(
            first_name=listed.first_name,
            last_name=listed.last_name,
            address=as_held(listed.addresses[0]),
            tin=listed.tin if asked.tin else "",
        )

    def _at(self, asked: Asked, listed: Listed, held: Held) -> Asked:
        address = as_held(held) if self._dice.chance(0.5) else rewritten(self._dice, held)
        return asked._replace(address=address, periods=periods_for(listed, held, THIS_YEAR))

    def _reformatted(self, asked: Asked, listed: Listed) -> Asked:
        """Other clothes: capitals, no accents, other abbreviations, hyphens."""
        dice = self._dice
        asked = asked._replace(address=rewritten(dice, listed.addresses[0]))
        write = dice.pick(_CLOTHES)
        names = (write(asked.first_name), write(asked.middle_name), write(asked.last_name))
        first, middle, last = names
        if " " in last and dice.chance(0.3):
            last = last.replace(" ", "-")
        tin = asked.tin
        if len(tin) == 9 and dice.chance(0.5):
            tin = f"{tin[:3]}-{tin[3:5]}-{tin[5:]}"
        return asked._replace(first_name=first, middle_name=middle, last_name=last, tin=tin)

    def _wrong_number(self, listed: Listed, home: Home) -> str:
        dice = self._dice
        others = [r.person[1] for r in home.on_file if r.person[1] not in ("", listed.tin)]
        if others and dice.chance(0.4):
            return dice.pick(others)
        if not listed.tin or dice.chance(0.2):
            return self._strangers.next(THIS_YEAR).tin
        return _mistyped(dice, listed.tin)

    def _lodger(self, host: Listed) -> Listed:
        """Somebody on no register, of the same family or not."""
        stranger = self._strangers.next(THIS_YEAR)
        last = host.last_name if self._dice.chance(0.4) else stranger.last_name
        return stranger._replace(last_name=last, addresses=host.addresses)

    def _namesake(self, host: Listed) -> Listed:
        """A father or a son of the same name; half of them have the middle name too, few the suffix."""
        dice = self._dice
        stranger = self._strangers.next(THIS_YEAR)
        years = dice.between(19, 40) * dice.pick((-1, 1))
        born = stranger.birth_date
        if host.birth_date:
            born = f"{int(host.birth_date[:4]) + years}-{stranger.birth_date[5:]}"
        return stranger._replace(
            first_name=host.first_name,
            middle_name=host.middle_name if dice.chance(0.5) else stranger.middle_name,
            last_name=host.last_name,
            birth_date=born,
            suffix={"": "Jr" if dice.chance(0.3) else "", "Jr": "Sr"}.get(host.suffix, "Jr"),
            addresses=host.addresses,
        )


def _listed(record: Record) -> Listed:
    person_id, tin, first, middle, last, suffix, born, flags = record.person
    held = tuple(_held(holding) for holding in reversed(record.holdings))
    return Listed(person_id, tin, first, middle, last, suffix, born, flags, "clear", "", held)


def _held(holding: Holding) -> Held:
    dwelling, place = holding.dwelling, holding.dwelling.place
    return Held(
        dwelling.line1,
        dwelling.line2,
        place.city,
        place.state,
        place.postal_code,
        holding.from_period,
        holding.to_period,
    )


def _told(asked: Asked, listed: Listed) -> str:
    tin = listed.tin if asked.tin.replace("-", "") == listed.tin else ""
    return ";".join(name for name, text in (("tin", tin), ("birth_date", asked.birth_date)) if text)


def _surnames(record: Record) -> str:
    return first_surname(record.person[4])


def _mistyped(dice: Dice, tin: str) -> str:
    """Two neighbouring digits swapped where they differ, else one digit changed."""
    at = dice.between(0, 7)
    if tin[at] != tin[at + 1]:
        return tin[:at] + tin[at + 1] + tin[at] + tin[at + 2 :]
    return tin[:at] + str((int(tin[at]) + dice.between(1, 9)) % 10) + tin[at + 1 :]


_CLOTHES: tuple[Callable[[str], str], ...] = (str.upper, plain, str.lower, lambda text: text)

Change = Callable[[Asked, Listed, Dice], Asked]


def _exact(asked: Asked, _: Listed, __: Dice) -> Asked:
    return asked


def _typo(asked: Asked, _: Listed, dice: Dice) -> Asked:
    """One slip in the first name, the surname, the house number or the ZIP code."""
    field = dice.pick(("first_name", "last_name", "line1", "postal_code"))
    line1, line2, city, state, postal_code = asked.address
    if field == "line1":
        address: Address = (_slipped(dice, line1), line2, city, state, postal_code)
        return asked._replace(address=address)
    if field == "postal_code":
        return asked._replace(address=(line1, line2, city, state, _slipped(dice, postal_code)))
    if field == "first_name":
        return asked._replace(first_name=_slipped(dice, asked.first_name))
    return asked._replace(last_name=_slipped(dice, asked.last_name))


def _slipped(dice: Dice, text: str) -> str:
    at = dice.between(0, min(len(text), 6) - 1)
    other = dice.pick("0123456789") if text[at].isdigit() else dice.pick("aeinorst")
    return dice.pick((text[:at] + text[at + 1 :], text[:at] + other + text[at + 1 :]))


def _nickname(asked: Asked, listed: Listed, dice: Dice) -> Asked:
    short = NICKNAMES.get(listed.first_name)
    return asked._replace(first_name=dice.pick(short)) if short else asked


def _transliteration(asked: Asked, listed: Listed, dice: Dice) -> Asked:
    other = SPELLINGS.get(listed.first_name)
    return asked._replace(first_name=dice.pick(other)) if other else asked


def _one_surname(asked: Asked, listed: Listed, _: Dice) -> Asked:
    return asked._replace(last_name=first_surname(listed.last_name))


def _no_unit(asked: Asked, listed: Listed, _: Dice) -> Asked:
    return asked._replace(address=without_unit(listed.addresses[0]) or asked.address)


def _initial(asked: Asked, listed: Listed, _: Dice) -> Asked:
    return asked._replace(first_name=listed.first_name[0])


_CHANGES: dict[str, Change] = {
    "typo": _typo,
    "nickname": _nickname,
    "transliteration": _transliteration,
    "one of two surnames": _one_surname,
    "unit missing": _no_unit,
    "initial only": _initial,
}


def _crowded(members: list[Record]) -> list[Record]:
    """The people of a home under a few common names, where the ZIP code is a crowded one."""
    if zlib.crc32(members[0].holdings[-1].dwelling.place.postal_code.encode()) % _CROWDED:
        return members
    given, family = _common()
    born = Counter(member.person[6] for member in members)  # twins keep their two names
    return [
        replace(
            member,
            person=(
                *member.person[:2],
                given[zlib.crc32(first.encode()) % len(given)] if born[member.person[6]] == 1 else first,
                member.person[3],
                family[zlib.crc32(last.encode()) % len(family)],
                *member.person[5:],
            ),
        )
        for member in members
        for first, last in [(member.person[2], member.person[4])]
    ]


@cache
def _common() -> tuple[list[str], list[str]]:
    """The forty most frequent given names and the sixty most frequent surnames."""

    def most(table: str, count: int) -> list[str]:
        rows = sorted(read_table(table), key=lambda row: -float(row[1]))
        return [row[0] for row in rows[:count]]

    return most("given_female.tsv", 20) + most("given_male.tsv", 20), most("surnames.tsv", 60)
