"""The book of keys: one person registers, another confirms, any one ends; nobody does two of these alone."""

from __future__ import annotations

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.web.desk import Desk
from tests.web.site import Site
from tests.web.speaker import KeyPair
from wicketgate.core.actor import Actor
from wicketgate.core.roles import Role


@pytest.fixture(scope="module")
def desk(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(site, tmp_path_factory.mktemp("desk"))


def document(key: KeyPair) -> SimpleUploadedFile:
    made = key.registration()
    told = {"use": made.use, "official": made.official, "agency": made.agency, "jwk": dict(made.jwk)}
    return SimpleUploadedFile("registration.json", json.dumps({**told, "proof": made.proof}).encode())


def test_two_people_bring_a_key_into_use_and_one_ends_it(desk: Desk) -> None:
    key = KeyPair("Kay Ringholder", use="sign")
    path = f"/keys/{key.key_id.removeprefix('sha256:')}/"
    cora, sam = desk.client("cora", Role.COUNSEL), desk.client("sam", Role.SAFEGUARDS_OFFICER)
    sent = cora.post("/keys/register/", {"registration": document(key)}, follow=True)
    assert b"Somebody else must confirm it" in sent.content
    again = cora.post("/keys/register/", {"registration": document(key)})
    assert again.status_code == 422
    assert b"is registered already" in again.content
    assert b"Confirm this key" not in cora.get(path).content
    alone = cora.post(path, {"act": "confirm"})
    assert alone.status_code == 422
    assert b"Somebody else than who registered" in alone.content
    assert b"in use" in sam.post(path, {"act": "confirm"}, follow=True).content
    assert path.encode() in cora.get("/keys/").content
    assert b"needs reasons" in sam.post(path, {"act": "revoke", "reasons": " "}).content
    ended = sam.post(path, {"act": "revoke", "reasons": "The official left."}, follow=True)
    assert b"revoked" in ended.content
    assert path.encode() not in cora.get("/keys/").content


def test_what_is_no_registration_is_refused(desk: Desk) -> None:
    cora = desk.client("cora", Role.COUNSEL)
    honest, other = KeyPair("Kay Ringholder", use="sign"), KeyPair("Kay Ringholder", use="sign")
    spoiled = json.loads(document(honest).read()) | {"jwk": dict(other.registration().jwk)}
    for text in (
        b"",
        b"\xff",
        b"[]",
        b'{"official": 1}',
        b"{" * 5_000,
        json.dumps(spoiled).encode(),
        b"x" * 20_000,
    ):
        answer = cora.post("/keys/register/", {"registration": SimpleUploadedFile("r.json", text)})
        assert answer.status_code == 422, text[:20]
    assert cora.get(f"/keys/{'0' * 64}/").status_code == 404


def test_the_book_is_read_page_by_page_and_no_key_is_left_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wicketgate.flow import official_keys

    monkeypatch.setattr(official_keys, "PAGE", 2)
    made = [KeyPair(f"Ringholder {number}", use="sign") for number in range(5)]
    for key in made[:2]:
        key.known(desk.gate)
    for key in made[2:]:
        official_keys.register_key(desk.gate, Actor("simon", Role.SAFEGUARDS_OFFICER), key.registration())
    cora, path, pages = desk.client("cora", Role.COUNSEL), "/keys/", list[str]()
    while path:
        pages.append(cora.get(path).content.decode())
        after = re.search(r'href="(\?after=[^"]+)" rel="next"', pages[-1])
        path = f"/keys/{after[1]}" if after else ""
        assert len(pages) < 20
    shown = [name for page in pages for name in re.findall(r"Ringholder \d", page)]
    assert sorted(shown) == [f"Ringholder {number}" for number in range(5)], "each once"
    assert {name[-1] for name in shown[:3]} == {"2", "3", "4"}, "what waits stands first"
    assert "First page" in pages[1]
    for wrong in ("", "x", "0-1-2", f"2-1-{'0' * 64}", f"0-{'9' * 30}-{'0' * 64}"):
        assert cora.get("/keys/", {"after": wrong}).status_code == 409, wrong
