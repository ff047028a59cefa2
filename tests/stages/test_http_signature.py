"""RFC 9421: our base is the standard's, a library reads ours and we read its, and nothing else counts."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import http_message_signatures as library
import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey

from wicketgate.stages.http_signature import (
    ALGORITHM,
    TAG,
    Message,
    claim_of,
    content_digest,
    signature_base,
    signed_headers,
    stated_digest,
    verify,
)
from wicketgate.stages.signing import SignatureError, key_id_of, new_signing_key

PUBLIC, PRIVATE = new_signing_key()
BODY = b'{"hello": "world"}'
URL = "https://gate.example.gov/api/v1/requests?limit=2"
NONCE = "n" * 24


def signed(method: str = "POST", body: bytes = BODY, **headers: str) -> Message:
    sent = {"content-type": "application/json", "idempotency-key": "k" * 20, **headers}
    made = signed_headers(Message(method, URL, sent), body, PRIVATE, created=1_700_000_000, nonce=NONCE)
    return Message(method, URL, {**sent, **{name.lower(): text for name, text in made.items()}})


def test_the_base_is_that_of_the_standard() -> None:
    """RFC 9421, B.2.5 and B.2.6: fields in their order, then the parameters as written."""
    headers = {
        "date": "Tue, 20 Apr 2021 02:07:55 GMT",
        "content-type": "application/json",
        "content-length": "18",
    }
    message = Message("POST", "https://example.com/foo?param=Value&Pet=dog", headers)
    parameters = (
        '("date" "@method" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"'
    )
    assert signature_base(message, ("date", "@method", "content-type", "content-length"), parameters) == (
        b'"date": Tue, 20 Apr 2021 02:07:55 GMT\n"@method": POST\n"content-type": application/json\n'
        b'"content-length": 18\n"@signature-params": ("date" "@method" "content-type" "content-length")'
        b';created=1618884473;keyid="test-key-ed25519"'
    )


def test_the_digest_is_that_of_the_standard() -> None:
    """RFC 9530, appendix B.1: the SHA-256 of the body with its line feed."""
    assert content_digest(b'{"hello": "world"}\n') == "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"
    assert stated_digest(f"sha-512=:AAAA:, {content_digest(BODY)}") == stated_digest(content_digest(BODY))


def test_what_was_signed_holds_and_nothing_else() -> None:
    message = signed()
    claim = claim_of(message)
    assert (claim.key_id, claim.nonce, claim.created) == (key_id_of(PUBLIC), NONCE, 1_700_000_000)
    verify(message, claim, PUBLIC)
    for other in (
        replace(message, method="PUT"),
        replace(message, target_uri=URL + "0"),
        replace(message, headers={**message.headers, "content-digest": content_digest(b"x")}),
        replace(message, headers={**message.headers, "idempotency-key": "l" * 20}),
    ):
        with pytest.raises(SignatureError, match="does not hold"):
            verify(other, claim_of(other), PUBLIC)
    with pytest.raises(SignatureError, match="does not hold"):
        verify(message, claim, new_signing_key()[0])


WRONG: Mapping[str, tuple[str, str]] = {
    "covers less": ('"@method" ', ""),
    "covers more": ('("@method"', '("date" "@method"'),
    "covers it twice": ('("@method"', '("@method" "@method"'),
    "with a flag": ('"@method" ', '"@method";req '),
    "another algorithm": (ALGORITHM, "hmac-sha256"),
    "another purpose": (TAG, "other"),
    "no nonce": (f';nonce="{NONCE}"', ""),
    "a short nonce": (NONCE, "n"),
    "a time twice": (";created=1700000000", ";created=1700000000;created=1"),
    "an end of its own": (";created=1700000000", ";created=1700000000;expires=1"),
    "two signatures": ("gate=", "other=(),gate="),
    "quoted otherwise": ('nonce="', 'nonce="\\"'),
    "nothing": ("gate=(", "gate="),
}


@pytest.mark.parametrize("name", WRONG)
def test_whatever_is_not_pinned_is_refused(name: str) -> None:
    message = signed()
    stated = message.headers["signature-input"]
    assert WRONG[name][0] in stated
    spoiled = {**message.headers, "signature-input": stated.replace(*WRONG[name])}
    with pytest.raises(SignatureError):
        verify(replace(message, headers=spoiled), claim_of(replace(message, headers=spoiled)), PUBLIC)


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_header_makes_a_fault(stated: str, given_: str) -> None:
    headers = {**signed().headers, "signature-input": stated, "signature": given_}
    with pytest.raises(SignatureError):
        claim_of(Message("POST", URL, headers))


class Keys(library.HTTPSignatureKeyResolver):
    """Our key, as the library wants it."""

    def resolve_private_key(self, key_id: str) -> Any:
        return ECKey.import_key({**PRIVATE}).get_op_key("sign")

    def resolve_public_key(self, key_id: str) -> Any:
        return ECKey.import_key({**PUBLIC}).get_op_key("verify")


def prepared(headers: Mapping[str, str]) -> requests.PreparedRequest:
    return requests.Request("POST", URL, headers=dict(headers), data=BODY).prepare()


def test_a_library_reads_ours() -> None:
    sent = {"content-type": "application/json", "idempotency-key": "k" * 20}
    made = signed_headers(Message("POST", URL, sent), BODY, PRIVATE, created=int(time.time()), nonce=NONCE)
    verifier = library.HTTPMessageVerifier(
        signature_algorithm=library.algorithms.ECDSA_P384_SHA384, key_resolver=Keys()
    )
    [found] = verifier.verify(prepared({**sent, **made}), expect_tag=TAG, body=BODY)
    assert found.parameters["nonce"] == NONCE


def test_we_read_the_librarys() -> None:
    sent = {"content-type": "application/json", "content-digest": content_digest(BODY)}
    request = prepared(sent)
    library.HTTPMessageSigner(
        signature_algorithm=library.algorithms.ECDSA_P384_SHA384, key_resolver=Keys()
    ).sign(
        request,
        key_id=key_id_of(PUBLIC),
        created=dt.datetime.now(dt.UTC),
        nonce=NONCE,
        tag=TAG,
        label="sig1",
        covered_component_ids=("@method", "@target-uri", "content-type", "content-digest"),
        use_existing_digest=True,
    )
    named = ("signature", "signature-input", *sent)
    message = Message("POST", URL, {name: str(request.headers[name]) for name in named})
    verify(message, claim_of(message), PUBLIC)
