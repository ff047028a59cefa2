"""Facts: what intake computed once about a request, typed and bounded.

Rules read facts and nothing else. A fact that is missing, of the wrong type or
outside its bounds is unknown, and an unknown fact shows nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal, TypeAlias

FactType: TypeAlias = Literal["text", "integer", "boolean", "date", "list"]
FactValue: TypeAlias = str | int | bool | tuple[str, ...] | None
"""A date is its ISO 8601 text, as in JSON; in a table it is a column of dates. A list holds texts."""
Facts: TypeAlias = Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class FactSpec:
    """The declared name, type and bounds of one fact.

    `minimum` and `maximum`, both inclusive, bound an integer, the number of a date's day
    (`day_number`) and how many entries a list has; `longest` bounds the characters of a text
    and of an entry; `values`, where given, lists the only texts allowed.
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
        if self.type == "date":
            number = day_number(value)
            return str(value) if number is not None and self.minimum <= number <= self.maximum else None
        if self.type == "list":
            if type(value) not in (list, tuple) or not self.minimum <= len(value) <= self.maximum:  # type: ignore[arg-type]
                return None
            return tuple(value) if all(map(self._admits_text, value)) else None  # type: ignore[arg-type,call-overload]
        return value if self._admits_text(value) else None  # type: ignore[return-value]

    def of_column(self, value: object) -> FactValue:
        """The value that a table's column of this fact holds, as a request has it; None when unknown."""
        return self.admit(value.isoformat() if type(value) is date else value)

    def _admits_text(self, value: object) -> bool:
        if type(value) is not str or not 0 < len(value) <= self.longest:
            return False
        return not self.values or value in self.values


def day_number(value: object) -> int | None:
    """The number of the day that an ISO 8601 date names (`date.toordinal`); None for anything else."""
    return _day_number(value) if type(value) is str and len(value) == 10 else None


@lru_cache(maxsize=65_536)
def _day_number(text: str) -> int | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day.toordinal() if day.isoformat() == text else None
