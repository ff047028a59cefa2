"""An agency's requests are counted without a gap, whoever counts at once and whatever is rolled back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.contract.world import World
from wicketgate.core.identifiers import Handle
from wicketgate.store import numbers
from wicketgate.store.services import Service


def gaps(world: World) -> list[str]:
    """Agencies whose numbers are not 1, 2, 3 … up to their counter."""
    with world.administrator() as owner:
        rows = owner.execute(
            "SELECT c.agency FROM gate.agency_counter c WHERE c.last <> (SELECT count(*) FROM gate.sequence s"
            " WHERE s.agency = c.agency) OR c.last <> (SELECT coalesce(max(s.number), 0) FROM gate.sequence s"
            " WHERE s.agency = c.agency)"
        )
        return [agency for (agency,) in rows]


def count(
    world: World, handles: list[Handle], agency: str = "DHS", *, keep: bool = True
) -> dict[Handle, int]:
    with world.database.connect(Service.INTAKE) as connection:
        found = numbers.count_requests(connection, dict.fromkeys(handles, agency))
        if not keep:
            connection.rollback()
        return found


def campaign(world: World) -> None:
    """Eight at once for two agencies, every third of them taken back."""
    batches = [world.submit(3) for _ in range(24)]
    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(
                lambda at: count(world, batches[at], "DHS" if at % 2 else "DOJ", keep=at % 3 != 0), range(24)
            )
        )


def test_numbers_go_on_in_order_by_agency(fresh: World) -> None:
    one, two, three = fresh.submit(3)
    assert count(fresh, [one, two]) == {one: 1, two: 2}
    assert count(fresh, [three]) == {three: 3}
    audit = fresh.as_(Service.AUDIT)
    assert numbers.numbered(audit, "DHS", 2, 9) == [(2, two), (3, three)]
    assert (numbers.last_number(audit, "DHS"), numbers.last_number(audit, "DOJ")) == (3, 0)
    assert list(numbers.agencies(audit)) == ["DHS"]


def test_whoever_counts_at_once_leaves_no_gap(fresh: World) -> None:
    campaign(fresh)
    assert gaps(fresh) == []
    assert numbers.last_number(fresh.as_(Service.AUDIT), "DHS") == 3 * 8


SABOTAGES = {
    "a sequence that does not roll back": "nextval('gate.broken')",
    "every second number": "2 * new.at",
}


@pytest.mark.parametrize("name", SABOTAGES)
def test_the_count_of_gaps_sees_a_counter_that_was_broken_on_purpose(fresh: World, name: str) -> None:
    with fresh.administrator() as owner:
        owner.execute("CREATE SEQUENCE gate.broken; GRANT USAGE ON SEQUENCE gate.broken TO gate_owner")
        owner.execute(
            "CREATE OR REPLACE FUNCTION gate.count_requests(handles text[], agencies text[])"
            " RETURNS TABLE (handle text, number bigint) LANGUAGE sql SECURITY DEFINER AS $$"
            " INSERT INTO gate.agency_counter"
            " SELECT DISTINCT a, 0 FROM unnest(agencies) a ON CONFLICT DO NOTHING;"
            " INSERT INTO gate.sequence AS s (handle, agency, number)"
            f" SELECT new.handle, new.agency, {SABOTAGES[name]}"
            " FROM unnest(handles, agencies) WITH ORDINALITY AS new (handle, agency, at)"
            " RETURNING s.handle, s.number $$".encode()
        )
    first, second = fresh.submit(1), fresh.submit(1)
    count(fresh, first, keep=False)
    count(fresh, second)
    assert gaps(fresh) == ["DHS"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE gate.sequence SET number = number + 1",
        "DELETE FROM gate.sequence",
        "UPDATE gate.agency_counter SET last = last - 1",
        "DELETE FROM gate.agency_counter",
    ],
)
def test_nobody_counts_backwards(fresh: World, statement: str) -> None:
    count(fresh, fresh.submit(2))
    with fresh.administrator() as owner, pytest.raises(psycopg.Error):
        owner.execute(statement.encode())
    assert gaps(fresh) == []


def test_only_intake_counts(fresh: World) -> None:
    for service in (Service.REVIEW, Service.PORTAL, Service.AUDIT):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            numbers.count_requests(fresh.as_(service), {Handle.new(): "DHS"})
