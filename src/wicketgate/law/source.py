"""Finds an authority's folder and reads its files as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from wicketgate.core.identifiers import AuthorityName
from wicketgate.law.errors import AuthorityError, Place

FILES = ("authority.md", "parameters.toml", "switches.toml", "vocabulary.toml")
"""The files that decide; the cases beside them only test."""
CASES = "cases.toml"
_LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """The folder of one authority."""

    name: str
    folder: Traversable

    def read(self, file: str) -> str:
        """One file as text with plain newlines; raises `AuthorityError` when missing, huge or not UTF-8."""
        place = Place(self.name, file)
        try:
            raw = self.folder.joinpath(*file.split("/")).read_bytes()
        except OSError:
            raise place.error("the file is missing or cannot be read.") from None
        if len(raw) > _LARGEST:
            raise place.error(f"has {len(raw)} bytes; at most {_LARGEST} are allowed.")
        try:
            return raw.decode("utf-8").replace("\r\n", "\n")
        except UnicodeDecodeError:
            raise place.error("is not UTF-8 text.") from None

    def overlays(self) -> tuple[str, ...]:
        """The names of the overlays that this authority has."""
        folder = self.folder.joinpath("overlays")
        if not folder.is_dir():
            return ()
        return tuple(sorted(f.name.removesuffix(".md") for f in folder.iterdir() if f.name.endswith(".md")))


def authorities(root: Path | None = None) -> tuple[str, ...]:
    """The names of all installed authorities (or of those under `root`)."""
    found = (folder.name for folder in _root(root).iterdir() if folder.joinpath(FILES[0]).is_file())
    return tuple(sorted(name.replace("_", "-") for name in found))


def find(name: str, overlays: Sequence[str] = (), root: Path | None = None) -> Source:
    """The folder of `name`; refused when it or one of its overlays does not exist.

    `root` is another folder of authorities, for drafts and comparisons.
    """
    known = authorities(root)
    if name not in known:
        raise AuthorityError(f"There is no authority {_shown(name)}; there are: {', '.join(known)}.")
    source = Source(name, _root(root).joinpath(AuthorityName(name).folder))
    for overlay in overlays:
        if overlay not in source.overlays():
            there = ", ".join(source.overlays()) or "none"
            raise AuthorityError(f"{name} has no overlay {_shown(overlay)}; there are: {there}.")
    if len(set(overlays)) != len(overlays):
        raise AuthorityError(f"An overlay of {name} is named twice; name each once.")
    return source


def _root(root: Path | None) -> Traversable:
    return files("wicketgate.authorities") if root is None else root


def _shown(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:80] + "…")
