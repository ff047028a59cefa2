"""The queue: what waits for whom, narrowed, counted, in pages; and what an officer sees beside a request."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from tests.stories.people import VALID
from tests.workplace.office import ADA, CLEO, CORA, ELIAS, ERIN, INA, REFERABLE, SAM, Office
from wicketgate.core.identifiers import Handle
from wicketgate.core.request import Request
from wicketgate.flow.work.capacity import capacity
from wicketgate.flow.work.case import case
from wicketgate.flow.work.claim import claim
from wicketgate.flow.work.declare import declare
from wicketgate.flow.work.dissent import dissent
from wicketgate.flow.work.endorse import endorse
from wicketgate.flow.work.examine import return_with_findings
from wicketgate.flow.work.plant import plant
from wicketgate.flow.work.queue import Clock, export, home, queue, waiting_states
from wicketgate.flow.work.refusals import IncompleteError, NotAllowedError, UnknownRequestError
from wicketgate.flow.work.rules import OfficeRules
from wicketgate.flow.work.withdraw import withdraw
from wicketgate.store import suspension
from wicketgate.store.services import Service
from wicketgate.store.work_filters import Filters

SMALL = OfficeRules(page=2)
OTHER_PERSON = VALID | {"taxpayer_first_name": "Nadia", "taxpayer_tin": "900-70-0055"}


def handles(office: Office, filters: Filters = Filters()) -> list[str]:  # noqa: B008 - frozen
    return [each.row.handle for each in queue(office.gate, ERIN, filters).cases]


def test_what_waits_for_whom_follows_from_the_table() -> None:
    assert waiting_states(ERIN.role) == ("sufficient",)
    assert waiting_states(ADA.role) == ("verified",)
    assert waiting_states(CORA.role) == ("referred", "held")
    assert waiting_states(CLEO.role) == ()
    assert "approved" in waiting_states(INA.role)


def test_filters_narrow_and_say_how_much_they_hide(fresh: Office) -> None:
    first = fresh.receive(VALID, VALID, VALID)
    fresh.clock.on(days=26)
    second = fresh.receive(VALID, REFERABLE)
    fresh.clock.on(days=5)
    declare(fresh.gate, ERIN, first[0], conflict=False)
    claim(fresh.gate, ERIN, first[0])
    claim(fresh.gate, ELIAS, first[1])
    dissent(fresh.gate, SAM, first[2], "I doubt it.", fresh.gate.clock.now())

    page = queue(fresh.gate, ERIN)
    assert [each.row.handle for each in page.cases] == [h.text for h in sorted(first)] + [second[0].text]
    assert (page.total, page.matching.n, page.hidden.n, page.after) == (4, 4, 0, None)
    assert [each.clock for each in page.cases] == ["late", "late", "late", "in_time"]

    assert handles(fresh, Filters(clock="late", claimed="me")) == [first[0].text]
    assert handles(fresh, Filters(claimed="others")) == [first[1].text]
    assert set(handles(fresh, Filters(claimed="nobody"))) == {first[2].text, second[0].text}
    assert handles(fresh, Filters(dissent=True)) == [first[2].text]
    assert len(handles(fresh, Filters(dissent=False))) == 3
    assert handles(fresh, Filters(agency="DOJ")) == []
    assert handles(fresh, Filters(clock="in_time")) == [second[0].text]
    assert handles(fresh, Filters(state="verified")) == []
    assert len(handles(fresh, Filters(referral=False))) == 4
    narrowed = queue(fresh.gate, ERIN, Filters(clock="late"))
    assert (narrowed.matching.n, narrowed.hidden.n, narrowed.hidden.exact) == (3, 1, True)
    (referred,) = queue(fresh.gate, CORA).cases
    assert referred.row.handle == second[1].text
    (code,) = referred.row.codes
    assert len(queue(fresh.gate, CORA, Filters(code=code, referral=True)).cases) == 1
    assert queue(fresh.gate, CORA, Filters(code="A1")).hidden.n == 1
    today = home(fresh.gate, ERIN)
    assert (today.waiting, today.late.n, today.mine.n, today.stopped.n) == (4, 3, 1, 0)
    fresh.clock.on(hours=9)
    assert handles(fresh, Filters(claimed="me")) == []


def test_pages_hold_every_case_once(fresh: Office) -> None:
    waiting = {handle.text for handle in fresh.receive(*[VALID] * 5)}
    seen: list[str] = []
    after = None
    while True:
        page = queue(fresh.gate, ERIN, sort="age", after=after, rules=SMALL)
        seen += [each.row.handle for each in page.cases]
        after = page.after
        if after is None:
            break
    assert sorted(seen) == sorted(waiting)
    assert {each.row.handle for each in export(fresh.gate, ERIN)} == waiting
    with pytest.raises(IncompleteError):
        queue(fresh.gate, ERIN, after="yesterday")
    with pytest.raises(NotAllowedError):
        queue(fresh.gate, CLEO)


def test_the_sums_stay_true_whatever_moves(fresh: Office) -> None:
    taken = fresh.receive(VALID, VALID, VALID, REFERABLE)
    withdraw(fresh.gate, CLEO, taken[0], "Found.")
    return_with_findings(
        fresh.gate, ERIN, taken[1], fresh.take(ERIN, taken[1]), [("B5", "Not about her.")], "Thin."
    )
    third = fresh.endorsed(row=OTHER_PERSON)  # nobody on file: ends as not verified
    assert fresh.state(third) == "not_verified"
    with fresh.gate.acting(Service.AUDIT) as connection:
        kept = connection.execute("SELECT state, count(*) FROM gate.work GROUP BY 1 ORDER BY 1").fetchall()
        summed = connection.execute(
            "SELECT state, sum(n)::bigint FROM gate.tally GROUP BY 1 HAVING sum(n) <> 0 ORDER BY 1"
        ).fetchall()
        true = connection.execute(
            "SELECT state, count(*) FROM gate.request WHERE state IN ('sufficient', 'referred')"
            " GROUP BY 1 ORDER BY 1"
        ).fetchall()
    assert kept == summed == true == [("referred", 1), ("sufficient", 1)]


def test_an_order_stops_every_clock_of_its_agency_and_overlaps_count_once(fresh: Office) -> None:
    handle = fresh.one()

    def change(scope: str, stop: bool) -> None:
        act = suspension.suspend if stop else suspension.lift
        with fresh.gate.acting(Service.OVERSEE) as connection:
            act(connection, scope, court="D.D.C.", docket="1:26-cv-1", actor="ina", at=fresh.clock.now())

    (before,) = queue(fresh.gate, ERIN).cases
    change("DHS", stop=True)
    fresh.clock.on(days=20)
    change("*", stop=True)
    fresh.clock.on(days=20)
    assert handles(fresh, Filters(clock="stopped")) == [handle.text]
    assert handles(fresh, Filters(clock="late")) == []
    assert home(fresh.gate, ERIN).stopped.n == 1
    change("DHS", stop=False)
    fresh.clock.on(days=1)
    change("*", stop=False)
    (after,) = queue(fresh.gate, ERIN).cases
    assert after.row.due_at - before.row.due_at == timedelta(days=41)
    fresh.clock.on(days=26)
    assert handles(fresh, Filters(clock="soon")) == [handle.text]
    fresh.clock.on(days=5)
    assert handles(fresh, Filters(clock="late")) == [handle.text]


def test_the_clocks_part_the_queue_whatever_stood_still(fresh: Office) -> None:
    """Each filter finds those and only those whose row says so, with orders past, present and of others."""
    begun = fresh.clock.now()
    for day in range(0, 40, 4):
        fresh.clock.at = begun + timedelta(days=day)
        fresh.receive(VALID, VALID | {"requesting_agency": "DOJ"})
    with fresh.gate.database.administer() as connection:
        for scope, since, until in (("DHS", 2, 9), ("DHS", 5, 12), ("DOJ", 20, 21), ("DOJ", 36, None)):
            connection.execute(
                "INSERT INTO gate.stop (scope, since, until) VALUES (%s, %s, %s)",
                [
                    scope,
                    begun + timedelta(days=since),
                    None if until is None else begun + timedelta(days=until),
                ],
            )
    for day in (38, 41, 45, 60, 90):
        fresh.clock.at = begun + timedelta(days=day)
        every = queue(fresh.gate, ERIN, rules=OfficeRules(page=100)).cases
        assert every
        clocks: tuple[Clock, ...] = ("late", "soon", "in_time", "stopped")
        for clock in clocks:
            narrowed = queue(fresh.gate, ERIN, Filters(clock=clock), rules=OfficeRules(page=100))
            assert [c.row.handle for c in narrowed.cases] == [
                c.row.handle for c in every if c.clock == clock
            ], (day, clock)
            assert narrowed.matching.n == len(narrowed.cases)


def test_a_request_is_seen_beside_its_kin(fresh: Office) -> None:
    withdrawn = fresh.one()
    withdraw(fresh.gate, CLEO, withdrawn, "Found.")
    other = fresh.one(OTHER_PERSON | {"engaged_officers": "Ben Broder|5678|DHS"})
    stranger = fresh.one(
        OTHER_PERSON
        | {
            "engaged_officers": "Carl Cole|9|DHS",
            "reasons": "He told his landlord in May that he would hide; her letter of June says where.",
        }
    )
    handle = fresh.one()
    view = fresh.page(ERIN, handle)
    assert [(each.handle, each.state) for each in view.same_person] == [(withdrawn.text, "withdrawn")]
    assert {each.handle for each in view.same_officer} == {withdrawn.text, other.text}
    assert {each.handle for each in view.alike} == {withdrawn.text, other.text}
    assert view.alike[0].percent == 100
    start, end = view.alike[0].there[0]
    assert view.alike[0].reasons[start:end].startswith("After the order became final")
    beside = {each.handle for each in view.same_officer} | {each.handle for each in view.alike}
    assert stranger.text not in beside
    assert view.officer_load == 2
    assert view.safeguards == "accepted"
    assert view.elements[0].sense
    assert {each.standing for each in view.elements} == {"met"}
    assert view.fields["address_line1"] == VALID["address_line1"]


def test_a_case_costs_few_questions(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    handle = office.endorsed()
    asked: list[object] = []
    plain: Any = psycopg.Cursor.execute

    def counted(self: object, query: object, *rest: object, **named: object) -> object:
        asked.append(query)
        return plain(self, query, *rest, **named)

    monkeypatch.setattr(psycopg.Cursor, "execute", counted)
    office.page(ADA, handle)
    assert len([each for each in asked if each not in ("SELECT", b"SELECT")]) <= 8
    asked.clear()
    queue(office.gate, ADA, Filters(clock="late"))
    assert len([each for each in asked if each != "SELECT"]) <= 4


def test_outsiders_read_no_case(office: Office) -> None:
    handle = office.one()
    with pytest.raises(NotAllowedError):
        office.page(CLEO, handle)
    with pytest.raises(UnknownRequestError):
        case(office.gate, ERIN, Handle.new(), office.kin)


def test_capacity_is_work_over_pace(fresh: Office) -> None:
    assert all(load.officer_days is None for load in capacity(fresh.gate).loads)
    fresh.receive(*[VALID] * 7)
    for _ in range(2):
        for handle in fresh.receive(VALID, VALID):
            endorse(fresh.gate, ERIN, handle, fresh.take(ERIN, handle))
        fresh.clock.on(days=1)
    found = capacity(fresh.gate)
    assert found.pace[ERIN.role] == 2.0
    assert found.officer_days(ERIN.role) == 3.5
    assert found.officer_days(ADA.role) == 0


def test_whatever_comes_into_a_gate_with_a_key_is_found_beside_others(fresh: Office) -> None:
    kin = fresh.kin
    fresh.gate.kin = kin
    with pytest.MonkeyPatch.context() as forgetful:
        forgetful.setattr(fresh, "kin", None)  # whoever receives does not think of it
        first, second = fresh.receive(VALID, VALID)
    planted = plant(fresh.gate, INA, Request.from_mapping(VALID | {"request_id": "X"}), "Somebody else.")
    page = fresh.page(ERIN, second)
    assert {each.handle for each in page.same_person} == {first.text, planted.text}
    assert {each.handle for each in page.same_officer} == {first.text, planted.text}
