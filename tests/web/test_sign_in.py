"""Signing in on this machine: lock-out, a second proof, sessions, and coming back to the page one wanted."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.web.site import PASSWORD, Site

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

    from wicketgate.web.accounts.models import Account


@pytest.fixture
def examiner(site: Site) -> Iterator[Account]:
    """An account with its own tries, and without the proofs of an earlier test."""
    from allauth.mfa.models import Authenticator
    from django.core.cache import cache

    cache.clear()
    account = site.person("examiner")
    yield account
    Authenticator.objects.filter(user=account).delete()
    cache.clear()


def sign_in(browser: Client, password: str = PASSWORD, **words: str) -> HttpResponse:
    """The answer to the sign-in form, with the same words for everybody."""
    return browser.post("/sign-in/", {"login": "examiner", "password": password, **words})  # type: ignore[return-value]


def test_a_wrong_password_says_nothing_about_the_account(site: Site, examiner: Account) -> None:
    known = sign_in(site.anybody(), "wrong").content.decode()
    unknown = site.anybody().post("/sign-in/", {"login": "nobody", "password": "wrong"}).content.decode()
    assert "The username and/or password" in known
    assert _without_tokens(known).replace("examiner", "nobody") == _without_tokens(unknown)


def test_after_five_wrong_passwords_the_right_one_waits_too(site: Site, examiner: Account) -> None:
    browser = site.anybody()
    for _ in range(5):
        sign_in(browser, "wrong")
    locked = sign_in(browser)
    assert locked.status_code == 200
    assert "Too many failed login attempts" in locked.content.decode()
    assert browser.get("/account/").status_code == 302


def test_a_closed_account_opens_nothing(site: Site, examiner: Account) -> None:
    browser = site.signed_in("examiner")
    examiner.is_active = False
    examiner.save()
    try:
        assert browser.get("/account/").status_code == 302
        assert sign_in(site.anybody()).headers.get("Location") != "/"
    finally:
        examiner.is_active = True
        examiner.save()


def test_a_code_from_an_app_becomes_a_second_proof(site: Site, examiner: Account) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    def code(secret: str, at: float) -> str:
        return str(format_hotp_value(hotp_value(secret, int(at) // 30)))

    browser = site.signed_in("examiner")
    page = browser.get("/account/authenticator/add/").content.decode()
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page)
    assert secret is not None
    wrong = browser.post("/account/authenticator/add/", {"code": "000000"}).content.decode()
    assert "This cannot be sent yet" in wrong
    answer = browser.post("/account/authenticator/add/", {"code": code(secret[1], time.time())})
    assert answer.headers["Location"] == "/account/"
    kept = Authenticator.objects.get(user=examiner)
    assert secret[1] not in str(kept.data), "the secret is sealed in the database"

    again = site.anybody()
    assert sign_in(again, next="/account/").headers["Location"].startswith("/sign-in/code/")
    assert again.get("/account/").status_code == 302, "half of it is not signed in"
    assert again.post("/sign-in/code/", {"code": "000000"}).status_code == 200
    # The code of this half minute is spent; the next one is good already.
    done = again.post("/sign-in/code/", {"code": code(secret[1], time.time() + 30)})
    assert done.headers["Location"] == "/account/"
    removed = again.post("/account/authenticator/remove/")
    assert removed.headers["Location"] == "/account/"
    assert not Authenticator.objects.filter(user=examiner).exists()


def test_wrong_codes_lock_too(site: Site, examiner: Account) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(examiner, generate_totp_secret())
    assert Authenticator.objects.filter(user=examiner).exists()
    browser = site.anybody()
    sign_in(browser)
    pages = [browser.post("/sign-in/code/", {"code": "000000"}).content.decode() for _ in range(7)]
    assert "Too many failed login attempts" in pages[-1]


def test_who_signs_out_everywhere_else_stays_only_here(site: Site, examiner: Account) -> None:
    here, there = site.anybody(), site.anybody(headers={"user-agent": "A phone"})
    sign_in(here)
    sign_in(there)
    page = here.get("/account/sessions/").content.decode()
    assert "A phone" in page
    assert page.count("this one") == 1
    here.post("/account/sessions/")
    assert there.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200


def test_signing_out_ends_the_session_itself(site: Site, examiner: Account) -> None:
    browser = site.anybody()
    sign_in(browser)
    kept = browser.cookies["session"].value
    assert browser.get("/sign-out/").status_code == 200, "a link alone signs nobody out"
    browser.post("/sign-out/")
    thief = site.anybody()
    thief.cookies["session"] = kept
    assert thief.get("/account/").status_code == 302


def test_a_session_that_ended_leads_back_to_the_page(site: Site, examiner: Account) -> None:
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    browser = site.anybody()
    sign_in(browser)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    ended = browser.get("/account/sessions/?page=2")
    assert ended.headers["Location"] == "/sign-in/?next=/account/sessions/%3Fpage%3D2"
    sent = browser.post("/account/sessions/", {"reasons": "half an hour of work"})
    assert sent.status_code == 403
    assert b'value="half an hour of work"' in sent.content
    assert b"/sign-in/?next=%2Fprove%2Fdone%2F" in sent.content
    assert (
        sign_in(browser, next="/account/sessions/?page=2").headers["Location"] == "/account/sessions/?page=2"
    )


def test_a_session_changes_its_name_when_somebody_signs_in(site: Site, examiner: Account) -> None:
    browser = site.anybody()
    browser.get("/sign-in/")
    browser.cookies["session"] = "a" * 32
    sign_in(browser)
    assert browser.cookies["session"].value != "a" * 32


def test_a_fresh_proof_opens_what_a_stale_one_does_not(site: Site, examiner: Account) -> None:
    browser = site.signed_in("examiner", proved=301)
    asked = browser.get("/account/passkeys/add/").headers["Location"]
    assert asked.startswith("/prove/password/?next=")
    assert browser.post(asked, {"password": "wrong"}).status_code == 200
    assert browser.get("/account/passkeys/add/").status_code == 302
    proved = browser.post("/prove/password/", {"password": PASSWORD, "next": "/account/passkeys/add/"})
    assert proved.headers["Location"] == "/account/passkeys/add/"
    assert browser.get("/account/passkeys/add/").status_code == 200


def test_a_proof_from_the_future_or_of_somebody_else_is_none(site: Site, examiner: Account) -> None:
    assert site.signed_in("examiner", proved=-600).get("/account/passkeys/add/").status_code == 302
    browser = site.signed_in("examiner")
    session = browser.session
    session["account_authentication_methods_user"] = "999999"
    session.save()
    assert browser.get("/account/passkeys/add/").status_code == 302


def _without_tokens(page: str) -> str:
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", page)
