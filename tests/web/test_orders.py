"""The order book in the browser: one person stops the gate, two people open it again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.web.site import Site
from wicketgate.flow.orders import confirm_lifting, orders, propose_lifting

WRITTEN = {
    "court": "D.D.C.",
    "docket": "1:25-cv-00457",
    "binds": "custodian",
    "agency": "DHS",
    "recipient": "",
    "begins": "2026-03-01",
    "ends": "",
}


def sent(**words: str) -> dict[str, Any]:
    return {**WRITTEN, **words, "document": SimpleUploadedFile("order.pdf", b"%PDF an order")}


@pytest.fixture
def book(site: Site) -> Iterator[Site]:
    """Whatever a test ordered is lifted after it."""
    from wicketgate.core.actor import Actor
    from wicketgate.core.roles import Role
    from wicketgate.store.writer import Writer
    from wicketgate.web.gates import gate

    # The cluster of the tests keeps nothing that matters.
    gate()._writer = Writer(gate().key, throw_away=True)
    yield site

    for each in orders(gate()):
        if each.lifting_proposed_by is None:
            propose_lifting(gate(), Actor("one", Role.COUNSEL), each.number, b"x")
        if each.lifting_confirmed_by is None:
            confirm_lifting(gate(), Actor("two", Role.INSPECTOR), each.number)


def test_an_order_holds_when_its_page_answers(book: Site) -> None:
    counsel = book.signed_in("counsel")
    answer = counsel.post("/orders/record/", sent(), follow=True)
    assert answer.status_code == 200
    assert b"1:25-cv-00457" in book.signed_in("examiner").get("/").content
    assert b"in force" in answer.content


def test_two_people_lift_it_on_a_document(book: Site) -> None:
    from wicketgate.web.gates import gate
    from wicketgate.web.views.acting import WRONG

    counsel, inspector = book.signed_in("counsel"), book.signed_in("inspector")
    counsel.post("/orders/record/", sent())
    number = orders(gate())[-1].number
    page = f"/orders/{number}/lift/"
    counsel.post(page, {"document": SimpleUploadedFile("vacated.pdf", b"%PDF vacated")})
    own = counsel.post(page, {"typed": str(number)})
    assert own.status_code == WRONG
    assert b"another person confirms" in own.content
    wrong = inspector.post(page, {"typed": str(number + 1)})
    assert b"nothing was done" in wrong.content
    assert orders(gate())[-1].in_force
    done = inspector.post(page, {"typed": str(number)}, follow=True)
    assert b"is lifted" in done.content
    assert not orders(gate())[-1].in_force


def test_what_is_missing_is_said_beside_its_field(book: Site) -> None:
    from wicketgate.web.gates import gate

    counsel, before = book.signed_in("counsel"), len(orders(gate()))
    for words, problem in (
        ({"docket": "<b>"}, b"The docket is published"),
        ({"ends": "2026-02-01"}, b"ends before it begins"),
        ({"begins": "soon"}, b"Enter a valid date"),
        ({"agency": "KGB"}, b"Select a valid choice"),
    ):
        answer = counsel.post("/orders/record/", sent(**words))
        assert problem in answer.content, words
    assert len(orders(gate())) == before


def test_documents_are_downloaded_and_never_shown(book: Site) -> None:
    from wicketgate.web.gates import gate

    counsel = book.signed_in("counsel")
    counsel.post("/orders/record/", sent())
    number = orders(gate())[-1].number
    answer = book.signed_in("examiner").get(f"/orders/{number}/document/")
    assert answer.content == b"%PDF an order"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert counsel.get(f"/orders/{number}/lifting/document/").status_code == 404
    assert counsel.get("/orders/99999/document/").status_code == 404
    assert counsel.get("/orders/99999/lift/").status_code == 404
