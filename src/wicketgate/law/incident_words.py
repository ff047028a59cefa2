"""What an authority says of the steps of an incident: words to begin with, the provision, and the time."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple

from wicketgate.law.errors import Place
from wicketgate.law.source import find

FILE = "incidents.toml"


class IncidentWords(NamedTuple):
    """A text with places for number, agency and the time of discovery, and the provision that asks for it."""

    citation: str = ""
    text: str = ""
    days: int | None = None
    """Within how many days of the discovery the step is taken."""


def incident_words(authority: str, root: Path | None = None) -> dict[str, IncidentWords]:
    """The words by step, none where the authority says nothing.

    Raises `AuthorityError` when the file says them in another form.
    """
    source = find(authority, root=root)
    if not source.folder.joinpath(FILE).is_file():
        return {}
    place = Place(source.name, FILE)
    try:
        stated = tomllib.loads(source.read(FILE))
        found = {step: IncidentWords(**words) for step, words in stated.items()}
    except tomllib.TOMLDecodeError as problem:
        raise place.error(f"is no TOML: {problem}.") from None
    except TypeError:
        raise place.error("says citation, text and days of each step, and nothing else.") from None
    for step, words in found.items():
        if not all(isinstance(each, str) for each in words[:2]):
            raise place.error(f"says something of {step!a} that is no text.")
        if words.days is not None and (type(words.days) is not int or words.days < 1):
            raise place.error(f"gives {step!a} no whole number of days.")
    return found
