"""The authority for addresses in nontax criminal matters, read like the law."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.law.drafts import ON
from tests.law.statute import AGREEMENT, ALL_CASES, BASE, LAW, SEEDS, STATUTE, STORIES, VALID
from wicketgate.core.catalogue import ADDRESS_CODES, CATALOGUE, address_fact
from wicketgate.core.citation import Citation
from wicketgate.core.finding import Determination, Severity
from wicketgate.law import AuthorityError, authorities, compile_authority, load
from wicketgate.law.cases import Case, uncovered
from wicketgate.law.check import check
from wicketgate.law.describe import describe

CODES = {
    *(f"A{n}" for n in range(1, 11)),
    *(f"B{n}" for n in range(1, 13)),
    *(f"I{n}" for n in range(1, 12)),
    *(f"B2:AD-{n:02d}" for n in range(1, 30)),
    "M1",
    "M2",
    "R2",
    "R3",
}
NOT_NEEDED = {
    # Facts that a valid request under the first base does not rest on.
    "agency",
    "agency_root",
    "automated_analysis_notified",
    "delegation_stated",
    "authority_provision",
    "reasons_necessity",
    "reasons_role",
    "items",
    "reviewed_on",
    "entry_on",
    "prior_removal_on",
}


def test_the_authority_is_installed_and_its_check_finds_nothing() -> None:
    assert STATUTE in authorities()
    assert check(STATUTE, on=ON) == []


def test_every_element_of_the_tables_is_there_and_no_other() -> None:
    assert {element.code for element in LAW.elements} == CODES
    assert {element.code for element in BASE.elements} == CODES - {"B10", "I11", "M1", "M2"}
    assert len(LAW.elements) > 64


def test_every_element_has_a_case_that_shows_it_and_one_that_does_not() -> None:
    assert uncovered(ALL_CASES, LAW.elements) == []


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_a_story_ends_as_written(story: Case) -> None:
    authority = load(STATUTE, story.overlays, on=ON, switches=story.switches)
    assert story.problem(compile_authority(authority)) is None


def test_a_wrong_story_would_be_noticed() -> None:
    wrong = Case("wrong", VALID, (), {}, determination=Determination.DEFICIENT, codes=("A1",))
    assert wrong.problem(BASE) == "wrong: is sufficient with no findings"
    assert Case("x", VALID, (), {}, "A1", shown=False).problem(BASE) == "x: A1 is shown"


@pytest.mark.parametrize("fact", sorted(CATALOGUE))
def test_no_fact_that_is_needed_can_be_left_out(fact: str) -> None:
    silent = {name: value for name, value in VALID.items() if name != fact}
    reached = BASE.determination(BASE.evaluate(silent))
    assert (reached is Determination.SUFFICIENT) == (fact in NOT_NEEDED)
    for index, element in enumerate(BASE.elements):
        if fact in element.needs:
            assert not BASE.evaluate(silent) >> index & 1


def test_an_identification_number_cures_nothing() -> None:
    for seed in SEEDS:
        without, with_number = ({**seed, "tin_form": form} for form in ("absent", "plausible"))
        assert BASE.evaluate(without) == BASE.evaluate(with_number)


@pytest.mark.parametrize("code", ADDRESS_CODES)
def test_no_verdict_on_an_address_goes_unread(code: str) -> None:
    for verdict, expected in (("defect", "deficient"), ("refer", "referred"), ("note", "sufficient")):
        facts = {**VALID, address_fact(code): verdict}
        assert BASE.determination(BASE.evaluate(facts)).value == expected


@given(st.sampled_from(SEEDS), st.sampled_from(SEEDS), st.sets(st.sampled_from(sorted(CATALOGUE))))
@settings(max_examples=200, deadline=None)
def test_the_overlay_only_adds(
    first: dict[str, str | int | bool | None], second: dict[str, str | int | bool | None], taken: set[str]
) -> None:
    facts = {name: (second if name in taken else first).get(name) for name in CATALOGUE}
    own = (1 << len(BASE.elements)) - 1
    assert LAW.evaluate(facts) & own == BASE.evaluate(facts)
    if LAW.determination(LAW.evaluate(facts)) is Determination.SUFFICIENT:
        assert BASE.determination(BASE.evaluate(facts)) is Determination.SUFFICIENT


def test_the_strictest_reading_is_the_default() -> None:
    for switch in LAW.authority.switch_table:
        if switch.choices and switch.name != "S1_address_only_output" and switch.range is None:
            assert switch.default == switch.selectable[0], switch.name
    assert LAW.authority.switches["S1_address_only_output"] == "allowed"
    assert LAW.authority.switches["S4_officer_caseload"] == 25


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("S2_request_address_standard", "non_blank", "was held unlawful"),
        ("S3_tin_cures_address", "always", "must be one of: never"),
        ("S4_officer_caseload", "attest_only", "implausible"),
        ("S4_officer_caseload", 47_000, "from 1 to 499"),
        ("S10_no_match_answer", "detailed", "must be one of: uniform"),
        ("S13_bulk", "cover_letter", "must be one of: each_row_alone"),
    ],
)
def test_what_was_held_unlawful_cannot_be_switched_on(name: str, value: str | int, reason: str) -> None:
    with pytest.raises(AuthorityError, match=reason):
        load(STATUTE, on=ON, switches={name: value})


@pytest.mark.parametrize(
    ("cited", "expected"),
    [
        ("8 U.S.C. 1253(a)(1)", ("criminal", "failure_to_depart")),
        ("8 U.S.C. 1253(a)(1)(A)", ("criminal", "failure_to_depart")),
        ("8 USC § 1253(a)(1)(C)", ("criminal", "failure_to_depart")),
        ("8 U.S.C. 1253", ("not_specific", "none")),
        ("8 U.S.C. 1253(a)", ("not_specific", "none")),
        ("8 U.S.C. 1253(a)(2)", ("not_specific", "none")),
        ("8 U.S.C. 1325(a)", ("criminal", "improper_entry")),
        ("8 U.S.C. 1325", ("not_specific", "none")),
        ("8 U.S.C. 1326", ("criminal", "reentry")),
        ("8 U.S.C. 1326(b)(2)", ("criminal", "reentry")),
        ("8 U.S.C. 1324(a)(1)(A)(ii)", ("criminal", "none")),
        *[
            (f"8 U.S.C. {section}", ("civil", "civil_immigration"))
            for section in ("1231", "1227(a)", "1229a", "1324d", "1182(a)(6)(A)", "1225", "1226", "1360(b)")
        ],
        ("18 U.S.C. 2", ("criminal", "none")),
        ("18 U.S.C. 1343", ("criminal", "none")),
        ("18 U.S.C. 1030(a)(5)", ("criminal", "none")),
        ("18 U.S.C. 2725", ("criminal", "none")),
        ("18 U.S.C. 1964", ("civil", "none")),
        ("18 U.S.C. 3282", ("unlisted", "none")),
        ("26 U.S.C. 7201", ("tax", "none")),
        ("26 CFR 301.6103", ("unlisted", "none")),
        ("10 U.S.C. 880", ("unlisted", "none")),
    ],
)
def test_a_cited_statute_is_classified_by_its_most_precise_entry(
    cited: str, expected: tuple[str, str]
) -> None:
    assert LAW.authority.vocabulary.statute(Citation.parse(cited)) == expected


def test_no_citation_is_no_statute() -> None:
    assert LAW.authority.vocabulary.statute(None) == ("not_specific", "none")


def test_grounds_items_and_scope() -> None:
    vocabulary = LAW.authority.vocabulary
    assert vocabulary.ground_class(Citation.parse("8 U.S.C. 1227(a)(1)(B)")) == "1227a"
    assert vocabulary.ground_class(Citation.parse("8 U.S.C. 1182(a)(6)(A)")) == "1182a"
    assert vocabulary.ground_class(Citation.parse("8 U.S.C. 1227")) == "unlisted"
    assert vocabulary.item_class("last_known_address") == "profile"
    assert vocabulary.item_class(" Form W-7 ") == "return"
    assert vocabulary.item_class("all addresses") == "beyond_profile"
    assert vocabulary.item_class("phone") == "outside_identity"
    assert vocabulary.item_class("everything") == "unknown"
    (scope,) = vocabulary.scope
    assert scope.covers(Citation.parse("26 U.S.C. 6103(i)(2)(A)"))
    assert not scope.covers(Citation.parse("26 U.S.C. 6103(i)(1)"))


def test_what_is_said_to_a_clerk_names_no_person_and_gives_a_way_on() -> None:
    for element in LAW.elements:
        assert element.message.endswith((".", "'.")), element.id
        assert element.remedy.endswith("."), element.id
        assert element.message != element.remedy
        assert len(element.sense) > 20, element.id


def test_the_description_says_everything_once() -> None:
    description = describe(LAW.authority)
    assert description.citation == "26 U.S.C. § 6103(i)(2)"
    assert [element for part in description.parts for element in part.elements] == list(LAW.elements)
    assert description.parts[-1].origin == AGREEMENT
    assert {threshold.name for threshold in description.thresholds} == set(LAW.authority.parameters)
    caseload = next(i for i in description.interpretations if i.name == "S4_officer_caseload")
    assert (caseload.value, caseload.range, caseload.is_default) == (25, (1, 499), True)
    assert any("S5" in i.name and i.choices[0].positions for i in description.interpretations)


def test_the_same_law_has_the_same_digest_and_the_agreement_changes_it() -> None:
    assert load(STATUTE, on=ON).digest == load(STATUTE, on=date(2025, 8, 7)).digest == BASE.authority.digest
    assert LAW.authority.digest != BASE.authority.digest


def test_severities_of_the_defaults() -> None:
    severity = {element.id: element.severity for element in LAW.elements}
    assert (
        severity["B5/locate"] is severity["B9/civil"] is severity["I2"] is severity["R2"] is Severity.DEFECT
    )
    assert severity["I5"] is severity["B7/caseload"] is severity["B4/unlisted"] is Severity.REFER
