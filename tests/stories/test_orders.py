"""Courts stop the gate: every order on its document, the strictest one holds, two people lift."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest

from tests.stories.people import VALID
from tests.workplace.office import ADA, CORA, ERIN, INA, Office
from wicketgate.core.actor import Actor
from wicketgate.core.roles import Role
from wicketgate.flow.closures import closures
from wicketgate.flow.orders import (
    NewOrder,
    OrderRefusedError,
    apply_orders,
    confirm_lifting,
    orders,
    propose_lifting,
    record_order,
)
from wicketgate.flow.work.onward import onward
from wicketgate.flow.work.refusals import SuspendedError
from wicketgate.ledger.public import read_public_leaf
from wicketgate.store.database import Database
from wicketgate.store.services import Service

DAY = date(2026, 3, 1)
COREY = Actor("corey", Role.COUNSEL)
STAY = NewOrder("D.D.C.", "1:25-cv-00457", "custodian", DAY, document=b"%PDF the stay")
INJUNCTION = NewOrder(
    "D. Mass.", "1:25-cv-12822", "recipient", date(2026, 3, 1), agency="DHS", document=b"%PDF the injunction"
)
OFFICER = VALID["engaged_officers"].split(";")[0]


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Iterator[Office]:
    opened = Office(database, tmp_path)
    yield opened
    opened.gate.close()


def acts(office: Office) -> list[tuple[object, object]]:
    """What the public log says about orders: number and act."""
    with office.gate.acting(Service.AUDIT) as connection:
        leaves = connection.execute("SELECT leaf FROM log.entry WHERE kind = 'order' ORDER BY idx").fetchall()
    read = [read_public_leaf(bytes(leaf))[1] for (leaf,) in leaves]
    return [(fields["number"], fields["act"]) for fields in read]


def lift(office: Office, number: int) -> None:
    propose_lifting(office.gate, CORA, number, b"%PDF vacated")
    confirm_lifting(office.gate, COREY, number)


def test_an_order_stops_an_approver_at_her_next_step(office: Office) -> None:
    handle = office.endorsed()
    office.take(ADA, handle)
    assert record_order(office.gate, CORA, STAY) == 1
    with pytest.raises(SuspendedError):
        office.approve(ADA, handle)
    assert office.state(handle) == "verified"
    assert acts(office) == [(1, "record"), (1, "begin")]
    assert [(c.scope, c.docket) for c in closures(office.gate)] == [("*", "1:25-cv-00457")]


def test_a_package_that_waits_is_not_handed_out(office: Office) -> None:
    """An approved request is held at release; nothing leaves, and nothing is lost."""
    handle = office.endorsed()
    office.approve(ADA, handle)
    record_order(office.gate, INA, INJUNCTION)
    onward(office.gate, handle)
    assert office.state(handle) == "held"


def test_two_courts_disagree_and_the_stricter_order_holds(office: Office) -> None:
    handle = office.endorsed()
    stay = record_order(office.gate, CORA, STAY)
    injunction = record_order(office.gate, CORA, INJUNCTION)
    lift(office, stay)
    with pytest.raises(SuspendedError):
        office.approve(ADA, handle)
    lift(office, injunction)
    office.approve(ADA, handle)
    assert office.state(handle) == "approved"


def test_two_orders_about_the_same_agencies_are_two_orders(office: Office) -> None:
    handle = office.endorsed()
    first = record_order(office.gate, CORA, STAY)
    second = record_order(office.gate, CORA, STAY)
    assert (first, second) == (1, 2)
    lift(office, first)
    with pytest.raises(SuspendedError):
        office.approve(ADA, handle)
    assert [order.in_force for order in orders(office.gate)] == [False, True]


def test_an_order_about_one_officer_stops_requests_for_him_alone(office: Office) -> None:
    named = office.endorsed()
    other = office.endorsed(row=VALID | {"engaged_officers": "Cy Keeper|99|DHS"})
    order = NewOrder("D. Mass.", "1:26-cv-2", "recipient", date(2026, 3, 1), recipient=OFFICER, document=b"x")
    record_order(office.gate, CORA, order)
    with pytest.raises(SuspendedError):
        office.approve(ADA, named)
    office.approve(ADA, other)
    assert office.state(other) == "approved"
    assert [closure.scope for closure in closures(office.gate)] == ["one recipient"], "officers are not named"
    with office.gate.acting(Service.AUDIT) as connection:
        leaves = connection.execute("SELECT leaf FROM log.entry WHERE kind = 'order'").fetchall()
    assert all(OFFICER.split("|")[0].encode() not in bytes(leaf) for (leaf,) in leaves)


def test_an_order_begins_on_its_day_and_ends_after_its_last(office: Office) -> None:
    tomorrow = office.clock.at.date() + timedelta(days=1)
    order = NewOrder("D.D.C.", "1:26-cv-3", "custodian", tomorrow, tomorrow, document=b"x")
    record_order(office.gate, CORA, order)
    assert closures(office.gate) == ()
    office.clock.on(days=1)
    assert apply_orders(office.gate) == 1
    assert len(closures(office.gate)) == 1
    office.clock.on(days=1, hours=-1)
    assert apply_orders(office.gate) == 0, "somewhere it is still the last day"
    office.clock.on(hours=13)
    assert apply_orders(office.gate) == 1
    assert closures(office.gate) == ()
    assert acts(office) == [(1, "record"), (1, "begin"), (1, "end")]


def test_an_order_that_is_due_closes_the_gate_before_anybody_applies_it(office: Office) -> None:
    """The book is ahead of the gate: not applied is not open."""
    handle = office.endorsed()
    with office.gate.acting(Service.OVERSEE) as connection:
        connection.execute(
            "SELECT gate.record_order('c', 'd', 'custodian', NULL, NULL, NULL, '2026-01-01', NULL, 'x', 'c',"
            " now())"
        )
    with pytest.raises(SuspendedError):
        office.approve(ADA, handle)


def test_one_person_alone_lifts_nothing(office: Office) -> None:
    number = record_order(office.gate, CORA, STAY)
    with pytest.raises(OrderRefusedError, match="Nobody has proposed"):
        confirm_lifting(office.gate, COREY, number)
    propose_lifting(office.gate, CORA, number, b"%PDF vacated")
    assert len(closures(office.gate)) == 1, "a proposal lifts nothing"
    with pytest.raises(OrderRefusedError, match="another person"):
        confirm_lifting(office.gate, CORA, number)
    with pytest.raises(OrderRefusedError, match="another person"):
        confirm_lifting(office.gate, Actor("cora", Role.INSPECTOR), number)
    with pytest.raises(psycopg.errors.CheckViolation), office.gate.acting(Service.OVERSEE) as connection:
        connection.execute("UPDATE gate.order_lifting SET confirmed_by = 'CORA', confirmed_at = now()")
    confirm_lifting(office.gate, INA, number)
    assert closures(office.gate) == ()
    with pytest.raises(OrderRefusedError, match="lifted already"):
        confirm_lifting(office.gate, COREY, number)
    assert acts(office)[2:] == [(1, "propose lifting"), (1, "lift"), (1, "end")]


def test_the_custodian_keeps_who_stopped_and_who_opened_again(office: Office) -> None:
    """The public entry names nobody; a private one beside it names counsel and inspector by handle."""
    named = NewOrder("D. Mass.", "1:26-cv-2", "recipient", DAY, recipient=OFFICER, document=b"x")
    number = record_order(office.gate, CORA, named)
    propose_lifting(office.gate, CORA, number, b"vacated")
    confirm_lifting(office.gate, INA, number)
    with office.gate.acting(Service.AUDIT) as connection:
        rows = connection.execute(
            "SELECT body FROM log.entry WHERE kind = 'order.act' ORDER BY idx"
        ).fetchall()
    told = [(body["act"], body["actor"], body["role"], body["recipient"]) for (body,) in rows]
    assert told == [
        ("record", "cora", "counsel", OFFICER),
        ("propose lifting", "cora", "counsel", OFFICER),
        ("lift", "ina", "inspector", OFFICER),
    ]


@pytest.mark.parametrize(
    "spelt",
    [
        "  ZOË NÚÑEZ|77|DHS ",
        "zoë núñez|77|dhs",
        "Zoe Nunez | 77 | DHS",
        "Zoe\u0308 Nu\u0301n\u0303ez|77|DHS",
        "\uff3aoë  Núñez|\uff17\uff17|DHS",
        "Z. Nuñez|77|DHS",
        "Zoë Núñez|77",
        "zoë  núñez",
    ],
)
def test_an_officer_is_meant_however_the_order_spells_the_name(office: Office, spelt: str) -> None:
    handle = office.endorsed(row=VALID | {"engaged_officers": "Zoë Núñez|77|DHS"})
    other = office.endorsed(row=VALID | {"engaged_officers": "Zoë Núñez-Hill|78|DHS"})
    spelt_order = NewOrder("c", "d", "recipient", DAY, agency="DHS", recipient=spelt, document=b"x")
    record_order(office.gate, CORA, spelt_order)
    with pytest.raises(SuspendedError):
        office.approve(ADA, handle)
    assert office.value("SELECT gate.stands_still(%s, '{}')", handle.text), "the requests' clocks stand still"
    office.approve(ADA, other)


REFUSED = {
    "no document": (CORA, NewOrder("c", "d", "custodian", date(2026, 3, 1)), "Attach the document"),
    "an examiner": (ERIN, STAY, "act as examiner"),
    "an unknown agency": (
        CORA,
        NewOrder("c", "d", "custodian", date(2026, 3, 1), agency="X", document=b"x"),
        "not in the directory",
    ),
    "a backward one": (
        CORA,
        NewOrder("c", "d", "custodian", date(2026, 3, 2), date(2026, 3, 1), document=b"x"),
        "ends before it begins",
    ),
    "an unprintable docket": (
        CORA,
        NewOrder("c", "<b>", "custodian", DAY, document=b"x"),
        "docket",
    ),
    "an officer without a name": (
        CORA,
        NewOrder("c", "d", "recipient", DAY, recipient=" | ; - ", document=b"x"),
        "Name the recipient officer",
    ),
    "a blank court": (CORA, NewOrder(" ", "d", "custodian", DAY, document=b"x"), "court"),
    "nobody bound": (
        CORA,
        NewOrder("c", "d", "both", DAY, document=b"x"),
        "whom the order binds",
    ),
    "too large": (
        CORA,
        NewOrder("c", "d", "custodian", DAY, document=b"x" * (20 * 2**20 + 1)),
        "exceeds 20 MiB",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_order_changes_nothing(office: Office, name: str) -> None:
    actor, order, problem = REFUSED[name]
    with pytest.raises(OrderRefusedError, match=problem):
        record_order(office.gate, actor, order)
    assert orders(office.gate) == []
    assert acts(office) == []


def test_what_a_court_ordered_is_never_changed(office: Office) -> None:
    record_order(office.gate, CORA, STAY)
    propose_lifting(office.gate, CORA, 1, b"x")
    with office.gate.database.administer() as connection:
        for statement in (
            "UPDATE gate.court_order SET ends = '2026-03-02'",
            "UPDATE gate.order_lifting SET document = 'y'",
        ):
            with pytest.raises(psycopg.errors.CheckViolation), connection.transaction():
                connection.execute(statement.encode())
        for table in ("court_order", "order_lifting"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(f"DELETE FROM gate.{table}".encode())
