"""Requests that a lawful gate should answer, and the few among them that it cannot."""

from __future__ import annotations

from collections.abc import Iterator

from wicketgate.synthetic.dice import Weighted
from wicketgate.synthetic.people import (
    NOT_CANARY,
    Pool,
    address_asked,
    adult,
    asked_about,
    periods_for,
    written_address,
)
from wicketgate.synthetic.requests import Asked, Drafting
from wicketgate.synthetic.roll import Listed, Roll
from wicketgate.synthetic.strangers import Strangers
from wicketgate.synthetic.truth import Generated, Outcome, Truth

_ROLES = Weighted(
    [
        ("told apart", 84.3),
        ("bare", 6.0),
        ("stranger", 3.0),
        ("lodger", 3.0),
        ("namesake", 3.0),
        ("flagged", 0.7),
    ]
)


class Lawful:
    """Writes complete requests with individual reasons about people of the register and a few others."""

    def __init__(self, roll: Roll, seed: int, drafting: Drafting, share: str = "TRUE") -> None:
        """`share` is an SQL condition that keeps these people apart from those of other requests."""
        self._drafting = drafting
        self._strangers = Strangers(seed)
        self._year = year = drafting.as_of.year
        clear = f"standing = 'clear' AND (tin <> '' OR birth_date <> '') AND {share} AND "

        def fit(listed: Listed) -> bool:
            return adult(listed, year)

        self._clear = Pool(roll, seed, clear + "flags = ''", fit)
        self._flagged = Pool(roll, seed, clear + f"flags <> '' AND {NOT_CANARY}", fit)
        self._namesakes = Pool(roll, seed, f"standing = 'namesake' AND flags = '' AND {share}", fit)

    def requests(self, numbers: Iterator[int]) -> Iterator[Generated]:
        """One request per number."""
        for number in numbers:
            yield self.request(number)

    def request(self, number: int) -> Generated:
        """The next request, in its role."""
        role = self._drafting.dice.weigh(_ROLES)
        if role == "stranger":
            return self._about(number, self._strangers.next(self._year), "not_verified")
        if role == "lodger":
            return self._lodger(number)
        if role == "namesake":
            listed = self._namesakes.next()
            if listed is None:
                return self._told_apart(number)
            listed = listed._replace(addresses=listed.addresses[:1])  # the one that both have had
            return self._about(number, listed, "not_verified")
        if role == "flagged":
            listed = self._flagged.next()
            return self._about(number, listed, "held") if listed else self._told_apart(number)
        return self._told_apart(number, bare=role == "bare")

    def _told_apart(self, number: int, *, bare: bool = False) -> Generated:
        listed = self._clear.next() or self._strangers.next(self._year)
        outcome: Outcome = "disclosed" if listed.person_id and not bare else "not_verified"
        return self._about(number, listed, outcome, bare=bare)

    def _lodger(self, number: int) -> Generated:
        """Somebody on no register at the address of somebody who is."""
        host = self._clear.next()
        lodger = self._strangers.next(self._year)
        if host is not None:
            lodger = lodger._replace(addresses=host.addresses)
            if self._drafting.dice.chance(0.5):  # of the same family
                lodger = lodger._replace(last_name=host.last_name)
        return self._about(number, lodger, "not_verified")

    def _about(self, number: int, listed: Listed, outcome: Outcome, *, bare: bool = False) -> Generated:
        asked = self._asked(listed, bare=bare)
        return Generated(self._drafting.draft(number, asked), Truth(outcome, listed.person_id))

    def _asked(self, listed: Listed, *, bare: bool) -> Asked:
        held = address_asked(listed, self._year)
        address = written_address(self._drafting.dice, held)
        periods = periods_for(listed, held, self._year)
        return asked_about(self._drafting.dice, listed, address, periods, discriminators=not bare)
