"""Nobody but the person meant, in a small version of the campaign `identities`."""

from __future__ import annotations

import pytest

from tests.campaigns.identities import Found, population, run
from wicketgate.synthetic.identity import GENUINE


@pytest.fixture(scope="module")
def found() -> Found:
    found = Found()
    run(found, people=12_000, seed=20, rounds=3)
    return found


def test_nobody_else_is_ever_found(found: Found) -> None:
    assert found.eligible.total() > 9_000
    assert found.wrong.total() == 0


def test_nine_in_ten_genuine_requests_with_a_second_discriminator_are_answered(found: Found) -> None:
    assert found.genuine > 10_000
    assert found.answered >= 0.9 * found.genuine


def test_every_kind_is_asked_and_only_what_is_right_is_answered(found: Found) -> None:
    assert set(found.requests) == {
        *GENUINE,
        *("typo", "nickname", "transliteration", "one of two surnames", "unit missing", "initial only"),
        *("wrong number", "stranger at the address", "namesake at the address"),
        *("namesake not on file", "family not on file", "housemate not on file", "home not on file"),
    }
    # A slip in the ZIP code is no difference while the town agrees; every other kind is wrong in what counts.
    answered = {kind for kind, n in found.eligible.items() if n}
    assert answered == {*GENUINE, "typo"}


def test_the_same_seed_asks_the_same(found: Found) -> None:
    once, again = (list(population(300, 3, 2)) for _ in range(2))
    assert once == again
    assert once != list(population(300, 4, 2))


def test_most_of_the_population_is_on_file_and_every_person_meant_is(found: Found) -> None:
    parts = list(population(5_000, 8, 1))
    on_file = {member.person[0] for home, _ in parts for member in home.on_file}
    assert 0.82 < len(on_file) / 5_000 < 0.88
    for home, cases in parts:
        missing = {member.person[0] for member in home.missing}
        for case in cases:
            assert case.person_id in on_file or case.person_id == ""
            assert case.person_id not in missing
