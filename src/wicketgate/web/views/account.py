"""One's own account: how one signs in, and where one is signed in."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import login_webauthn
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from wicketgate.web.gates import signed_in


def account(request: HttpRequest) -> HttpResponse:
    """The account page. allauth leads here by the name `mfa_index`."""
    person = signed_in(request)
    mine = Authenticator.objects.filter(user_id=person.pk)
    return render(
        request,
        "account.html",
        {
            "code": mine.filter(type=Authenticator.Type.TOTP).first(),
            "passkeys": mine.filter(type=Authenticator.Type.WEBAUTHN).count(),
            "sessions": len(UserSession.objects.purge_and_list(person)),
        },
    )


def passkey_alone(request: HttpRequest) -> HttpResponseBase:
    """Sign in with a passkey and nothing else, where that is allowed."""
    if not settings.MFA_PASSKEY_LOGIN_ENABLED:
        raise Http404
    response: HttpResponseBase = login_webauthn(request)
    return response
