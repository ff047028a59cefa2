"""Public counts withstand subtraction: no small count follows from all publications together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wicketgate.stages.published import LEAST, Row, Stretch, publish

DAY = date(2026, 1, 1)
PARTS = ("deficient", "disclosed", "no disclosure", "withdrawn")
HISTORY = st.lists(
    st.fixed_dictionaries({part: st.one_of(st.integers(0, 12), st.integers(0, 60)) for part in PARTS}),
    min_size=1,
    max_size=5,
)


def days(period: int) -> tuple[date, date]:
    first = DAY + timedelta(days=90 * period)
    return first, first + timedelta(days=89)


def published(history: Sequence[Mapping[str, int]]) -> list[Row]:
    told: list[Row] = []
    for period, counts in enumerate(history):
        told.append(publish(told[-1] if told else None, counts, *days(period)))
    return told


def periods(stretch: Stretch) -> range:
    return range((stretch.first - DAY).days // 90, (stretch.last - DAY).days // 90 + 1)


@settings(deadline=None)
@given(HISTORY)
def test_nothing_is_lost_and_nothing_is_counted_twice(history: list[dict[str, int]]) -> None:
    told = published(history)
    for part in PARTS:
        sums = sum(row.parts.counts.get(part, 0) for row in told if row.parts)
        assert sums + told[-1].parts_wait.counts.get(part, 0) == sum(counts[part] for counts in history)
    totals = sum(row.total.total for row in told if row.total) + told[-1].total_waits.total
    assert totals == sum(sum(counts.values()) for counts in history)


@settings(deadline=None)
@given(HISTORY)
def test_no_small_count_is_told(history: list[dict[str, int]]) -> None:
    for row in published(history):
        assert row.total is None or row.total.total >= LEAST
        assert row.parts is None or min(row.parts.counts.values()) >= LEAST


def reduced(equations: Iterable[list[Fraction]]) -> list[list[Fraction]]:
    """Reduced row echelon form."""
    rows = [row[:] for row in equations]
    done: list[list[Fraction]] = []
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        scaled = [value / pivot[column] for value in pivot]

        def without(row: list[Fraction], by: list[Fraction] = scaled, at: int = column) -> list[Fraction]:
            return [a - row[at] * b for a, b in zip(row, by, strict=True)] if row[at] else row

        rows, done = [*map(without, rows)], [*map(without, done), scaled]
    return done


def solved(history: Sequence[Mapping[str, int]], told: Sequence[Row]) -> set[tuple[int, str]]:
    """Every count that all publications together leave one value for."""
    unknowns = [(period, part) for period in range(len(history)) for part in PARTS]
    equations = []
    for row in told:
        if row.total:
            during = periods(row.total)
            equations.append([Fraction(int(period in during)) for period, _ in unknowns])
        if row.parts:
            during = periods(row.parts)
            equations += [
                [Fraction(int(period in during and part == name)) for period, part in unknowns]
                for name in PARTS
            ]
    alone = (row for row in reduced(equations) if sum(map(bool, row)) == 1)
    return {unknowns[row.index(Fraction(1))] for row in alone}


@settings(deadline=None, max_examples=400)
@given(HISTORY)
def test_no_small_count_follows_from_all_publications(history: list[dict[str, int]]) -> None:
    for period, part in solved(history, published(history)):
        assert not 0 < history[period][part] < LEAST, (period, part)


def test_the_attack_finds_what_a_careless_publication_shows() -> None:
    """Totals with all parts but the small one: the attack subtracts its way to it."""
    counts = {"deficient": 40, "disclosed": 3}
    stretch = Stretch(*days(0), counts)
    careless = Row(stretch, stretch, stretch, stretch)
    assert (0, "disclosed") in solved([dict.fromkeys(PARTS, 0) | counts], [careless])


def test_parts_wait_for_the_smallest_of_them() -> None:
    first = publish(None, {"disclosed": 4, "deficient": 40, "withdrawn": 0}, *days(0))
    assert first.total is not None
    assert (first.total.total, first.parts) == (44, None)
    second = publish(first, {"disclosed": 7, "deficient": 60}, *days(1))
    assert second.parts == Stretch(days(0)[0], days(1)[1], {"deficient": 100, "disclosed": 11})
    assert second.total is not None
    assert second.total.first == days(1)[0]
    assert second.parts_wait.counts == {}


def test_a_small_total_waits_too() -> None:
    first = publish(None, {"disclosed": 9}, *days(0))
    assert (first.total, first.parts) == (None, None)
    second = publish(first, {"disclosed": 1}, *days(1))
    assert second.total == second.parts == Stretch(days(0)[0], days(1)[1], {"disclosed": 10})


@pytest.mark.parametrize(
    ("counts", "first", "last"),
    [
        ({"disclosed": -1}, *days(1)),
        ({"disclosed": 1}, *days(2)),
        ({"disclosed": 1}, days(1)[0], days(0)[0]),
    ],
)
def test_what_is_no_next_period_is_refused(counts: dict[str, int], first: date, last: date) -> None:
    before = publish(None, {}, *days(0))
    with pytest.raises(ValueError, match=r"never negative|begins on the day after"):
        publish(before, counts, first, last)
