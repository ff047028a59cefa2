"""Least disclosure: one person's last known address, sealed to one named officer."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jwe
from joserfc.jwk import ECKey
from joserfc.registry import HeaderParameter

from wicketgate.core.identifiers import Handle
from wicketgate.core.request import Request
from wicketgate.stages.decide import Approved

ADDRESS_FIELDS = ("line1", "line2", "city", "state", "postal_code", "country")
"""All that a package can hold about the person."""

EXPIRES_AFTER = timedelta(days=14)
"""A package that nobody picked up by then is destroyed."""

_PADDED_TO = 1024
_HALF, _NONCE = 32, 12
_ALGORITHMS = ["ECDH-ES+A256KW", "A256GCM"]
_CURVE = "P-384"
_REGISTRY = jwe.JWERegistry(
    header_registry={
        "sub": HeaderParameter("The request's handle", "str", required=True),
        "decision": HeaderParameter("Digest of the approval", "str", required=True),
        "exp": HeaderParameter("Expiry, seconds since 1970", "int", required=True),
        "purpose": HeaderParameter("What it was disclosed for", "str", required=True),
    },
    algorithms=_ALGORITHMS,
)


def first_officer(request: Request) -> str:
    """The officer to whom a package is sealed: the first whom the request names."""
    return (request.engaged_officers or "").split(";")[0].strip()


class PackageError(ValueError):
    """A package that cannot be sealed or opened as the gate requires."""


@dataclass(frozen=True, slots=True, repr=False)
class Package:
    """One sealed envelope: a compact JWE that only the recipient's private key opens.

    `jwe` is ECDH-ES+A256KW on P-384 with A256GCM (RFC 7516, RFC 7518; SP 800-56A,
    FIPS 197): every step is an approved algorithm. The protected header binds the
    handle, the decision, the purpose and the expiry, so an envelope cannot be passed off as another.
    Inside lies one more, which opens only with the share that stays in the gate until the pick-up.
    """

    handle: Handle
    recipient: str
    expires_at: datetime
    jwe: str

    def __repr__(self) -> str:
        return f"<Package {self.handle}>"


def seal_package(
    approved: Approved,
    recipient: str,
    recipient_key: Mapping[str, str],
    address: Mapping[str, str | None],
    now: datetime,
    *,
    share: bytes,
    purpose: str,
) -> Package:
    """Seal the one address of an approved request to the recipient officer's public key (a JWK).

    Without `share` (32 bytes) the officer's own key opens nothing.
    Raises `PassageError` for an approval that `decide` did not make and `PackageError`
    for a key that is not a public P-384 key, or an address with fields of its own.
    """
    Approved.seal.require(approved)
    unknown = set(address) - set(ADDRESS_FIELDS)
    if unknown:
        raise PackageError(
            f"A package holds an address and nothing else; remove {', '.join(sorted(unknown))}."
        )
    if not address.get("line1"):
        raise PackageError(f"{approved.handle} has no address line to disclose.")
    key = _public_key(recipient_key)
    expires_at = now + EXPIRES_AFTER
    header = {
        "alg": "ECDH-ES+A256KW",
        "enc": "A256GCM",
        "typ": "wicketgate-package",
        "sub": str(approved.handle),
        "decision": approved.digest,
        "exp": int(expires_at.timestamp()),
        "purpose": purpose,
    }
    body = {
        "handle": str(approved.handle),
        "last_known_address": {name: address.get(name) or "" for name in ADDRESS_FIELDS},
    }
    inner = _seal_inner(_padded(body), share, approved.handle)
    token = jwe.encrypt_compact(header, inner, key, registry=_REGISTRY)
    return Package(approved.handle, recipient, expires_at, token)


def open_package(token: str, private_key: Mapping[str, str], handle: Handle, share: bytes) -> dict[str, str]:
    """The recipient's side: the address inside, or `PackageError`."""
    try:
        opened = jwe.decrypt_compact(token, ECKey.import_key(dict(private_key)), registry=_REGISTRY)
        body = json.loads(_open_inner(opened.plaintext or b"", share, handle))
        bound = (opened.protected["sub"], body["handle"])
        address: dict[str, str] = body["last_known_address"]
    except Exception as error:
        raise PackageError(f"The package of {handle} cannot be opened with this key.") from error
    if bound != (str(handle), str(handle)):
        raise PackageError(f"This package does not belong to {handle}.")
    return address


def new_officer_key() -> tuple[dict[str, str], dict[str, str]]:
    """A fresh P-384 key pair as (public, private) JWK."""
    key = ECKey.generate_key(_CURVE)
    return (
        {name: str(value) for name, value in key.as_dict(private=False).items()},
        {name: str(value) for name, value in key.as_dict(private=True).items()},
    )


def _public_key(jwk: Mapping[str, str]) -> ECKey:
    if jwk.get("kty") != "EC" or jwk.get("crv") != _CURVE or "d" in jwk:
        raise PackageError("The recipient's registered key must be a public EC key on P-384.")
    try:
        return ECKey.import_key(dict(jwk))
    except Exception as error:
        raise PackageError("The recipient's registered key cannot be read.") from error


def _seal_inner(body: bytes, share: bytes, handle: Handle) -> bytes:
    """A fresh half key, a nonce and the body under the key that this half and the share make together."""
    half, nonce = os.urandom(_HALF), os.urandom(_NONCE)
    return half + nonce + AESGCM(_joined(half, share)).encrypt(nonce, body, str(handle).encode())


def _open_inner(inner: bytes, share: bytes, handle: Handle) -> bytes:
    half, nonce, sealed = inner[:_HALF], inner[_HALF : _HALF + _NONCE], inner[_HALF + _NONCE :]
    return AESGCM(_joined(half, share)).decrypt(nonce, sealed, str(handle).encode())


def _joined(half: bytes, share: bytes) -> bytes:
    """One key from two halves, either of which alone says nothing (HKDF, SP 800-56C)."""
    if len(share) != _HALF:
        raise PackageError("A share has 32 bytes.")
    return HKDF(hashes.SHA384(), 32, salt=share, info=b"wicketgate/package/v2").derive(half)


def _padded(body: Mapping[str, object]) -> bytes:
    """JSON padded with spaces to a multiple of 1 KiB, so that length tells nothing."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return text.ljust(-(-len(text) // _PADDED_TO) * _PADDED_TO)
