"""Passkeys in a real browser with Chromium's virtual authenticator: add one, sign in and prove with it.

1. Elias adds a passkey that may sign in alone, and sees it in his list.
2. He signs out, and signs in without a password.
3. With his password alone he is asked for the second proof, and gives it with the passkey.
4. He objects to a request and signs that with the passkey.
5. When it is removed, nothing can be done with it any more. On every page of the way axe finds nothing.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.browser import chromium, sign_in, violations, watched
from tests.web.demo import Demo
from wicketgate.cli.demo_people import ELIAS

pytestmark = pytest.mark.xdist_group("browser")


def plug_in(page: Page) -> None:
    """An authenticator that asks for a finger, and gets it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_from_its_first_day_to_its_last(demo: Demo) -> None:
    complaints: list[str] = []
    with chromium() as browser:
        context = browser.new_context()
        page = watched(context, complaints)
        plug_in(page)

        sign_in(page, demo.url, ELIAS.name, demo.password)
        page.goto(f"{demo.url}/account/passkeys/add/")
        page.get_by_label("Name").fill("Blue key")
        page.get_by_text("Sign in with it alone").click()
        page.get_by_role("button", name="Add").click()
        page.wait_for_url("**/account/")
        page.goto(f"{demo.url}/account/passkeys/")
        expect(page.get_by_role("rowheader", name="Blue key")).to_be_visible()
        complaints += violations(page)

        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/sign-in/")
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.wait_for_url(f"{demo.url}/")
        expect(page.get_by_text(ELIAS.display_name)).to_be_visible()

        page.get_by_role("button", name="Sign out").click()
        page.get_by_label("Sign-in name").fill(ELIAS.name)
        page.get_by_label("Password").fill(demo.password)
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/sign-in/code/"))
        complaints += violations(page)
        page.get_by_role("button", name="Use a passkey").click()
        page.wait_for_url(f"{demo.url}/")

        page.goto(f"{demo.url}/queue/next/")
        page.get_by_role("link", name="Attach a dissent").click()
        page.get_by_label("Your objection").fill("The docket that is named was closed.\nAsk first.")
        page.get_by_role("button", name="Go on to sign it").click()
        complaints += violations(page)
        page.get_by_role("button", name="Sign with your passkey").click()
        expect(page.get_by_text("Your dissent is attached")).to_be_visible()
        expect(page.locator("#dissents")).to_contain_text("Signed with the officer's own passkey.")

        page.goto(f"{demo.url}/prove/passkey/?next=/account/passkeys/")
        complaints += violations(page)
        page.get_by_role("button", name="Use a passkey").click()
        page.wait_for_url("**/account/passkeys/")
        page.get_by_role("link", name="Remove Blue key").click()
        complaints += violations(page)
        page.get_by_role("button", name="Remove").click()
        page.wait_for_url("**/account/passkeys/")
        expect(page.get_by_text("You have no passkey.")).to_be_visible()

        page.get_by_role("button", name="Sign out").click()
        with page.expect_navigation(url="**/sign-in/**"):
            page.get_by_role("button", name="Sign in with a passkey").click()
        assert page.goto(f"{demo.url}/account/")
        assert "/sign-in/" in page.url
        context.close()
    assert complaints == []
