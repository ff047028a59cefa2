"""Whatever is written into a form of the office is taken, or answered by a sentence in it; nothing breaks.

Every field of every form gets what people and programs get wrong: nothing, too much, bytes that no database
keeps, words where a number stands, days that no calendar has or that are still to come.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import import_module
from inspect import getmembers, isclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from django import forms

from tests.stories.people import VALID
from tests.web.addresses import SAMPLES, addresses, patterns
from tests.web.desk import Desk
from tests.web.site import Site
from tests.web.speaker import KeyPair
from wicketgate.core.actor import Actor
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.flow import (
    account,
    incidents,
    orders,
    recall_campaign,
    recall_selection,
    retention,
    safeguards,
)
from wicketgate.flow.inspect.what_if import readings
from wicketgate.flow.retention import Scope

if TYPE_CHECKING:
    from django.test import Client

NUL, SURROGATE, LONG = "a\0b", b"\xed\xa0\x80", "x" * 20_001
"""What no database keeps, half a sign as some programs send it, and more than any field takes."""
NO_NUMBER = ("one", "1.5", "\u00b2", NUL)
NO_DAY = ("soon", "2026-02-30", "20260", NUL)
_NUMBER = 1234567
COUNSEL, SAFEGUARDS, INSPECTOR = Role.COUNSEL, Role.SAFEGUARDS_OFFICER, Role.INSPECTOR


@dataclass(frozen=True, slots=True)
class Page:
    """A form, who fills it in, and something that it would take but for one field."""

    path: str
    role: Role
    form: type[forms.Form]
    sent: Mapping[str, str]
    by_address: bool = False
    """True for a form whose words stand in the address."""


def bad(field: forms.Field) -> Iterator[str | bytes]:
    """What this field does not take."""
    if field.required and not isinstance(field, forms.FileField):
        yield ""
    if isinstance(field, forms.IntegerField):
        yield from NO_NUMBER
    elif isinstance(field, forms.DateField | forms.DateTimeField):
        yield from NO_DAY
    elif isinstance(field, forms.ChoiceField):
        yield from ("KGB", NUL, SURROGATE)
    elif isinstance(field, forms.CharField):
        yield from (NUL, LONG)


def odd(field: forms.Field) -> Iterator[str | bytes]:
    """What it may take or refuse."""
    if isinstance(field, forms.IntegerField):
        yield from ("0", "-1", str(2**63), "9" * 30)
    elif isinstance(field, forms.DateField | forms.DateTimeField):
        yield from ("0001-01-01", "9999-12-31")
    elif isinstance(field, forms.CharField):
        yield from (SURROGATE, "x", "<script>", "WG-2B3C-4D5F-6G7H", "wg-2b3c")


def answer(client: Client, page: Page, sent: Mapping[str, str | bytes]) -> Any:
    """The page after these words were sent to it, as a browser sends them."""
    coded = urlencode(sent)
    if page.by_address:
        return client.get(f"{page.path}?{coded}")
    return client.post(page.path, coded, content_type="application/x-www-form-urlencoded")


@pytest.fixture(scope="module")
def desk(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(site, tmp_path_factory.mktemp("desk"))


def _imported(desk: Desk) -> Handle:
    (handle,) = desk.receive(VALID, determined=False)
    where = desk.value("SELECT submission FROM gate.request WHERE handle = %s", handle.text)
    row = desk.value("SELECT row FROM gate.request WHERE handle = %s", handle.text)
    recall_campaign.import_disclosures(
        desk.gate, int(str(where)), [int(str(row))], "bad input", date(2025, 8, 7)
    )
    return handle


@pytest.fixture(scope="module")
def pages(desk: Desk) -> Iterator[Mapping[str, Page]]:
    """Every form of the office, each with something to act on; what was ordered and held is lifted after."""
    from wicketgate.web.views import (
        accounting,
        inspecting,
        keeping_keys,
        ordering,
        recalling,
        retaining,
        safeguarding,
        trying,
    )

    gate, handle, now = desk.gate, _imported(desk), desk.gate.clock.now()
    sam, cora = Actor("samuel", SAFEGUARDS), Actor("corinne", COUNSEL)
    code = sorted(gate.context.agencies)[-1]
    dry = recall_selection.select(gate, recall_selection.Selection(procedure="bad input"))
    waiting, started = (
        recall_campaign.propose(gate, sam, dry, {"procedure": "bad input"}, "A court says so.")
        for _ in range(2)
    )
    recall_campaign.start(gate, cora, started)
    question = account.ask_account(gate, sam, handle, "A passport, seen here.", "They ask for everything.")
    safeguards.keep(gate, sam, code, now.date())
    finding = safeguards.find(gate, sam, code, "Copies on a laptop.", now.date())
    incident = incidents.begin(gate, sam, "DHS", "A list lay on a drive.", now)
    hold = retention.place_hold(gate, cora, Scope(None, code, None), "A matter that ends")
    later = orders.NewOrder("D.D.C.", "1:26-cv-1", "custodian", date(2999, 1, 1), document=b"%PDF order")
    order, proposed = (orders.record_order(gate, cora, later) for _ in range(2))
    orders.propose_lifting(gate, cora, proposed, b"%PDF lifting")
    day = now.date().isoformat()
    reading = next(each for each in readings(gate).values() if each.range)
    agency = f"/safeguards/agencies/{code}"
    key = KeyPair("Kay Ringholder", use="sign").known(gate).key_id.removeprefix("sha256:")
    purpose = "To see whether it was judged as it should be."
    asks = {"handle": str(handle), "identified_by": "A passport, seen here.", "reasons": "They ask for it."}
    made = [
        Page("/recalls/propose/", SAFEGUARDS, recalling.Choose, {"agency": code}, by_address=True),
        Page(
            "/recalls/propose/?procedure=bad+input",
            SAFEGUARDS,
            recalling.Propose,
            {"reasons": "A court says so.", "days": "10", "list_digest": "sha256:0"},
        ),
        Page(f"/recalls/{waiting}/start/", COUNSEL, recalling.Start, {"typed": "9"}),
        Page(
            f"/recalls/{started}/serve/DHS/",
            SAFEGUARDS,
            recalling.Serve,
            {"served_on": day, "how": "in person", "proof": "RR 1"},
        ),
        Page("/accounts/ask/", SAFEGUARDS, accounting.Ask, asks),
        Page(
            f"/accounts/{question}/decide/",
            COUNSEL,
            accounting.Decide,
            {"decision": "refuse", "language": "en", "words": "no"},
        ),
        Page("/retention/hold/", COUNSEL, retaining.Place, {"matter": "A matter"}),
        Page("/retention/propose/", COUNSEL, retaining.Propose, {"reasons": "They are over."}),
        Page(f"/retention/holds/{hold}/lift/", COUNSEL, retaining.Lift, {}),
        Page(f"/inspect/requests/{handle}/open/", INSPECTOR, inspecting.Opening, {"purpose": purpose}),
        Page("/inspect/what-if/", INSPECTOR, trying.Trial, {"reading": f"{reading.name}="}, by_address=True),
        Page(f"/keys/{key}/", COUNSEL, keeping_keys.Ending, {"act": "revoke"}),
        Page(
            "/orders/record/",
            COUNSEL,
            ordering.Record,
            {"court": "D.D.C.", "docket": "1:26-cv-2", "binds": "custodian", "begins": "2999-01-01"},
        ),
        Page(f"/orders/{order}/lift/", COUNSEL, ordering.Lift, {}),
        Page(f"/orders/{proposed}/lift/", INSPECTOR, ordering.Confirm, {}),
        Page(f"{agency}/keep/", SAFEGUARDS, safeguarding.Keep, {}),
        Page(f"{agency}/find/", SAFEGUARDS, safeguarding.Find, {"finding": "Copies.", "plan_due_on": day}),
        Page(f"{agency}/visit/", SAFEGUARDS, safeguarding.Visit, {"done_on": day, "report": "Seen."}),
        Page(f"/safeguards/findings/{finding}/close/", SAFEGUARDS, safeguarding.Close, {}),
        Page(
            "/safeguards/incidents/record/",
            SAFEGUARDS,
            safeguarding.Begin,
            {"agency": "DHS", "discovered_at": "2026-03-01 09:30", "what": "A list lay on a drive."},
        ),
        Page(
            f"/safeguards/incidents/{incident}/3/",
            COUNSEL,
            safeguarding.Decide,
            {"choice": "notify", "words": "They are told."},
        ),
    ]
    yield {each.form.__qualname__ + " of " + each.form.__module__.rpartition(".")[2]: each for each in made}
    for each in orders.orders(gate):
        if each.lifting_proposed_by is None:
            orders.propose_lifting(gate, cora, each.number, b"%PDF lifting")
        if each.lifting_confirmed_by is None:
            orders.confirm_lifting(gate, Actor("ines", INSPECTOR), each.number)
    for held in retention.holds(gate):
        if held.lifted_at is None:
            retention.lift_hold(gate, cora, held.number, "The test is over.")


FORMS = (
    *("Choose of recalling", "Propose of recalling", "Start of recalling", "Serve of recalling"),
    *("Ask of accounting", "Decide of accounting", "Opening of inspecting", "Trial of trying"),
    *("Place of retaining", "Propose of retaining", "Lift of retaining", "Ending of keeping_keys"),
    *("Record of ordering", "Lift of ordering", "Confirm of ordering"),
    *("Keep of safeguarding", "Find of safeguarding", "Visit of safeguarding", "Close of safeguarding"),
    *("Begin of safeguarding", "Decide of safeguarding"),
)
ELSEWHERE = {
    "Decide of retaining": "nothing is due in this office; tests/stories/test_retention.py",
    "Registered of keeping_keys": "a file; test_keys.py",
    "Take of safeguarding": "the same as Decide, without the choice",
}


@pytest.mark.parametrize("name", FORMS)
def test_what_no_field_takes_is_said_beside_it(desk: Desk, pages: Mapping[str, Page], name: str) -> None:
    page = pages[name]
    client = desk.client(f"{page.role}-of-forms", page.role)
    for field, kind in page.form.base_fields.items():
        for value in bad(kind):
            got = answer(client, page, {**page.sent, field: value})
            assert got.status_code == 422, (field, value)
            text = got.content.decode()
            beside = f'id="id_{field}_error"' if not kind.widget.is_hidden else 'id="errors-of-form"'
            assert beside in text or "list has changed" in text, (field, value)


@pytest.mark.parametrize("name", FORMS)
def test_nothing_that_is_written_breaks_a_page(desk: Desk, pages: Mapping[str, Page], name: str) -> None:
    page = pages[name]
    client = desk.client(f"{page.role}-of-forms", page.role)
    for field, kind in page.form.base_fields.items():
        for value in odd(kind):
            got = answer(client, page, {**page.sent, field: value})
            taken = got.status_code == 302 or (page.by_address and got.status_code == 200)
            told = b'role="alert"' in got.content or b"is lifted" in got.content
            assert taken or (got.status_code == 422 and told), (field, value)


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Serve of recalling", "served_on"),
        ("Visit of safeguarding", "done_on"),
        ("Begin of safeguarding", "discovered_at"),
    ],
)
def test_what_is_still_to_come_has_not_happened(
    desk: Desk, pages: Mapping[str, Page], name: str, field: str
) -> None:
    page = pages[name]
    later = (desk.gate.clock.now() + timedelta(days=2)).date().isoformat()
    got = answer(desk.client(f"{page.role}-of-forms", page.role), page, {**page.sent, field: later})
    assert got.status_code == 422
    assert b'role="alert"' in got.content


def test_every_form_of_these_pages_is_tried(pages: Mapping[str, Page]) -> None:
    modules = {each.form.__module__ for each in pages.values()}
    known = {
        f"{found.__qualname__} of {module.rpartition('.')[2]}"
        for module in modules
        for _name, found in getmembers(import_module(module), isclass)
        if issubclass(found, forms.Form) and found.__module__ == module
    }
    assert set(pages) == set(FORMS)
    assert known == set(FORMS) | set(ELSEWHERE)


def test_a_number_that_the_gate_never_gave_is_no_page(
    desk: Desk, pages: Mapping[str, Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    from wicketgate.web.roles import ROLES

    for name in ("number", "pk", "index", "upload", "year"):
        monkeypatch.setitem(SAMPLES, name, _NUMBER)
    names = {str(each.name) for each in patterns() if "number:" in str(each.pattern)}
    for each in addresses():
        if each.name not in names:
            continue
        role = next((name for name, role in ROLES.items() if each.name in role.doors), "examiner")
        client = desk.client(f"{role}-of-numbers", role)
        for number in ("0", "9" * 18, str(2**63), "9" * 30):
            got = client.get(each.path.replace(str(_NUMBER), number))
            assert got.status_code < 500, (each.name, number)


@pytest.mark.parametrize("shape", ["officers", "denied"])
@pytest.mark.parametrize("page", ["", "export.csv"])
@pytest.mark.parametrize("name", ["agency", "group"])
def test_a_filter_that_no_page_writes_is_refused(desk: Desk, shape: str, page: str, name: str) -> None:
    got = desk.client("ines", INSPECTOR).get(f"/inspect/shapes/{shape}/{page}", {name: NUL})
    assert got.status_code == 409
    assert b"is not one of ours" in got.content
