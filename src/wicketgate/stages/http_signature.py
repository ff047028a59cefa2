"""HTTP messages signed by an agency's system (RFC 9421), with everything pinned that could be chosen.

One algorithm, ecdsa-p384-sha384 (section 3.3.5); one set of covered components; one tag. A message that
covers less, says more or says it otherwise is refused: what is not read cannot be misread.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from wicketgate.stages.signing import CURVE, SignatureError, key_id_of

ALGORITHM, TAG = "ecdsa-p384-sha384", "wicketgate-api-1"
COVERED = ("@method", "@target-uri", "content-digest")
"""What every signature covers."""
SIGNED_WHEN_SENT = ("content-type", "idempotency-key")
"""Fields that are covered too when they are sent, in this order."""
_HALF = 48
_PARAMETER = re.compile(
    r';(created|expires)=([0-9]{1,12})|;(keyid|nonce|alg|tag)="([\x20-\x21\x23-\x5b\x5d-\x7e]{0,200})"'
)
_INPUT = re.compile(r"([a-z*][a-z0-9_.*-]{0,30})=(\(([^()]*)\)(;.*))", re.DOTALL)
_SIGNATURE = re.compile(r"([a-z*][a-z0-9_.*-]{0,30})=:([A-Za-z0-9+/=]{1,400}):")
_DIGEST = re.compile(r"(?:.*,\s*)?sha-256=:([A-Za-z0-9+/]{43}=):(?:\s*,.*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Message:
    """What of a request can be signed; `headers` by their names in lower case."""

    method: str
    target_uri: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a signed message says about itself; nothing of it is shown yet."""

    key_id: str
    nonce: str
    created: int
    """Seconds since 1970."""
    components: tuple[str, ...]
    parameters: str
    """As they stand in the message: they are signed as written."""
    signature: bytes = field(repr=False)


def content_digest(body: bytes) -> str:
    """The Content-Digest of a body (RFC 9530)."""
    return f"sha-256=:{b64encode(sha256(body).digest()).decode()}:"


def stated_digest(header: str) -> bytes:
    """The SHA-256 that a Content-Digest states; raises `SignatureError`."""
    found = _DIGEST.fullmatch(header)
    if found is None:
        raise SignatureError("The header Content-Digest states no sha-256.")
    return b64decode(found.group(1))


def signed_headers(
    message: Message, body: bytes, private_key: Mapping[str, str], *, created: int, nonce: str
) -> dict[str, str]:
    """The headers that sign a message: Content-Digest, Signature-Input and Signature."""
    headers = {**message.headers, "content-digest": content_digest(body)}
    names = (*COVERED, *(name for name in SIGNED_WHEN_SENT if name in headers))
    listed = " ".join(f'"{name}"' for name in names)
    parameters = (
        f'({listed});created={created};keyid="{key_id_of(private_key)}";nonce="{nonce}"'
        f';alg="{ALGORITHM}";tag="{TAG}"'
    )
    base = signature_base(Message(message.method, message.target_uri, headers), names, parameters)
    made = decode_dss_signature(_key(private_key).get_op_key("sign").sign(base, ec.ECDSA(hashes.SHA384())))
    raw = b"".join(number.to_bytes(_HALF, "big") for number in made)
    return {
        "Content-Digest": headers["content-digest"],
        "Signature-Input": f"gate={parameters}",
        "Signature": f"gate=:{b64encode(raw).decode()}:",
    }


def claim_of(message: Message) -> Claim:
    """What a message says about its signature; raises `SignatureError` unless it is of the pinned form."""
    stated = _INPUT.fullmatch(message.headers.get("signature-input", ""))
    given = _SIGNATURE.fullmatch(message.headers.get("signature", ""))
    if stated is None or given is None or stated.group(1) != given.group(1):
        raise SignatureError("The headers Signature-Input and Signature do not hold one signature.")
    parameters = _parameters(stated.group(4))
    components = tuple(stated.group(3).split(" ")) if stated.group(3) else ()
    names = tuple(each.strip('"') for each in components)
    wanted = {*COVERED, *(name for name in SIGNED_WHEN_SENT if name in message.headers)}
    if (
        len(names) != len(wanted)
        or set(names) != wanted
        or components != tuple(f'"{name}"' for name in names)
    ):
        needed = ", ".join(sorted(wanted))
        raise SignatureError(f"The signature must cover exactly {needed}.")
    if parameters.keys() != {"created", "keyid", "nonce", "alg", "tag"}:
        raise SignatureError("The signature must state created, keyid, nonce, alg and tag, and nothing else.")
    if (parameters["alg"], parameters["tag"]) != (ALGORITHM, TAG):
        raise SignatureError(f'The signature must be of alg "{ALGORITHM}" and tag "{TAG}".')
    if not 16 <= len(parameters["nonce"]) <= 100:
        raise SignatureError("The nonce must have 16 to 100 characters.")
    try:
        signature = b64decode(given.group(2), validate=True)
    except ValueError:
        raise SignatureError("The signature is not in base64.") from None
    return Claim(
        parameters["keyid"],
        parameters["nonce"],
        int(parameters["created"]),
        names,
        stated.group(2),
        signature,
    )


def verify(message: Message, claim: Claim, public_key: Mapping[str, str]) -> None:
    """Raise `SignatureError` unless this key signed this message."""
    base = signature_base(message, claim.components, claim.parameters)
    try:
        if len(claim.signature) != 2 * _HALF or key_id_of(public_key) != claim.key_id:
            raise InvalidSignature  # noqa: TRY301  # the same answer as for every other fault
        halves = (int.from_bytes(claim.signature[at : at + _HALF], "big") for at in (0, _HALF))
        _key(public_key).get_op_key("verify").verify(
            encode_dss_signature(*halves), base, ec.ECDSA(hashes.SHA384())
        )
    except InvalidSignature:
        raise SignatureError("The signature does not hold over this request.") from None


def signature_base(message: Message, names: tuple[str, ...], parameters: str) -> bytes:
    """What is signed (RFC 9421, section 2.5); raises `SignatureError` for a field that is not there."""
    lines = [f'"{name}": {_value(message, name)}' for name in names]
    return "\n".join([*lines, f'"@signature-params": {parameters}']).encode()


def _value(message: Message, name: str) -> str:
    if name == "@method":
        return message.method
    if name == "@target-uri":
        return message.target_uri
    if name not in message.headers:
        raise SignatureError(f"The header {name} is missing.")
    return message.headers[name].strip()


def _parameters(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        part = _PARAMETER.match(text, at)
        if part is None:
            raise SignatureError("The header Signature-Input cannot be read.")
        number, digits, name, value = part.groups()
        if (number or name) in found:
            raise SignatureError("The header Signature-Input says one thing twice.")
        found[number or name] = digits if number else value
        at = part.end()
    return found


def _key(jwk: Mapping[str, str]) -> ECKey:
    if jwk.get("kty") != "EC" or jwk.get("crv") != CURVE:
        raise SignatureError(f"A signing key must be an EC key on {CURVE}.")
    try:
        return ECKey.import_key(dict(jwk))
    except (JoseError, ValueError) as problem:
        raise SignatureError("The signing key cannot be read.") from problem
