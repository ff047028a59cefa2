"""People who are on no register."""

from __future__ import annotations

from datetime import date, timedelta

from wicketgate.synthetic.dice import Dice
from wicketgate.synthetic.names import CUSTOMS, Sex, given_name, middle_name, two_surnames
from wicketgate.synthetic.places import dwellings
from wicketgate.synthetic.roll import Held, Listed


class Strangers:
    """An endless queue of them. Their numbers lie outside of the ranges that registers here use."""

    def __init__(self, seed: int) -> None:
        self._dice = Dice(seed, "strangers")
        self._homes = dwellings(Dice(seed, "strangers' dwellings"))

    def next(self, year: int) -> Listed:
        """A person and an address; the years are those in which the requester places them there."""
        dice = self._dice
        custom = dice.weigh(CUSTOMS)
        sex: Sex = "male" if dice.chance(0.5) else "female"
        home = next(self._homes)
        return Listed(
            person_id="",
            tin=f"{dice.between(700, 772)}{dice.between(1, 99):02d}{dice.between(1, 9999):04d}",
            first_name=given_name(dice, custom, sex),
            middle_name=middle_name(dice, custom, sex),
            last_name=two_surnames(dice, custom),
            suffix="",
            birth_date=(date(year - 22, 1, 1) - timedelta(days=dice.between(0, 20_000))).isoformat(),
            flags="",
            standing="clear",
            housemate_tin="",
            addresses=(
                Held(
                    home.line1,
                    home.line2,
                    home.place.city,
                    home.place.state,
                    home.place.postal_code,
                    year - 4,
                    year - 1,
                ),
            ),
        )
