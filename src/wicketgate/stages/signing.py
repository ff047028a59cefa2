"""Documents signed by a named person: a detached JWS over canonical JSON (RFC 7515 appendix F, RFC 8785).

The algorithm is pinned here and not taken from the document: ES384 on P-384 (FIPS 186-5).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from wicketgate.core.digest import Canonical, canonical, digest
from wicketgate.core.request import Request

ALGORITHM, CURVE = "ES384", "P-384"
REQUEST, POSSESSION, PICK_UP, DESTRUCTION = (
    "wicketgate-request+jws",
    "wicketgate-key+jws",
    "wicketgate-pickup+jws",
    "wicketgate-destruction+jws",
)
"""What a signature is about; one made for one thing is none for another."""


class SignatureError(ValueError):
    """A signature that does not hold: one sentence, without the document."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is signed with a request beside the request: it counts once, until then, for that recipient."""

    nonce: str
    expires: datetime
    sequence: int
    """The agency's own count of what this official signed."""
    recipient_key: str
    """The registered key to which a package may be sealed."""

    def signed_part(self, request: Request) -> dict[str, Canonical]:
        """The whole that the official signs; empty fields of the request are left out."""
        written = {name: value for name, value in request.as_mapping().items() if value}
        return {
            "request": written,
            "nonce": self.nonce,
            "expires": self.expires.isoformat(),
            "sequence": self.sequence,
            "recipient_key": self.recipient_key,
        }


@dataclass(frozen=True, slots=True)
class Signature:
    """A detached JWS, the key that it names, and the terms it was made under."""

    key_id: str
    terms: Terms
    jws: str = field(repr=False)


def new_signing_key() -> tuple[dict[str, str], dict[str, str]]:
    """A fresh P-384 key pair for signatures as (public, private) JWK."""
    key = ECKey.generate_key(CURVE)
    public = {name: str(value) for name, value in key.as_dict(private=False).items()}
    return public, {name: str(value) for name, value in key.as_dict(private=True).items()}


def key_id_of(jwk: Mapping[str, str]) -> str:
    """The name of a key: the digest of its public part."""
    return digest({name: jwk.get(name) for name in ("kty", "crv", "x", "y")})


def sign(document: Mapping[str, Canonical], private_key: Mapping[str, str], about: str) -> str:
    """The detached JWS over a document."""
    header = {"alg": ALGORITHM, "kid": key_id_of(private_key), "typ": about}
    token = jws.serialize_compact(header, canonical(document), _key(private_key), algorithms=[ALGORITHM])
    return str(jws.detach_content(token))


def verify(token: str, document: Mapping[str, Canonical], public_key: Mapping[str, str], about: str) -> None:
    """Raise `SignatureError` unless the key made this detached signature, about this, over the document."""
    try:
        payload = canonical(document)
        found = jws.deserialize_compact(token, _key(public_key), algorithms=[ALGORITHM], payload=payload)
        header, detached = found.headers(), token.split(".")[1] == ""
    except (JoseError, ValueError, TypeError, IndexError, AttributeError) as problem:
        raise SignatureError("The signature does not hold over this document.") from problem
    if not detached or set(header) != {"alg", "kid", "typ"}:
        raise SignatureError("The signature is not a detached JWS with alg, kid and typ alone.")
    if (header["typ"], header["kid"]) != (about, key_id_of(public_key)):
        raise SignatureError("The signature was made for something else, or with another key.")


def _key(jwk: Mapping[str, str]) -> ECKey:
    if jwk.get("kty") != "EC" or jwk.get("crv") != CURVE:
        raise SignatureError(f"A signing key must be an EC key on {CURVE}.")
    try:
        return ECKey.import_key(dict(jwk))
    except (JoseError, ValueError) as problem:
        raise SignatureError("The signing key cannot be read.") from problem
