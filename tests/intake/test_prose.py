"""Phrases in prose: what one pass finds is what reading word by word finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wicketgate.stages.facts.prose import Phrases
from wicketgate.stages.facts.words import DENIALS, TURNS
from wicketgate.stages.folding import spaced_words, words_of

PHRASES = {
    "willfulness": ("refused to leave", "refused", "false papers"),
    "role": ("under investigation", "target"),
    "locate": ("to locate", "locate the target"),
    "civil": ("removal", "false"),
}
WORDS = sorted({word for texts in PHRASES.values() for text in texts for word in text.split()})
PROSE = st.lists(st.sampled_from([*WORDS, "not", "never", "but", "then", "he", "Añejo", "2024"]), max_size=14)


@given(PROSE, st.sampled_from([" ", ". ", ", ", " -- ", "\n"]))
def test_one_pass_finds_what_reading_word_by_word_finds(words: list[str], between: str) -> None:
    text = between.join(words)
    assert Phrases(PHRASES).kinds_in(spaced_words(text)) == _read(words_of(text))


@given(st.text() | st.text("aB1 .'`-_\t\u00e9\u0301\u2019", max_size=30))
def test_spaced_words_are_the_words(text: str) -> None:
    words = words_of(text)
    assert spaced_words(text) == (f" {' '.join(words)} " if words else "")


def test_a_phrase_may_be_of_two_kinds() -> None:
    phrases = Phrases({"role": ("target",), "locate": ("target",)})
    assert phrases.kinds_in(spaced_words("The target.")) == {"role", "locate"}
    assert phrases.kinds_in(spaced_words("Not a target.")) == {"locate"}


def test_no_phrases_are_in_no_text() -> None:
    assert Phrases({"role": ()}).kinds_in(spaced_words("The target.")) == set()


def _read(words: list[str]) -> set[str]:
    return {
        kind
        for kind, texts in PHRASES.items()
        for phrase in map(words_of, texts)
        for at in range(len(words))
        if words[at : at + len(phrase)] == phrase
        and not (kind in ("willfulness", "role") and _denied(words[max(0, at - 3) : at]))
    }


def _denied(before: list[str]) -> bool:
    """The last of the few words before that denies or turns decides."""
    telling = [word for word in before if word in DENIALS or word in TURNS]
    return bool(telling) and telling[-1] in DENIALS
