"""Reads the custodian's context (interface: "The custodian's context"): every key by whitelist."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path

from wicketgate.core.catalogue import MANY
from wicketgate.core.context import (
    ANSWER_SLOT,
    CUSTODIAN,
    Agency,
    Context,
    FacilityList,
    Order,
    Schedule,
    SwitchValue,
)
from wicketgate.stages.facility_file import read_facilities
from wicketgate.stages.retention import ENDED

_LONGEST_KEPT = 1_000
_PUBLISHED = re.compile(r"[A-Za-z0-9 .,:;/()§_-]{1,200}")
_WEEK = 7 * 24 * 60
_LARGEST = 16 * 1024 * 1024
_CODE = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*")
_SWITCH = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_OFFICER = re.compile(r"[^|;]*[^|;\s][^|;]*(?:\|[^|;]*[^|;\s][^|;]*){2}")


class ContextError(ValueError):
    """The context cannot be relied on; one sentence names the file, the key and what is allowed there."""


def load_context(path: Path | None, *, today: date) -> Context:
    """The context of the file, or the product's own directory of agencies as it stands `today`.

    A file must state the day of the review (`as_of`). One without `[agencies]` uses the
    product's directory. Raises `ContextError` for whatever is not exactly as the interface says.
    """
    text = files("wicketgate.stages").joinpath("default_context.toml").read_text("utf-8")
    default = _Table(_parse(text, "default context"), "default context", "")
    agencies = _agencies(default.table("agencies"))
    if path is None:
        return Context(today, agencies)
    name = ascii(path.name)
    root = _Table(_parse(_read(path, name), name), name, "")
    as_of = root.day("as_of")
    if root.has("agencies"):
        agencies = _agencies(root.table("agencies"))
    switches = _switches(root.table("switches")) if root.has("switches") else {}
    engagements = _engagements(root.tables("engagements")) if root.has("engagements") else {}
    orders = tuple(_order(table, agencies) for table in root.tables("orders")) if root.has("orders") else ()
    slot = _slot(root)
    facilities = _facilities(root.table("facilities"), path.parent) if root.has("facilities") else None
    custodian = root.text("custodian") if root.has("custodian") else CUSTODIAN
    schedules = _schedules(root.tables("retention")) if root.has("retention") else ()
    root.close()
    return Context(as_of, agencies, switches, engagements, orders, slot, facilities, custodian, schedules)


def _read(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as problem:
        raise ContextError(f"The context {name} cannot be read: {problem.strerror}.") from None
    if len(data) > _LARGEST:
        raise ContextError(f"The context {name} is larger than {_LARGEST:,} bytes; it cannot be a context.")
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise ContextError(f"The context {name} is not UTF-8; save it as UTF-8.") from None


def _parse(text: str, name: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise ContextError(f"The context {name} is not TOML: {problem}.") from None
    except (RecursionError, ValueError):
        raise ContextError(f"The context {name} is not TOML that can be read; write it plainly.") from None


class _Table:
    """A TOML table that is read key by key and then closed."""

    def __init__(self, values: dict[str, object], file: str, at: str) -> None:
        self._values = values
        self._file = file
        self._at = at
        self._asked: list[str] = []

    def error(self, name: str, problem: str) -> ContextError:
        """The refusal of one key."""
        key = f"{self._at}.{name}" if self._at else name
        return ContextError(f"The context {self._file}: {key} {problem}.")

    def has(self, name: str) -> bool:
        self._asked.append(name)
        return name in self._values

    def names(self) -> tuple[str, ...]:
        return tuple(self._values)

    def value(self, name: str) -> object:
        if not self.has(name):
            raise self.error(name, "is missing")
        return self._values[name]

    def text(self, name: str) -> str:
        value = self.value(name)
        if not isinstance(value, str) or not value.strip() or not value.isprintable() or len(value) > 200:
            raise self.error(name, "must be a text of at most 200 printable characters")
        return value

    def one_of(self, name: str, allowed: Sequence[str]) -> str:
        value = self.value(name)
        if not isinstance(value, str) or value not in allowed:
            raise self.error(name, f"must be one of: {', '.join(allowed)}")
        return value

    def flag(self, name: str) -> bool:
        value = self.value(name)
        if not isinstance(value, bool):
            raise self.error(name, "must be true or false")
        return value

    def day(self, name: str) -> date:
        value = self.value(name)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.error(name, "must be a date such as 2026-03-01, without quotation marks and time")
        return value

    def count(self, name: str) -> int:
        value = self.value(name)
        if type(value) is not int or not 0 <= value <= MANY:
            raise self.error(name, f"must be a whole number from 0 to {MANY:,}")
        return value

    def table(self, name: str) -> _Table:
        value = self.value(name)
        if not isinstance(value, dict):
            raise self.error(name, "must be a table")
        return _Table(value, self._file, f"{self._at}.{name}" if self._at else name)

    def tables(self, name: str) -> list[_Table]:
        value = self.value(name)
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            raise self.error(name, f"must be tables, each under [[{name}]]")
        return [_Table(entry, self._file, f"{name}[{number}]") for number, entry in enumerate(value, 1)]

    def close(self) -> None:
        """Refuse a key that nobody asked for."""
        for name in self._values:
            if name not in self._asked:
                allowed = ", ".join(dict.fromkeys(self._asked))
                raise self.error(ascii(name), f"is unknown; allowed here: {allowed}")


def _facilities(table: _Table, folder: Path) -> FacilityList:
    name, version, file = table.text("name"), table.text("version"), table.text("file")
    table.close()
    try:
        return read_facilities(folder / file, name, version)
    except ValueError as problem:
        raise table.error("file", str(problem)) from None


def _slot(root: _Table) -> timedelta:
    if not root.has("answer_slot_minutes"):
        return ANSWER_SLOT
    minutes = root.count("answer_slot_minutes")
    if not 1 <= minutes <= _WEEK:
        raise root.error("answer_slot_minutes", f"must be a whole number from 1 to {_WEEK:,} (a week)")
    return timedelta(minutes=minutes)


def _agencies(table: _Table) -> dict[str, Agency]:
    found = {code: _agency(code, table) for code in table.names()}
    if not found:
        raise table.error("*", "must hold at least one agency")
    context = Context(date.min, found)
    for code, agency in found.items():
        if agency.parent is not None and agency.parent not in found:
            raise table.error(f"{code}.parent", "must be the code of another agency in this file")
        if not context.line(code):
            raise table.error(f"{code}.parent", "leads back to the agency itself")
    return found


def _agency(code: str, agencies: _Table) -> Agency:
    if not _CODE.fullmatch(code) or len(code) > 40:
        raise agencies.error(ascii(code), "must be a code of capital letters, digits and single hyphens")
    table = agencies.table(code)
    level = table.one_of("level", ("department", "independent", "component"))
    parent = table.text("parent") if table.has("parent") else None
    if (level == "component") != (parent is not None):
        raise table.error("parent", "must be given for a component, and only for a component")
    notice = table.day("automated_analysis_notice") if table.has("automated_analysis_notice") else None
    name = table.text("name")
    federal = table.flag("federal")
    safeguards = table.one_of("safeguards", ("accepted", "open_findings", "open_findings_with_accepted_plan"))
    table.close()
    return Agency(code, name, federal, level, safeguards, parent, notice)  # type: ignore[arg-type]  # one_of


def _switches(table: _Table) -> dict[str, SwitchValue]:
    found: dict[str, SwitchValue] = {}
    for name in table.names():
        value = table.value(name)
        if not _SWITCH.fullmatch(name) or len(name) > 80:
            raise table.error(ascii(name), "must be a switch's name: letters, digits and underscores")
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise table.error(name, "must be a text or a whole number")
        found[name] = value
    return found


def _engagements(tables: list[_Table]) -> dict[str, int]:
    found: dict[str, int] = {}
    for table in tables:
        officer = table.text("officer")
        if not _OFFICER.fullmatch(officer):
            raise table.error("officer", "must be written Name|badge|agency")
        if officer in found:
            raise table.error("officer", "is listed before; state each officer once")
        found[officer] = table.count("open_requests")
        table.close()
    return found


def _schedules(tables: list[_Table]) -> tuple[Schedule, ...]:
    found: dict[str, Schedule] = {}
    kept: dict[str, str] = {}
    allowed = sorted(state.value for state in ENDED)
    for table in tables:
        name, authority = table.text("kind"), table.text("authority")
        for key, text in (("kind", name), ("authority", authority)):
            if not _PUBLISHED.fullmatch(text):
                raise table.error(
                    key, "is published in the ledger: letters, digits, spaces and .,:;/()§_- only"
                )
        if name in found:
            raise table.error("kind", "is listed before; state each schedule once")
        years, states = table.count("years"), table.value("states")
        if not 1 <= years <= _LONGEST_KEPT:
            raise table.error("years", f"must be a whole number from 1 to {_LONGEST_KEPT}")
        if not isinstance(states, list) or not states or not all(each in allowed for each in states):
            raise table.error("states", f"must be a list of some of: {', '.join(allowed)}")
        for state in states:
            if state in kept:
                raise table.error("states", f"names {state}, which {kept[state]} has; each state is in one")
            kept[state] = name
        found[name] = Schedule(name, tuple(states), years, authority)
        table.close()
    return tuple(found.values())


def _order(table: _Table, agencies: dict[str, Agency]) -> Order:
    court = table.text("court")
    docket = table.text("docket")
    binds = table.one_of("binds", ("custodian", "recipient"))
    agency = table.text("agency") if table.has("agency") else None
    if agency is not None and agency not in agencies:
        raise table.error("agency", "must be the code of an agency in the directory; absent: all")
    start = table.day("from")
    table.one_of("effect", ("suspend_disclosure",))
    table.close()
    return Order(court, docket, binds, start, agency)  # type: ignore[arg-type]  # one_of
