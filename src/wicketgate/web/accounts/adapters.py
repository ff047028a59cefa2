"""Our answers to allauth: nobody signs up, the provider's word makes an account, secrets are sealed."""

from __future__ import annotations

import base64
import hashlib
import re
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import render

from wicketgate.web.accounts.models import Account
from wicketgate.web.configuration import provider
from wicketgate.web.roles import ROLES

OFFICER = "recipient_officer"
AGE = 300
"""Seconds: a provider's proof that is older is none. Every sign-in asks for a new one."""
_AGENCY = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*")


class AccountAdapter(DefaultAccountAdapter):
    """Nobody makes an account for themselves, and the gate writes no mail."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def is_reauthentication_required(self, *, app: str, **words: Any) -> bool:
        """Not here: `doors.py` asks for a fresh proof, by one rule for everything."""
        return False

    def send_notification_mail(self, *arguments: Any, **words: Any) -> None:
        """Nothing is sent."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Nothing is sent: the gate knows nobody's address."""

    def add_message(self, *arguments: Any, **words: Any) -> None:
        """Pages say what happened; allauth's own sentences are not shown."""


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Makes the provider's word about a person into an account, or refuses it whole."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Never by a form: `pre_social_login` made the account."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Check the claims and bring the account up to them; raises with a page where they do not do."""
        data = sociallogin.account.extra_data
        token = data.get("id_token") or {}
        claims = {**(data.get("userinfo") or {}), **token}
        told = provider()
        role, agency = claims.get(told.role_claim), claims.get(told.agency_claim) or ""
        name = claims.get("preferred_username")
        proved = token.get("auth_time")
        if (
            # The user info is nobody's word about somebody else.
            (data.get("userinfo") or token).get("sub") != token.get("sub")
            or not isinstance(proved, int | float)
            or not -60 <= time.time() - proved < AGE
            or not isinstance(role, str)
            or role not in ROLES
            or not isinstance(name, str)
            or not isinstance(agency, str)
            or bool(agency) != ROLES[role].of_agency
            or (agency and not _AGENCY.fullmatch(agency))
        ):
            raise _refused(request)
        account = sociallogin.user if sociallogin.is_existing else Account()
        if not isinstance(account, Account) or not account.is_active:
            raise _refused(request)
        # The handle stays when the role changes: nobody holds two roles on one request.
        account.sign_in_name, account.role, account.agency = name, role, agency
        account.display_name = str(claims.get("name") or name)[:150]
        officer = claims.get(told.officer_claim)
        account.officer = officer if isinstance(officer, str) and role == OFFICER else ""
        account.email = claims["email"] if isinstance(claims.get("email"), str) else ""
        account.provider_id = sociallogin.account.provider
        if not account.pk:
            account.set_unusable_password()
        try:
            account.full_clean(exclude=["password"])
        except ValidationError:
            raise _refused(request) from None
        account.save()
        # Only who it is stays here, not what else the provider said about them.
        sociallogin.account.extra_data = {}
        if sociallogin.is_existing:
            sociallogin.account.save()
        else:
            sociallogin.connect(request, account)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors are sealed with a key made from the secret key."""

    def encrypt(self, text: str) -> str:
        """Seal a secret for the database."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open what `encrypt` sealed."""
        return _box().decrypt(encrypted_text.encode()).decode()


class NoPasswords(AuthenticationBackend):
    """Lets a person stay signed in whom the provider vouched for; knows no password."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> None:
        """Nobody."""


def _box() -> Fernet:
    digest = hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=b"second factor").digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def _refused(request: HttpRequest) -> ImmediateHttpResponse:
    return ImmediateHttpResponse(render(request, "socialaccount/authentication_error.html", status=403))
