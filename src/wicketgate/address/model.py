"""The words of this room: an address as received, and what the judge says about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from wicketgate.core.finding import Severity

FIELDS = ("line1", "line2", "city", "state", "postal_code", "country")


class Address(NamedTuple):
    """One address exactly as received; None where nothing was given. Its repr shows no one's home."""

    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None

    def __repr__(self) -> str:
        return "<Address>"


class AddressFinding(NamedTuple):
    """One thing found: the rule's code, how much it weighs, and where it stands.

    `start` and `end` bound the characters of `field` that the finding is about
    (`text` is that piece); a field that is missing has the span 0 to 0.
    `sentence` says what is wrong and how to mend it, without quoting the address.
    """

    code: str
    severity: Severity
    field: str
    start: int
    end: int
    text: str
    sentence: str

    def __repr__(self) -> str:
        return f"<AddressFinding {self.code} {self.severity.value} {self.field}>"


_RANK = {Severity.NOTE: 0, Severity.REFER: 1, Severity.DEFECT: 2}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything the judge found about one address; no findings means a complete postal address."""

    findings: tuple[AddressFinding, ...] = ()

    def by_code(self) -> dict[str, str]:
        """The strictest severity per code: ``{"AD-08": "defect"}``."""
        if len(self.findings) == 1:
            return {self.findings[0].code: self.findings[0].severity.value}
        strictest: dict[str, Severity] = {}
        for finding in self.findings:
            held = strictest.get(finding.code)
            if held is None or _RANK[finding.severity] > _RANK[held]:
                strictest[finding.code] = finding.severity
        return {code: severity.value for code, severity in strictest.items()}

    @property
    def severity(self) -> Severity | None:
        """The strictest severity of all; None when nothing was found."""
        return max((finding.severity for finding in self.findings), key=_RANK.__getitem__, default=None)


CLEAR = Verdict()
"""The verdict of every address without a finding; one shared value."""
