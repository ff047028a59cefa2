"""Thresholds with dates and references: a number of the law is never written into a rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from wicketgate.law.errors import Place
from wicketgate.law.strict import parse


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A value, a number or a day, the first day on which it applies, and where it comes from."""

    since: date
    value: int | date
    reference: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named threshold with all its values, oldest first."""

    name: str
    sense: str
    unit: str
    values: tuple[DatedValue, ...]

    def on(self, day: date) -> DatedValue | None:
        """The value in force on `day`; None before the first."""
        return next((value for value in reversed(self.values) if value.since <= day), None)


def plain(values: Mapping[str, int | date]) -> dict[str, int | str]:
    """The values as JSON has them: a day is its ISO 8601 text."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def read_parameters(text: str, place: Place) -> tuple[Parameter, ...]:
    """Every parameter of the file; raises `AuthorityError` for one that is incomplete or out of order."""
    root = parse(text, place)
    parameters = []
    for name in root.names():
        table = root.table(name)
        values = []
        for entry in table.tables("values"):
            values.append(
                DatedValue(entry.day("from"), entry.integer_or_day("value"), entry.text("reference"))
            )
            entry.close()
        if any(later.since <= earlier.since for earlier, later in pairwise(values)):
            raise table.place.error("its values must stand in order of their dates, each date once.")
        if len({isinstance(value.value, date) for value in values}) > 1:
            raise table.place.error("its values must be all numbers or all dates.")
        parameters.append(Parameter(name, table.text("sense"), table.text("unit", 60), tuple(values)))
        table.close()
    return tuple(parameters)
