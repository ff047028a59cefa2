"""Words of the agencies' pages for what the gate names in code."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STATUSES: dict[str, Promise] = {
    "in_progress": _("In progress"),
    "withdrawn": _("Withdrawn"),
    "deficient": _("Returned: not complete"),
    "no_disclosure": _("No disclosure"),
    "suspended": _("Suspended by order"),
    "disclosed": _("Package waits"),
    "picked_up": _("Picked up"),
    "expired": _("Package expired"),
    "recall_noticed": _("Called back"),
    "recalled": _("Called back, nothing left"),
}
CLOCKS: dict[str, Promise] = {
    "late": _("Late"),
    "soon": _("Due soon"),
    "in_time": _("In time"),
    "stopped": _("Clock stands still"),
    "ended": _("Ended"),
}
RECEIPTS: dict[str, Promise] = {
    "request.received": _("The request came in"),
    "request.determined": _("It was returned"),
    "disclosure.released": _("A package was sealed"),
    "pickup": _("The package was picked up"),
}
KINDS: dict[str, Promise] = {
    "automated_analysis_notice": _("Notice of planned automated analysis"),
    "practice_notice": _("Notice of a new practice"),
    "safeguards_report": _("Safeguards report"),
    "corrective_plan": _("Corrective action plan"),
    "training": _("Report on training"),
    "retention": _("Report on retention"),
    "use_ended": _("Report that use has ended"),
    "destruction": _("Certificate of destruction"),
    "incident": _("Incident report"),
}
LEADS: dict[str, Promise] = {
    "automated_analysis_notice": _(
        "Until the Office of Safeguards has acknowledged it, every request that plans such an analysis"
        " is returned."
    ),
    "practice_notice": _(
        "Forty-five days before it begins: cloud, contractors, virtual machines, test data."
    ),
    "safeguards_report": _("How what was received was kept, over a year."),
    "corrective_plan": _("What is mended after a finding, and by which day."),
    "training": _("Who was trained to handle what is received."),
    "retention": _("What is still kept, and why."),
    "use_ended": _("What was disclosed is not needed any more."),
    "destruction": _("Signed by the officer: how many copies were destroyed, and how."),
    "incident": _("As soon as it is discovered. Do not wait for an inquiry of your own."),
}
OUTCOMES: dict[str, Promise] = {"accepted": _("Accepted"), "returned": _("Returned")}
