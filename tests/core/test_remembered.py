"""An answer that is remembered is the answer, and what is remembered is bounded."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wicketgate.core.remembered import Remembered


@given(st.lists(st.integers(0, 9)), st.integers(1, 5))
def test_what_is_remembered_is_what_the_function_says(asked: list[int], most: int) -> None:
    calls: list[int] = []

    def function(value: int) -> str:
        calls.append(value)
        return str(value)

    remembered = Remembered(function, most)
    for value in asked:
        assert remembered[value] == str(value)
        assert len(remembered) <= most
    assert set(calls) == set(asked)


def test_each_question_is_answered_once_while_there_is_room() -> None:
    calls: list[int] = []

    def function(value: int) -> int:
        calls.append(value)
        return -value

    remembered = Remembered(function, 2)
    assert [remembered[value] for value in (1, 2, 1, 2, 1)] == [-1, -2, -1, -2, -1]
    assert calls == [1, 2]
