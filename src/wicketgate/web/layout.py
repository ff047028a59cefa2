"""What every page shows around its own matter: who you are, your doors, and whether the gate is closed."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wicketgate.flow.closures import EVERYBODY, Closure, closures
from wicketgate.web.accounts.models import Account
from wicketgate.web.gates import gate
from wicketgate.web.roles import may_open


@dataclass(frozen=True, slots=True)
class Door:
    """A link of the navigation."""

    name: str
    label: str | Promise


NAVIGATION = (
    Door("home", _("Home")),
    Door("queue", _("Queue")),
    Door("agency_ask", _("Ask for one record")),
    Door("send_file", _("Send a file")),
    Door("agency_requests", _("Requests")),
    Door("agency_submissions", _("Submissions")),
    Door("agency_packages", _("Packages")),
    Door("agency_duties", _("Safeguards")),
    Door("handed_in", _("Agencies' documents")),
    Door("withdraw", _("Withdraw a request")),
    Door("orders", _("Orders")),
    Door("keys", _("Keys of agencies")),
    Door("recalls", _("Recalls")),
    Door("safeguards", _("Safeguards")),
    Door("retention", _("Retention")),
    Door("accounts", _("People's own accounts")),
    Door("what_if", _("What if")),
    Door("capacity", _("Capacity")),
    Door("inspect", _("Inspector's desk")),
    Door("judgement", _("Evidence of judgement")),
    Door("mfa_index", _("Your account")),
)
"""In order; each is shown to those whose role opens it."""


def layout(request: HttpRequest) -> dict[str, object]:
    """Variables for every template."""
    account = getattr(request, "user", None)
    shown: dict[str, object] = {
        "demonstration": settings.GATE is not None and settings.GATE.demonstration,
        "provider": settings.GATE.sign_in.name if settings.GATE is not None and settings.GATE.sign_in else "",
    }
    if not isinstance(account, Account):
        return shown
    role = account.gate_role
    doors = [door for door in NAVIGATION if may_open(role, door.name)]
    return {**shown, "account": account, "role": role, "navigation": doors, **_closed(account)}


def display_name(account: Account) -> str:
    """How allauth calls somebody."""
    return account.display_name


def _closed(account: Account) -> dict[str, object]:
    """The orders that close the gate, as far as they concern this person; unreadable counts as closed."""
    try:
        found = closures(gate())
    except Exception:  # noqa: BLE001 - whatever keeps the orders from being read, the gate is closed
        return {"closures": (), "unreadable": True}
    return {"closures": tuple(each for each in found if _concerns(each, account)), "unreadable": False}


def _concerns(closure: Closure, account: Account) -> bool:
    role = account.gate_role
    if closure.scope == EVERYBODY or role is None or not role.of_agency:
        return True
    return account.agency == closure.scope or account.agency.startswith(closure.scope + "-")
