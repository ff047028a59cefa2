"""A comparison shows requests that the two versions really treat otherwise, and says when there are none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from tests.law.drafts import ON, VOCABULARY, compiled, rule, write
from tests.law.sound_law import NAME, OVERLAY, SOUND, sound
from tests.law.statute import BASE, LAW, SEEDS, STATUTE, VALID
from wicketgate.core.context import SwitchValue
from wicketgate.core.finding import Determination
from wicketgate.law import CompiledLaw, compile_authority, load
from wicketgate.law.compare import Change, Comparison, compare
from wicketgate.law.mutants import mutants
from wicketgate.law.prove import ProofError
from wicketgate.law.prove.solvers import Cvc5
from wicketgate.law.prove.witness import complete_request


def under(**switches: SwitchValue) -> CompiledLaw:
    return compile_authority(load(STATUTE, on=ON, switches=switches))


def agrees(old: CompiledLaw, new: CompiledLaw, found: Comparison) -> None:
    """Every witness is as both laws say themselves."""
    for witness in found.witnesses:
        before, after = (law.determination(law.evaluate(witness.facts)) for law in (old, new))
        assert (before, after) == (witness.old, witness.new)
        expected = {
            Change.PASSES: after is Determination.SUFFICIENT is not before,
            Change.RELIEVED: (before, after) == (Determination.DEFICIENT, Determination.REFERRED),
            Change.REFERRED: (before, after) == (Determination.SUFFICIENT, Determination.REFERRED),
            Change.DEFICIENT: after is Determination.DEFICIENT is not before,
        }
        assert expected[witness.change]
        assert witness.elements


def test_a_version_is_equal_to_itself() -> None:
    found = compare(BASE, BASE)
    assert (found.relation, found.witnesses, found.elements, found.readings) == ("equal", (), (), ())


def test_the_agreement_makes_the_statute_strictly_stricter_and_never_the_other_way_round() -> None:
    found = compare(BASE, LAW, base=VALID)
    assert found.relation == "stricter"
    assert {witness.change for witness in found.witnesses} == {Change.DEFICIENT}
    assert all(witness.text for witness in found.witnesses)
    agrees(BASE, LAW, found)
    back = compare(LAW, BASE, base=VALID)
    assert back.relation == "looser"
    assert {witness.change for witness in back.witnesses} == {Change.PASSES}
    agrees(LAW, BASE, back)


@pytest.mark.parametrize(
    ("switches", "change", "element", "text"),
    [
        ({"S4_officer_caseload": 499}, Change.PASSES, "B7/caseload", "an officer named is 26"),
        ({"S5_requester_level": "component_head"}, Change.PASSES, "A2", "signatory is component_head"),
        ({"S6_locate_only_reason": "human"}, Change.RELIEVED, "B5/locate", "locating the person only"),
        ({"S6_locate_only_reason": "accept"}, Change.PASSES, "B5/locate", "locating the person only"),
        ({"S7_civil_dual_use": "human"}, Change.RELIEVED, "B9/civil", "a civil purpose"),
    ],
)
def test_a_looser_answer_shows_the_request_that_it_lets_through(
    switches: Mapping[str, SwitchValue], change: Change, element: str, text: str
) -> None:
    new = under(**switches)
    found = compare(BASE, new, base=VALID)
    assert found.relation == "looser"
    agrees(BASE, new, found)
    (first, *_) = [witness for witness in found.witnesses if witness.change is change]
    assert first.elements == (element,)
    assert any(text in line for line in first.text)
    assert compare(new, BASE).relation == "stricter"
    (name,) = switches
    assert any(reading.startswith(f"switch {name}: ") for reading in found.readings)


def test_a_witness_differs_from_the_complete_request_in_what_matters_only() -> None:
    found = compare(BASE, under(S4_officer_caseload=100), base=VALID)
    (witness,) = found.witnesses
    assert {fact for fact in VALID if witness.facts[fact] != VALID[fact]} == {"officer_requests_max"}
    assert witness.facts["officer_requests_max"] == 26


def test_some_newly_pass_and_others_newly_fail(tmp_path: Path) -> None:
    old = compiled(tmp_path / "old", rule(), rule("A2", needs=["items_count"], require="items_count = 1"))
    new = compiled(
        tmp_path / "new",
        rule(require="form IN ('written', 'oral')"),
        rule("A2", needs=["items_count"], require="items_count = 1", severity="refer"),
        rule("A3", needs=["officers_count"], require="officers_count >= 1"),
    )
    found = compare(old, new)
    assert found.relation == "neither"
    assert [witness.change for witness in found.witnesses] == [
        Change.PASSES,
        Change.RELIEVED,
        Change.DEFICIENT,
    ]
    assert [witness.elements for witness in found.witnesses] == [("A1",), ("A2",), ("A3",)]
    agrees(old, new, found)


def test_a_finding_that_is_lost_without_changing_a_determination_is_named() -> None:
    with_overlay = sound(OVERLAY)
    lost = [element for element in with_overlay.elements if element.id != "M2"]
    rules = [r for e, r in zip(with_overlay.elements, with_overlay.rules, strict=True) if e.id != "M2"]
    without = CompiledLaw(replace(with_overlay.authority, elements=tuple(lost)), rules)
    found = compare(with_overlay, without)
    assert found.relation == "equal"
    assert found.elements == ("M2",)


def test_no_more_requests_are_shown_than_asked_for() -> None:
    new = compile_authority(
        replace(BASE.authority, elements=tuple(e for e in BASE.elements if not e.id.startswith("A")))
    )
    few = [witness.change for witness in compare(BASE, new, limit=2).witnesses]
    assert few == [Change.PASSES, Change.PASSES, Change.RELIEVED, Change.RELIEVED]
    assert len(compare(BASE, new, limit=100).witnesses) == sum(e.id.startswith("A") for e in BASE.elements)


def test_whatever_is_said_to_be_equal_is_equal_for_hostile_requests() -> None:
    small = sound()
    base = complete_request(small)
    for mutant in islice(mutants(small), 0, None, 7):
        changed = mutant.law(small)
        found = compare(small, changed, base=base)
        agrees(small, changed, found)
        if found.relation == "equal":
            for facts in SEEDS:
                assert small.determination(small.evaluate(facts)) is changed.determination(
                    changed.evaluate(facts)
                )


def test_a_vocabulary_that_reads_otherwise_is_told(tmp_path: Path) -> None:
    vocabulary = VOCABULARY.replace('profile = ["thing"]', 'profile = ["thing", "number"]').replace(
        '"1 U.S.C. 2(a)"', '"1 U.S.C. 2"'
    )
    old = compile_authority(load(NAME, on=ON, root=write(tmp_path / "old")))
    new = compile_authority(load(NAME, on=ON, root=write(tmp_path / "new", vocabulary_toml=vocabulary)))
    found = compare(old, new)
    assert found.relation == "equal"
    assert found.readings == (
        "scope 1 U.S.C. § 2(a): listed before, none now",
        "scope 1 U.S.C. § 2: none before, listed now",
        "item number: none before, profile now",
    )


def test_an_undecided_comparison_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Cvc5, "tell", lambda self, commands: "unknown")
    with pytest.raises(ProofError, match="cannot be compared"):
        compare(sound(), sound(root=SOUND))
