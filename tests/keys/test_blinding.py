"""Tokens agree exactly when the keys agree, and show nothing else of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wicketgate.core.identity import NameKey, PlaceKey, Question
from wicketgate.keys import Blinding
from wicketgate.keys.messages import question_message, question_of
from wicketgate.stages.comparison import level, middle_level, spelled_out

BLINDING = Blinding(b"k" * 32)
WORDS = st.sampled_from(["", "a", "b", "ab", "a b", "ann", "ann lee", "bo", "é", "7", "ann b"])
STATED = st.sampled_from(["", "?", "900700001", "900700002"])


def name(first: str = "", middle: str = "") -> NameKey:
    return BLINDING.name(NameKey(first, ("garcia",), middle, "jr", (5, -7), (1,)))


def place(point: str) -> PlaceKey:
    return BLINDING.place(PlaceKey(point, "", "salem", "OR", "97301"))


@given(WORDS, WORDS)
def test_names_compare_in_tokens_as_they_do_in_letters(one: str, other: str) -> None:
    assert middle_level(name(middle=one).middle, name(middle=other).middle) is middle_level(one, other)
    assert (name(one).first == name(other).first) is (one == other)
    assert spelled_out(name(one).first) is spelled_out(one)


@given(STATED, STATED)
def test_numbers_compare_in_tokens_as_they_do_in_digits(one: str, other: str) -> None:
    def token(value: str) -> str:
        return BLINDING.question(Question(name(), place("x"), value, value, (), period_bound=True)).tin

    assert level(token(one), token(other)) is level(one, other)


def test_nothing_of_the_values_is_left() -> None:
    asked = Question(
        NameKey("rosa", ("quintero",), "elena", "jr", (12345,), (-54321,)),
        PlaceKey("street|4821|juniper", "3b", "salem", "OR", "97301"),
        "900700001",
        "1984-05-06",
        (2022,),
        period_bound=True,
    )
    blinded = BLINDING.question(asked)
    shown = repr(question_message(blinded)).lower()
    for value in (
        "rosa",
        "quintero",
        "elena",
        "'jr'",
        "12345",
        "54321",
        "juniper",
        "3b'",
        "salem",
        "9007",
        "97301",
    ):
        assert value not in shown
    assert question_of(question_message(blinded)).name == blinded.name
    other = Blinding(b"j" * 32).question(asked)
    assert other.tin != blinded.tin
    assert blinded.name.first != BLINDING.name(NameKey("", ("rosa",), "", "", (), ())).surnames[0]
    assert (blinded.place.unit == "", BLINDING.place(PlaceKey("", "", "", "", "")).point) == (False, "")
