"""The first page says to each role what waits for it, and asks the database no more than a few questions.

1. A document, a finding, an incident and a key wait for whose they are, and not for who began them.
2. An inspector is told of dissents, and of nothing that the queue holds for others.
3. No first page, and no page of a book, asks more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from tests.web.desk import Desk
from tests.web.site import Site
from tests.web.speaker import KeyPair
from wicketgate.core.actor import Actor
from wicketgate.core.roles import Role
from wicketgate.flow import incidents, safeguards
from wicketgate.flow.agency.duties import Handed, hand_in
from wicketgate.flow.official_keys import register_key
from wicketgate.flow.orders import NewOrder, confirm_lifting, propose_lifting, record_order
from wicketgate.flow.work.dissent import dissent

if TYPE_CHECKING:
    from django.test import Client

MOST = 12
"""Questions to the database for one page."""
LINK = re.compile("/safeguards/documents/[0-9]+/")
KIM = Actor("kim", Role.SAFEGUARDS_CONTACT, "DHS")


@pytest.fixture(scope="module")
def desk(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """One office for this file."""
    return Desk(site, tmp_path_factory.mktemp("home"))


def cards(client: Client) -> dict[str, int]:
    """The numbers of the first page, by their words."""
    page = client.get("/").content.decode()
    found = re.findall(r'<span class="gate-number">([\d,]+)</span> ([^<]+)</a>', page)
    return {label: int(number.replace(",", "")) for number, label in found}


@contextmanager
def questions(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every statement that is sent meanwhile, whichever connection it goes over."""
    asked: list[str] = []
    really = psycopg.Cursor.execute

    def execute(cursor: Any, query: Any, *arguments: Any, **words: Any) -> Any:
        text = query.decode() if isinstance(query, bytes) else str(query)
        if text != "SELECT":  # a connection is tried before it is used again
            asked.append(text)
        return really(cursor, query, *arguments, **words)

    with monkeypatch.context() as patched:
        patched.setattr(psycopg.Cursor, "execute", execute)
        yield asked


def test_what_agencies_hand_in_and_what_runs_waits_for_the_safeguards_officer(desk: Desk) -> None:
    sam, sara = (desk.client(name, Role.SAFEGUARDS_OFFICER) for name in ("sam", "sara"))
    before, now = cards(sam), desk.gate.clock.now()
    hand_in(desk.gate, KIM, Handed("training", "DHS", {"people": "12", "trained": "12"}))
    officer = Actor("sam", Role.SAFEGUARDS_OFFICER)
    code = next(each for each in desk.gate.context.agencies if each.startswith("VA"))
    safeguards.keep(desk.gate, officer, code, now.date())
    safeguards.find(desk.gate, officer, code, "A drive was not encrypted.", now.date() + timedelta(days=9))
    incidents.begin(desk.gate, officer, "DHS", "A list lay on a drive.", now - timedelta(days=2))
    register_key(desk.gate, officer, KeyPair("Rita Example", use="sign").registration())
    after = cards(sam)
    grown = {label: after[label] - before[label] for label in after if after[label] != before[label]}
    assert grown == {
        "Documents to answer": 1,
        "Open findings": 1,
        "Steps of incidents for you": 4,
        "Overdue steps of incidents": 2,
        "Agencies with papers overdue": 1,
    }, "what sam began waits for another person"
    assert cards(sara)["Keys to look at or confirm"] == before["Keys to look at or confirm"] + 1
    assert "Requests for your role" not in after, "nothing of the queue waits for a safeguards officer"
    waiting = sam.get("/safeguards/documents/?reply=none").content.decode()
    assert any("Report on training" in row and LINK.search(row) for row in waiting.split("<tr")), (
        "one to open"
    )
    assert code.encode() in sam.get("/safeguards/").content.split(b"<details")[0], "the door that is closed"


def test_an_inspector_is_told_of_dissents_and_orders(desk: Desk) -> None:
    ina, erin = desk.client("ina", Role.INSPECTOR), desk.client("erin", Role.EXAMINER)
    before = cards(ina)
    handle = desk.one()
    changed = {name for name, _ in cards(ina).items() ^ before.items()}
    # Whether it is one too many of its officer or its words, the other requests of the desk decide.
    assert changed <= {"Shapes that warrant a look"}, "what waits for an examiner waits for no inspector"
    assert cards(erin)["Requests for your role"] > 0
    sam = Actor("sam", Role.SAFEGUARDS_OFFICER)
    dissent(desk.gate, sam, handle, "The officer works elsewhere.", desk.gate.clock.now())
    assert cards(ina)["Requests with an unanswered dissent"] == (
        before["Requests with an unanswered dissent"] + 1
    )
    inspector, counsel = Actor("ina", Role.INSPECTOR), Actor("cora", Role.COUNSEL)
    begins = desk.gate.clock.now().date()
    order = NewOrder("D.D.C.", "1:26-cv-00077", "custodian", begins, document=b"%PDF-1.7 order")
    number = record_order(desk.gate, inspector, order)
    try:
        assert cards(ina)["Orders in force"] == before["Orders in force"] + 1
        assert cards(desk.client("adam", "administrator"))["Orders in force"] > 0
    finally:
        propose_lifting(desk.gate, inspector, number, b"%PDF-1.7 lifting")
        assert cards(desk.client("cora", Role.COUNSEL))["Liftings of orders to confirm"] == 1
        assert cards(ina)["Liftings of orders to confirm"] == 0, "ina proposed it"
        confirm_lifting(desk.gate, counsel, number)


@pytest.mark.parametrize(
    ("name", "role", "path"),
    [
        *(
            (name, role, "/")
            for name, role in (("erin", "examiner"), ("ada", "approver"), ("cora", "counsel"))
        ),
        *((name, role, "/") for name, role in (("sam", "safeguards_officer"), ("ina", "inspector"))),
        ("adam", "administrator", "/"),
        ("clara", "clerk", "/"),
        ("sam", "safeguards_officer", "/safeguards/"),
        ("sam", "safeguards_officer", "/safeguards/documents/"),
        ("sam", "safeguards_officer", "/retention/"),
        ("sam", "safeguards_officer", "/recalls/"),
        ("ina", "inspector", "/inspect/"),
        ("ina", "inspector", "/inspect/what-if/"),
        ("ina", "inspector", "/orders/"),
    ],
)
def test_a_page_asks_few_questions(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str, role: str, path: str
) -> None:
    client = desk.client(name, role)
    client.get(path)
    with questions(monkeypatch) as asked:
        assert client.get(path).status_code == 200
    assert 0 < len(asked) <= MOST, "\n".join(asked)
