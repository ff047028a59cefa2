"""Letters as an agency downloads them: printed from what was answered, the same bytes each time."""

from __future__ import annotations

from wicketgate.core.identifiers import Handle
from wicketgate.flow.agency.door import as_agency
from wicketgate.flow.agency.requests import submission_view
from wicketgate.flow.gate import Gate
from wicketgate.flow.letters.composed import Sender, answer_letter, summed_up
from wicketgate.flow.letters.press import open_press
from wicketgate.flow.work.refusals import UnknownRequestError
from wicketgate.store import agency as store
from wicketgate.store import answers
from wicketgate.store.agency import SubmissionSeen

_OUTCOMES = {
    "in_progress": "answer not yet due",
    "withdrawn": "withdrawn by you",
    "deficient": "returned, not complete",
    "no_disclosure": "no disclosure",
    "suspended": "suspended by order",
    "disclosed": "package waits for its officer",
    "picked_up": "package picked up",
    "expired": "package expired",
    "recall_noticed": "called back",
    "recalled": "called back, nothing left",
}
"""How a notice names where requests stand."""


def letter(gate: Gate, agency: str, handle: Handle) -> bytes:
    """The answer to one request as a PDF/UA letter, dated by the slot in which it left.

    Raises `UnknownRequestError` for a request that is not the agency's or has no answer yet.
    """
    with as_agency(gate, agency) as connection:
        seen = store.one(connection, handle)
        submission = None if seen is None else store.submission(connection, seen.submission)
    if seen is None or submission is None or seen.answered_at is None:
        raise UnknownRequestError(f"There is no letter about {handle} for your agency.")
    made = answer_letter(seen.told, _sender(gate, submission), seen.answered_at.date())
    with open_press() as press:
        return press.pdf(made)


def notice(gate: Gate, agency: str, number: int) -> bytes:
    """A notice about all requests of a submission, as they stood when answers last left."""
    view = submission_view(gate, agency, number)
    with as_agency(gate, agency) as connection:
        opened = answers.opened_until(connection)
    on = opened.date() if opened is not None else view.seen.received_at.date()
    outcomes = [(_OUTCOMES[status], n) for status, n in view.counts.items()]
    made = summed_up(
        f"submission {number}", view.requests, outcomes, view.elements, _sender(gate, view.seen), on
    )
    with open_press() as press:
        return press.pdf(made)


def _sender(gate: Gate, submission: SubmissionSeen) -> Sender:
    """The custodian under the version of the authority that the submission was reviewed under."""
    return Sender.of(gate.context.custodian, gate.law.authority, submission.authority_digest)
