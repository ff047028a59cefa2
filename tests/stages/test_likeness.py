"""Reasons that are nearly the same are found, marked where they are, and told apart from what is not."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from wicketgate.stages.folding import folded_words
from wicketgate.stages.likeness import STRETCH, likeness, reading, sketch

SPOKEN = ("order", "final", "served", "told", "refused", "depart", "notice", "héard", "O'Neil", "May")
WORDS = st.lists(st.sampled_from(SPOKEN), max_size=30)


@given(WORDS, WORDS)
def test_likeness_is_symmetric_and_marks_what_both_hold(one: list[str], other: list[str]) -> None:
    left, right = " ".join(one), ", ".join(other)
    found, back = likeness(left, right), likeness(right, left)
    assert found.percent == back.percent
    assert (found.one, found.other) == (back.other, back.one)
    assert (found.percent > 0) is bool(found.one) is bool(found.other)
    for spans, text in ((found.one, left), (found.other, right)):
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert all(a[1] <= b[0] for a, b in pairwise(spans))


@given(WORDS)
def test_names_aside_the_same_text_is_wholly_alike(words: list[str]) -> None:
    text = " ".join(words)
    one, other = f"Rosa {text} Quintero", f"Nadia {text} Okafor"
    long_enough = len([w for w in words if w.isalpha() or "'" in w]) >= STRETCH
    assert (likeness(one, other, "Rosa Quintero", "Nadia Okafor").percent == 100) is long_enough
    assert sketch(one, "Rosa Quintero") == sketch(other, "Nadia Okafor")


@given(st.text(max_size=80))
def test_words_are_read_as_the_names_are(text: str) -> None:
    for stretch in reading(text).stretches:
        for word in stretch:
            assert word == folded_words(word).replace(" ", "")
