"""Every door is closed unless `roles.py` opens it: the one place that lets a request through to a view."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from wicketgate.web.accounts.models import Account
from wicketgate.web.api.problems import with_budget
from wicketgate.web.api.speaking import admit
from wicketgate.web.roles import ANYBODY, FRESH, SYSTEMS, may_open
from wicketgate.web.views import errors

Answer = Callable[[HttpRequest], HttpResponse]
NEVER = datetime(1, 1, 1, tzinfo=UTC)
"""When somebody proved who they are of whom that is not known."""


class Doors:
    """Middleware that asks `roles.may_open` before any view, and makes a page of whatever went wrong."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and keep pages out of caches."""
        response = self.get_response(request)
        if response.status_code == 405 and (not response.content or errors.is_of_api(request)):
            response = errors.not_this_way(request, response.headers.get("Allow", ""))
        response.headers.setdefault("Cache-Control", "no-store")
        return with_budget(request, response)

    def process_view(
        self, request: HttpRequest, view: object, arguments: object, words: object
    ) -> HttpResponseBase | None:
        """None lets the request through."""
        match = request.resolver_match
        door = match.view_name if match is not None else ""
        if door in ANYBODY:
            return None
        if door in SYSTEMS:
            return admit(request)
        account = request.user
        if not isinstance(account, Account):
            return _sign_in(request)
        if not may_open(account.gate_role, door):
            raise PermissionDenied
        if door in FRESH and not is_fresh(request):
            return prove(request, account)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page for what the gate refuses, or cannot do now; None for what is a fault of ours."""
        return errors.page_for(request, error)


def proved_at(request: HttpRequest) -> datetime | None:
    """When the person last proved who they are in this session; None when that is not known.

    Not allauth's own question, which takes somebody without a password and a second factor for
    fresh for ever.
    """
    records = get_authentication_records(request, request.user if request.user.is_authenticated else None)
    latest = max((float(record["at"]) for record in records), default=0.0)
    return datetime.fromtimestamp(latest, UTC) if 0 < latest <= time.time() else None


def is_fresh(request: HttpRequest) -> bool:
    """True when that was within the last `ACCOUNT_REAUTHENTICATION_TIMEOUT` seconds."""
    at = proved_at(request)
    if at is None:
        return False
    return (datetime.now(UTC) - at).total_seconds() < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def prove_again(account: Account) -> str:
    """Where this person proves again who they are: at the provider that vouches for them, or here."""
    if not account.has_usable_password() and account.provider_id:
        return reverse("openid_connect_login", args=[account.provider_id])
    return reverse("account_reauthenticate")


def _sign_in(request: HttpRequest) -> HttpResponseBase:
    """To the sign-in page and back; what somebody had written meanwhile stays in their own browser."""
    where = reverse("account_login")
    if request.method != "POST":
        return redirect_to_login(request.get_full_path(), where)
    prove = f"{where}?{urlencode({'next': reverse('proved')})}"
    why = _("You were signed out meanwhile: nobody did anything here for a long time.")
    return errors.send_again(request, why, prove, _("Sign in"))


def prove(request: HttpRequest, account: Account) -> HttpResponseBase:
    """To the page of proof and back."""
    where = prove_again(account)
    if request.method != "POST":
        return HttpResponseRedirect(f"{where}?{urlencode({'next': request.get_full_path()})}")
    prove = f"{where}?{urlencode({'next': reverse('proved')})}"
    why = _("This needs a fresh proof that it is you, and yours is older than five minutes.")
    return errors.send_again(request, why, prove, _("Prove that it is you"))
