"""The signature under a dissent: by the officer's own passkey, or by the gate on a fresh proof of identity.

Either is over the same short text, which names the gate, the request, the officer and the digest of the
statement. A passkey signs its SHA-256 as the challenge of a WebAuthn assertion; the gate signs it, with the
moment of the proof, as a note (C2SP signed-note) that can never be read as a checkpoint.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode, urlsafe_b64decode
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from wicketgate.core.actor import Actor
from wicketgate.core.digest import Canonical, canonical, digest
from wicketgate.core.identifiers import Handle
from wicketgate.ledger import LedgerError, LogKey, Note, VerifierKey

Signer: TypeAlias = Literal["passkey", "gate", "nobody", "broken"]
"""Who signed; `nobody` for dissents older than signatures, `broken` for a signature that does not fit."""
HEAD = "wicketgate dissent 1"
_PRESENT_AND_VERIFIED = 0x05


class SignatureError(ValueError):
    """A signature that does not fit what it should be under; one sentence."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is signed: who objects to what, at which gate (its log's verifier key)."""

    gate: str
    handle: Handle
    officer: str
    role: str
    statement: str
    """The digest of the statement."""

    @classmethod
    def of(cls, gate: str, actor: Actor, handle: Handle, statement: str) -> Terms:
        """The terms of an officer's own statement."""
        return cls(gate, handle, actor.handle, actor.role.value, digest(statement))

    def text(self, proved_at: datetime | None = None) -> str:
        """The lines that are signed; for the gate with the moment of the officer's proof of identity."""
        proof = [] if proved_at is None else [f"proved {proved_at.isoformat(timespec='seconds')}"]
        who = f"{self.role} {self.officer}"
        return "\n".join([HEAD, self.gate, self.handle.text, who, self.statement, *proof, ""])

    @property
    def challenge(self) -> bytes:
        """What a passkey is asked to sign."""
        return hashlib.sha256(self.text().encode()).digest()


@dataclass(frozen=True, slots=True)
class Assertion:
    """What the officer's device made (WebAuthn 7.2), and its enrolled public key (SPKI, DER)."""

    key: bytes
    site: str
    """The name of the site (RP ID) for which the passkey works."""
    authenticator_data: bytes = field(repr=False)
    client_data: bytes = field(repr=False)
    signature: bytes = field(repr=False)

    def check(self, terms: Terms) -> None:
        """Raise `SignatureError` unless this key signed these terms, with its owner there and verified."""
        data = self.authenticator_data
        try:
            client = json.loads(self.client_data)
            asked = urlsafe_b64decode(client["challenge"] + "==")
            fits = client["type"] == "webauthn.get" and asked == terms.challenge
        except (ValueError, TypeError, KeyError):
            fits = False
        if not fits:
            raise SignatureError("The passkey signed something else than this statement.")
        flags = data[32] if len(data) > 36 else 0
        if data[:32] != hashlib.sha256(self.site.encode()).digest():
            raise SignatureError("The passkey signed for another site.")
        if flags & _PRESENT_AND_VERIFIED != _PRESENT_AND_VERIFIED:
            raise SignatureError("The passkey did not verify its owner.")
        self._verify(data + hashlib.sha256(self.client_data).digest())

    def _verify(self, message: bytes) -> None:
        try:
            key = load_der_public_key(self.key)
            if isinstance(key, EllipticCurvePublicKey):
                wide = hashes.SHA384() if key.curve.key_size > 256 else hashes.SHA256()
                key.verify(self.signature, message, ECDSA(wide))
            elif isinstance(key, Ed25519PublicKey):
                key.verify(self.signature, message)
            elif isinstance(key, RSAPublicKey):
                key.verify(self.signature, message, PKCS1v15(), hashes.SHA256())
            else:
                raise SignatureError("The passkey's key is of a kind that signs nothing here.")
        except (InvalidSignature, UnsupportedAlgorithm, ValueError) as problem:
            if isinstance(problem, SignatureError):
                raise
            raise SignatureError("The passkey's signature does not hold.") from None

    def to_text(self) -> str:
        """For keeping."""
        parts = {
            "key": self.key,
            "authenticator_data": self.authenticator_data,
            "client_data": self.client_data,
            "signature": self.signature,
        }
        texts = {name: b64encode(part).decode() for name, part in parts.items()}
        return canonical({"by": "passkey", "site": self.site, **texts}).decode()


def signed_by_gate(key: LogKey, terms: Terms, proved_at: datetime) -> str:
    """The gate's own signature, for keeping."""
    return canonical({"by": "gate", "note": key.sign_note(terms.text(proved_at))}).decode()


class _Entry(Protocol):
    @property
    def kind(self) -> str: ...
    @property
    def body(self) -> Mapping[str, Canonical]: ...


def logged_signatures(entries: Iterable[_Entry]) -> frozenset[str | None]:
    """What the ledger has of the signatures under a request's dissents: digests, and None for one without."""
    found = (each.body.get("signature_digest") for each in entries if each.kind == "dissent")
    return frozenset(each if isinstance(each, str) else None for each in found)


def signer(terms: Terms, kept: str | None, logged: Set[str | None]) -> Signer:
    """Who signed these terms, checked anew from what was kept.

    A signature that holds is `broken` as well where the ledger names another: a passkey of somebody else's,
    put in the place of the officer's own, would hold by itself.
    """
    if (None if kept is None else digest(kept)) not in logged:
        return "broken"
    if kept is None:
        return "nobody"
    try:
        found = json.loads(kept)
        if found["by"] == "passkey":
            _assertion(found).check(terms)
            return "passkey"
        note = Note.parse(found["note"])
        note.verify([VerifierKey.parse(terms.gate)])
    except (SignatureError, LedgerError, ValueError, KeyError, TypeError):
        return "broken"
    # The last line says when the officer proved who they are; all others are fixed.
    last = note.text.removeprefix(terms.text())
    return "gate" if last.startswith("proved ") and last.count("\n") == 1 else "broken"


def _assertion(found: dict[str, str]) -> Assertion:
    parts = (b64decode(found[name]) for name in ("authenticator_data", "client_data", "signature"))
    return Assertion(b64decode(found["key"]), found["site"], *parts)
