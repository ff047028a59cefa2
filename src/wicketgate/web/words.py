"""The words of pages for what the gate names in code: kinds of entries, acts, fields, standings."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wicketgate.core.states import State

STATES: dict[State, Promise] = {
    State.RECEIVED: _("Received"),
    State.DEFICIENT: _("Deficient"),
    State.REFERRED: _("Before counsel"),
    State.SUFFICIENT: _("Waits for an examiner"),
    State.ENDORSED: _("Endorsed"),
    State.NOT_VERIFIED: _("Not verified"),
    State.VERIFIED: _("Waits for an approver"),
    State.REFUSED: _("Refused"),
    State.APPROVED: _("Approved"),
    State.RELEASED: _("Released"),
    State.PICKED_UP: _("Picked up"),
    State.EXPIRED: _("Expired"),
    State.RECALL_NOTICED: _("Recall notified"),
    State.RECALLED: _("Recalled"),
    State.WITHDRAWN: _("Withdrawn"),
    State.HELD: _("Held"),
}

CLOCKS: dict[str, Promise] = {
    "late": _("Late"),
    "soon": _("Due soon"),
    "in_time": _("In time"),
    "stopped": _("Clock stands still"),
}

STANDINGS: dict[str, Promise] = {
    "met": _("met"),
    "resolved": _("resolved by counsel"),
    "note": _("note"),
    "refer": _("refer"),
    "defect": _("defect"),
}

SAFEGUARDS: dict[str, Promise] = {
    "accepted": _("Accepted"),
    "open_findings": _("Open findings"),
    "open_findings_with_accepted_plan": _("Open findings, with an accepted plan"),
}

ENTRIES: dict[tuple[str, str], Promise] = {
    ("request.received", ""): _("Received"),
    ("request.determined", ""): _("Determined by the statutory review"),
    ("request.held", "hold"): _("Held"),
    ("request.held", "resume"): _("Began again"),
    ("request.withdrawn", ""): _("Withdrawn by the requesting agency"),
    ("request.endorsed", "endorse"): _("Endorsed"),
    ("request.endorsed", "return"): _("Returned with findings"),
    ("request.endorsed", "refer"): _("Referred to counsel"),
    ("referral.determined", "resolve referral"): _("Referral resolved in the request's favour"),
    ("referral.determined", "reject referral"): _("Referral determined against the request"),
    ("verification.asked", ""): _("The register was asked"),
    ("verification.answered", ""): _("The register answered"),
    ("decision", "approve"): _("Approved"),
    ("decision", "refuse"): _("Refused"),
    ("disclosure.intended", ""): _("Disclosure intended"),
    ("disclosure.released", ""): _("Package sealed and released"),
    ("pickup", ""): _("Package picked up"),
    ("disclosure.acknowledged", ""): _("Package acknowledged by its officer"),
    ("disclosure.expired", ""): _("Package expired, never picked up"),
    ("disclosure.recalled", ""): _("Disclosure recalled"),
    ("destruction.certified", ""): _("Destruction certified"),
    ("access.denied", ""): _("An act was refused"),
    ("access.opened", ""): _("Opened for oversight"),
    ("account.asked", ""): _("The person asked for their account"),
    ("account.decided", "release"): _("The person's account may be released"),
    ("account.decided", "refuse"): _("The person's account is not released"),
    ("case.claimed", "claim"): _("Taken"),
    ("case.claimed", "release"): _("Given back"),
    ("conflict.declared", "no conflict"): _("Declared no conflict of interest"),
    ("conflict.declared", "recuse"): _("Declared a conflict of interest"),
    ("dissent", ""): _("Dissent attached"),
    ("dissent.answered", ""): _("Dissent answered"),
    ("exercise", "plant"): _("Planted to be refused"),
    ("exercise", "end"): _("It was an exercise, planted to be refused: it ends here"),
    ("exercise", "verify"): _("Exercise: passed on without asking the register"),
}


def entry(kind: str, act: str) -> str | Promise:
    """What an entry of the ledger is called on a page."""
    return ENTRIES.get((kind, act)) or ENTRIES.get((kind, "")) or f"{kind} {act}".strip()


FIELDS: tuple[tuple[Promise, tuple[tuple[str, Promise], ...]], ...] = (
    (
        _("The person"),
        (
            ("taxpayer_first_name", _("First name")),
            ("taxpayer_middle_name", _("Middle name")),
            ("taxpayer_last_name", _("Last name")),
            ("taxpayer_suffix", _("Suffix")),
            ("taxpayer_tin", _("Taxpayer number")),
            ("taxpayer_birth_date", _("Date of birth")),
            ("address_line1", _("Address, line 1")),
            ("address_line2", _("Address, line 2")),
            ("address_city", _("City")),
            ("address_state", _("State")),
            ("address_postal_code", _("ZIP Code")),
            ("address_country", _("Country")),
        ),
    ),
    (
        _("What is asked, and why"),
        (
            ("reasons", _("Reasons")),
            ("items_requested", _("Items requested")),
            ("taxable_periods", _("Taxable periods")),
            ("statute", _("Criminal statute")),
            ("matter_stage", _("Stage of the matter")),
            ("matter_number", _("Matter")),
            ("engaged_officers", _("Engaged officers")),
            ("sole_use_attested", _("Sole use attested")),
            ("other_uses", _("Other uses")),
            ("automated_analysis", _("Automated analysis")),
        ),
    ),
    (
        _("Who asks"),
        (
            ("request_id", _("The agency's own reference")),
            ("requesting_agency", _("Requesting agency")),
            ("form", _("Form")),
            ("authority_cited", _("Authority cited")),
            ("signatory_name", _("Signed by")),
            ("signatory_capacity", _("Capacity")),
            ("delegation_reference", _("Delegation")),
            ("signed_on", _("Signed on")),
        ),
    ),
    (
        _("Facts that particular statutes need"),
        (
            ("removal_order_final_on", _("Order final on")),
            ("removal_order_court_final_on", _("Order final in court on")),
            ("removal_order_ground", _("Ground of the order")),
            ("failure_limb", _("Limb of the offense")),
            ("pending_relief", _("Pending relief")),
            ("prior_removal_on", _("Prior removal on")),
            ("entry_on", _("Entry on")),
        ),
    ),
)
"""The columns of a request in the order in which a person reads them; every column once."""

DUTIES = {
    "safeguards_report": _("Safeguards report"),
    "training": _("Training of everybody with access"),
    "retention": _("Retention and disposal"),
    "corrective_plan": _("Corrective plan"),
    "visit": _("Review visit"),
}
"""What an agency owes, and the custodian's own visit."""
CONTEXT = {
    "accepted": _("accepted"),
    "open_findings": _("open findings"),
    "open_findings_with_accepted_plan": _("open findings, with an accepted plan"),
}
"""How the custodian's context says that an agency's safeguards stand."""
RECALLS = {
    "proposed": _("proposed"),
    "under_way": _("under way"),
    "done": _("done"),
}
"""How far a recall of many came."""
DISPOSITIONS = {
    "proposed": _("waits for the second person"),
    "withdrawn": _("withdrawn"),
    "confirmed": _("confirmed"),
    "carried_out": _("carried out"),
}
"""How far a disposition came."""
STEPS = {
    "inspector general told": _("Tell the Inspector General"),
    "office of safeguards told": _("Tell the Office of Safeguards"),
    "contained": _("Contain it"),
    "affected people decided": _("Decide whether the affected people are told"),
    "affected people told": _("Tell the affected people"),
    "reviewed": _("Review what happened"),
}
"""The steps of an incident."""
