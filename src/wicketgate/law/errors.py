"""One refusal for everything that an authority may not say."""

from __future__ import annotations

from dataclasses import dataclass


class AuthorityError(ValueError):
    """An authority that cannot be proved safe is not used.

    The text is one sentence that names the file, the element, the place, what
    is wrong there and what is allowed instead.
    """


@dataclass(frozen=True, slots=True)
class Place:
    """Where in an authority a sentence of refusal points to."""

    authority: str
    file: str = ""
    element: str = ""

    def at(self, element: str) -> Place:
        """The same file, at one element or table of it."""
        return Place(self.authority, self.file, element)

    def error(self, problem: str) -> AuthorityError:
        """The refusal for `problem`, which says what is wrong and what is allowed."""
        where = f"authority {self.authority}"
        if self.file:
            where += f", {self.file}"
        if self.element:
            where += f", {self.element}"
        return AuthorityError(f"{where}: {problem}")
