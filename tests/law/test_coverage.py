"""Every clause is mapped to elements or says why not, and every element stands for a clause."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.law.drafts import NAME, ON, overlay, rule, write
from wicketgate.law import AuthorityError, authorities
from wicketgate.law.check import check
from wicketgate.law.coverage import coverage_problems, read_coverage

CLAUSE = """
[[sources.clauses]]
cite = "1 U.S.C. 2(a)"
sense = "In writing."
elements = ["A1"]
"""
SOURCE = """
[[sources]]
title = "1 U.S.C. 2"
seen = "Text read."
"""
AGREEMENT = """
[[sources]]
title = "The agreement"
seen = "Not opened."
overlay = "extra"

[[sources.clauses]]
cite = "Clause 1"
sense = "More."
elements = ["M1", "A1"]
"""


def covered(folder: Path, text: str, *rules: dict[str, object], more: bool = False) -> Path:
    files = {"overlay_md": overlay(rule("M1"))} if more else {}
    return write(folder, *rules, coverage_toml=text, **files)


def problems(folder: Path) -> list[str]:
    return list(coverage_problems(NAME, folder))


@pytest.mark.parametrize("name", authorities())
def test_every_clause_of_an_installed_authority_is_answered_for(name: str) -> None:
    assert list(coverage_problems(name)) == []
    for source in read_coverage(name):
        for clause in source.clauses:
            assert clause.elements or clause.reason


def test_the_clauses_of_the_paragraph_are_all_there() -> None:
    paragraph = read_coverage("usc26-6103-i2")[0]
    cited = {clause.cite.removeprefix("26 U.S.C. § 6103(i)(2)") for clause in paragraph.clauses}
    limbs = {"(A)(i)", "(A)(ii)", "(A)(iii)"}
    assert cited == {"(A)", "(B)", "(B)(i)", "(B)(ii)", "(B)(iii)", "(B)(iv)", "(C)"} | limbs


def test_what_was_not_opened_is_not_claimed() -> None:
    agreement = read_coverage("usc26-6103-i2")[-1]
    assert agreement.overlay == "mou-2025-04-07"
    assert "not verified" in agreement.seen
    assert not any(clause.cite[0].isdigit() for clause in agreement.clauses)


def test_an_element_that_is_named_stands_for_all_under_it(tmp_path: Path) -> None:
    rules = (rule("A1"), rule("A1/more"), rule("A1:AD-01"), rule("A1:AD-01/refer"))
    assert problems(covered(tmp_path, SOURCE + CLAUSE, *rules)) == []
    apart = problems(covered(tmp_path, SOURCE + CLAUSE, rule("A1"), rule("A10")))
    assert apart == ["coverage.toml: no clause names the element A10"]


def test_an_element_outside_its_dates_is_covered_too(tmp_path: Path) -> None:
    covered(tmp_path, SOURCE + CLAUSE, rule("A1"), rule("A2", effective_to=ON.replace(year=2021)))
    assert problems(tmp_path) == ["coverage.toml: no clause names the element A2"]


def test_a_clause_can_name_only_what_exists(tmp_path: Path) -> None:
    text = SOURCE + CLAUSE.replace('"A1"', '"A1", "A2"')
    assert problems(covered(tmp_path, text)) == [
        "coverage.toml: 1 U.S.C. § 2(a) names A2, which is no element of draft-law"
    ]
    text = SOURCE + CLAUSE.replace('"A1"', '"A1/none"')
    assert len(problems(covered(tmp_path, text))) == 2


def test_an_overlay_covers_its_own_source_and_no_other(tmp_path: Path) -> None:
    assert problems(covered(tmp_path, SOURCE + CLAUSE + AGREEMENT, more=True)) == []
    statute_by_overlay = SOURCE + CLAUSE.replace('"A1"', '"A1", "M1"') + AGREEMENT
    assert problems(covered(tmp_path, statute_by_overlay, more=True)) == [
        "coverage.toml: 1 U.S.C. § 2(a) names M1, which is no element of draft-law"
    ]
    assert problems(covered(tmp_path, SOURCE + CLAUSE, more=True)) == [
        "coverage.toml: no clause names the element M1 of the overlay extra"
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "`sources` is missing"),
        ("sources = []", "at least one entry"),
        (SOURCE, "`clauses` is missing"),
        (CLAUSE.replace("sources.", ""), "`sources` is missing"),
        (SOURCE.replace('seen = "Text read."', "") + CLAUSE, "`seen` is missing"),
        (SOURCE + CLAUSE.replace('elements = ["A1"]', ""), "needs `elements` that test it, or a `reason`"),
        (SOURCE + CLAUSE.replace('["A1"]', "[]"), "needs `elements` that test it, or a `reason`"),
        (SOURCE + CLAUSE + 'why = "x"\n', "`why` is unknown"),
        (SOURCE + CLAUSE.replace('["A1"]', '["A1", "A1"]'), "twice"),
        (SOURCE + CLAUSE + CLAUSE, "lists a clause twice"),
        (SOURCE + CLAUSE.replace("1 U.S.C. 2(a)", "1 U.S.C. 2 and 3"), "not one citation"),
        (SOURCE + 'overlay = "extra"\n' + CLAUSE, "belongs to the overlay 'extra'; there is none"),
        (SOURCE + CLAUSE + "x = 1\n", "`x` is unknown"),
    ],
)
def test_a_coverage_of_any_other_form_is_refused(text: str, problem: str, tmp_path: Path) -> None:
    covered(tmp_path, text)
    with pytest.raises(AuthorityError) as refused:
        read_coverage(NAME, tmp_path)
    assert problem in str(refused.value)
    assert "coverage.toml" in str(refused.value)


def test_the_check_of_an_authority_asks_for_its_coverage(tmp_path: Path) -> None:
    cases = """
[bases.base]
[bases.base.facts]
form = "written"
[elements.A1]
shown = [{}]
not_shown = [{ form = "oral" }]
[[stories]]
title = "complete"
expect = "sufficient"
codes = []
"""
    write(tmp_path, cases_toml=cases)
    assert check(NAME, on=ON, root=tmp_path) == [
        "authority draft-law, coverage.toml: the file is missing or cannot be read."
    ]
    covered(tmp_path, SOURCE + CLAUSE.replace('elements = ["A1"]', 'reason = "No."'))
    assert check(NAME, on=ON, root=tmp_path) == ["coverage.toml: no clause names the element A1"]
    covered(tmp_path, SOURCE + CLAUSE)
    assert check(NAME, on=ON, root=tmp_path) == []
