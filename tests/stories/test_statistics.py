"""Each quarter is published once, a month after its end, and what is small waits for the next."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.stories.people import VALID
from tests.workplace.office import Office
from wicketgate.flow.outbox import open_due
from wicketgate.flow.statistics import LEAST, figures, publish_due
from wicketgate.ledger.public import read_public_leaf
from wicketgate.store.database import Database
from wicketgate.store.services import Service

CIVIL = VALID | {"statute": "8 U.S.C. 1231"}


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Iterator[Office]:
    opened = Office(database, tmp_path)
    yield opened
    opened.gate.close()


def returned(office: Office, number: int) -> None:
    """So many requests come in, are deficient, and their answers leave."""
    office.receive(*[CIVIL] * number)
    office.clock.on(days=1)
    open_due(office.gate)


def told(office: Office) -> list[tuple[str, str, str, int]]:
    return [(each.topic, each.row, each.part, each.count) for each in figures(office.gate)]


def test_a_quarter_is_told_a_month_after_its_end_and_once(office: Office) -> None:
    returned(office, 12)
    office.clock.on(days=45)
    assert publish_due(office.gate) == 0, "the quarter ended two weeks ago"
    office.clock.on(days=20)
    assert publish_due(office.gate) == 1
    assert publish_due(office.gate) == 0
    assert ("agency", "DHS", "", 12) in told(office)
    assert ("agency", "DHS", "deficient", 12) in told(office)
    assert ("element", "DHS B4", "", 12) in told(office)
    assert ("time", "DHS", "", 12) in told(office)
    with office.gate.acting(Service.AUDIT) as connection:
        leaves = connection.execute("SELECT leaf FROM log.entry WHERE kind = 'answers'").fetchall()
    ((leaf,),) = leaves
    fields = read_public_leaf(bytes(leaf))[1]
    assert (fields["from"], fields["to"]) == ("2026-01-01", "2026-03-31")
    counts = fields["counts"]
    assert isinstance(counts, dict)
    assert counts["agency / DHS / deficient"] == 12


def test_a_small_count_waits_and_is_added_to_the_next(office: Office) -> None:
    returned(office, LEAST - 1)
    office.clock.on(days=70)
    assert publish_due(office.gate) == 1
    assert told(office) == []
    returned(office, 3)
    office.clock.on(days=90)
    assert publish_due(office.gate) == 1
    first = next(each for each in figures(office.gate) if each.topic == "agency")
    assert (first.count, first.first.isoformat(), first.last.isoformat()) == (12, "2026-01-01", "2026-06-30")


def test_a_gate_that_told_nobody_anything_publishes_nothing(office: Office) -> None:
    office.clock.on(days=400)
    assert publish_due(office.gate) == 0


def test_no_two_published_figures_can_be_subtracted_from_each_other(office: Office) -> None:
    """Over all tables and five quarters: large and small agencies, rare outcomes, mixed elements."""
    doj = CIVIL | {"requesting_agency": "DOJ", "signatory_capacity": "attorney_general"}
    quarters = ((12, 3, 0), (25, 4, 1), (11, 30, 0), (40, 2, 2), (10, 1, 0))
    for quarter, (dhs, justice, disclosed) in enumerate(quarters):
        office.receive(*[CIVIL] * dhs, *[CIVIL | {"form": "oral"}] * quarter, *[doj] * justice)
        for _ in range(disclosed):
            office.endorse_and_approve(office.one())
        office.clock.on(days=1)
        open_due(office.gate)
        office.clock.on(days=90)
        publish_due(office.gate)
    found = figures(office.gate)
    assert {each.topic for each in found} == {"agency", "element", "time"}
    assert all(each.count >= LEAST for each in found)
    rows = [each for each in found if each.topic == "agency"]
    stretches = {(each.row, each.first, each.last) for each in rows}
    for agency in ("DHS", "DOJ"):
        days = sorted((first, last) for row, first, last in stretches if row == agency)
        assert days
        assert all(before[1] < after[0] for before, after in pairwise(days)), "each day is told once"
    parts = {(e.row, e.first, e.last): e.count for e in rows if e.part == "deficient"}
    for each in found:
        agency = each.row.split()[0]
        assert (agency, each.first, each.last) in stretches, "the agency's own stretch"
        if each.topic == "element":
            rest = parts[agency, each.first, each.last] - each.count
            assert rest == 0 or rest >= LEAST
