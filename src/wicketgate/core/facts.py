"""Facts: what intake computed once about a request, typed and bounded.

Rules read facts and nothing else. A fact that is missing, of the wrong type or
outside its bounds is unknown, and an unknown fact shows nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

FactType: TypeAlias = Literal["text", "integer", "boolean"]
FactValue: TypeAlias = str | int | bool | None
Facts: TypeAlias = Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class FactSpec:
    """The declared name, type and bounds of one fact.

    `minimum` and `maximum` bound an integer (both inclusive); `longest` bounds
    the characters of a text; `values`, where given, lists the only texts allowed.
    """

    name: str
    type: FactType
    minimum: int = 0
    maximum: int = 0
    longest: int = 0
    values: tuple[str, ...] = ()

    def admit(self, value: object) -> FactValue:
        """The value when type and bounds hold, else None (unknown)."""
        if self.type == "boolean":
            return value if type(value) is bool else None
        if self.type == "integer":
            return value if type(value) is int and self.minimum <= value <= self.maximum else None
        if type(value) is not str or not value or len(value) > self.longest:
            return None
        return value if not self.values or value in self.values else None
