"""The run-time roles of the database, and which of them carries out which act."""

from __future__ import annotations

from enum import StrEnum

from wicketgate.core.states import TRANSITIONS, Transition


class Service(StrEnum):
    """A role that logs in and owns nothing; every part of the program runs as one of them."""

    INTAKE = "gate_intake"
    REVIEW = "gate_review"
    VERIFY = "gate_verify"
    DECIDE = "gate_decide"
    RELEASE = "gate_release"
    PORTAL = "gate_portal"
    AGENCY = "gate_agency"
    OVERSEE = "gate_oversee"
    AUDIT = "gate_audit"
    WITNESS = "gate_witness"
    LOAD = "register_load"
    WEB = "gate_web"


OWNERS = ("gate_owner", "log_owner", "register_owner", "accounts_owner")

_BY_ACT = {
    "find deficient": Service.REVIEW,
    "find referable": Service.REVIEW,
    "find sufficient": Service.REVIEW,
    "resolve referral": Service.REVIEW,
    "reject referral": Service.REVIEW,
    "endorse": Service.REVIEW,
    "refer": Service.REVIEW,
    "return": Service.REVIEW,
    "verify": Service.VERIFY,
    "fail to verify": Service.VERIFY,
    "approve": Service.DECIDE,
    "refuse": Service.DECIDE,
    "release": Service.RELEASE,
    "expire": Service.RELEASE,
    "end exercise": Service.RELEASE,
    "pick up": Service.PORTAL,
    "recall": Service.OVERSEE,
    "certify destruction": Service.PORTAL,
    "resume": Service.OVERSEE,
    "withdraw": Service.INTAKE,
}

DISCLOSING = frozenset({"verify", "approve", "release", "pick up"})
"""Acts that bring a record nearer to the requester; a suspension stops them."""


def services_of(transition: Transition) -> tuple[Service, ...]:
    """The services that may carry out a transition; raises `KeyError` for an act nobody was given.

    Overseers may hold a request anywhere, and so may the service that works on it where it stands.
    """
    if transition.act != "hold":
        return (_BY_ACT[transition.act],)
    working = {
        _BY_ACT[t.act]
        for t in TRANSITIONS
        if t.source is transition.source and t.act not in ("hold", "withdraw")
    }
    return tuple(sorted({Service.OVERSEE, *working}))
