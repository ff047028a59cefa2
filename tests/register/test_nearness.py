"""Whoever could be confused with somebody is seen; nobody is matched by likeness."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from wicketgate.core.identity import NameKey
from wicketgate.stages.comparison import confusable, name_key
from wicketgate.stages.folding import folded_words, near_forms

WORDS = st.text("abc", min_size=1, max_size=6)


@given(WORDS, WORDS)
def test_words_within_one_edit_share_a_form_and_words_three_apart_do_not(one: str, other: str) -> None:
    distance = OSA.distance(one, other)
    near = not near_forms(one).isdisjoint(near_forms(other))
    if distance <= 1 and len(one) + len(other) > 2:
        assert near
    if distance > 2:
        assert not near


@given(st.text(max_size=40))
def test_folding_is_stable(text: str) -> None:
    assert folded_words(folded_words(text)) == folded_words(text)
    assert folded_words(text.upper().lower()) == folded_words(text.lower())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("José García", "JOSE GARCIA"),
        ("Robert Hill", "Bob Hills"),
        ("Ann Smith", "Alice Smyth"),
        ("Pepe Ruiz", "José Ruis"),
        ("Juan García-López", "Juana López"),
        ("Mary O'Brien", "Molly OBrian"),
        ("Maria de+la+Cruz", "Mario Delacruz"),
        ("J Nguyen", "John Nguyen"),
    ],
)
def test_names_that_a_reader_could_confuse(one: str, other: str) -> None:
    assert confusable(_key(one), _key(other))
    assert confusable(_key(other), _key(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("José García", "Marta García"),
        ("José García", "José Hernández"),
        ("Ana de+la+Cruz", "Ana de+la+Rosa"),
        ("Robert Hill", "Dorothy Hill"),
    ],
)
def test_names_that_nobody_confuses(one: str, other: str) -> None:
    assert not confusable(_key(one), _key(other))


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("GARCÍA-LÓPEZ", "garcia lopez"),
        ("O’Brien", "obrien"),
        ("Straße", "strasse"),
        ("Łukasz", "lukasz"),
        ("Bjørn Æsir", "bjorn aesir"),
        ("ﬁ Ⅲ", "fi iii"),
        ("  d'Arc,  Jeanne. ", "darc jeanne"),
        ("İnönü", "inonu"),
        ("--", ""),
        (None, ""),
    ],
)
def test_folding(written: str | None, folded: str) -> None:
    assert folded_words(written) == folded


def test_suffix_inside_the_surname_field() -> None:
    assert name_key("Al", None, "Smith Jr.", None) == name_key("Al", "", "Smith", "Junior")
    assert name_key("Al", None, "Smith Jr.", "III").surnames == ("smith", "jr")
    assert name_key("Al", None, "Jr", None).surnames == ("jr",)


def _key(name: str) -> NameKey:
    first, last = name.split(" ")
    return name_key(first, None, last.replace("+", " "), None)
