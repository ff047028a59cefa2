"""Complete requests that fit a register person almost: a lawful gate answers none of them by itself."""

from __future__ import annotations

from collections.abc import Callable

from wicketgate.synthetic.dice import Dice
from wicketgate.synthetic.handwriting import Address, as_held, without_unit
from wicketgate.synthetic.names import NICKNAMES, first_surname
from wicketgate.synthetic.people import NOT_CANARY, Pool, adult, asked_about
from wicketgate.synthetic.requests import Asked, Drafting
from wicketgate.synthetic.roll import Listed, Roll
from wicketgate.synthetic.strangers import Strangers
from wicketgate.synthetic.truth import Generated, Truth

Change = Callable[[Asked, Listed, Dice], Asked]

_CLEAR = f"standing = 'clear' AND {NOT_CANARY} AND "
_SLICE = "md5_number_lower(person_id) % 10"
_NICKNAMED = ", ".join(f"'{name}'" for name in NICKNAMES)


def _same(asked: Asked, _: Listed, __: Dice) -> Asked:
    return asked


def _nickname(asked: Asked, listed: Listed, dice: Dice) -> Asked:
    return asked._replace(first_name=dice.pick(NICKNAMES[listed.first_name]))


def _mistyped_tin(asked: Asked, listed: Listed, dice: Dice) -> Asked:
    serial = (int(listed.tin[5:]) + dice.pick((1, 10, 100, 1000)) * dice.between(1, 9)) % 9999 + 1
    return asked._replace(tin=f"{listed.tin[:5]}{serial:04d}")


def _housemate_tin(asked: Asked, listed: Listed, _: Dice) -> Asked:
    return asked._replace(tin=listed.housemate_tin)


def _other_birth_date(asked: Asked, listed: Listed, dice: Dice) -> Asked:
    day = int(listed.birth_date[8:])
    other = day % 28 + dice.between(1, 28 - day % 28) if day <= 28 else 1
    birth_date = f"{listed.birth_date[:8]}{other if other != day else day % 28 + 1:02d}"
    return asked._replace(birth_date=birth_date)


def _no_unit(asked: Asked, listed: Listed, _: Dice) -> Asked:
    return asked._replace(address=without_unit(listed.addresses[0]) or asked.address)


def _one_surname(asked: Asked, listed: Listed, _: Dice) -> Asked:
    return asked._replace(last_name=first_surname(listed.last_name))


def _old_address_and_year(asked: Asked, listed: Listed, _: Dice) -> Asked:
    former = listed.addresses[1]
    return asked._replace(address=as_held(former), periods=(former.to_period,))


def _misspelt(asked: Asked, listed: Listed, dice: Dice) -> Asked:
    name = listed.last_name
    place = dice.pick([at for at in range(1, len(name) - 1) if name[at] != name[at + 1]])
    return asked._replace(last_name=name[:place] + name[place + 1] + name[place] + name[place + 2 :])


def _other_number(asked: Asked, listed: Listed, _: Dice) -> Asked:
    line1, *rest = as_held(listed.addresses[0])
    number, _blank, street = line1.partition(" ")
    line2, city, state, postal_code = rest
    return asked._replace(address=(f"{int(number) + 2} {street}", line2, city, state, postal_code))


KINDS: dict[str, tuple[str, Change]] = {
    "father and son": ("standing = 'namesake' AND flags = ''", _same),
    "nickname": (_CLEAR + f"first_name IN ({_NICKNAMED})", _nickname),
    "number mistyped": (_CLEAR + "length(tin) = 9", _mistyped_tin),
    "number of a housemate": (
        _CLEAR + "tin <> '' AND housemate_tin <> '' AND housemate_tin <> tin",
        _housemate_tin,
    ),
    "birth date of somebody else": (_CLEAR + "birth_date <> ''", _other_birth_date),
    "unit missing": (
        _CLEAR + "tin <> '' AND regexp_matches(addresses[1], '(Apt|Unit|#) ?[0-9]+[A-F]?')",
        _no_unit,
    ),
    "one of two surnames": (
        _CLEAR + "tin <> '' AND regexp_matches(last_name, '^[A-Z][^ -]{2,} [A-Z][^ -]{2,}$')",
        _one_surname,
    ),
    "former address, former year": (
        _CLEAR + "tin <> '' AND len(addresses) > 1 AND split_part(addresses[2], chr(31), 7) "
        "< split_part(addresses[1], chr(31), 6)",
        _old_address_and_year,
    ),
    "surname misspelt": (_CLEAR + "tin <> '' AND regexp_matches(last_name, '^[A-Z][a-z]{5,}$')", _misspelt),
    "another house of the street": (
        _CLEAR + "tin <> '' AND regexp_matches(addresses[1], '^[0-9]+ [A-Z][a-z]')",
        _other_number,
    ),
}
"""Each kind: whom it is about, and what the requester gets wrong."""


class NearMisses:
    """Writes them; the kinds take turns."""

    def __init__(self, roll: Roll, seed: int, drafting: Drafting, share: str = "TRUE") -> None:
        """`share` is an SQL condition that keeps these people apart from those of other requests."""
        self._drafting = drafting
        self._strangers = Strangers(seed + 1)
        self._year = year = drafting.as_of.year
        self._turns = [
            # Nobody is in two kinds: the same person with two addresses would be a defect of its own.
            (change, Pool(roll, seed, f"{share} AND {_SLICE} = {kind} AND {where}", lambda p: adult(p, year)))
            for kind, (where, change) in enumerate(KINDS.values())
        ]
        self._turn = 0

    def request(self, number: int) -> Generated:
        """The next request of the next kind; about a stranger where the register has nobody for it."""
        change, pool = self._turns[self._turn % len(self._turns)]
        self._turn += 1
        dice = self._drafting.dice
        listed = pool.next()
        if listed is None:
            listed, change = self._strangers.next(self._year), _same
        address: Address = as_held(listed.addresses[0])
        periods = (min(listed.addresses[0].to_period, self._year - 1),)
        asked = change(asked_about(dice, listed, address, periods), listed, dice)
        # A former year has no last known address: a person must look, where one is meant.
        held = change is _old_address_and_year
        truth = Truth("held" if held else "not_verified", listed.person_id)
        return Generated(self._drafting.draft(number, asked), truth)
