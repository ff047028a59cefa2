"""Signing in at the custodian's provider: a real provider process, a real gate over TLS, the whole code flow.

1. Olga goes to the provider, proves who she is, comes back signed in as examiner, on the page she wanted.
2. Whatever the provider says that the gate cannot rely on signs in nobody.
3. A callback that nobody asked for, or that comes twice, signs in nobody.
4. For what needs a fresh proof she goes to the provider again, when hers is too old.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.conftest import copy_of
from tests.web.demo import visitor
from tests.web.served import Served, doctor, provider, served
from tests.web.site import Site
from wicketgate.store.database import Database

pytestmark = pytest.mark.xdist_group("browser")

OLGA = {"preferred_username": "olga@agency", "name": "Olga Example", "wicketgate_role": "examiner"}
WRONG: dict[str, dict[str, Any]] = {
    "no role": {"preferred_username": "a", "name": "A"},
    "unknown role": OLGA | {"preferred_username": "b", "wicketgate_role": "emperor"},
    "a role that is no text": OLGA | {"preferred_username": "c", "wicketgate_role": ["examiner"]},
    "a clerk of no agency": OLGA | {"preferred_username": "d", "wicketgate_role": "clerk"},
    "an examiner of an agency": OLGA | {"preferred_username": "e", "wicketgate_agency": "DHS"},
    "an agency that is none": OLGA
    | {"preferred_username": "f", "wicketgate_role": "clerk", "wicketgate_agency": "dhs; drop"},
    "an old proof": OLGA | {"preferred_username": "g", "_ago": 400},
    "a foreign key": OLGA | {"preferred_username": "h", "_foreign_key": True},
    "somebody else's user info": OLGA | {"preferred_username": "i", "_user_info_of": "olga"},
    "no name": {"wicketgate_role": "examiner"},
    "olga's name": OLGA | {"wicketgate_role": "approver"},
}
PEOPLE: dict[str, dict[str, Any]] = {
    "olga": OLGA,
    "carl": OLGA
    | {
        "preferred_username": "carl",
        "name": "Carl Example",
        "wicketgate_role": "clerk",
        "wicketgate_agency": "DHS-ICE",
    },
    **WRONG,
}


@pytest.fixture(scope="module")
def gate(template: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gate and its provider."""
    folder = tmp_path_factory.mktemp("provided")
    with (
        copy_of(template) as database,
        provider(PEOPLE, folder) as issuer,
        served(database, folder, issuer) as running,
    ):
        yield running


def browser(gate: Served) -> requests.Session:
    session = visitor()
    session.mount("https://", session.get_adapter("http://"))
    session.verify = str(gate.certificate)
    return session


def proved(session: requests.Session, gate: Served, who: str, path: str) -> requests.Response:
    """From a page of the gate to the provider and back, as far as the first page that is none of the two."""
    at_provider = session.get(gate.url + path)
    assert urlsplit(at_provider.url).path == "/authorize", at_provider.url
    return session.post(at_provider.url, {"subject": who})


def test_the_whole_way_there_and_back(gate: Served) -> None:
    olga = browser(gate)
    page = olga.get(f"{gate.url}/account/").text
    link = re.search(r'href="(/sign-in/with/agency/[^"]*)"', page)
    assert link is not None
    assert "password" not in page
    asked = olga.get(gate.url + link[1], allow_redirects=False).headers["Location"]
    question = parse_qs(urlsplit(asked).query)
    assert question["code_challenge_method"] == ["S256"]
    assert (question["prompt"], question["max_age"]) == (["login"], ["0"])
    assert "state" in question
    assert "secret" not in asked

    back = proved(olga, gate, "olga", link[1])
    assert urlsplit(back.url).path == "/account/"
    assert "Olga Example" in back.text
    handle = re.search(r"<code>(p-[a-z0-9]{10})</code>", back.text)
    assert handle is not None
    assert handle[1] not in ("olga", "olga@agency")
    session = next(cookie for cookie in olga.cookies if cookie.name == "__Host-session")
    assert session.secure

    again = proved(browser(gate), gate, "olga", "/sign-in/with/agency/?next=/account/")
    assert handle[1] in again.text, "the ledger's handle never changes"
    carl = proved(browser(gate), gate, "carl", "/sign-in/with/agency/?next=/account/")
    assert "DHS-ICE" in carl.text


@pytest.mark.parametrize("who", WRONG)
def test_what_the_gate_cannot_rely_on_signs_in_nobody(gate: Served, who: str) -> None:
    proved(browser(gate), gate, "olga", "/sign-in/with/agency/?next=/account/")
    session = browser(gate)
    back = proved(session, gate, who, "/sign-in/with/agency/?next=/account/")
    assert back.status_code in (401, 403), back.url
    assert "You could not be signed in" in back.text
    assert session.get(f"{gate.url}/account/", allow_redirects=False).status_code == 302


def test_who_cancels_is_not_signed_in(gate: Served) -> None:
    session = browser(gate)
    back = proved(session, gate, "cancel", "/sign-in/with/agency/?next=/account/")
    assert urlsplit(back.url).path in ("/sign-in/cancelled/", "/sign-in/with/agency/back/")
    assert session.get(f"{gate.url}/account/", allow_redirects=False).status_code == 302


def test_a_code_is_good_once_and_only_for_who_asked(gate: Served) -> None:
    olga = browser(gate)
    at_provider = olga.get(f"{gate.url}/sign-in/with/agency/?next=/account/")
    callback = olga.post(at_provider.url, {"subject": "olga"}, allow_redirects=False).headers["Location"]
    thief = browser(gate)
    assert thief.get(callback).status_code in (401, 403)
    assert thief.get(f"{gate.url}/account/", allow_redirects=False).status_code == 302
    assert urlsplit(olga.get(callback).url).path == "/account/"
    late = browser(gate)
    assert late.get(callback).status_code in (401, 403)


def test_a_fresh_proof_comes_from_the_provider(gate: Served) -> None:
    olga = browser(gate)
    proved(olga, gate, "olga", "/sign-in/with/agency/?next=/account/")
    fresh = olga.get(f"{gate.url}/account/authenticator/add/", allow_redirects=False)
    assert fresh.status_code == 200, "she has just proved it"


def test_a_proof_that_is_too_old_leads_to_the_provider_and_back(gate: Served, site: Site) -> None:
    olga = browser(gate)
    proved(olga, gate, "olga", "/sign-in/with/agency/?next=/account/")
    long_ago(gate, olga)
    where = f"{gate.url}/account/authenticator/add/"
    sent = olga.get(where, allow_redirects=False)
    assert sent.headers["Location"].startswith(
        "/sign-in/with/agency/?next=%2Faccount%2Fauthenticator%2Fadd%2F"
    )
    back = proved(olga, gate, "olga", "/account/authenticator/add/")
    assert (back.status_code, back.url) == (200, where), "she proved it at the provider"
    long_ago(gate, olga)
    somebody_else = proved(olga, gate, "carl", "/account/authenticator/add/")
    assert "Olga" not in somebody_else.text, "another person's proof is none of hers"


def long_ago(gate: Served, session: requests.Session) -> None:
    """What is on record of this session's proofs becomes an hour old."""
    from django.contrib.sessions.serializers import JSONSerializer
    from django.core import signing

    key = next(cookie.value for cookie in session.cookies if cookie.name == "__Host-session")
    how: dict[str, Any] = {
        "key": "k" * 50,
        "salt": "django.contrib.sessions.SessionStore",
        "serializer": JSONSerializer,
    }
    with gate.database.administer() as connection:
        (data,) = connection.execute(
            "SELECT session_data FROM accounts.django_session WHERE session_key = %s", [key]
        ).fetchone() or ("",)
        held = signing.loads(data, **how)
        for proof in held["account_authentication_methods"]:
            proof["at"] -= 3600
        changed = signing.dumps(held, compress=True, **how)
        connection.execute(
            "UPDATE accounts.django_session SET session_data = %s WHERE session_key = %s", [changed, key]
        )


def test_nobody_signs_in_with_a_password_or_with_a_passkey_alone(gate: Served) -> None:
    session, token = browser(gate), "c" * 32
    form = {"login": "olga@agency", "password": "x", "csrfmiddlewaretoken": token}
    headers = {"referer": gate.url, "cookie": f"__Host-csrf={token}"}
    answer = session.post(f"{gate.url}/sign-in/", form, headers=headers, allow_redirects=False)
    assert answer.status_code == 200
    assert session.get(f"{gate.url}/account/", allow_redirects=False).status_code == 302
    for method in ("GET", "POST"):
        passkey = session.request(method, f"{gate.url}/sign-in/passkey/", data=form, headers=headers)
        assert passkey.status_code == 404, "who left the custodian must not come in with a passkey"


def test_the_doctor_finds_the_gate_well_and_says_what_is_missing(gate: Served, tmp_path: Path) -> None:
    well = doctor(gate.config)
    assert well.returncode == 0, well.stdout
    assert "ok    the clock of gate.toml" in well.stdout
    named = {
        "kin.key": "no-kin.key",
        "log.key": "no-log.key",
        "client.secret": "`sign_in.client_secret_file`",
    }
    for missing, words in named.items():
        broken = tmp_path / "gate.toml"
        broken.write_text(gate.config.read_text().replace(missing, f"no-{missing}"))
        found = doctor(broken)
        assert found.returncode == 2, missing
        assert words in found.stdout


def test_the_log_holds_nobody(gate: Served) -> None:
    words = gate.log.read_text()
    for word in ("olga", "Olga", "secret", "code=", "state="):
        assert word not in words
