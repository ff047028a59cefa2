"""A person who acts: who they are to the gate, in which role, and for whom."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wicketgate.core.roles import Role

_HANDLE = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")
_SOFTWARE = "gate"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in one role. `handle` never changes and is what the ledger keeps; it is nobody's name.

    `agency` is the requesting agency of a clerk or a recipient officer; the custodian's own have none.
    """

    handle: str
    role: Role
    agency: str | None = None

    def __post_init__(self) -> None:
        if not _HANDLE.fullmatch(self.handle) or self.handle == _SOFTWARE:
            raise ValueError("an actor's handle has lower-case letters, digits, dots and hyphens, at most 64")
        if self.role is Role.GATE:
            raise ValueError("the gate is no person")

    def __str__(self) -> str:
        return self.handle
