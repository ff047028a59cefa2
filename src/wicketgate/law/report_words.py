"""What an authority calls its yearly reports; plain words where it says nothing. Decides nothing."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from wicketgate.law.errors import Place
from wicketgate.law.source import find

FILE = "reports.toml"


@dataclass(frozen=True, slots=True)
class ReportWords:
    """The title, the provision that asks for it, a sentence to begin with, and notes."""

    title: str
    citation: str = ""
    opening: str = ""
    notes: tuple[str, ...] = ()
    delay_days: int = 0
    """How long after a disclosure it may be told, for a person's own account."""


def report_words(authority: str, report: str, root: Path | None = None) -> ReportWords:
    """The words for one report. Raises `AuthorityError` when the file says them in another form."""
    source = find(authority, root=root)
    plain = ReportWords(f"Yearly report: {report}")
    if not source.folder.joinpath(FILE).is_file():
        return plain
    place = Place(source.name, FILE)
    try:
        stated = tomllib.loads(source.read(FILE)).get(report)
    except tomllib.TOMLDecodeError as problem:
        raise place.error(f"is no TOML: {problem}.") from None
    if stated is None:
        return plain
    try:
        found = ReportWords(**{**stated, "notes": tuple(stated.get("notes", ()))})
    except TypeError:
        raise place.error(
            f"[{report}] says title, citation, opening, notes and delay_days, and nothing else."
        ) from None
    if type(found.delay_days) is not int or not 0 <= found.delay_days <= 3_660:
        raise place.error(f"[{report}] delays by a whole number of days, at most ten years.")
    if not all(isinstance(each, str) for each in (found.title, found.citation, found.opening, *found.notes)):
        raise place.error(f"[{report}] says something that is no text.")
    return found
