"""What the reasons say, and what they only seem to say."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.custodian import CONTEXT, VOCABULARY, fact, facts, request
from wicketgate.address.fold import fold_character
from wicketgate.core.citation import Citation
from wicketgate.law.vocabulary import Entry
from wicketgate.stages.facts import row_facts
from wicketgate.stages.folding import words_of


@pytest.mark.parametrize(
    ("reasons", "generic"),
    [
        ("For law enforcement purposes", True),
        ("LAW-ENFORCEMENT PURPOSES; official business.", True),
        ("For law enforcement purposes of the subject Maria García López 123", True),
        ("For law enforcement purposes: he wired the proceeds", False),
        ("...", True),
        (None, None),
    ],
)
def test_reasons_are_generic_when_nothing_is_left(reasons: str | None, generic: bool | None) -> None:
    assert fact("reasons_generic", reasons=reasons) is generic


@pytest.mark.parametrize(
    ("reasons", "only"),
    [
        ("To locate the subject", True),
        ("Locate Maria for removal proceedings", True),
        ("Whereabouts of García López", True),
        ("To locate the witness who saw the transfer", False),
        ("He wired the proceeds", False),
        (None, None),
    ],
)
def test_a_request_may_only_want_to_find_somebody(reasons: str | None, only: bool | None) -> None:
    assert fact("reasons_locate_only", reasons=reasons) is only


@pytest.mark.parametrize(
    ("reasons", "alleged"),
    [
        ("On 3 March she refused to board.", True),
        ("She REFUSED\nto  board the aircraft", True),
        ("He knowingly stayed", True),
        ("He did not depart, and refused to board", True),
        ("She has not refused to board", False),
        ("There is no sign that he knowingly stayed", True),
        ("without knowingly staying", False),
        ("He refused to embark", False),
        ("unknowingly", False),
    ],
)
def test_willfulness_is_alleged_by_a_fact_and_not_by_its_denial(reasons: str, alleged: bool) -> None:
    assert fact("reasons_willfulness", reasons=reasons) is alleged


def test_a_civil_purpose_is_seen_anywhere_in_the_reasons() -> None:
    assert fact("reasons_civil_purpose", reasons="He lied. Later for civil-enforcement.") is True
    assert fact("reasons_civil_purpose", reasons="He was civil to the enforcement officer.") is False


@pytest.mark.parametrize(
    "reasons", ["n/a", "TBD", "same", "see above", "test test", "xxx", "...", "to be determined", "-"]
)
def test_a_placeholder_is_no_reason(reasons: str) -> None:
    assert fact("reasons_placeholder", reasons=reasons) is True
    assert fact("reasons_placeholder") is False


def test_reasons_that_are_missing_make_no_claim() -> None:
    found = facts(reasons=None)
    assert found["reasons_words"] == 0
    assert [value for name, value in found.items() if name.startswith("reasons_")] == [0, *[None] * 7]


@pytest.mark.parametrize(
    "column",
    ["reasons", "taxpayer_last_name", "address_line1", "matter_number", "taxable_periods", "statute"],
)
def test_a_request_stands_alone(column: str) -> None:
    assert fact("relies_on_other_document", CONTEXT, **{column: "See attached."}) is True
    assert fact("relies_on_other_document", CONTEXT, **{column: "seesaw attached"}) is False


def test_a_phrase_is_not_read_across_two_cells() -> None:
    assert fact("relies_on_other_document", address_line1="1 See", address_line2="Attached") is False


@given(st.text(st.one_of(st.characters(max_codepoint=127), st.characters()), max_size=40))
def test_the_short_way_to_fold_is_the_long_one(text: str) -> None:
    folded = "".join(map(fold_character, text))
    assert words_of(text) == re.findall(r"[^\W_]+", re.sub("['`]", "", folded))


def test_an_authority_may_name_phrases_of_its_own() -> None:
    own = replace(
        VOCABULARY,
        phrases={
            **VOCABULARY.phrases,
            "necessity": ("nothing less would do",),
            "role": ("suspect", "missing person"),
        },
    )
    found = row_facts(request(reasons="She is a MISSING person; nothing less would do."), CONTEXT, own).facts
    assert (found["reasons_necessity"], found["reasons_role"]) == (True, True)
    assert fact("reasons_necessity", reasons="Nothing less would do.") is False
    assert fact("reasons_role", reasons="A suspect.") is False


@pytest.mark.parametrize(
    ("cited", "provision"),
    [
        ("26 U.S.C. 6103(i)(2)(A)", "who"),
        ("26 U.S.C. 6103(i)(2)(A)(ii)", "who"),
        ("26 U.S.C. 6103(i)(2)(A);26 U.S.C. 6103(i)(2)(A)(i)", "who"),
        ("26 U.S.C. 6103(i)(2)(A);26 U.S.C. 6103(i)(2)(B)", "several"),
        ("26 U.S.C. 6103(i)(2)", "none"),
        ("26 U.S.C. 6103(i)(2)(C)", "none"),
        ("not a citation", "none"),
        (None, None),
    ],
)
def test_the_provision_that_is_cited_has_a_name(cited: str | None, provision: str | None) -> None:
    own = replace(
        VOCABULARY,
        provisions=tuple(
            Entry(26, Citation.parse(f"26 U.S.C. 6103(i)(2)({part})"), None, name, "none")
            for part, name in (("A", "who"), ("B", "what"))
        ),
    )
    assert row_facts(request(authority_cited=cited), CONTEXT, own).facts["authority_provision"] == provision
