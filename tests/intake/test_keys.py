"""Keys: requests that share something share its key, however it is written."""

from __future__ import annotations

from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.custodian import keys
from wicketgate.stages.facts import officer_key
from wicketgate.stages.facts.keys import reasons_key
from wicketgate.stages.folding import spaced_words


@given(st.text("abz 09-_é語\ud800"), st.sets(st.sampled_from(["ab", "ba", "zz", "éa"])))
def test_the_reasons_key_is_of_the_words_that_are_no_names_and_hold_no_digit(
    text: str, names: set[str]
) -> None:
    said = spaced_words(text)
    kept = [word for word in said.split() if word.isalpha() and word not in names]
    assert reasons_key(said, names) == digest_of(f"reasons {' '.join(kept)} ")


def digest_of(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def test_the_same_reasons_with_other_names_and_numbers_are_the_same_reasons() -> None:
    one = keys(reasons="Maria García López, A-number 123, fled on 3 May.")
    other = keys(
        taxpayer_first_name="Juan",
        taxpayer_last_name="Pérez",
        reasons="JUAN PEREZ (a number 98): fled on 14 May",
    )
    assert one.reasons_key == other.reasons_key
    assert keys(reasons="Maria hid on 3 May").reasons_key != one.reasons_key
    assert keys(reasons=None).reasons_key is None


def test_an_officer_is_the_same_however_written() -> None:
    assert keys(engaged_officers="A. Agent|1234|DHS; a  AGENT |1234| dhs").officer_keys == (
        officer_key("A. Agent|1234|DHS"),
    )
    assert len({officer_key(text) for text in ("A|1|DHS", "A|2|DHS", "B|1|DHS", "A|1|DOJ")}) == 4
    assert keys(engaged_officers=None).officer_keys == ()


def test_a_person_is_known_by_number_and_by_name_with_birth_date() -> None:
    both = keys(taxpayer_tin="123-45-6780").person_keys
    assert len(both) == 2
    assert set(both) & set(keys(taxpayer_tin="123456780", taxpayer_last_name="Else").person_keys)
    assert set(both) & set(keys(taxpayer_first_name="MARÍA", taxpayer_last_name="Garcia-Lopez").person_keys)
    assert not set(both) & set(keys(taxpayer_birth_date="1980-05-02").person_keys)


def test_a_person_with_nothing_else_is_known_by_name() -> None:
    (one,) = keys(taxpayer_birth_date=None).person_keys
    (other,) = keys(taxpayer_birth_date="unknown", taxpayer_tin="000000000").person_keys
    assert one == other
    nobody = keys(taxpayer_birth_date=None, taxpayer_first_name=None, taxpayer_last_name=None)
    assert nobody.person_keys == ()
    assert nobody.name_key is None


def test_father_and_son_are_two_persons() -> None:
    assert keys(taxpayer_suffix="Jr.").name_key == keys(taxpayer_suffix="JR").name_key
    assert keys(taxpayer_suffix="Jr.").name_key != keys().name_key


def test_a_delivery_point_is_the_same_however_written() -> None:
    one = keys().address_key
    assert (
        one
        == keys(
            address_line1="1234 ELM ST", address_line2="# 5", address_postal_code="77002-1111"
        ).address_key
    )
    assert one != keys(address_line2="Apt 6").address_key
    assert one != keys(address_postal_code="77003").address_key
    assert keys(address_line1=None, address_line2=None).address_key is None


@pytest.mark.parametrize("number", ["hsi 2025 0042", "HSI.2025.0042"])
def test_a_matter_is_the_same_however_written_and_whoever_asks(number: str) -> None:
    assert keys().matter_key == keys(matter_number=number, requesting_agency="DOJ").matter_key


def test_a_matter_that_is_not_identified_is_shared_with_nobody() -> None:
    assert keys(matter_number="pending").matter_key is None


def test_kinds_of_keys_do_not_mix() -> None:
    found = keys(matter_number="1-2", reasons="x")
    every = [
        found.reasons_key,
        found.matter_key,
        found.address_key,
        found.name_key,
        *found.officer_keys,
        *found.person_keys,
    ]
    assert len(set(every)) == len(every)
