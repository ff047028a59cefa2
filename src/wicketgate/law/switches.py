"""Interpretation switches: questions on which courts differ, answered strictly unless the custodian decides.

A value that has been held unlawful stays listed, with the reason why nobody can choose it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wicketgate.core.context import SwitchValue
from wicketgate.law.errors import AuthorityError, Place
from wicketgate.law.strict import Table, parse


@dataclass(frozen=True, slots=True)
class Position:
    """What one source holds."""

    source: str
    says: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to the question; `not_selectable` gives the reason why it cannot be chosen."""

    value: str
    sense: str
    not_selectable: str
    positions: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class Switch:
    """A question with its answers, the strictest first, or with a range of integers (both ends included)."""

    name: str
    question: str
    default: SwitchValue
    choices: tuple[Choice, ...]
    range: tuple[int, int] | None
    positions: tuple[Position, ...]

    @property
    def values(self) -> tuple[str, ...]:
        """The names of all answers, strictest first."""
        return tuple(choice.value for choice in self.choices)

    @property
    def selectable(self) -> tuple[str, ...]:
        """The answers that a custodian may choose."""
        return tuple(choice.value for choice in self.choices if not choice.not_selectable)

    def problem_with(self, value: SwitchValue) -> str | None:
        """Why `value` cannot be chosen; None when it can."""
        choice = next((choice for choice in self.choices if choice.value == value), None)
        if choice is not None:
            return f"cannot be {value!r}: {choice.not_selectable}" if choice.not_selectable else None
        if self.range is None:
            return f"must be one of: {', '.join(self.selectable)}"
        low, high = self.range
        if type(value) is int and low <= value <= high:
            return None
        return f"must be an integer from {low} to {high}"


def read_switches(text: str, place: Place) -> tuple[Switch, ...]:
    """Every switch of the file; raises `AuthorityError` for one that is incomplete or defaults wrongly."""
    root = parse(text, place)
    return tuple(_switch(name, root.table(name)) for name in root.names())


def resolve(
    switches: tuple[Switch, ...], chosen: Mapping[str, SwitchValue], authority: str
) -> dict[str, SwitchValue]:
    """The value of every switch: the custodian's where given, else the default.

    Raises `AuthorityError` for a switch that does not exist and a value that may not be chosen.
    """
    known = {switch.name for switch in switches}
    for name in chosen:
        if name not in known:
            there = ", ".join(sorted(known)) or "none"
            raise AuthorityError(
                f"authority {authority}: there is no switch {name[:80]!r}; there are: {there}."
            )
    resolved = {}
    for switch in switches:
        value = chosen.get(switch.name, switch.default)
        if problem := switch.problem_with(value):
            raise AuthorityError(f"authority {authority}: the switch {switch.name} {problem.rstrip('.')}.")
        resolved[switch.name] = value
    return resolved


def _switch(name: str, table: Table) -> Switch:
    ranged = table.has("minimum")
    limits = (table.integer("minimum"), table.integer("maximum")) if ranged else None
    choices = tuple(_choice(entry) for entry in table.tables("values")) if table.has("values") else ()
    switch = Switch(
        name,
        table.text("question"),
        table.integer("default") if ranged else table.text("default", 60),
        choices,
        limits,
        _positions(table),
    )
    table.close(("values", "minimum", "maximum"))
    if len(set(switch.values)) != len(choices):
        raise table.place.error("lists a value twice.")
    if problem := switch.problem_with(switch.default):
        raise table.place.error(f"its default {problem}.")
    return switch


def _choice(table: Table) -> Choice:
    reason = table.text("not_selectable") if table.has("not_selectable") else ""
    choice = Choice(table.text("value", 60), table.text("sense"), reason, _positions(table))
    table.close(("not_selectable",))
    return choice


def _positions(table: Table) -> tuple[Position, ...]:
    if not table.has("positions"):
        return ()
    positions = []
    for entry in table.tables("positions"):
        positions.append(Position(entry.text("source", 200), entry.text("says")))
        entry.close()
    return tuple(positions)
