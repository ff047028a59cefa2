"""A legal citation as a value, so that a section can cover its subsections."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CODES = {"USC": "U.S.C.", "CFR": "CFR"}
_SHAPE = re.compile(
    r"""^\s*(?P<title>[0-9]{1,3})\s*
        (?P<code>(?i:U\.?\s?S\.?\s?C\.?(?:\s?A\.?)?|C\.?\s?F\.?\s?R\.?))\s*
        (?:§{1,2}|(?i:sec(?:tion|\.)?))?\s*
        (?P<section>[0-9]+[A-Za-z]*(?:[.-][0-9]+[A-Za-z]*)*)
        (?P<path>(?:\s*\(\s*[A-Za-z0-9]{1,6}\s*\))*)\s*\.?\s*$""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Citation:
    """One place in a code: ``26 U.S.C. § 6103(i)(2)(B)(iv)``.

    `path` holds the parts in parentheses, in order and in their own case,
    since ``(i)`` and ``(I)`` are different clauses.
    """

    title: int
    code: str
    section: str
    path: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Citation:
        """Read one citation; raise `ValueError` for anything else, lists and ranges included."""
        match = _SHAPE.match(text) if len(text) <= 120 else None
        if match is None:
            raise ValueError("not one citation of the form '26 U.S.C. 6103(i)(2)' or '45 CFR 164.512(f)(1)'")
        letters = re.sub(r"[^A-Z]", "", match["code"].upper())
        code = _CODES["CFR" if letters == "CFR" else "USC"]
        path = tuple(re.findall(r"[A-Za-z0-9]+", match["path"]))
        return cls(int(match["title"]), code, match["section"], path)

    @property
    def at_section(self) -> Citation:
        """The section without its path."""
        return Citation(self.title, self.code, self.section)

    def covers(self, other: Citation) -> bool:
        """True when `other` is this place or lies inside it."""
        return (self.title, self.code, self.section) == (
            other.title,
            other.code,
            other.section,
        ) and self.path == other.path[: len(self.path)]

    def __str__(self) -> str:
        return f"{self.title} {self.code} § {self.section}" + "".join(f"({part})" for part in self.path)
