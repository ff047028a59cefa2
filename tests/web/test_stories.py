"""Whole days of officers in a real browser, with mistakes; the main ones by keyboard alone.

1. An examiner returns one request and endorses the next. 2. An approver refuses and approves, mistypes, and
is signed out in the middle. 3. Counsel determines. 4. A safeguards officer objects. 5. The inspector plants
and proves. 6. A court suspends disclosure while somebody decides. 7. Two approvers reach for one request.

With WICKETGATE_SCREENSHOTS naming a folder, the pictures of the documentation are taken on the way.
"""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.browser import chromium, sign_in, watched
from tests.web.demo import Demo, standing_of, visitor
from wicketgate.cli.demo_people import ABEL, ADA, CORA, ERIN, INA, SAM, Person
from wicketgate.flow.orders import NewOrder, confirm_lifting, propose_lifting, record_order
from wicketgate.flow.standing import open_standing
from wicketgate.ledger import Opening, Receipt, VerifierKey

pytestmark = pytest.mark.xdist_group("browser")
HANDLE = re.compile(r"WG-\w{4}-\w{4}-\w{4}")
_PICTURES = os.environ.get("WICKETGATE_SCREENSHOTS")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demonstration of its own: these stories change it."""
    started = Demo.start(tmp_path_factory.mktemp("stories") / "demo")
    assert visitor().get(f"{started.url}/readyz").text == "ready\n"
    yield started
    assert started.stop() == 0


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the file."""
    with chromium() as running:
        yield running


@contextmanager
def at_work(browser: Browser, office: Demo, who: Person) -> Iterator[Page]:
    """Somebody signs in and works; no page may complain meanwhile."""
    complaints: list[str] = []
    context = browser.new_context(viewport={"width": 1180, "height": 800}, reduced_motion="reduce")
    page = watched(context, complaints)
    page.set_default_timeout(20_000)
    sign_in(page, office.url, who.name, office.password)
    yield page
    context.close()
    assert not complaints


def picture(page: Page, name: str) -> None:
    """A picture for the documentation, where one is wanted."""
    if _PICTURES:
        page.screenshot(path=Path(_PICTURES) / f"{name}.png")


def tab_to(page: Page, words: str, *, field: bool = False) -> None:
    """Press Tab until what has the focus is called so: a link or a button, or a field by its label."""
    for _ in range(400):
        page.keyboard.press("Tab")
        is_field, name = page.evaluate(
            "() => { const e = document.activeElement;"
            " const labels = e.tagName === 'BUTTON' ? [] : e.labels || [];"
            " return [labels.length > 0, (labels.length ? labels[0] : e).innerText || '']; }"
        )
        if is_field is field and name.strip().startswith(words):
            return
    raise AssertionError(f"no key leads to {words!r} on {page.url}")


def enter(page: Page) -> None:
    """Press Enter on what leads to another page, and wait for it."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def press(page: Page, words: str) -> None:
    """Go to a link or a button by keyboard, and press Enter."""
    tab_to(page, words)
    enter(page)


def write(page: Page, field: str, text: str) -> None:
    """Go to a field by keyboard, and write."""
    tab_to(page, field, field=True)
    page.keyboard.type(text)


def first_of(page: Page, office: Demo, query: str) -> str:
    """The first request of the queue, narrowed so."""
    page.goto(f"{office.url}/queue/?{query}")
    return page.locator(".desk-queue tbody a").first.inner_text()


def test_an_examiners_day_by_keyboard(browser: Browser, office: Demo) -> None:
    with at_work(browser, office, ERIN) as page:
        press(page, "Queue")
        picture(page, "queue")
        press(page, "Open the next one")
        first = page.url
        picture(page, "case-to-take")
        press(page, "Declare this and take")
        expect(page.get_by_text("You have taken this request")).to_be_visible()
        picture(page, "case-taken")
        press(page, "Return with findings")
        press(page, "Return it")  # too early: nothing is written yet
        expect(page.get_by_role("alert")).to_contain_text("This cannot be sent yet")
        write(page, "Element", "B5")
        write(page, "Your words about it", "The same story stands in many other requests.")
        write(page, "Reasons", "Not specific to this person.")
        picture(page, "return")
        press(page, "Return it")
        assert page.url == first
        expect(page.get_by_text("You returned")).to_be_visible()
        expect(page.get_by_text("The request is now: Deficient.")).to_be_visible()

        press(page, "Next request in the queue")
        assert page.url != first
        press(page, "Declare this and take")
        met = page.locator("#elements details").first
        tab_to(page, met.locator("summary").inner_text())
        page.keyboard.press("Enter")
        expect(met.locator("li").first).to_be_visible()
        press(page, "Endorse")
        write(page, "Reasons", "The order and both notices name her.")
        picture(page, "endorse")
        press(page, "Endorse")
        expect(page.get_by_text("You endorsed")).to_be_visible()


def test_an_approvers_day_by_keyboard(browser: Browser, office: Demo) -> None:
    with at_work(browser, office, ADA) as page:
        handle = first_of(page, office, "claimed=me")
        page.goto(f"{office.url}/requests/{handle}/")
        expect(page.get_by_text("withheld from approvers").first).to_be_visible()
        picture(page, "case-approver")
        press(page, "Refuse or approve")
        picture(page, "decide")
        # The focus is on refusing, and pressing Enter at once does nothing at all.
        enter(page)
        expect(page.get_by_role("alert")).to_be_visible()
        write(page, "Type the number", "WG-2222-2222-2222")
        write(page, "Reasons", "The period and the act lie years apart.")
        press(page, "Refuse")
        expect(page.get_by_role("alert")).to_contain_text("The number that you typed is not")
        tab_to(page, "Type the number", field=True)
        page.keyboard.press("Control+A")
        page.keyboard.type(handle)
        press(page, "Refuse")
        expect(page.get_by_text("You refused")).to_be_visible()
        expect(page.get_by_text("The request is now: Refused.")).to_be_visible()


def test_an_approver_is_signed_out_in_the_middle_and_loses_nothing(browser: Browser, office: Demo) -> None:
    with at_work(browser, office, ADA) as page:
        handle = first_of(page, office, "claimed=nobody&dissent=no")
        page.goto(f"{office.url}/requests/{handle}/")
        page.get_by_role("button", name="Declare this and take").click()
        page.get_by_role("link", name="Refuse or approve").click()
        page.get_by_label("Type the number").fill(handle)
        page.get_by_label("Reasons").fill("Written with care before the session ended.")
        other = page.context.new_page()
        other.goto(f"{office.url}/")
        other.get_by_role("button", name="Sign out").click()
        expect(other.get_by_label("Sign-in name")).to_be_visible()
        other.close()
        page.get_by_role("button", name="Refuse").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Nothing was sent yet")
        picture(page, "signed-out")
        again = page.context.new_page()
        sign_in(again, office.url, ADA.name, office.password)
        again.close()
        with page.expect_navigation():
            page.get_by_role("button", name="Send").click()
        if page.get_by_text("Nothing was sent yet").count():  # the page itself is older than the new session
            page.get_by_role("button", name="Send").click()
        expect(page.get_by_text("You refused")).to_be_visible()
        expect(page.get_by_text("Written with care before the session ended.")).to_be_visible()


def test_counsels_day_by_keyboard(browser: Browser, office: Demo) -> None:
    with at_work(browser, office, CORA) as page:
        handle = first_of(page, office, "claimed=me&state=referred")
        page.goto(f"{office.url}/requests/{handle}/")
        press(page, "Determine the referral")
        picture(page, "determine")
        press(page, "Determine in its favour")
        expect(page.get_by_role("alert")).to_be_visible()
        for field in page.locator("main textarea").all():
            field.focus()
            page.keyboard.type("The order that the agency attached shows it; I read it.")
        press(page, "Determine in its favour")
        expect(page.get_by_text("You determined the referral")).to_be_visible()
        expect(page.get_by_text("The request is now: Waits for an examiner.")).to_be_visible()


def test_counsel_lets_a_held_request_begin_again(browser: Browser, office: Demo) -> None:
    with at_work(browser, office, CORA) as page:
        handle = first_of(page, office, "state=held")
        page.goto(f"{office.url}/requests/{handle}/")
        press(page, "Resume it")
        write(page, "Reasons", "The order was lifted; I read the second one.")
        picture(page, "resume")
        press(page, "Resume it")
        expect(page.get_by_text(f"You resumed {handle}.")).to_be_visible()
        expect(page.get_by_text("The request is now: Waits for an examiner.")).to_be_visible()


def test_a_safeguards_officer_objects_by_keyboard(browser: Browser, office: Demo) -> None:
    with at_work(browser, office, SAM) as page:
        handle = first_of(page, office, "state=verified&dissent=no")
        page.goto(f"{office.url}/requests/{handle}/")
        press(page, "Attach a dissent")
        write(page, "Your objection", "The recipient's safeguards have open findings.")
        picture(page, "dissent")
        press(page, "Go on to sign it")
        expect(page.get_by_text("This is what you sign")).to_be_visible()
        press(page, "Sign and attach it")
        expect(page.get_by_text("Your dissent is attached")).to_be_visible()
        expect(page.locator("#dissents")).to_contain_text("open findings")
        press(page, "Capacity")
        expect(page.get_by_role("heading", level=1)).to_have_text("Capacity")
        picture(page, "capacity")


def test_the_inspector_plants_and_proves(browser: Browser, office: Demo) -> None:
    with at_work(browser, office, INA) as page:
        handle = first_of(page, office, "state=sufficient")
        press(page, "What if")
        page.get_by_label("Read otherwise").select_option("S1_address_only_output=forbidden")
        press(page, "Try it")
        expect(page.get_by_role("heading", name="What would change")).to_be_visible()
        picture(page, "what-if")
        press(page, "Inspector's desk")
        picture(page, "inspect")
        page.goto(f"{office.url}/inspect/shapes/officers/?least=2")
        picture(page, "inspect-shape")
        press(page, "Inspector's desk")
        write(page, "Number of a request", handle)
        press(page, "Look at it")
        press(page, "Open it for a purpose")
        page.get_by_label("For what do you open it?").fill("To plant a request like it for the office.")
        press(page, "Put on record and open")
        expect(page.locator("#request")).to_be_visible()
        press(page, "Evidence of judgement")
        picture(page, "judgement")
        press(page, "Plant a request")
        write(page, "Begin with a copy of request", handle)
        press(page, "Copy")
        page.get_by_label("Why a sound officer refuses it").fill("The reasons are about her brother.")
        page.get_by_label("The agency's own reference").fill("R-77")
        picture(page, "plant")
        page.get_by_role("button", name="Plant it").click()
        expect(page.get_by_text("is planted, and labelled in the ledger")).to_be_visible()
        page.get_by_role("row", name="The reasons are about her brother.").get_by_role("link").click()
        press(page, "Open it for a purpose")
        page.get_by_label("For what do you open it?").fill("To see that the exercise is labelled as one.")
        press(page, "Put on record and open")
        expect(page.get_by_text("An exercise, planted to be refused.")).to_be_visible()
        with page.expect_download() as downloading:
            page.locator(".desk-receipt").first.click()
        with zipfile.ZipFile(downloading.value.path()) as packed:
            texts = {name: packed.read(name).decode() for name in packed.namelist()}
        receipt = Receipt.parse(next(text for name, text in texts.items() if name.endswith(".tlog-proof")))
        opening = Opening.from_text(next(text for name, text in texts.items() if name.endswith(".json")))
        with open_standing(standing_of(office.folder)) as gate:
            receipt.verify(opening.leaf, VerifierKey.parse(gate.key.vkey))


def test_a_court_suspends_disclosure_while_somebody_decides(browser: Browser, office: Demo) -> None:
    with at_work(browser, office, ABEL) as page:
        handle = first_of(page, office, "claimed=nobody&dissent=no")
        page.goto(f"{office.url}/requests/{handle}/")
        page.get_by_role("button", name="Declare this and take").click()
        page.get_by_role("link", name="Refuse or approve").click()
        page.get_by_label("Type the number").fill(handle)
        order = NewOrder(
            "D.D.C.", "1:25-cv-00457", "custodian", date(2025, 11, 21), document=b"%PDF-1.7 order"
        )
        with open_standing(standing_of(office.folder)) as gate:
            number = record_order(gate, INA.actor, order)
            page.get_by_role("button", name="Approve").click()
            expect(page.get_by_role("main")).to_contain_text("suspended")
            expect(page.get_by_label("Site alert")).to_contain_text("1:25-cv-00457")
            picture(page, "suspended")
            propose_lifting(gate, INA.actor, number, b"%PDF-1.7 lifting")
            confirm_lifting(gate, CORA.actor, number)
        page.goto(f"{office.url}/requests/{handle}/")
        expect(page.get_by_label("Site alert")).to_have_count(0)


def test_two_approvers_reach_for_the_same_request(browser: Browser, office: Demo) -> None:
    with at_work(browser, office, ADA) as ada, at_work(browser, office, ABEL) as abel:
        handle = first_of(ada, office, "claimed=nobody")
        for page in (ada, abel):
            page.goto(f"{office.url}/requests/{handle}/")
        for page in (ada, abel):
            page.evaluate("setTimeout(() => document.querySelector('#acts form').requestSubmit(), 50)")
        for page in (ada, abel):
            page.wait_for_load_state("networkidle")
            expect(page.locator("#acts form")).to_have_count(0)
        told = [page.get_by_role("main").inner_text() for page in (ada, abel)]
        won = ["You have taken this request" in text for text in told]
        assert sorted(won) == [False, True]
        lost = told[won.index(False)]
        assert "Somebody else was first" in lost
        assert "Open the request again" in lost
        picture((ada, abel)[won.index(False)], "overtaken")


def test_one_approver_in_two_windows_decides_once(browser: Browser, office: Demo) -> None:
    with at_work(browser, office, ADA) as page:
        handle = first_of(page, office, "claimed=me&dissent=no")
        page.goto(f"{office.url}/requests/{handle}/decide/")
        other = page.context.new_page()
        other.goto(page.url)
        for each in (page, other):
            each.get_by_label("Type the number").fill(handle)
            each.get_by_label("Reasons").fill("One of two windows.")
        page.get_by_role("button", name="Refuse").click()
        expect(page.get_by_text("You refused")).to_be_visible()
        other.get_by_role("button", name="Approve").click()
        expect(other.get_by_role("heading", level=1)).not_to_have_text("Refuse or approve")
        expect(other.get_by_text("You approved")).to_have_count(0)
