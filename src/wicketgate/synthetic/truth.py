"""What a lawful gate must make of each generated request: written beside the submission."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from wicketgate.synthetic.requests import Draft

Outcome: TypeAlias = Literal["deficient", "referred", "not_verified", "held", "disclosed"]
TRUTH_COLUMNS = ("request_id", "lawful_outcome", "person_id", "defects")


@dataclass(frozen=True, slots=True)
class Truth:
    """The outcome under the strict switches.

    `person_id` is the person meant, empty when they are on no register. `codes` are elements
    that the review must find not shown; it may find more, where one defect breaks several.
    """

    outcome: Outcome
    person_id: str
    codes: tuple[str, ...] = ()

    def row(self, request_id: str) -> tuple[str, ...]:
        """The row of the truth file."""
        return (request_id, self.outcome, self.person_id, ";".join(self.codes))


class Generated(NamedTuple):
    """One request with its truth."""

    draft: Draft
    truth: Truth


def strictest(outcomes: Iterable[Outcome]) -> Outcome:
    """Deficient before referred; nothing wrong is not decided here."""
    return "deficient" if "deficient" in outcomes else "referred"
