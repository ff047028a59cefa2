"""One version on every day, never two and never none; nothing is activated that is not green."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wicketgate.law.activation import (
    Activation,
    ActivationError,
    chained,
    choose,
    last_day,
    read_activation,
    require_cases,
    require_comparison,
    require_conformance,
    require_place,
    require_proofs,
    standing,
)

DAY = timedelta(days=1)
JANUARY, MARCH, JUNE = date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 1)


def act(
    first: date, last: date | None = None, *, after: Sequence[Activation] = (), on: date = JANUARY
) -> Activation:
    number = len(after) + 1
    return Activation(
        number=number,
        authority="draft-law",
        overlays=(),
        switches={"S1_choice": "strict", "S2_number": 25},
        authority_digest=f"sha256:{number:064x}",
        first=first,
        last=last,
        activated_on=on,
        evidence={"proofs.json": "sha256:aa"},
        files={"authority/draft_law/authority.md": "sha256:bb"},
        previous=after[-1].digest if after else "",
    )


def acts(*stretches: tuple[date, date | None]) -> list[Activation]:
    found: list[Activation] = []
    for first, last in stretches:
        found.append(act(first, last, after=found))
    return found


def refused(known: Sequence[Activation], first: date, today: date, *, replace: bool = False) -> str:
    with pytest.raises(ActivationError) as problem:
        require_place(known, first, today, replace=replace)
    return str(problem.value)


def test_the_day_of_the_review_chooses_the_version() -> None:
    known = acts((JANUARY, None), (MARCH, None))
    assert choose(known, JANUARY).number == 1
    assert choose(known, MARCH - DAY).number == 1
    assert choose(known, MARCH).number == 2
    assert choose(known, date.max).number == 2


def test_no_version_is_guessed_for_a_day_that_has_none() -> None:
    with pytest.raises(ActivationError, match="No version has been activated"):
        choose([], MARCH)
    with pytest.raises(ActivationError, match="the first begins on 2026-01-01"):
        choose(acts((JANUARY, None)), JANUARY - DAY)
    lapsed = acts((JANUARY, MARCH))
    assert choose(lapsed, MARCH).number == 1
    with pytest.raises(ActivationError, match="activate it from 2026-03-02"):
        choose(lapsed, MARCH + DAY)


def test_the_first_version_may_begin_on_any_day() -> None:
    for first in (date.min, JANUARY, JUNE, date.max):
        require_place([], first, MARCH)


def test_a_version_may_follow_from_today_or_later() -> None:
    known = acts((JANUARY, None))
    require_place(known, MARCH, MARCH)
    require_place(known, JUNE, MARCH)


def test_overlaps_are_refused() -> None:
    known = acts((JANUARY, None))
    assert "overlap with the version that is in force from 2026-01-01" in refused(known, JANUARY, MARCH)
    assert "begin after 2026-02-28" in refused(known, JANUARY - DAY, MARCH)
    assert "begin after 2026-01-01" in refused(known, JANUARY, JANUARY, replace=True)


def test_no_act_is_dated_before_the_one_before_it() -> None:
    known = [act(MARCH, on=MARCH)]
    assert "is dated 2026-02-28" in refused(known, JUNE, MARCH - DAY)
    require_place(known, JUNE, MARCH)


def test_days_that_were_decided_stay_as_they_were_decided() -> None:
    sentence = refused(acts((JANUARY, None)), JANUARY + DAY, MARCH)
    assert "from 2026-01-02 through 2026-02-28 have been decided" in sentence
    assert "begin on 2026-03-01" in sentence


def test_gaps_are_refused() -> None:
    known = acts((JANUARY, MARCH))
    assert "from 2026-03-02 through 2026-05-31" in refused(known, JUNE, JANUARY)
    require_place(known, MARCH + DAY, JANUARY)


def test_a_gap_that_time_has_made_is_closed_from_its_first_day_on() -> None:
    known = acts((JANUARY, MARCH))
    require_place(known, MARCH + DAY, JUNE)
    assert "begin on 2026-03-02" in refused(known, MARCH, JUNE)
    assert "gap" in refused(known, JUNE, JUNE)


def test_a_version_that_has_not_begun_never_begins_when_that_is_said() -> None:
    known = acts((JANUARY, None), (JUNE, None))
    for first in (MARCH + DAY, JUNE):
        assert "is to begin on 2026-06-01" in refused(known, first, MARCH)
        require_place(known, first, MARCH, replace=True)
    after = [*known, act(MARCH, after=known)]
    assert [version.number for version in standing(after)] == [1, 3]
    assert choose(after, JUNE).number == 3
    assert "overlap" in refused(known, JUNE, JUNE, replace=True)


DAYS = st.integers(0, 40).map(lambda n: JANUARY + n * DAY)


@given(
    wishes=st.lists(
        st.tuples(DAYS, st.none() | st.integers(0, 15), st.integers(0, 5), st.booleans()), max_size=12
    )
)
def test_whatever_is_asked_for_no_day_has_two_versions_and_no_decided_day_changes(
    wishes: list[tuple[date, int | None, int, bool]],
) -> None:
    known: list[Activation] = []
    today = JANUARY
    for first, length, pause, replacing in wishes:
        today += pause * DAY
        before = list(known)
        with suppress(ActivationError):
            require_place(known, first, today, replace=replacing)
            last = first + length * DAY if length is not None else None
            known.append(act(first, last, after=known, on=today))
        for number in range(60):
            day = JANUARY + number * DAY
            if day < today and (old := chosen(before, day)):
                assert chosen(known, day) == old
    covered = [number for number in range(60) if chosen(known, JANUARY + number * DAY)]
    if known:
        end = standing(known)[-1].last
        final = 59 if end is None else min(59, (end - JANUARY).days)
        assert covered == list(range(covered[0], final + 1))


def chosen(known: Sequence[Activation], day: date) -> int | None:
    try:
        return choose(known, day).number
    except ActivationError:
        return None


def test_a_text_stands_until_the_day_before_it_changes() -> None:
    assert last_day([JANUARY, JUNE, MARCH], JANUARY) == MARCH - DAY
    assert last_day([JANUARY, JUNE, MARCH], JUNE) is None
    assert last_day([], JUNE) is None


def test_nothing_is_activated_that_is_not_green() -> None:
    require_cases([])
    with pytest.raises(ActivationError, match="2 problems, the first: A1 is not shown"):
        require_cases(["A1 is not shown.", "more"])
    require_proofs("sha256:aa", "sha256:aa", [])
    with pytest.raises(ActivationError, match="the proofs are of sha256:bb"):
        require_proofs("sha256:aa", "sha256:bb", [])
    with pytest.raises(ActivationError, match="one problem: silence"):
        require_proofs("sha256:aa", "sha256:aa", ["silence"])
    require_conformance(1, {"python": [], "duckdb": []})
    with pytest.raises(ActivationError, match="on duckdb finds one problem: row 1"):
        require_conformance(1, {"python": [], "duckdb": ["row 1"]})
    with pytest.raises(ActivationError, match="has no rows"):
        require_conformance(0, {"python": []})


def test_whoever_lets_more_through_names_the_comparison() -> None:
    require_comparison("sha256:aa", None, admits_more=False)
    require_comparison("sha256:aa", "sha256:aa", admits_more=True)
    with pytest.raises(ActivationError, match="--accept-comparison sha256:aa"):
        require_comparison("sha256:aa", None, admits_more=True)
    for admits_more in (True, False):
        with pytest.raises(ActivationError, match="is not this one, which is sha256:aa"):
            require_comparison("sha256:aa", "sha256:bb", admits_more=admits_more)


def test_a_record_is_read_as_it_was_written_or_not_at_all() -> None:
    for other in (act(JANUARY), replace(act(JANUARY, MARCH), overlays=("extra", "order"))):
        assert read_activation(json.loads(json.dumps(other.content()))) == other
    one = act(JANUARY, MARCH)
    written = json.loads(json.dumps(one.content()))
    assert read_activation(written) == one
    records: list[object] = [
        None,
        [],
        "x",
        {},
        written | {"format": "wicketgate-activation/2"},
        written | {"number": True},
        written | {"number": "1"},
        written | {"first": "20260101"},
        written | {"first": 1},
        written | {"last": "never"},
        written | {"switches": {"S1": None}},
        written | {"overlays": "x"},
        written | {"overlays": [1]},
        written | {"overlays": [None]},
        written | {"files": {"a": 1}},
        written | {"more": 1},
        {key: value for key, value in written.items() if key != "previous"},
    ]
    for broken in records:
        with pytest.raises(ActivationError, match="is not an activation record"):
            read_activation(broken)


def test_acts_are_a_chain_that_shows_what_was_changed_or_taken_away() -> None:
    known = acts((JANUARY, None), (MARCH, None), (JUNE, None))
    chained([])
    chained(known)
    for broken in (
        known[1:],
        [known[0], known[2]],
        [known[1], known[0], known[2]],
        [replace(known[0], first=JANUARY + DAY), *known[1:]],
    ):
        with pytest.raises(ActivationError, match="does not follow the one before"):
            chained(broken)
