import pytest

from wicketgate.core.roles import Role
from wicketgate.core.states import FINAL, INITIAL, TRANSITIONS, State, TransitionError, allowed, step


def reachable(start: State) -> set[State]:
    seen, todo = {start}, [start]
    while todo:
        here = todo.pop()
        for transition in TRANSITIONS:
            if transition.source is here and transition.target not in seen:
                seen.add(transition.target)
                todo.append(transition.target)
    return seen


def test_every_state_is_reachable_from_the_first() -> None:
    assert reachable(INITIAL) == set(State)


def test_the_table_names_each_step_once() -> None:
    steps = [(t.source, t.target) for t in TRANSITIONS]
    assert len(steps) == len(set(steps))


def test_nothing_is_released_that_was_not_examined_verified_and_approved() -> None:
    def paths(here: State, walked: tuple[State, ...]) -> list[tuple[State, ...]]:
        if here is State.RELEASED:
            return [walked]
        following = [t.target for t in TRANSITIONS if t.source is here and t.target not in walked]
        return [path for target in following for path in paths(target, (*walked, target))]

    found = paths(INITIAL, (INITIAL,))
    assert found
    needed = [State.SUFFICIENT, State.ENDORSED, State.VERIFIED, State.APPROVED, State.RELEASED]
    for path in found:
        assert [state for state in path if state in needed][-5:] == needed


def test_approval_and_endorsement_belong_to_different_roles() -> None:
    assert step(State.SUFFICIENT, State.ENDORSED, Role.EXAMINER).act == "endorse"
    assert step(State.VERIFIED, State.APPROVED, Role.APPROVER).act == "approve"
    with pytest.raises(TransitionError, match="Only the approver may approve"):
        step(State.VERIFIED, State.APPROVED, Role.EXAMINER)


def test_a_deficient_request_stays_deficient() -> None:
    with pytest.raises(TransitionError, match="deficient cannot become verified"):
        step(State.DEFICIENT, State.VERIFIED, Role.GATE)
    assert State.DEFICIENT in FINAL


def test_a_held_request_begins_again() -> None:
    assert [t.target for t in TRANSITIONS if t.source is State.HELD] == [State.RECEIVED]


def test_the_inspector_changes_no_request() -> None:
    assert not any(allowed(state, Role.INSPECTOR) for state in State)
