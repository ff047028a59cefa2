"""What can be wrong with one request, read from `data/defects.toml`, and put into a draft."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from wicketgate.synthetic.dice import Dice
from wicketgate.synthetic.places import places
from wicketgate.synthetic.reasons import MONTHS
from wicketgate.synthetic.requests import Draft, Drafting
from wicketgate.synthetic.truth import Outcome

_NUMBERED = re.compile(r"^(?P<number>\d\S*(?: 1/2)?) (?P<street>.+?)(?: (?:Ap|AP|ap|Un|UN|un|#).*)?$")
_AGENCIES = ("DHS", "DOJ", "SSA", "VA")


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing wrong: the codes it must earn, and alternatives of what to write where."""

    name: str
    codes: tuple[str, ...]
    outcome: Outcome
    charge: str
    """The family of statutes that it needs; empty: any."""
    joins: bool
    """False: it cannot share a request with another defect."""
    alternatives: tuple[Mapping[str, str], ...]

    @property
    def columns(self) -> frozenset[str]:
        """All columns that an alternative writes; an address is one thing."""
        written = {column for alternative in self.alternatives for column in alternative}
        return frozenset("address" if column.startswith("address_") else column for column in written)

    def goes_with(self, other: Defect) -> bool:
        """True when both can be in one request without undoing each other."""
        one_charge = not self.charge or not other.charge or self.charge == other.charge
        return self.joins and other.joins and one_charge and self.columns.isdisjoint(other.columns)

    def put_into(self, draft: Draft, drafting: Drafting) -> None:
        """Write one of the alternatives into the draft."""
        texts = _Texts(draft, drafting)
        for column, template in drafting.dice.pick(self.alternatives).items():
            draft[column] = _written(template, texts, drafting.as_of)


@cache
def defects() -> tuple[Defect, ...]:
    """All of them, in the file's order."""
    text = (files("wicketgate.synthetic") / "data" / "defects.toml").read_text(encoding="utf-8")
    return tuple(
        Defect(
            name=entry["name"],
            codes=tuple(entry["codes"]),
            outcome=entry["outcome"],
            charge=entry.get("charge", ""),
            joins=entry.get("joins", True),
            alternatives=tuple(entry["set"]),
        )
        for entry in tomllib.loads(text)["defect"]
    )


def _written(template: str, texts: Mapping[str, str], as_of: date) -> str:
    if template.startswith("@"):
        return (as_of - timedelta(days=int(template[1:]))).isoformat()
    return template.format_map(texts) if "{" in template else template


class _Texts(dict[str, str]):
    """The draft's own texts, and the few others that alternatives speak of, made when they are asked for."""

    def __init__(self, draft: Draft, drafting: Drafting) -> None:
        super().__init__(draft)
        self._drafting = drafting

    def __missing__(self, name: str) -> str:
        dice, agency = self._drafting.dice, self["requesting_agency"]
        match name:
            case "number" | "street":
                written = _NUMBERED.match(self["address_line1"])
                plain = {"number": str(dice.between(10, 9999)), "street": "Juniper St"}
                return written[name] if written else plain[name]
            case "initial":
                return self["taxpayer_first_name"][:1]
            case "month":
                return dice.pick(MONTHS)
            case "next_year":
                return str(self._drafting.as_of.year + 2)
            case "other_zip":
                return _zip_elsewhere(dice, self["address_state"])
            case "officer":
                return self._drafting.officer(agency)
            case "ice_officer":
                return self._drafting.officer("DHS-ICE")
            case "other_officer":
                return self._drafting.officer(dice.pick([code for code in _AGENCIES if code != agency]))
            case "officer_name":
                return self._drafting.person_name()
        raise KeyError(name)


def _zip_elsewhere(dice: Dice, state: str) -> str:
    """A real ZIP of another state."""
    while True:
        place = dice.pick(places()["city"])
        if place.state != state:
            return place.postal_code
