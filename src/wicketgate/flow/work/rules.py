"""The office's own rules: no statute gives these numbers, each is a house rule of the custodian."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class OfficeRules:
    """The numbers of the officers' workplace; the defaults are the house's."""

    claim_lasts: timedelta = timedelta(hours=8)
    """A claim that nobody acted on ends by itself."""
    proof_of_identity: timedelta = timedelta(minutes=5)
    """How long ago an approver may have proved who they are."""
    consecutive_approvals: int = 10
    """After so many approvals in a row of one examiner's requests, another approver takes the next."""
    soon: timedelta = timedelta(days=5)
    """A clock that ends within this time counts as soon due."""
    page: int = 50
    """Rows on a page of a queue."""
    judged_over: timedelta = timedelta(days=30)
    """How far back the pace of work and the evidence of judgement look."""
    least_time: timedelta = timedelta(minutes=2)
    """A median time on a case below this is an alarm."""
    most_agreement: float = 0.98
    """A share of endorsements, or of approvals, above this is an alarm."""
    enough_judgements: int = 20
    """Fewer judgements than this make no share and no median worth an alarm."""


HOUSE_RULES = OfficeRules()
