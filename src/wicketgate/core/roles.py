"""Who acts. Nobody holds two roles on one request."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """A role on one request; the docstring of design.md "Words" names them all."""

    CLERK = "clerk"
    """Sends requests for the requesting agency and reads their status."""
    RECIPIENT_OFFICER = "recipient_officer"
    """Is personally and directly engaged; alone can open the package."""
    REQUESTING_OFFICIAL = "requesting_official"
    """Signs requests for the agency's head, and stands for what they say."""
    SAFEGUARDS_CONTACT = "safeguards_contact"
    """Answers at the agency for how it keeps what it received."""
    EXAMINER = "examiner"
    """Endorses a sufficient request or returns it; never approves the same one."""
    APPROVER = "approver"
    """Decides on a verified request without ever seeing the address."""
    COUNSEL = "counsel"
    """Determines referrals, with reasons."""
    SAFEGUARDS_OFFICER = "safeguards_officer"
    """Watches over what recipients do with what they received."""
    INSPECTOR = "inspector"
    """Reads everything by handle, stops the programme, changes no case."""
    GATE = "gate"
    """The software itself, where a rule and not a person decides."""
