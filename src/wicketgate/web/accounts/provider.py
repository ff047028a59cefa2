"""Signing in at the custodian's provider: each time anew, with a signature that is always checked."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict
from django.utils.http import urlencode

from wicketgate.web.configuration import provider


class SignedAdapter(OpenIDConnectOAuth2Adapter):
    """Checks the signature of the token that came over the back channel, too."""

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> Any:
        """The person the token is about. A provider without a token is none."""
        if not kwargs["response"].get("id_token"):
            raise OAuth2Error("no token")
        return super().complete_login(request, app, token, **kwargs)

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        found: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=provider().issuer,
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
            verify_signature=True,
        )
        return found


def login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Send the person to the provider. Nothing of the query reaches it but where to go on."""
    asked = {"next": request.GET["next"]} if "next" in request.GET else {}
    request.GET = QueryDict(urlencode(asked))
    return _answer(OAuth2LoginView, request, provider_id)


def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Take the provider's word."""
    return _answer(OAuth2CallbackView, request, provider_id)


def _answer(view: type[Any], request: HttpRequest, provider_id: str) -> HttpResponseBase:
    try:
        response: HttpResponseBase = view.adapter_view(SignedAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return response
