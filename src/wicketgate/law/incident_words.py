"""What an authority says where an incident is told: words to begin with, and the provision."""

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
        raise place.error("says citation and text of each step, and nothing else.") from None
    if not all(isinstance(each, str) for words in found.values() for each in words):
        raise place.error("says something that is no text.")
    return found
