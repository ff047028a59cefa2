"""Public counts withstand subtraction: no small count follows from all publications together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wicketgate.stages.published import LEAST, Row, Stretch, divided, publish, within

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


def stretched(stretch: Stretch) -> range:
    return range((stretch.first - DAY).days // 90, (stretch.last - DAY).days // 90 + 1)


@settings(deadline=None)
@given(HISTORY)
def test_every_answer_is_told_once_or_waits(history: list[dict[str, int]]) -> None:
    told = published(history)
    totals = sum(row.total.total for row in told if row.total) + told[-1].waits.total
    assert totals == sum(sum(counts.values()) for counts in history)
    for row in told:
        assert row.parts is None or row.parts == row.total


@settings(deadline=None)
@given(HISTORY)
def test_no_small_count_is_told(history: list[dict[str, int]]) -> None:
    for row in published(history):
        assert row.total is None or row.total.total >= LEAST
        assert row.parts is None or min(row.parts.counts.values()) >= LEAST


ATTACKED = 3
"""The least count in the attacks: they lay every history there is side by side."""
HALF_A_YEAR = timedelta(days=170)
"""How long a row waits for its parts in the attacks: two quarters, as four in the house."""
Cells = tuple[int, ...]


def seen_of(row: Row) -> tuple[object, ...]:
    """What a reader sees of a row in one publication: each stretch, and which parts are in it."""
    return (
        row.total and (row.total.first, row.total.last, row.total.total),
        row.parts and (row.parts.first, row.parts.last, tuple(sorted(row.parts.counts.items()))),
    )


def told(history: Sequence[Mapping[str, int]]) -> tuple[object, ...]:
    """Everything that a reader sees of a row over all publications."""
    seen: list[object] = []
    row: Row | None = None
    for period, counts in enumerate(history):
        row = publish(row, counts, *days(period), ATTACKED, HALF_A_YEAR)
        seen.append(seen_of(row))
    return tuple(seen)


def recovered(
    top: int, number: int, shown: Callable[[Cells], object], cells: Callable[[Cells], Cells] = tuple
) -> list[tuple[Cells, int]]:
    """Small counts that a reader works out who knows the rule and every publication.

    All histories of `number` counts up to `top` that look the same outside are laid side by side; a cell
    is recovered when it has one small value in all of them. So whatever follows is used: the rule itself, and
    that a part which is not listed is zero. Of the largest values nothing is asserted: there the list of
    histories ends, and not what could have been.
    """
    alike: dict[object, list[Cells]] = defaultdict(list)
    for history in product(range(top + 1), repeat=number):
        alike[shown(history)].append(history)
    return [
        (found[0], cell)
        for found in alike.values()
        if max(map(max, found)) < top
        for cell, values in enumerate(zip(*map(cells, found), strict=True))
        if len(set(values)) == 1 and 0 < values[0] < ATTACKED
    ]


@pytest.mark.parametrize(("parts", "periods", "top"), [(2, 2, 9), (3, 2, 5), (2, 3, 5), (1, 4, 6)])
def test_no_reader_who_knows_the_rule_works_out_a_small_count(parts: int, periods: int, top: int) -> None:
    def shown(values: Cells) -> object:
        rows = [values[at : at + parts] for at in range(0, len(values), parts)]
        return told([dict(zip(PARTS, row, strict=False)) for row in rows])

    assert recovered(top, parts * periods, shown) == []


def with_elements(
    periods: Sequence[Sequence[int]], elements: Callable[[Sequence[int]], dict[str, int]]
) -> tuple[object, ...]:
    """What is seen of an agency: the last count is of disclosures, the others of deficient requests."""
    row, seen = None, list[object]()
    for period, (*lacking, disclosed) in enumerate(periods):
        counts = {"deficient": sum(lacking), "disclosed": disclosed}
        row = publish(row, counts, *days(period), ATTACKED, HALF_A_YEAR)
        seen.append(seen_of(row))
        if row.parts:
            sums = [sum(each) for each in zip(*(periods[at] for at in stretched(row.parts)), strict=True)]
            seen.append(tuple(within(sum(sums[:-1]), elements(sums), ATTACKED).items()))
    return tuple(seen)


def test_no_reader_works_out_how_few_lack_an_element_or_lack_all_but_it() -> None:
    """In one quarter two elements, alone or both; over two quarters one element or others."""

    def two(values: Sequence[int]) -> dict[str, int]:
        return {"B2": values[0] + values[2], "B4": values[1] + values[2]}

    def cells(values: Cells) -> Cells:
        deficient = sum(values[:3])
        each = two(values).values()
        return (deficient, values[3], *each, *(deficient - number for number in each))

    assert recovered(8, 4, lambda values: with_elements([values], two), cells) == []

    def one(values: Sequence[int]) -> dict[str, int]:
        return {"B2": values[0]}

    assert recovered(5, 6, lambda values: with_elements([values[:3], values[3:]], one)) == []


def test_the_attack_finds_what_totals_over_agencies_show() -> None:
    """Two agencies, and beside them a table over both: less the one that is told, it tells of the other."""

    def shown(values: Cells) -> object:
        rows = [told([{"deficient": each}]) for each in values]
        return (*rows, told([{"1 week": sum(values)}]))

    assert recovered(6, 2, shown)


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
            during = stretched(row.total)
            equations.append([Fraction(int(period in during)) for period, _ in unknowns])
        if row.parts:
            during = stretched(row.parts)
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
    careless = Row(stretch, stretch, stretch)
    assert (0, "disclosed") in solved([dict.fromkeys(PARTS, 0) | counts], [careless])


def test_the_attack_finds_what_totals_show_while_their_parts_wait() -> None:
    """The rule of before: totals at once, parts later. That they wait says that one of them is small."""

    def shown(values: Cells) -> object:
        first, second = values[:2], values[2:]
        if sum(first) < ATTACKED or min(first) >= ATTACKED or not all(first):
            return values
        return sum(first), sum(second), tuple(map(sum, zip(first, second, strict=True)))

    assert recovered(9, 4, shown)


def test_a_row_waits_for_its_smallest_part() -> None:
    first = publish(None, {"disclosed": 4, "deficient": 40, "withdrawn": 0}, *days(0))
    assert (first.total, first.parts, first.waits.total) == (None, None, 44)
    second = publish(first, {"disclosed": 7, "deficient": 60}, *days(1))
    assert second.parts == Stretch(days(0)[0], days(1)[1], {"deficient": 100, "disclosed": 11})
    assert second.total == second.parts
    assert second.waits.counts == {}


def test_after_a_year_the_total_is_told_without_its_parts() -> None:
    row = None
    for period in range(4):
        row = publish(row, {"disclosed": 1, "deficient": 40}, *days(period))
        assert (row.total is None) is (period < 3)
    assert row is not None
    assert row.total is not None
    assert (row.total.first, row.total.total, row.parts, row.waits.counts) == (days(0)[0], 164, None, {})


def test_a_small_total_waits_too() -> None:
    first = publish(None, {"disclosed": 9}, *days(0))
    assert (first.total, first.parts) == (None, None)
    second = publish(first, {"disclosed": 1}, *days(1))
    assert second.total == second.parts == Stretch(days(0)[0], days(1)[1], {"disclosed": 10})


def test_a_division_of_a_told_stretch_is_whole_or_not_told() -> None:
    stretch = Stretch(*days(0), {"disclosed": 30})
    assert divided(stretch, {"1 week": 20, "30 days": 10, "longer": 0}) == Stretch(
        *days(0), {"1 week": 20, "30 days": 10}
    )
    assert divided(stretch, {"1 week": 21, "30 days": 9}) is None
    with pytest.raises(ValueError, match="add up"):
        divided(stretch, {"1 week": 20})


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
