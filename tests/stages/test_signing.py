"""One algorithm, one purpose, one document: whatever else a signature could be is refused."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, OctKey

from wicketgate.core.digest import canonical
from wicketgate.stages.signing import REQUEST, SignatureError, key_id_of, new_signing_key, sign, verify

PUBLIC, PRIVATE = new_signing_key()
DOCUMENT = {"b": "ü", "a": [1, None]}
TOKEN = sign(DOCUMENT, PRIVATE, REQUEST)


def token(header: Mapping[str, object], key: Any = None, algorithm: str = "ES384") -> str:
    signing = key or ECKey.import_key({**PRIVATE})
    made = jws.serialize_compact(dict(header), canonical(DOCUMENT), signing, algorithms=[algorithm])
    return str(jws.detach_content(made))


def test_a_signature_holds_over_its_document_whatever_the_order_of_its_keys() -> None:
    verify(TOKEN, {"a": [1, None], "b": "ü"}, PUBLIC, REQUEST)
    assert TOKEN.split(".")[1] == ""
    assert json.loads(urlsafe_b64decode(TOKEN.split(".")[0] + "==")) == {
        "alg": "ES384",
        "kid": key_id_of(PUBLIC),
        "typ": REQUEST,
    }


HEADER = {"alg": "ES384", "kid": key_id_of(PUBLIC), "typ": REQUEST}
HEAD, _, TAIL = TOKEN.split(".")
WRONG = {
    "none": urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=") + "..",
    "empty": "",
    "no parts": "abc",
    "attached": f"{HEAD}.{urlsafe_b64encode(canonical(DOCUMENT)).decode().rstrip('=')}.{TAIL}",
    "cut": TOKEN[:-4],
    "about something else": token(HEADER | {"typ": "wicketgate-pickup+jws"}),
    "another key's name": token(HEADER | {"kid": "sha256:0"}),
    "one header more": token(HEADER | {"cty": "x"}),
    "the public key as a secret": token(
        HEADER | {"alg": "HS256"}, OctKey.import_key(json.dumps(PUBLIC).encode()), "HS256"
    ),
    "another curve": token(HEADER | {"alg": "ES256"}, ECKey.generate_key("P-256"), "ES256"),
}


@pytest.mark.parametrize("name", WRONG)
def test_whatever_else_a_signature_could_be_is_refused(name: str) -> None:
    with pytest.raises(SignatureError):
        verify(WRONG[name], DOCUMENT, PUBLIC, REQUEST)


def test_another_document_or_key_is_refused() -> None:
    with pytest.raises(SignatureError, match="does not hold"):
        verify(TOKEN, {**DOCUMENT, "b": "u"}, PUBLIC, REQUEST)
    with pytest.raises(SignatureError):
        verify(TOKEN, DOCUMENT, new_signing_key()[0], REQUEST)
    for key in ({}, {"kty": "oct", "k": "x"}, {**PUBLIC, "crv": "P-256"}, {**PUBLIC, "x": "!"}):
        with pytest.raises(SignatureError):
            verify(TOKEN, DOCUMENT, key, REQUEST)
