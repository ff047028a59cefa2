"""Mutants are small, systematic and different from the law; and the language writes what it reads."""

from __future__ import annotations

import pytest

from tests.law.drafts import compiled, rule
from tests.law.statute import LAW
from wicketgate.core.finding import Severity
from wicketgate.law import CompiledLaw
from wicketgate.law.errors import Place
from wicketgate.law.language import read_predicate
from wicketgate.law.mutants import Mutant, mutants, mutants_of, spelled
from wicketgate.law.words import Names

NAMES = Names({}, {}, {}, LAW.authority.vocabulary.domains)


@pytest.fixture
def law(tmp_path_factory: pytest.TempPathFactory) -> CompiledLaw:
    return compiled(
        tmp_path_factory.mktemp("law"),
        rule(
            "A1",
            needs=["items_count", "form"],
            require="(items_count + 2 <= 25 OR form IN ('written', 'oral')) AND NOT order_in_force",
        ),
        rule("A2", severity="refer"),
    )


def test_every_kind_of_small_mistake_is_made(law: CompiledLaw) -> None:
    changes = {mutant.change.removeprefix("A1: ") for mutant in mutants_of(law, 0)}
    assert changes >= {
        "AND becomes OR after ((items_count + 2) <= 25 OR form IN ('written', 'oral'))",
        "OR becomes AND after (items_count + 2) <= 25",
        "NOT order_in_force left out",
        "form IN ('written', 'oral') left out",
        "(items_count + 2) <= 25 becomes (items_count + 2) > 25",
        "(items_count + 2) <= 25 becomes (items_count + 2) < 25",
        "(items_count + 2) <= 25 becomes (items_count + 2) <= 26",
        "(items_count + 2) <= 25 becomes (items_count + 2) <= 24",
        "(items_count + 2) <= 25 becomes (items_count + 2) <= 250",
        "(items_count + 2) <= 25 becomes (items_count - 2) <= 25",
        "form IN ('written', 'oral') becomes form NOT IN ('written', 'oral')",
        "form IN ('written', 'oral') loses 'oral'",
        "form IN ('written', 'oral') gains 'electronic_query'",
        "form IN ('written', 'oral') has 'electronic_query' for 'written'",
        "NOT order_in_force becomes order_in_force",
        "NOT order_in_force becomes present(order_in_force)",
        "the whole becomes TRUE",
        "the whole becomes FALSE",
        "form no longer needed",
        "nothing needed",
        "defect becomes refer",
        "defect becomes note",
        "dropped",
    }


def test_every_mutant_is_one_element_made_different() -> None:
    made = list(mutants(LAW))
    assert len(made) > 1_500
    assert {mutant.index for mutant in made} == set(range(len(LAW.elements)))
    for mutant in made:
        before = (LAW.rules[mutant.index], LAW.elements[mutant.index])
        assert (mutant.rule, mutant.element) != before
        assert mutant.change.startswith(f"{mutant.element.id}: ")


def test_no_mutant_is_made_twice() -> None:
    made = [(mutant.index, mutant.rule, mutant.element.severity) for mutant in mutants(LAW)]
    assert len(set(made)) == len(made)


def test_a_mutant_is_a_law_of_its_own(law: CompiledLaw) -> None:
    written = {"form": "written"}
    by_change: dict[str, Mutant] = {mutant.change: mutant for mutant in mutants(law)}
    assert by_change["A2: form = 'written' becomes form <> 'written'"].law(law).evaluate(written) == 0b00
    assert by_change["A2: the whole becomes TRUE"].law(law).evaluate({"form": "oral"}) == 0b10
    assert by_change["A2: refer becomes note"].law(law).elements[1].severity is Severity.NOTE
    assert [element.id for element in by_change["A1: dropped"].law(law).elements] == ["A2"]
    assert law.evaluate(written) == 0b10


def test_what_is_spelled_is_read_back_as_it_was() -> None:
    for _, predicate in LAW.rules:
        assert read_predicate(spelled(predicate), NAMES, Place("x")) == predicate
