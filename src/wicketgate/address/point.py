"""The value that names one place where mail goes."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from wicketgate.address.pub28 import UNITS_OF_A_DWELLING

Kind: TypeAlias = Literal[
    "street", "po_box", "route", "military", "general_delivery", "kilometre", "building", "descriptive"
]
Words: TypeAlias = tuple[str, ...]


class DeliveryPoint(NamedTuple):
    """One place, in standard words (`normalise`).

    `number` and `street` (directionals and suffix in place) of a street, or `street`
    of a numbered route (``("rr", "2")``, ``("psc", "802")``) with its `box`. `unit` is
    designator and value in turn, ``("bldg", "5", "apt", "4b")``; where one of the two
    is not stated it is ``""``. `area` is a Puerto Rico urbanization or the like, which
    tells equal streets apart. `other` is what the lines say besides: the name of a
    building or a person. `typed` tells that the street shows its type.
    """

    kind: Kind
    number: str = ""
    street: Words = ()
    unit: Words = ()
    box: str = ""
    area: Words = ()
    other: Words = ()
    typed: bool = True

    def __repr__(self) -> str:
        return f"<DeliveryPoint {self.kind}>"

    @property
    def place(self) -> str:
        """The place without its unit, as comparison text."""
        box = f"box {self.box}" if self.box else ""
        return " ".join(word for word in (*self.area, self.number, *self.street, box) if word)

    @property
    def unit_key(self) -> str:
        """The unit as comparison text: ``Apt 4``, ``Unit 4`` and ``# 4`` are all ``4``."""
        return " ".join(word for word in self.unit if word and word not in UNITS_OF_A_DWELLING)
