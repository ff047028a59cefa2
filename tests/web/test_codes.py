"""Codes from an authenticator app in a real browser, and what axe says of every page of the way.

1. Adam adds an authenticator app; a wrong code is told. 2. He proves with a code, and a wrong one is told.
3. He removes the app again.
"""

from __future__ import annotations

import base64
import re
import time

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.sync_api import Page, expect

from tests.web.browser import chromium, sign_in, violations, watched
from tests.web.demo import Demo
from wicketgate.cli.demo_people import ADAM

pytestmark = pytest.mark.xdist_group("browser")


def code_of(secret: str, step: int) -> str:
    """The code that an app shows, so many half minutes from now."""
    app = TOTP(base64.b32decode(secret), 6, SHA1(), 30)
    return app.generate(int(time.time()) + 30 * step).decode()


def send(page: Page, code: str, button: str) -> None:
    """Write a code and send it."""
    page.get_by_role("textbox", name="Code").fill(code)
    page.get_by_role("main").get_by_role("button", name=button).click()


def test_an_authenticator_app_from_its_first_day_to_its_last(demo: Demo) -> None:
    complaints: list[str] = []
    with chromium() as browser:
        page = watched(browser.new_context(), complaints)
        sign_in(page, demo.url, ADAM.name, demo.password)
        page.goto(f"{demo.url}/account/authenticator/add/")
        secret = re.sub(r"\s", "", page.locator("main code").first.inner_text())
        complaints += violations(page)
        send(page, "000000", "Add")
        complaints += violations(page)
        expect(page.get_by_role("alert").first).to_be_visible()
        send(page, code_of(secret, -1), "Add")
        page.wait_for_url("**/account/")

        page.goto(f"{demo.url}/prove/code/?next=/account/")
        complaints += violations(page)
        send(page, "000000", "Confirm")
        complaints += violations(page)
        expect(page.get_by_role("alert").first).to_be_visible()
        send(page, code_of(secret, 0), "Confirm")
        page.wait_for_url("**/account/")

        page.goto(f"{demo.url}/prove/password/?next=/account/")
        complaints += violations(page)
        page.goto(f"{demo.url}/account/authenticator/remove/")
        complaints += violations(page)
        page.get_by_role("main").get_by_role("button", name="Remove").click()
        page.wait_for_url("**/account/")
        page.context.close()
    assert complaints == []
