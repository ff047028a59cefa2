"""A person's own passkeys as signatures: what the browser is asked for, and what it answered."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

from allauth.mfa.webauthn.internal import auth
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from wicketgate.flow.work.signature import Assertion
from wicketgate.web.accounts.models import Account

_EC, _OKP, _RSA = 2, 1, 3
"""Kinds of a COSE key (RFC 9053)."""


class NotSignedError(ValueError):
    """What the browser sent is no signature by a passkey of this person; one sentence is enough."""


def has_passkeys(account: Account) -> bool:
    """True when this person can sign with a device of their own."""
    return bool(auth.get_credentials(account))


def asked_for(account: Account, challenge: bytes) -> dict[str, Any]:
    """The options with which the browser asks one of the person's passkeys to sign a challenge."""
    verified = auth.UserVerificationRequirement.REQUIRED  # type: ignore[attr-defined]
    options, _ = auth.get_server().authenticate_begin(auth.get_credentials(account), verified, challenge)
    return {"request_options": dict(options)}


def assertion(account: Account, challenge: bytes, answer: str) -> Assertion:
    """What a passkey of this person signed; raises `NotSignedError` for any other answer.

    The origin, the site and the challenge are checked here against the session's own server, and the
    signature again below the pages, from what is kept.
    """
    server = auth.get_server()
    state = {
        "challenge": urlsafe_b64encode(challenge).rstrip(b"=").decode(),
        "user_verification": "required",
    }
    try:
        sent = json.loads(answer)
        credential = server.authenticate_complete(state, auth.get_credentials(account), sent)
        parts = [_bytes(sent["response"][n]) for n in ("authenticatorData", "clientDataJSON", "signature")]
        return Assertion(_public_key(credential.public_key), str(server.rp.id), *parts)
    except Exception as error:  # the library raises whatever it meets in what a browser sent
        raise NotSignedError from error


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _public_key(cose: Mapping[int, Any]) -> bytes:
    """A COSE key as SPKI (DER), which every library reads; raises `NotSignedError` for other kinds."""
    if cose[1] == _EC and cose[-1] == 1:
        numbers = EllipticCurvePublicNumbers(
            int.from_bytes(cose[-2], "big"), int.from_bytes(cose[-3], "big"), SECP256R1()
        )
        key: Any = numbers.public_key()
    elif cose[1] == _OKP:
        key = Ed25519PublicKey.from_public_bytes(cose[-2])
    elif cose[1] == _RSA:
        exponent, modulus = int.from_bytes(cose[-2], "big"), int.from_bytes(cose[-1], "big")
        key = RSAPublicNumbers(exponent, modulus).public_key()
    else:
        raise NotSignedError
    der: bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return der
