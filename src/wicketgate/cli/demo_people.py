"""The made-up people of the demonstration: who signs in, and who acts in its history."""

from __future__ import annotations

from dataclasses import dataclass

from wicketgate.core.actor import Actor
from wicketgate.core.roles import Role


@dataclass(frozen=True, slots=True)
class Person:
    """One made-up person; `name` is the sign-in name and the handle."""

    name: str
    display_name: str
    role: str
    agency: str = ""
    officer: str = ""
    """How requests name a recipient officer."""

    @property
    def actor(self) -> Actor:
        """The person in acts; raises `ValueError` for a role that takes part in none."""
        return Actor(self.name, Role(self.role), self.agency or None)


ERIN = Person("erin", "Erin Example", "examiner")
ELIAS = Person("elias", "Elias Example", "examiner")
ADA = Person("ada", "Ada Example", "approver")
ABEL = Person("abel", "Abel Example", "approver")
CORA = Person("cora", "Cora Example", "counsel")
SAM = Person("sam", "Sam Example", "safeguards_officer")
INA = Person("ina", "Ina Example", "inspector")
ADAM = Person("adam", "Adam Example", "administrator")
CLEO = Person("cleo", "Cleo Example", "clerk", "DHS")
RITA = Person("rita", "Rita Example", "requesting_official", "DHS")
OMAR = Person("omar", "Omar Example", "recipient_officer", "DHS", "Omar Example|4711|DHS")
KIM = Person("kim", "Kim Example", "safeguards_contact", "DHS")
DORA = Person("dora", "Dora Example", "clerk", "DOJ")
DANA = Person("dana", "Dana Example", "safeguards_contact", "DOJ")

PEOPLE = (ERIN, ELIAS, ADA, ABEL, CORA, SAM, INA, ADAM, CLEO, RITA, OMAR, KIM, DORA, DANA)
