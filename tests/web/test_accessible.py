"""axe on every page of the URL table, in four states and at two sizes; no page can be forgotten.

Empty: an office on its first day. Filled: the demonstration. Suspended: the same under an order. Error: each
form sent as it must not be.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page

from tests.web.addresses import KEY, SAMPLES, addresses
from tests.web.browser import chromium, sign_in, violations, watched
from tests.web.demo import Demo, standing_of
from wicketgate.cli.demo_people import ADA, CLEO, CORA, ERIN, INA, OMAR, PEOPLE, SAM, Person
from wicketgate.flow.agency.collect import packages
from wicketgate.flow.agency.requests import Filters as Narrowed
from wicketgate.flow.agency.requests import listed
from wicketgate.flow.orders import NewOrder, confirm_lifting, propose_lifting, record_order
from wicketgate.flow.standing import open_standing
from wicketgate.flow.work.queue import Filters, export
from wicketgate.store import key_book
from wicketgate.store.services import Service
from wicketgate.web.roles import SYSTEMS

if TYPE_CHECKING:
    from tests.web.site import Site

pytestmark = pytest.mark.xdist_group("browser")

NO_PAGE = {
    *("livez", "readyz", "version", "api_description"),  # for machines
    *("receipt", "dissent_signature", "order_document", "lifting_document", "public_figures"),  # files
    *("agency_letter", "agency_receipts", "agency_verifier", "agency_notice", "agency_results"),  # files
    *("agency_requests_export", "queue_export"),  # files
    *("recall_list", "start_recall"),  # a file, and what is sent from the page of a recall
    *("agency_pick_up", "agency_acknowledge"),  # are sent to, and lead to a page of their own
    *("sent_table", "steer_file"),  # a file, and what is sent to
    *(
        "public_checkpoint",
        "public_verifier",
        "account_letter",
        "inspect_export",
        "inspect_bundle",
        "report_file",
        "public_report",
    ),  # files
    *("openid_connect_login", "openid_connect_callback"),  # the provider's; test_provider
    *("next_case", "mfa_login_webauthn"),  # lead to a page of their own
    *("mfa_authenticate", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn"),  # test_passkeys
    *("mfa_reauthenticate", "mfa_deactivate_totp"),  # test_codes
} | {"api_description", "sent_table", *SYSTEMS}  # systems of agencies, and a file
"""Doors that show no page here, and why."""


def no_page() -> set[str]:
    """With the doors of agencies' systems, which show nothing to a person."""
    from wicketgate.web.roles import SYSTEMS

    return NO_PAGE | SYSTEMS


FIRST = (ERIN, ADA, CORA, INA, SAM, *PEOPLE)
"""Who opens a door, where several may."""
_FIELDS = ":is(input:not([type=hidden]), textarea)"
LAST = ("endorse", "take", "account_logout")
"""These change what the others show."""


@pytest.fixture(scope="module")
def browser(site: Site) -> Iterator[Browser]:
    """One browser for the file. `site` only sets Django up, so that the URL table can be read."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demonstration without a single request."""
    started = Demo.start(tmp_path_factory.mktemp("first-day") / "demo", "--empty")
    yield started
    assert started.stop() == 0


def opens(name: str) -> Person | None:
    """Who opens a door; None for anybody's."""
    from wicketgate.web.roles import ANYBODY, ROLES, may_open

    if name in ANYBODY:
        return None
    return next(each for each in FIRST if may_open(ROLES[each.role], name))


def paths(handles: dict[str, str], *, everybody: bool = False) -> list[tuple[str, Person | None, str]]:
    """Door, person and path of every page; `handles` by sign-in name, without them paths lead to a sample.

    With `everybody`, home and case are shown to each role: they differ most.
    """
    found = []
    for each in addresses():
        if each.name in no_page():
            continue
        who = opens(each.name)
        mine = handles.get(who.name, SAMPLES["handle"]) if who is not None else SAMPLES["handle"]
        path = each.path.replace(KEY.removeprefix("sha256:"), handles.get("key", KEY).removeprefix("sha256:"))
        found.append((each.name, who, path.replace(str(SAMPLES["handle"]), str(mine))))
        if everybody and each.name == "case":
            for other in (ADA, CORA, SAM, INA):
                path = each.path.replace(str(SAMPLES["handle"]), handles[other.name])
                found.append((each.name, other, path))
    if everybody:
        found.extend(("home", each, "/") for each in PEOPLE[2:])
    found.sort(key=lambda page: page[0] in LAST)
    return found


class Visits:
    """A browser with a tab for each person, and what was found."""

    def __init__(self, browser: Browser, demo: Demo) -> None:
        self._browser, self._demo = browser, demo
        self._pages: dict[str, Page] = {}
        self.url = demo.url
        self.found: list[str] = []
        self.seen: set[str] = set()

    def page(self, who: Person | None) -> Page:
        """The person's tab, signed in."""
        name = who.name if who is not None else ""
        if name not in self._pages:
            context = self._browser.new_context(reduced_motion="reduce")
            self._pages[name] = page = watched(context, self.found)
            if who is not None:
                sign_in(page, self.url, who.name, self._demo.password)
        return self._pages[name]

    def visit(self, name: str, who: Person | None, path: str) -> Page:
        """Go to a page and look at it."""
        page = self.page(who)
        page.goto(self.url + path)
        self.look(page)
        self.seen.add(name)
        return page

    def look(self, page: Page) -> None:
        """Ask axe, and for what no page may lack."""
        self.found += violations(page)
        if page.locator("h1").count() != 1:
            self.found.append(f"{page.url}: a page has one h1")

    def close(self) -> None:
        """Close the tabs; a person who signed out is signed in anew the next time."""
        for page in self._pages.values():
            page.context.close()


@contextmanager
def visits(browser: Browser, demo: Demo) -> Iterator[Visits]:
    """Visits that end with what was found."""
    begun = Visits(browser, demo)
    try:
        yield begun
    finally:
        begun.close()
    assert not begun.found, "\n".join(begun.found)


def handles_of(demo: Demo) -> dict[str, str]:
    """For each a request: taken by them, with a dissent, returned to them, or with a package that waits."""
    with open_standing(standing_of(demo.folder)) as gate:
        mine = {
            each.name: next(iter(export(gate, each.actor, Filters(claimed="me")))).row.handle
            for each in (ERIN, ADA, CORA)
        }
        for each in (SAM, INA):
            mine[each.name] = next(iter(export(gate, each.actor, Filters(dissent=True)))).row.handle
        mine[CLEO.name] = listed(gate, CLEO.agency, Narrowed(status="deficient")).lines[0].seen.handle
        waiting = [each for each in packages(gate, OMAR.actor, OMAR.officer).packages if each.waits]
        mine[OMAR.name] = waiting[0].seen.handle
        with gate.acting(Service.AUDIT) as connection:
            mine["key"] = key_book.page(connection, None, 1)[0].key_id
    return mine


def test_an_office_on_its_first_day(browser: Browser, first_day: Demo) -> None:
    with visits(browser, first_day) as begun:
        unknown = False
        for name, who, path in paths({}):
            if str(SAMPLES["handle"]) in path:
                if unknown:
                    continue  # one page that says that there is no such request is as good as another
                unknown = True
            begun.visit(name, who, path)


def test_a_day_with_work(browser: Browser, demo: Demo) -> None:
    with visits(browser, demo) as begun:
        for name, who, path in paths(handles_of(demo), everybody=True):
            begun.visit(name, who, path)
    assert begun.seen == {each.name for each in addresses()} - no_page()


def test_under_an_order(browser: Browser, demo: Demo) -> None:
    order = NewOrder("D.D.C.", "1:25-cv-00457", "custodian", date(2025, 11, 21), document=b"%PDF-1.7 order")
    with open_standing(standing_of(demo.folder)) as gate:
        number = record_order(gate, INA.actor, order)
        try:
            with visits(browser, demo) as begun:
                for name, who, path in paths(handles_of(demo)):
                    page = begun.visit(name, who, path)
                    if (
                        who is not None
                        and not page.locator(".usa-site-alert").count()
                        and name != "account_logout"
                    ):
                        begun.found.append(f"{page.url}: does not say that disclosure is suspended")
        finally:
            propose_lifting(gate, INA.actor, number, b"%PDF-1.7 lifting")
            confirm_lifting(gate, CORA.actor, number)


def test_every_form_sent_as_it_must_not_be(browser: Browser, demo: Demo) -> None:
    with visits(browser, demo) as begun:
        told, silent = set[str](), set[str]()
        for name, who, path in paths(handles_of(demo)):
            if name in LAST or (name == "home" and who is not ERIN):
                continue
            page = begun.page(who)
            page.goto(begun.url + path)
            form = page.locator("main form[method=post]").filter(has=page.locator(_FIELDS))
            button = form.first.locator("button[type=submit]")
            if not form.count() or not button.count():
                continue
            button.last.click()
            page.wait_for_load_state()
            begun.look(page)
            (told if page.locator("main [role=alert]:visible").count() else silent).add(name)
        page = begun.page(ERIN)
        for path in ("/queue/?submission=none", "/no/such/page/", "/queue/?after=none"):
            page.goto(begun.url + path)
            begun.look(page)
    assert not silent, f"sent empty, they must say what is wrong: {silent}"
    assert len(told) >= 8
