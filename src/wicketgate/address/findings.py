"""Collects findings about one address and knows where in the field each word stands."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from wicketgate.address.fold import words
from wicketgate.address.model import CLEAR, Address, AddressFinding, Verdict
from wicketgate.address.normalise import abbreviate
from wicketgate.core.finding import Severity

DEFECT, REFER, NOTE = Severity.DEFECT, Severity.REFER, Severity.NOTE
_CHUNK = re.compile(r"\S+")


class Findings:
    """A growing list of findings about one address."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.found: list[AddressFinding] = []

    def add(
        self, code: str, severity: Severity, field: str, sentence: str, span: tuple[int, int] | None = None
    ) -> None:
        """Record one finding; without a span it is about the whole field."""
        text: str = getattr(self.address, field) or ""
        if span is None:
            inner = text.strip()
            start = text.index(inner)
            span = (start, start + len(inner))
        start, end = span
        self.found.append(AddressFinding(code, severity, field, start, end, text[start:end], sentence))

    def add_words(self, code: str, severity: Severity, sentence: str, about: Collection[str]) -> None:
        """Record a finding about words of the address lines, wherever they stand."""
        for field in ("line1", "line2"):
            span = _span_of(getattr(self.address, field) or "", about)
            if span:
                self.add(code, severity, field, sentence, span)
                return
        self.add(code, severity, self.stated_line, sentence)

    @property
    def stated_line(self) -> str:
        """The first address line that holds anything."""
        return (
            "line1"
            if (self.address.line1 or "").strip() or not (self.address.line2 or "").strip()
            else "line2"
        )

    def verdict(self) -> Verdict:
        """All that was found."""
        return Verdict(tuple(self.found)) if self.found else CLEAR


@lru_cache(maxsize=8_192)
def _standard(chunk: str) -> frozenset[str]:
    return frozenset(abbreviate(words(chunk)))


def _span_of(text: str, about: Collection[str]) -> tuple[int, int] | None:
    start = end = -1
    for chunk in _CHUNK.finditer(text):
        if not _standard(chunk[0]).isdisjoint(about):
            start = chunk.start() if start < 0 else start
            end = chunk.end()
    return (start, end) if end >= 0 else None
