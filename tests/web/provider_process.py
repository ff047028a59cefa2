"""An OpenID Connect provider as a process of its own: code flow with PKCE, signed tokens, a proof each time.

`python -m tests.web.provider_process PORT PEOPLE.json`: people by subject, each with claims. Three claims
steer the provider itself: `_ago` (seconds since the person proved who they are), `_foreign_key` (signs
with a key that it does not publish), and `_user_info_of` (answers for another subject).
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector, current_token
from authlib.oauth2.rfc6749 import ClientMixin, TokenMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import AuthorizationCodeMixin, UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, jsonify, request
from joserfc.jwk import RSAKey

CLIENT, SECRET = "wicketgate", "a secret of the tests"
PORT, PEOPLE = int(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
ISSUER = f"http://127.0.0.1:{PORT}"
OWN, FOREIGN = (RSAKey.generate_key(2048, {"kid": "own"}) for _ in range(2))
CODES: dict[str, Code] = {}
TOKENS: dict[str, Token] = {}


class Client(ClientMixin):
    """The gate."""

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return ""

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.endswith("/sign-in/with/agency/back/")

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in ("client_secret_basic", "client_secret_post")

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class Code(AuthorizationCodeMixin):
    """An authorization code, good once."""

    def __init__(self, code: str, subject: str, payload: Any) -> None:
        data = payload.data
        self.code, self.subject, self.client_id = code, subject, CLIENT
        self.redirect_uri, self.scope, self.nonce = payload.redirect_uri, payload.scope, data.get("nonce")
        self.code_challenge = data.get("code_challenge")
        self.code_challenge_method = data.get("code_challenge_method")

    def get_redirect_uri(self) -> str:
        return str(self.redirect_uri)

    def get_scope(self) -> str:
        return str(self.scope)

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> int:
        return int(time.time()) - int(PEOPLE[self.subject].get("_ago", 0))


class Token(TokenMixin):
    """An access token for the user info."""

    def __init__(self, subject: str) -> None:
        self.subject = subject

    def is_expired(self) -> bool:
        return False

    def is_revoked(self) -> bool:
        return False

    def get_scope(self) -> str:
        return "openid profile"


class CodeGrant(AuthorizationCodeGrant):
    """The code flow over the dictionaries above."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post")

    def save_authorization_code(self, code: str, request: Any) -> None:
        CODES[code] = Code(code, request.user, request.payload)

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        return CODES.get(code)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        del CODES[authorization_code.code]

    def authenticate_user(self, authorization_code: Code) -> str:
        return authorization_code.subject


class Tokens(OpenIDCode):
    """The signed token about the person."""

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        return False

    key = OWN

    def encode_id_token(self, token: Any, request: Any) -> Any:
        self.key = FOREIGN if PEOPLE[request.user].get("_foreign_key") else OWN
        return super().encode_id_token(token, request)

    def resolve_client_private_key(self, client: Client) -> RSAKey:
        return self.key

    def get_client_algorithm(self, client: Client) -> str:
        return "RS256"

    def get_encode_header(self, client: Client) -> dict[str, str]:
        return {"alg": "RS256", "kid": "own"}

    def get_client_claims(self, client: Client) -> dict[str, Any]:
        return {"iss": ISSUER, "aud": [CLIENT], "exp": int(time.time()) + 300}

    def generate_user_info(self, user: str, scope: str) -> UserInfo:
        return UserInfo(sub=user, **_claims(user))


class Bearer(BearerTokenValidator):
    """Knows the access tokens."""

    def authenticate_token(self, token_string: str) -> Token | None:
        return TOKENS.get(token_string)


def _claims(subject: str) -> dict[str, Any]:
    return {name: value for name, value in PEOPLE[subject].items() if not name.startswith("_")}


def _save(token: dict[str, Any], request: Any) -> None:
    TOKENS[token["access_token"]] = Token(request.user)


app = Flask(__name__)
server = AuthorizationServer(
    app, query_client=lambda name: Client() if name == CLIENT else None, save_token=_save
)
server.register_grant(CodeGrant, [Tokens(), CodeChallenge(required=True)])
protected = ResourceProtector()
protected.register_token_validator(Bearer())


@app.get("/.well-known/openid-configuration")
def configuration() -> Any:
    """Where everything is."""
    return jsonify(
        issuer=ISSUER,
        authorization_endpoint=f"{ISSUER}/authorize",
        token_endpoint=f"{ISSUER}/token",
        userinfo_endpoint=f"{ISSUER}/userinfo",
        jwks_uri=f"{ISSUER}/jwks",
        response_types_supported=["code"],
        subject_types_supported=["public"],
        id_token_signing_alg_values_supported=["RS256"],
        code_challenge_methods_supported=["S256"],
        token_endpoint_auth_methods_supported=["client_secret_basic", "client_secret_post"],
    )


@app.get("/jwks")
def keys() -> Any:
    """The public key."""
    return jsonify(keys=[OWN.as_dict(private=False)])


@app.get("/authorize")
def ask() -> str:
    """The person proves who they are, each time: here by pressing a button."""
    server.get_consent_grant(end_user=next(iter(PEOPLE)))
    buttons = "".join(
        f'<p><button name="subject" value="{name}">{name}</button></p>' for name in (*PEOPLE, "cancel")
    )
    return (
        f'<!doctype html><html lang="en"><title>Provider</title><form method="post">{buttons}</form></html>'
    )


@app.post("/authorize")
def answer() -> Any:
    """Back to the gate with a code, or without one."""
    subject = request.form["subject"]
    grant = server.get_consent_grant(end_user=subject if subject in PEOPLE else None)
    return server.create_authorization_response(
        grant_user=subject if subject in PEOPLE else None, grant=grant
    )


@app.post("/token")
def token() -> Any:
    """A token for a code and its verifier."""
    return server.create_token_response()


@app.get("/userinfo")
@protected("openid")
def user_info() -> Any:
    """What else is known about the person."""
    subject = current_token.subject
    return jsonify(sub=PEOPLE[subject].get("_user_info_of", subject), **_claims(subject))


if __name__ == "__main__":
    app.run("127.0.0.1", PORT)
