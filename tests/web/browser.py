"""A real browser: Debian's Chromium, its people, and what axe says about a page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
"""Width and height in CSS pixels."""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "section508"]
_ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, without a network of its own; fails with one sentence where there is none.

    While it runs, its event loop does: nothing may ask Django's database in this process.
    """
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("Chromium is missing: `apt-get install chromium`, or `make chromium` as root.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def sign_in(page: Page, url: str, name: str, password: str) -> None:
    """Sign in by keyboard."""
    page.goto(f"{url}/sign-in/")
    page.get_by_label("Sign-in name").fill(name)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{url}/")


def watched(context: BrowserContext, complaints: list[str]) -> Page:
    """A page whose complaints are kept: errors of scripts, and what the policy blocks."""
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda message: (
            complaints.append(f"{page.url}: {message.text}")
            if message.type == "error" and "Failed to load resource" not in message.text
            else None
        ),
    )
    return page


def violations(page: Page) -> list[str]:
    """What axe finds at each size, one line each; empty when there is nothing."""
    found = []
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        results: dict[str, Any] = (
            Axe().run(page, options={"runOnly": TAGS, "resultTypes": ["violations"]}).response
        )
        for each in results["violations"]:
            nodes = "; ".join(" ".join(node["target"]) for node in each["nodes"][:3])
            found.append(f"{page.url} at {size}: {each['id']}: {each['help']} ({nodes})")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{page.url} at {size}: the page is wider than the screen")
    return found
