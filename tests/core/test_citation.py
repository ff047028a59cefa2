import pytest
from hypothesis import given
from hypothesis import strategies as st

from wicketgate.core.citation import Citation


@pytest.mark.parametrize(
    "text",
    [
        "26 U.S.C. § 6103(i)(2)(B)(iv)",
        "26 U.S.C. 6103(i)(2)(B)(iv)",
        "26 USC 6103 (i) (2) (B) (iv)",
        " 26 u.s.c. sec. 6103(i)(2)(B)(iv). ",
        "26 U.S.C.A. §6103(i)(2)(B)(iv)",
    ],
)
def test_one_clause_however_it_is_written(text: str) -> None:
    assert Citation.parse(text) == Citation(26, "U.S.C.", "6103", ("i", "2", "B", "iv"))


def test_a_regulation_is_a_citation_too() -> None:
    assert str(Citation.parse("45 CFR 164.512(f)(1)(ii)(C)")) == "45 CFR § 164.512(f)(1)(ii)(C)"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Title 8",
        "immigration law",
        "8 U.S.C.",
        "8 U.S.C. 1253, 1325",
        "8 U.S.C. 1253 and 1326",
        "8 U.S.C. 1253-1260 et seq.",
        "6103(i)(2)",
        "8 U.S.C. 1253(a",
        "1" * 500,
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="one citation"):
        Citation.parse(text)


def test_a_section_covers_its_clauses_and_not_its_neighbours() -> None:
    section = Citation.parse("26 U.S.C. 6103(i)(2)")
    assert section.covers(Citation.parse("26 U.S.C. 6103(i)(2)(A)"))
    assert section.covers(section)
    assert not section.covers(Citation.parse("26 U.S.C. 6103(i)(1)"))
    assert not section.covers(Citation.parse("26 U.S.C. 6103"))
    assert not Citation.parse("8 U.S.C. 1324").covers(Citation.parse("8 U.S.C. 1324d"))


def test_clauses_differ_by_case() -> None:
    assert Citation.parse("26 U.S.C. 6103(i)") != Citation.parse("26 U.S.C. 6103(I)")


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        parsed = Citation.parse(text)
    except ValueError:
        return
    assert Citation.parse(str(parsed)) == parsed
