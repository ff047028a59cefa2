"""Numbers for texts that are written again and again, so that each text is written once."""

from __future__ import annotations

from wicketgate.flow.fact_lines import SEPARATOR

_MOST = 65_536
"""Texts that are remembered; beyond that one may be written again, under another number."""


class Codebook:
    """The numbers `first`, `first + step`, …, so that books with one step and other firsts never meet."""

    def __init__(self, first: int, step: int) -> None:
        self._next, self._step = first, step
        self._codes: dict[str, str] = {}
        self._new: list[str] = []

    def code(self, text: str) -> str:
        """The number that stands for the text."""
        code = self._codes.get(text)
        if code is None:
            if len(self._codes) >= _MOST:
                self._codes.clear()
            code = self._codes[text] = str(self._next)
            self._next += self._step
            self._new.append(f"{code}{SEPARATOR}{text}\n")
        return code

    def take(self) -> bytes:
        """The lines (number, text) that were not taken before."""
        lines, self._new = "".join(self._new), []
        return lines.encode()
