"""What an element of the authority said about one request."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from wicketgate.core.citation import Citation


class Severity(StrEnum):
    """How much an element that was not shown weighs.

    A defect cannot be waived by anybody; a referral goes to a person whose
    determination and reasons are recorded; a note informs.
    """

    DEFECT = "defect"
    REFER = "refer"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One element that was not shown, explained to whoever must mend it."""

    code: str
    severity: Severity
    citation: str
    message: str
    remedy: str


class Determination(StrEnum):
    """The outcome of the statutory review of one request."""

    SUFFICIENT = "sufficient"
    REFERRED = "referred"
    DEFICIENT = "deficient"

    @classmethod
    def of(cls, findings: tuple[Finding, ...]) -> Determination:
        """The strictest finding decides; notes decide nothing."""
        severities = {finding.severity for finding in findings}
        if Severity.DEFECT in severities:
            return cls.DEFICIENT
        return cls.REFERRED if Severity.REFER in severities else cls.SUFFICIENT


__all__ = ["Citation", "Determination", "Finding", "Severity"]
