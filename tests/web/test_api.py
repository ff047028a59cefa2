"""The agencies' API: only signed messages, once, in time, and nothing beside the outward answer."""

from __future__ import annotations

import json
import secrets
import time
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID
from joserfc.jwk import ECKey

from tests.stories.people import VALID, without
from tests.web.desk import Desk
from tests.web.site import Site
from tests.web.speaker import KeyPair, Speaker
from wicketgate.flow.api.batch import Arrived
from wicketgate.flow.bulk.place import Uploads
from wicketgate.flow.bulk.take_in import Arriving
from wicketgate.flow.outbox import open_all
from wicketgate.stages.intake import read_batches
from wicketgate.stages.intake.rows import Malformed


@pytest.fixture(scope="module")
def desk(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(site, tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def dhs(site: Site, desk: Desk) -> Speaker:
    return Speaker(site.anybody(), KeyPair("case system").known(desk.gate))


@pytest.fixture(scope="module")
def doj(site: Site, desk: Desk) -> Speaker:
    return Speaker(site.anybody(), KeyPair("other system", "DOJ").known(desk.gate))


def told(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    kind = "application/problem+json" if status >= 400 else "application/json"
    assert answer.headers["Content-Type"].split(";")[0] == kind
    found = json.loads(answer.content)
    if status >= 400:
        assert found["status"] == status
        assert found["type"].startswith("urn:wicketgate:problem:")
    return dict(found)


def number(text: str) -> dict[str, str]:
    return VALID | {"request_id": text}


def test_a_request_is_checked_sent_once_and_followed(dhs: Speaker, desk: Desk) -> None:
    checked = told(dhs.post("/api/v1/checks", {"request": without("statute")}, idempotency_key=""), 200)
    assert checked["determination"] == "deficient"
    assert all(each["citation"] and each["remedy"] for each in checked["findings"])
    key = secrets.token_urlsafe(16)
    sent = {"request": without("statute", request_id="A1"), "signature": None}
    first = told(dhs.post("/api/v1/requests", sent, idempotency_key=key), 201)
    assert told(dhs.post("/api/v1/requests", sent, idempotency_key=key), 201) == first
    assert told(dhs.post("/api/v1/requests", sent), 201) == {**first, "again": True}
    seen = told(dhs.get(f"/api/v1/requests/{first['handle']}"), 200)
    assert (seen["status"], seen["answer"]) == ("in_progress", None)
    receipts = told(dhs.get(f"/api/v1/requests/{first['handle']}/receipts"), 200)["items"]
    assert [each["name"] for each in receipts] == ["received"]
    open_all(desk.gate)
    seen = told(dhs.get(f"/api/v1/requests/{first['handle']}"), 200)
    assert seen["status"] == "deficient"
    codes = [each["code"] for each in checked["findings"] if each["severity"] == "defect"]
    assert [each["code"] for each in seen["answer"]["findings"] if each["code"] in codes] == codes
    receipts = told(dhs.get(f"/api/v1/requests/{first['handle']}/receipts"), 200)["items"]
    assert [each["name"] for each in receipts] == ["received", "answer"]


def pages(dhs: Speaker, path: str) -> list[dict[str, Any]]:
    """Every entry of a list, two at a time."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = told(dhs.get(f"/api/v1/{path}?limit=2{cursor}"), 200)
        assert len(page["items"]) <= 2
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = f"&cursor={page['next']}"


def test_lists_go_on_from_page_to_page(dhs: Speaker, desk: Desk) -> None:
    sent = {told(dhs.post("/api/v1/requests", {"request": number(f"L{n}")}), 201)["handle"] for n in range(5)}
    found = [each["handle"] for each in pages(dhs, "requests")]
    assert len(found) == len(set(found))
    assert sent <= set(found)
    for n in range(4):
        KeyPair(f"system {n}").known(desk.gate)
    book = pages(dhs, "keys")
    assert {f"system {n}" for n in range(4)} <= {each["holder"] for each in book}
    assert len({each["key_id"] for each in book}) == len(book)
    assert [each["since"] for each in book] == sorted((each["since"] for each in book), reverse=True)
    noticed = [each["handle"] for each in pages(dhs, "notices")]
    assert len(noticed) == len(set(noticed))
    for path in ("requests", "keys", "notices"):
        for wrong in ("nonsense", "12.", "1.2.3", "-1.0"):
            problem = told(dhs.get(f"/api/v1/{path}?cursor={wrong}"), 422)
            assert problem["type"].endswith(":cursor"), (path, wrong)


def test_another_agency_has_nothing_there(dhs: Speaker, doj: Speaker) -> None:
    handle = told(dhs.post("/api/v1/requests", {"request": number("O1")}), 201)["handle"]
    there = told(dhs.get(f"/api/v1/requests/{handle}"), 200)
    for path in (f"/api/v1/requests/{handle}", f"/api/v1/requests/{handle}/receipts"):
        mine = told(doj.get(path), 404)
        nobodys = told(doj.get(path.replace(handle, "WG-2222-2222-2222")), 404)
        assert mine == nobodys
    assert told(doj.get(f"/api/v1/submissions/{there['submission']}"), 404) == told(
        doj.get("/api/v1/submissions/999999"), 404
    )
    listed = [each["handle"] for each in told(doj.get("/api/v1/requests"), 200)["items"]]
    assert handle not in listed
    assert all(dhs.get(f"/api/v1/requests/{each}").status_code == 404 for each in listed)
    assert told(doj.post("/api/v1/requests", {"request": number("O2")}), 403)["type"].endswith(
        ":other-agency"
    )


def spoiled(dhs: Speaker, name: str) -> Any:
    now, nonce = int(time.time()), secrets.token_urlsafe(16)
    path, body = "/api/v1/requests", {"request": number("X")}
    match name:
        case "not signed":
            return dhs.client.get(path)
        case "replay":
            assert dhs.get(path, nonce=nonce, created=now).status_code == 200
            return dhs.get(path, nonce=nonce, created=now)
        case "old":
            return dhs.get(path, created=now - 300)
        case "of the future":
            return dhs.get(path, created=now + 300)
        case "wrong key":
            return Speaker(dhs.client, KeyPair("stranger")).get(path)
        case "another address":
            other = dhs.get("/api/v1/keys")
            return dhs.client.get(
                path, headers={n: v for n, v in other.wsgi_request.headers.items() if n in SIGNED}
            )
        case "a key for signing":
            return Speaker(dhs.client, KeyPair("Pat Secretary", use="sign")).get(path)
        case "forged certificate":
            return dhs.get(path, more={"Client-Cert": ":MIIB:", "Wicketgate-Proxy-Secret": "guess"})
        case _:
            sent = dhs.post(path, body).wsgi_request
            headers = {n: v for n, v in sent.headers.items() if n in SIGNED or n == "Idempotency-Key"}
            return dhs.client.generic(
                "POST", path, json.dumps({"request": number("Y")}), "application/json", headers=headers
            )


SIGNED = ("Content-Digest", "Signature", "Signature-Input")
HOSTILE = (
    *("not signed", "replay", "old", "of the future", "wrong key", "another address", "a key for signing"),
    *("forged certificate", "changed body"),
)


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_not_shown_to_be_an_agencys_message_is_refused(dhs: Speaker, name: str) -> None:
    answer = spoiled(dhs, name)
    found = told(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Signature")
    assert VALID["taxpayer_last_name"] not in json.dumps(found)


def test_an_idempotency_key_stands_for_one_call(dhs: Speaker) -> None:
    key = secrets.token_urlsafe(16)
    told(dhs.post("/api/v1/requests", {"request": number("K1")}, idempotency_key=key), 201)
    changed = told(dhs.post("/api/v1/requests", {"request": number("K2")}, idempotency_key=key), 422)
    assert changed["type"].endswith(":idempotency-key-reused")
    missing = told(dhs.post("/api/v1/requests", {"request": number("K3")}, idempotency_key=""), 400)
    assert missing["type"].endswith(":idempotency-key-missing")


def test_a_batch_goes_the_way_of_every_file(dhs: Speaker, doj: Speaker) -> None:
    """What is no request stays a row of its own, the rest is kept, and the same bytes are found again."""
    lines = [json.dumps({"request": number(f"B{n}"), "signature": None}) for n in range(3)]
    sent = "\n".join([*lines, "{}", "", "nonsense"]).encode()
    first = told(dhs.post("/api/v1/submissions", sent), 202)
    assert told(dhs.post("/api/v1/submissions", sent), 202) == {**first, "again": True}
    seen = told(dhs.get(f"/api/v1/uploads/{first['upload']}"), 200)
    assert (seen["state"], seen["rows_done"]) == ("waiting", 0)
    assert told(doj.get(f"/api/v1/uploads/{first['upload']}"), 404) == told(
        doj.get("/api/v1/uploads/999"), 404
    )
    told(dhs.post("/api/v1/submissions", b"<!DOCTYPE a>"), 422)
    from wicketgate.web.configuration import served

    kept = (served().uploads / str(first["upload"]) / "file").read_text().splitlines()
    assert [json.loads(line)["request_id"] for line in kept[:3]] == ["B0", "B1", "B2"]
    assert kept[3:] == ["{}", "nonsense"]


@pytest.mark.parametrize(
    "line",
    [
        '{"request": {"request_id": "X"}, "request": {"request_id": "Y"}}',
        '{"request": {"request_id": "X", "request_id": "Y"}}',
        '{"request": {"request_id": "X"}, "sent_by": "me"}',
        '{"request": {"request_id": "X"}, "signature": {"key": "k"}}',
        '{"request": {"request_id": "X"}, "signature": "none"}',
        '["request"]',
    ],
)
def test_a_line_of_a_batch_is_exactly_a_request_and_its_signature(tmp_path: Path, line: str) -> None:
    """Any other stays as it came, a malformed row of its own; its neighbours are not touched."""
    uploads = Uploads(tmp_path)
    good = b'{"request": {"request_id": "A"}}\n'
    with Arriving(uploads) as requests, Arriving(uploads) as signatures:
        Arrived(requests, signatures).fill([good + line.encode() + b"\n" + good])
        assert signatures.size == 0
        requests.finish()
        kept = requests.path.read_text().splitlines()
        rows = [each for batch in read_batches(requests.path) for each in batch]
    assert kept == ['{"request_id": "A"}', line, '{"request_id": "A"}']
    assert [isinstance(each, Malformed) for each in rows][:2] == [False, True]


def test_a_message_without_a_digest_of_its_body_shows_nobody(dhs: Speaker) -> None:
    made = dhs.prepared("GET", "/api/v1/keys", b"")
    headers = {name: value for name, value in made[2].items() if name.lower() != "content-digest"}
    answer = dhs.client.generic(*made[:2], b"", "application/json", headers=headers)
    assert told(answer, 401)["type"].endswith(":not-authenticated")


def test_a_changed_batch_is_not_kept(dhs: Speaker) -> None:
    sent = dhs.post("/api/v1/submissions", b"{}\n").wsgi_request
    headers = {n: v for n, v in sent.headers.items() if n in SIGNED or n == "Idempotency-Key"}
    spoiled = dhs.client.generic("POST", "/api/v1/submissions", b"{ }\n", "application/json", headers=headers)
    assert told(spoiled, 401)["type"].endswith(":replayed")
    again = Speaker(dhs.client, dhs.key)
    made = again.prepared("POST", "/api/v1/submissions", b"{}\n")
    assert told(dhs.client.generic(*made[:2], b"{ }\n", "application/json", headers=made[2]), 401)[
        "type"
    ].endswith(":changed-body")


def test_calls_are_counted_honestly(dhs: Speaker) -> None:
    first, second = (dhs.get("/api/v1/keys").headers["RateLimit"] for _ in range(2))
    left = [int(each.split("r=")[1].split(";")[0]) for each in (first, second)]
    assert left[0] - left[1] == 1 or left[1] == 599  # a new minute began


def test_what_is_wrong_is_named_without_a_word_of_what_was_sent(dhs: Speaker) -> None:
    sent = {"request": {**VALID, "Rosa Quintero": "x", "statute": 7}}
    found = told(dhs.post("/api/v1/requests", sent), 422)
    assert {"field": "sent.request.statute", "problem": "string type"} in found["errors"]
    assert "Quintero" not in json.dumps(found)
    assert told(dhs.call("POST", "/api/v1/requests", b"{"), 400)["type"].endswith(":invalid")


def test_an_agency_hands_in_a_key_that_two_people_confirm(dhs: Speaker, desk: Desk) -> None:
    new = KeyPair("Alma Agent|1234|DHS", use="receive")
    made = new.registration()
    sent = {
        "use": made.use,
        "official": made.official,
        "agency": "DHS",
        "jwk": dict(made.jwk),
        "proof": made.proof,
    }
    for name in ("alg", "use", "kid", "key_ops"):
        sent["jwk"].pop(name, None)  # type: ignore[attr-defined]
    assert told(dhs.post("/api/v1/keys", sent), 201)["key_id"] == new.key_id
    assert told(dhs.post("/api/v1/keys", sent), 422)["type"].endswith(":key-refused")
    assert told(dhs.post("/api/v1/keys", {**sent, "official": "Ben|1|DHS"}), 422)["type"].endswith(
        ":key-refused"
    )
    held = told(dhs.get("/api/v1/keys"), 200)["items"]
    assert [each["status"] for each in held if each["key_id"] == new.key_id] == ["handed_in"]
    new.known(desk.gate)
    told(dhs.post(f"/api/v1/keys/{new.key_id}/revocation", {"reasons": "Lost."}), 200)
    held = told(dhs.get("/api/v1/keys"), 200)["items"]
    assert [each["status"] for each in held if each["key_id"] == new.key_id] == ["revoked"]


def test_every_address_of_the_api_is_in_its_description(site: Site) -> None:
    from wicketgate.web.api.addresses import patterns
    from wicketgate.web.api.speaking import QUERIES
    from wicketgate.web.roles import SYSTEMS

    found = json.loads(site.anybody().get("/api/v1/openapi.json").content)
    assert found["openapi"].startswith("3.1")
    assert {each.name for each in patterns} == SYSTEMS | {"api_description"}
    names = {f"/{each.pattern}": each.name for each in patterns}
    for path, operations in found["paths"].items():
        asked = {
            each["name"] for each in operations.get("get", {}).get("parameters", ()) if each["in"] == "query"
        }
        door = names.get(path.replace("{", "<").replace("}", ">"))
        assert asked == QUERIES.get(str(door), frozenset()), path
        for operation in operations.values():
            assert {"401", "429", "503"} <= set(operation["responses"]), path


@pytest.fixture
def proxy(site: Site, monkeypatch: pytest.MonkeyPatch) -> str:
    """A proxy that verifies certificates stands in front of the gate, and this is its secret."""
    from dataclasses import replace

    from django.conf import settings

    from wicketgate.web.configuration import ClientCertificates

    assert settings.GATE is not None
    secret = secrets.token_urlsafe(50)
    trusting = replace(settings.GATE, client_certificates=ClientCertificates(("127.0.0.1",), secret))
    monkeypatch.setattr(settings, "GATE", trusting)
    return secret


def test_a_client_certificate_counts_from_a_known_proxy_alone(dhs: Speaker, proxy: str) -> None:
    mine, strangers = (
        f":{b64encode(certificate_of(key)).decode()}:" for key in (dhs.key, KeyPair("stranger"))
    )

    def ask(certificate: str, secret: str, address: str = "127.0.0.1") -> Any:
        headers = {"Client-Cert": certificate, "Wicketgate-Proxy-Secret": secret}
        return dhs.client.get("/api/v1/keys", headers=headers, REMOTE_ADDR=address)

    assert told(ask(mine, proxy), 200)["items"]
    for answer in (
        ask(mine, "guess"),
        ask(mine, proxy, "10.0.0.9"),
        ask(strangers, proxy),
        ask(":AA:", proxy),
    ):
        assert told(answer, 401)["type"].endswith(":not-authenticated")


def certificate_of(key: KeyPair) -> bytes:
    """A self-signed client certificate over the key, as DER."""
    private = ECKey.import_key({**key.private}).get_op_key("sign")
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "case system")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, private.public_key(), 1, now, now + timedelta(days=1))
    return made.sign(private, hashes.SHA384()).public_bytes(serialization.Encoding.DER)
