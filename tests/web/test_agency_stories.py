"""A clerk's day with mistakes, by keyboard alone, and a recipient's pick-up, in a real browser.

1. A clerk forgets things, checks, mends, sends, looks at the list and withdraws. 2. An officer chooses the
wrong key, then the right one, opens the package in the browser, acknowledges it, and certifies destruction.
3. A contact reports an incident, and the custodian's safeguards officer replies.

With WICKETGATE_SCREENSHOTS naming a folder, the pictures of the documentation are taken on the way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.browser import chromium
from tests.web.demo import Demo
from tests.web.test_stories import HANDLE, at_work, picture, press, tab_to, write
from wicketgate.cli.demo_agency import KEY_FILE, SIGNING
from wicketgate.cli.demo_people import CLEO, KIM, OMAR, SAM

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the file."""
    with chromium() as running:
        yield running


def choose(page: Page, field: str, words: str) -> None:
    """Go to a list by keyboard, and type until it shows this."""
    tab_to(page, field, field=True)
    page.keyboard.type(words)


def test_a_clerks_day_with_mistakes_by_keyboard(browser: Browser, demo: Demo) -> None:
    with at_work(browser, demo, CLEO) as page:
        press(page, "Ask for one record")
        press(page, "Check before you send")
        expect(page.get_by_role("alert")).to_contain_text("This cannot be sent yet")
        write(page, "The agency's own reference", "STORY-1")
        write(page, "Signed by", "Rita Example")
        choose(page, "Capacity", "Agency head")
        write(page, "First name", "Paula")
        write(page, "Last name", "Plaintext")
        write(page, "Address, line 1", "Unknown")
        write(page, "Reasons", "To locate the subject.")
        press(page, "Check before you send")
        outcome = page.locator("#outcome")
        expect(outcome).to_contain_text("This would be returned")
        expect(outcome).to_be_focused()
        expect(outcome).to_contain_text("How to mend it")
        picture(page, "agency-check")
        tab_to(page, "Go to the field")
        page.keyboard.press("Enter")
        assert "#id_" in page.url
        page.get_by_label("Address, line 1").fill("12 Elm Street")
        press(page, "Check again")
        expect(page.get_by_label("Address, line 1")).to_have_value("12 Elm Street")
        tab_to(page, "Send it as it is")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/agency/requests/WG-"))
        expect(page.locator(".usa-alert--success")).to_contain_text("The request is received")
        expect(page.locator("main")).to_contain_text("No answer has left yet")
        picture(page, "agency-request")
        handle = HANDLE.search(page.url)
        assert handle is not None
        press(page, "Requests")
        expect(page.locator("tbody")).to_contain_text(handle[0])
        picture(page, "agency-requests")
        press(page, handle[0])
        press(page, "Withdraw this request")
        write(page, "Reasons", "Sent by mistake.")
        press(page, "Withdraw it")
        expect(page.locator(".usa-alert")).to_contain_text(handle[0])


def test_an_officer_picks_up_once_and_only_the_right_key_opens(
    browser: Browser, demo: Demo, tmp_path: Path
) -> None:
    key = demo.folder / "agency" / KEY_FILE
    signing = demo.folder / "agency" / SIGNING / "private.json"
    with at_work(browser, demo, OMAR) as page:
        sent: list[str] = []
        page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
        page.goto(f"{demo.url}/agency/packages/")
        picture(page, "agency-packages")
        handle = page.locator("tr", has_text="Package waits").first.locator("a").inner_text()
        page.get_by_role("link", name=handle).click()
        for path, problem in ((None, "Choose your key file"), (signing, "not sealed to this key")):
            if path:
                page.get_by_label("Your key file").set_input_files(path)
            page.get_by_role("button", name="Pick up and open").click()
            expect(page.locator("[data-problem]")).to_contain_text(problem)
        page.get_by_label("Your key file").set_input_files(key)
        picture(page, "agency-package")
        page.get_by_role("button", name="Pick up and open").click()
        address = page.locator("#address")
        expect(address).to_be_visible()
        expect(address).to_be_focused()
        line = page.locator("[data-address=line1]").inner_text()
        assert line
        picture(page, "agency-opened")
        secret = json.loads(key.read_text())["key"]["d"]
        assert not any(secret in each or line in each for each in sent)
        page.get_by_role("button", name="Acknowledge").click()
        expect(page.locator(".usa-alert--success")).to_contain_text(handle)
        page.goto(f"{demo.url}/agency/packages/{handle}/")
        expect(page.locator("main")).to_contain_text("Nothing waits here")
        page.get_by_role("link", name="Certify destruction").click()
        page.get_by_label("Copies that were destroyed").fill("1")
        page.get_by_label("On what").select_option("electronic")
        page.get_by_label("How").select_option("destroy")
        page.get_by_label("Destroyed on").fill(datetime.now(UTC).date().isoformat())
        page.get_by_role("button", name="Hand it in").click()
        expect(page.locator("[data-problem]")).to_contain_text("Choose the file")
        page.get_by_label("Your signing key").set_input_files(signing)
        page.get_by_role("button", name="Hand it in").click()
        expect(page.locator(".usa-alert--success")).to_contain_text("is handed in")
        assert not any(json.loads(signing.read_text())["key"]["d"] in each for each in sent)


def test_a_contact_reports_and_the_office_of_safeguards_replies(browser: Browser, demo: Demo) -> None:
    with at_work(browser, demo, KIM) as page:
        press(page, "Safeguards")
        picture(page, "agency-safeguards")
        press(page, "Incident report")
        press(page, "Hand it in")
        expect(page.get_by_role("alert").first).to_contain_text("This cannot be sent yet")
        page.get_by_label("Discovered at").fill("2026-11-20T09:00")
        page.get_by_label("What happened").fill("A laptop was left in a train for ten minutes.")
        page.get_by_role("button", name="Hand it in").click()
        expect(page.locator("main")).to_contain_text("later than 24 hours")
        number = page.url.rstrip("/").rpartition("/")[2]
    with at_work(browser, demo, SAM) as page:
        page.goto(f"{demo.url}/safeguards/documents/{number}/")
        page.get_by_text("Returned: something is missing").click()
        page.get_by_role("button", name="Reply").click()
        expect(page.get_by_role("alert").first).to_contain_text("Say what is missing")
        page.get_by_label("Words to the agency").fill("Say whose data the laptop held, by numbers.")
        page.get_by_role("button", name="Reply").click()
        expect(page.locator(".usa-alert--success")).to_contain_text("on record")
