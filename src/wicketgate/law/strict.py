"""Reads TOML tables by whitelist: what is not asked for is refused, what is missing is refused."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from typing import TypeAlias

from wicketgate.law.errors import Place

Toml: TypeAlias = object
SENTENCE = 600
"""Most characters of a message, a remedy, a reference or a position."""


def parse(text: str, place: Place) -> Table:
    """The root table of a TOML text; raises `AuthorityError` with the parser's own position."""
    try:
        return Table(tomllib.loads(text), place)
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        raise place.error(f"is not valid TOML: {problem}.") from None


class Table:
    """A TOML table that is read key by key and then closed."""

    def __init__(self, value: Toml, place: Place) -> None:
        if not isinstance(value, dict):
            raise place.error("a table is expected here.")
        self.place = place
        self._values: dict[str, Toml] = value
        self._read: set[str] = set()

    def names(self) -> tuple[str, ...]:
        """All keys, in order."""
        return tuple(self._values)

    def has(self, name: str) -> bool:
        """True when the optional key is present."""
        return name in self._values

    def value(self, name: str) -> Toml:
        """Whatever stands under `name`; refused when missing."""
        if name not in self._values:
            raise self.place.error(f"the key `{name}` is missing.")
        self._read.add(name)
        return self._values[name]

    def text(self, name: str, longest: int = SENTENCE) -> str:
        """A text that is not blank and has no control characters."""
        return clean_text(self.value(name), f"`{name}`", self.place, longest)

    def wrapped(self, name: str, longest: int) -> str:
        """A text that may be broken into lines; they are joined by single spaces."""
        value = self.value(name)
        joined = value.replace("\n", " ").strip(" ") if isinstance(value, str) else value
        return clean_text(joined, f"`{name}`", self.place, longest)

    def texts(self, name: str, longest: int = SENTENCE) -> tuple[str, ...]:
        """A list of different texts."""
        texts = tuple(clean_text(item, f"`{name}`", self.place, longest) for item in self._list(name))
        if len(set(texts)) != len(texts):
            raise self.place.error(f"`{name}` says the same thing twice.")
        return texts

    def integer(self, name: str) -> int:
        """An integer."""
        value = self.value(name)
        if type(value) is not int:
            raise self.place.error(f"`{name}` must be an integer.")
        return value

    def flag(self, name: str) -> bool:
        """True or false; false when absent."""
        value = self.value(name) if self.has(name) else False
        if type(value) is not bool:
            raise self.place.error(f"`{name}` must be true or false.")
        return value

    def day(self, name: str) -> date:
        """A TOML date without a time."""
        value = self.value(name)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.place.error(f"`{name}` must be a date such as 2025-04-07, without quotation marks.")
        return value

    def integer_or_day(self, name: str) -> int | date:
        """An integer, or a TOML date without a time."""
        return self.day(name) if isinstance(self.value(name), date) else self.integer(name)

    def table(self, name: str) -> Table:
        """The table under `name`."""
        return Table(self.value(name), self.place.at(f"{self.place.element} {name}".strip()))

    def tables(self, name: str) -> tuple[Table, ...]:
        """The list of tables under `name`, at least one."""
        place = self.place.at(f"{self.place.element} {name}".strip())
        found = tuple(Table(item, place) for item in self._list(name))
        if not found:
            raise place.error("at least one entry is needed.")
        return found

    def close(self, allowed: Iterable[str] = ()) -> None:
        """Refuse every key that nobody asked for."""
        unknown = sorted(set(self._values) - self._read)
        if unknown:
            known = ", ".join(f"`{name}`" for name in sorted(self._read | set(allowed)))
            raise self.place.error(f"the key `{unknown[0]}` is unknown; known here: {known}.")

    def _list(self, name: str) -> list[Toml]:
        value = self.value(name)
        if not isinstance(value, list):
            raise self.place.error(f"`{name}` must be a list.")
        return value


def clean_text(value: Toml, what: str, place: Place, longest: int = SENTENCE) -> str:
    """The text itself when it is a printable, normalised, bounded text."""
    if type(value) is not str or not value.strip():
        raise place.error(f"{what} must be a text that is not empty.")
    if len(value) > longest:
        raise place.error(f"{what} has {len(value)} characters; at most {longest} are allowed.")
    if not value.isprintable() or value != unicodedata.normalize("NFC", value):
        raise place.error(f"{what} has control, invisible or non-normalised characters.")
    return value
