"""Unknown is neither true nor false, and it shows nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.law.drafts import compiled, rule
from tests.law.statute import LAW, SEEDS
from wicketgate.core.catalogue import CATALOGUE
from wicketgate.core.facts import Facts, FactValue, day_number
from wicketgate.core.finding import Determination
from wicketgate.law.predicate import (
    All,
    Any,
    Arithmetic,
    Compare,
    Constant,
    Count,
    Day,
    Entries,
    Flag,
    Member,
    Number,
    Predicate,
    Present,
    Quantity,
    Sum,
)


def test_a_silent_request_shows_nothing() -> None:
    assert LAW.evaluate({}) == 0
    assert LAW.evaluate(dict.fromkeys(CATALOGUE)) == 0
    assert LAW.determination(0) is Determination.DEFICIENT


@pytest.mark.parametrize(
    "wrong", [0, 1, -1, 1.0, float("nan"), "", "true", b"x", [], {}, (), object(), 10**400, True]
)
def test_a_value_of_the_wrong_type_is_unknown(wrong: object) -> None:
    for fact, spec in CATALOGUE.items():
        if spec.admit(wrong) is None:
            with_wrong = {**SEEDS[0], fact: wrong}
            without = {key: value for key, value in SEEDS[0].items() if key != fact}
            assert LAW.evaluate(with_wrong) == LAW.evaluate(without), fact  # type: ignore[arg-type]


@pytest.mark.parametrize("fact", [name for name, spec in CATALOGUE.items() if spec.type == "integer"])
def test_a_number_outside_its_bounds_is_unknown(fact: str, tmp_path: Path) -> None:
    spec = CATALOGUE[fact]
    law = compiled(tmp_path, rule(needs=[fact], require=f"{fact} >= {spec.minimum}"))
    shown = [
        law.evaluate({fact: value})
        for value in (spec.minimum - 1, spec.minimum, spec.maximum, spec.maximum + 1)
    ]
    assert shown == [0, 1, 1, 0]


def test_or_does_not_hide_a_missing_fact_that_is_needed(tmp_path: Path) -> None:
    keys = rule(needs=["form", "items_count"], require="form = 'written' OR items_count = 1")
    law = compiled(tmp_path, keys)
    assert law.evaluate({"form": "written"}) == 0
    assert law.evaluate({"form": "written", "items_count": 9}) == 1


def test_not_of_unknown_is_unknown(tmp_path: Path) -> None:
    law = compiled(tmp_path, rule(needs=["form"], require="NOT order_in_force OR items_count <> 1"))
    assert law.evaluate({"form": "written"}) == 0


_VALUES: dict[str, st.SearchStrategy[FactValue]] = {
    name: st.one_of(
        st.none(),
        st.sampled_from(
            sorted({seed[name] for seed in SEEDS if seed.get(name) is not None}, key=repr) or [None]
        ),
        st.booleans()
        if spec.type == "boolean"
        else st.dates(date(1899, 12, 30), date(2200, 1, 2)).map(date.isoformat)
        if spec.type == "date"
        else st.integers(spec.minimum - 1, spec.maximum + 1)
        if spec.type == "integer"
        else st.sampled_from(spec.values or LAW.authority.vocabulary.domains.get(name, ("DHS", "DOJ"))),
    )
    for name, spec in CATALOGUE.items()
}


@st.composite
def requests(draw: st.DrawFn) -> dict[str, FactValue]:
    """Facts near a case of the authority: some of its facts drawn anew."""
    facts = dict(draw(st.sampled_from(SEEDS)))
    for name in draw(st.lists(st.sampled_from(LAW.facts), max_size=6)):
        facts[name] = draw(_VALUES[name])
    return facts


@given(requests(), st.sets(st.sampled_from(LAW.facts), min_size=1, max_size=8))
@settings(max_examples=300, deadline=None)
def test_erasing_facts_never_shows_more(facts: dict[str, FactValue], erased: set[str]) -> None:
    fewer = {name: value for name, value in facts.items() if name not in erased}
    assert LAW.evaluate(fewer) & ~LAW.evaluate(facts) == 0
    order = list(Determination)
    assert order.index(LAW.determination(LAW.evaluate(fewer))) >= order.index(
        LAW.determination(LAW.evaluate(facts))
    )


@given(requests())
@settings(max_examples=200, deadline=None)
def test_the_compiled_function_agrees_with_kleene_logic_spelled_out(facts: dict[str, FactValue]) -> None:
    known = {name: CATALOGUE[name].admit(value) for name, value in facts.items()}
    expected = 0
    for index, (needs, predicate) in enumerate(LAW.rules):
        if all(known.get(fact) is not None for fact in needs) and truth(predicate, known) is True:
            expected |= 1 << index
    assert LAW.evaluate(facts) == expected


def truth(node: Predicate, facts: Facts) -> bool | None:
    """TRUE, FALSE or None for unknown: Kleene's tables, written once more for the test."""
    match node:
        case Constant(value):
            return value
        case Present(fact):
            return facts.get(fact) is not None
        case Flag(fact, wanted):
            flag = facts.get(fact)
            return None if flag is None else flag is wanted
        case Member(fact, values, negated):
            member = facts.get(fact)
            return None if member is None else (member in values) is not negated
        case Compare(left, operator, right):
            low, high = number(left, facts), number(right, facts)
            if low is None or high is None:
                return None
            return {
                "=": low == high,
                "<>": low != high,
                "<": low < high,
                "<=": low <= high,
                ">": low > high,
                ">=": low >= high,
            }[operator]
        case Entries(fact, values, every, negated):
            listed = facts.get(fact)
            if not isinstance(listed, tuple):
                return None
            fits = [(entry in values) is not negated for entry in listed]
            return all(fits) if every else any(fits)
        case All(parts):
            found = [truth(part, facts) for part in parts]
            return False if False in found else None if None in found else True
        case Any(parts):
            found = [truth(part, facts) for part in parts]
            return True if True in found else None if None in found else False


def number(node: Arithmetic, facts: Mapping[str, FactValue]) -> int | None:
    match node:
        case Number(value):
            return value
        case Day(value):
            return value.toordinal()
        case Quantity(fact):
            found = facts.get(fact)
            return day_number(found) if CATALOGUE[fact].type == "date" else found  # type: ignore[return-value]
        case Count(fact):
            listed = facts.get(fact)
            return len(listed) if isinstance(listed, tuple) else None
        case Sum(left, right, minus):
            first, second = number(left, facts), number(right, facts)
            if first is None or second is None:
                return None
            return first - second if minus else first + second
