"""Whom the requests are about: people of the register by what is asked of them, again and again."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

from wicketgate.synthetic.dice import Dice
from wicketgate.synthetic.handwriting import Address, as_held, rewritten
from wicketgate.synthetic.requests import Asked
from wicketgate.synthetic.roll import Held, Listed, Roll

NOT_CANARY = "NOT contains(flags, 'canary')"
"""A canary is a made-up record that no lawful request can be about."""

_FEW = 2_000
"""So many people are remembered for another round."""


class Pool:
    """People for whom an SQL condition and a test hold, in the seed's order, round and round."""

    def __init__(
        self, roll: Roll, seed: int, where: str, fit: Callable[[Listed], bool] = lambda _: True
    ) -> None:
        self._roll, self._seed, self._where, self._fit = roll, seed, where, fit
        self._few: list[Listed] | None = None
        self._people = self._once()

    def next(self) -> Listed | None:
        """The next person; None when there is nobody at all."""
        listed = next(self._people, None)
        if listed is None:
            self._people = self._once() if self._few is None else iter(self._few)
            listed = next(self._people, None)
        return listed

    def _once(self) -> Iterator[Listed]:
        """Everybody once; a few are remembered for the next round, many are asked for again."""
        few: list[Listed] = []
        for listed in filter(self._fit, self._roll.listed(self._seed, self._where)):
            if len(few) <= _FEW:
                few.append(listed)
            yield listed
        self._few = few if len(few) <= _FEW else None


def adult(listed: Listed, year: int) -> bool:
    """Of age, and seen by the register within the last years."""
    of_age = not listed.birth_date or int(listed.birth_date[:4]) <= year - 19
    return of_age and listed.addresses[0].to_period >= year - 4


def address_asked(listed: Listed, year: int) -> Held:
    """The address that a requester holds: mostly the last known one, else a recent former one.

    It depends on the person alone, so that asking twice is never asking with two addresses.
    """
    recent = [held for held in listed.addresses[1:] if held.to_period >= year - 7]
    fifth = zlib.crc32(listed.person_id.encode()) % 5 == 0
    return recent[0] if recent and fifth else listed.addresses[0]


def periods_for(listed: Listed, held: Held, year: int) -> tuple[int, ...]:
    """Ended years in which the person had this address and the last known one."""
    last = listed.addresses[0]
    years = {min(last.to_period, year - 1), max(last.from_period, last.to_period - 1)}
    if held is not last:
        years.add(held.to_period)
    return tuple(sorted(years))


def written_address(dice: Dice, held: Held) -> Address:
    """As held for one in three, else in the agency's own way of writing."""
    return as_held(held) if dice.chance(0.34) else rewritten(dice, held)


def asked_about(
    dice: Dice, listed: Listed, address: Address, periods: tuple[int, ...], *, discriminators: bool = True
) -> Asked:
    """The person as a careful agency describes them: a number, a birth date, or neither."""
    tin = birth_date = middle = ""
    if discriminators:
        by_tin = bool(listed.tin) and (dice.chance(0.7) or not listed.birth_date)
        tin = listed.tin if by_tin else ""
        if tin and dice.chance(0.3):
            tin = f"{tin[:3]}-{tin[3:5]}-{tin[5:]}"
        birth_date = listed.birth_date if not by_tin or dice.chance(0.3) else ""
        middle = listed.middle_name if dice.chance(0.4) else ""
    shout = dice.chance(0.3)
    names = (listed.first_name, middle, listed.last_name, listed.suffix)
    first, middle, last, suffix = (name.upper() if shout else name for name in names)
    return Asked(first, middle, last, suffix, address, tin, birth_date, periods)
