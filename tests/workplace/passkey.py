"""A passkey made of software: what an officer's device answers to a challenge (WebAuthn level 2, 6.1)."""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from wicketgate.flow.work.signature import Assertion

SITE = "gate.example.gov"
PRESENT, VERIFIED = 0x01, 0x04


def _new() -> EllipticCurvePrivateKey:
    return generate_private_key(SECP256R1())


@dataclass(frozen=True, slots=True)
class SoftPasskey:
    """One key pair on one device."""

    private: EllipticCurvePrivateKey = field(default_factory=_new, repr=False)

    def sign(
        self, challenge: bytes, site: str = SITE, flags: int = PRESENT | VERIFIED, about: str = "webauthn.get"
    ) -> Assertion:
        """The assertion over a challenge."""
        asked = urlsafe_b64encode(challenge).rstrip(b"=").decode()
        client = json.dumps({"type": about, "challenge": asked, "origin": f"https://{site}"}).encode()
        data = hashlib.sha256(site.encode()).digest() + bytes([flags]) + (7).to_bytes(4, "big")
        message = data + hashlib.sha256(client).digest()
        return Assertion(self.public, SITE, data, client, self.private.sign(message, ECDSA(hashes.SHA256())))

    @property
    def public(self) -> bytes:
        """The enrolled key, as SPKI."""
        return self.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
