"""How long work says where it is. The terminal decides how to show it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told about each step of long work."""

    def __call__(self, step: str, done: int, total: int | None = None) -> None:
        """`done` of `total` units of `step`; an unknown total is None."""
        ...


def silent(step: str, done: int, total: int | None = None) -> None:
    """For callers who show nothing."""
