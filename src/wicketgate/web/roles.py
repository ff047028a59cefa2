"""Roles as classes: who somebody is in the gate, and which doors (names of URLs) the role opens.

This is the one table of rights of the web room. What is named in neither of the sets below and
in no role is closed to everybody (`doors.py`).
"""

from __future__ import annotations

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wicketgate.core.roles import Role

ANYBODY = frozenset(
    {
        "account_login",
        "account_inactive",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "openid_connect_login",
        "openid_connect_callback",
        "socialaccount_login_cancelled",
        "socialaccount_login_error",
        "public",
        "public_es",
        "public_figures",
        "public_report",
        "public_law",
        "public_checkpoint",
        "public_verifier",
        "livez",
        "readyz",
        "version",
        "api_description",
    }
)
"""Doors that are open without signing in."""

EVERY_ROLE = frozenset(
    {
        "home",
        "account_logout",
        "proved",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_remove_webauthn",
        "usersessions_list",
    }
)
"""Doors that are open to whoever is signed in: one's own account."""

SYSTEMS = frozenset(
    {"api_checks", "api_requests", "api_request", "api_receipts", "api_submissions", "api_submission"}
    | {"api_upload"}
    | {"api_pickups", "api_keys", "api_key_revocation", "api_notices", "api_certificates"}
)
"""Doors of agencies' systems: open to a signed message or a client certificate, and to no session."""

FRESH: frozenset[str] = frozenset(
    {"mfa_activate_totp", "mfa_deactivate_totp", "mfa_add_webauthn", "mfa_remove_webauthn", "decide"}
    | {
        "record_order",
        "lift_order",
        "start_recall",
        "propose_disposition",
        "dispose",
        "register_key",
        "key",
        "agency_package",
        "agency_pick_up",
        "decide_account",
    }
)
"""Doors that open only to somebody who proved within the last minutes who they are."""


_READING = frozenset(
    {"queue", "queue_export", "next_case", "case", "receipt", "dissent_signature", "save_view", "forget_view"}
) | frozenset({"orders", "order_document", "lifting_document"})
"""Doors of whoever reads cases."""
_TAKING = frozenset({"take", "give_back", "recuse", "dissent", "capacity"})
"""Doors of whoever takes requests upon themselves."""
_INSPECTING = frozenset(
    {"inspect", "inspect_shape", "inspect_export", "inspect_case", "inspect_open", "inspect_disclosed"}
    | {"inspect_bundle", "what_if", "reports", "report_file", "judgement", "plant"}
)
"""Doors of the inspector's desk."""
_ACCOUNTING = frozenset({"accounts", "ask_account", "account_letter"})
"""Doors of whoever takes down what people ask of their own accounts."""
_COUNSEL = frozenset({"determine", "answer_dissent", "decide_account", "what_if"})
"""Doors of counsel."""
_ORDERING = frozenset({"record_order", "lift_order"})
"""Doors of whoever keeps the order book."""
_KEYS = frozenset({"keys", "register_key", "key"})
"""Doors of whoever keeps the book of agencies' keys."""
_RECALLING = frozenset({"recalls", "recall", "recall_list", "propose_recall", "serve_recall"})
"""Doors of whoever sees to it that disclosures come back."""
_SAFEGUARDS = frozenset({"safeguards", "safeguards_agency", "incident", "begin_incident"})
"""Doors of whoever reads the book of safeguards, and tells of incidents."""
_HOLDING = frozenset({"retention", "place_hold", "lift_hold"})
"""Doors of whoever keeps records from their disposition."""
_DISPOSING = _HOLDING | {"propose_disposition", "dispose"}
"""Doors of the two authorisers."""


_FOLLOWING = frozenset(
    {"agency_requests", "agency_requests_export", "agency_request"}
    | {"agency_letter", "agency_receipts", "agency_verifier"}
    | {"agency_submissions", "agency_submission", "agency_notice", "agency_results"}
)
"""Doors of whoever follows an agency's requests."""
_REPORTING = frozenset({"agency_duties", "agency_hand_in", "agency_document"})
"""Doors of whoever answers for what an agency received."""


_SENDING_FILES = frozenset({"send_file", "sent_file", "steer_file", "sent_table"})
"""Doors of whoever sends files for an agency."""


class GateRole:
    """A role: what people see of it, and what it may open."""

    key: ClassVar[str]
    name: ClassVar[Promise]
    description: ClassVar[Promise]
    acts_as: ClassVar[Role | None] = None
    """The role in acts on a request; None where the role takes part in none."""
    of_agency: ClassVar[bool] = False
    """True for people of a requesting agency: they see what their agency may see, and no more."""
    doors: ClassVar[frozenset[str]] = frozenset()


class Clerk(GateRole):
    key, acts_as, of_agency = "clerk", Role.CLERK, True
    name = _("Clerk")
    description = _("Sends requests for the requesting agency, and reads the answers to them.")
    doors = _FOLLOWING | _REPORTING | {"agency_ask", "withdraw"} | _SENDING_FILES


class RequestingOfficial(GateRole):
    key, acts_as, of_agency = "requesting_official", Role.REQUESTING_OFFICIAL, True
    name = _("Requesting official")
    description = _("Signs requests for the agency head, and stands for what they say.")
    doors = _FOLLOWING | _REPORTING | {"agency_ask"}


class RecipientOfficer(GateRole):
    key, acts_as, of_agency = "recipient_officer", Role.RECIPIENT_OFFICER, True
    name = _("Recipient officer")
    description = _("Is personally and directly engaged in the matter, and alone can open the package.")
    doors = _REPORTING | {"agency_packages", "agency_package", "agency_pick_up", "agency_acknowledge"}


class SafeguardsContact(GateRole):
    key, acts_as, of_agency = "safeguards_contact", Role.SAFEGUARDS_CONTACT, True
    name = _("Safeguards contact")
    description = _("Answers at the agency for how it keeps what it received, and reports on it.")
    doors = _FOLLOWING | _REPORTING


class Examiner(GateRole):
    key, acts_as = "examiner", Role.EXAMINER
    name = _("Examiner")
    description = _("Endorses a sufficient request or returns it, and never decides on the same one.")
    doors = _READING | _TAKING | {"endorse", "return", "refer"}


class Approver(GateRole):
    key, acts_as = "approver", Role.APPROVER
    name = _("Approver")
    description = _("Decides on a verified request, one at a time, without ever seeing the address.")
    doors = _READING | _TAKING | {"decide", "answer_dissent"}


class Counsel(GateRole):
    key, acts_as = "counsel", Role.COUNSEL
    name = _("Counsel")
    description = _("Determines what the rules refer to a person, and gives the reasons.")
    doors = (
        _READING
        | _TAKING
        | _ORDERING
        | _KEYS
        | _RECALLING
        | _SAFEGUARDS
        | _DISPOSING
        | _ACCOUNTING
        | _COUNSEL
        | {"resume", "start_recall", "incident_step"}
    )


class SafeguardsOfficer(GateRole):
    key, acts_as = "safeguards_officer", Role.SAFEGUARDS_OFFICER
    name = _("Safeguards officer")
    description = _("Watches over what recipients do with what they received.")
    doors = (
        _READING
        | _KEYS
        | _ACCOUNTING
        | _RECALLING
        | _SAFEGUARDS
        | _DISPOSING
        | {"dissent", "capacity", "keep_safeguards", "close_finding", "incident_step"}
        | {"handed_in", "handed_in_document"}
    )


class Inspector(GateRole):
    key, acts_as = "inspector", Role.INSPECTOR
    name = _("Inspector")
    description = _("Reads everything by handle, can stop the programme, and changes no case.")
    doors = _READING | _ORDERING | _RECALLING | _SAFEGUARDS | _HOLDING | _INSPECTING | {"capacity"}


class Administrator(GateRole):
    key = "administrator"
    name = _("Administrator")
    description = _("Keeps the gate running. Sees no request, and changes none.")


ROLES: dict[str, type[GateRole]] = {
    role.key: role
    for role in (
        Clerk,
        RequestingOfficial,
        RecipientOfficer,
        SafeguardsContact,
        Examiner,
        Approver,
        Counsel,
        SafeguardsOfficer,
        Inspector,
        Administrator,
    )
}
"""By key; a key that is not here is nobody's."""


def may_open(role: type[GateRole] | None, door: str) -> bool:
    """True when somebody with this role (None: not signed in) may open the door."""
    if door in ANYBODY:
        return True
    return role is not None and (door in EVERY_ROLE or door in role.doors)
