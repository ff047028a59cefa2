"""Mistakes that people make in rules, and what catches each: the reader, `prove` or `compare`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.law.drafts import ON
from tests.law.sound_law import MISTAKES, NAME, OVERLAY, SOUND, sound, with_mistake
from wicketgate.law import AuthorityError
from wicketgate.law.compare import compare
from wicketgate.law.prove import Kind, prove


def made(by: str) -> list[dict[str, Any]]:
    return [mistake for mistake in MISTAKES if mistake["caught"]["by"] == by]


def named(mistake: dict[str, Any]) -> str:
    return str(mistake["name"])


def overlays(mistake: dict[str, Any]) -> tuple[str, ...]:
    return (OVERLAY,) if mistake.get("file", "").startswith("overlays") else ()


@pytest.mark.parametrize("mistake", made("read"), ids=named)
def test_the_reader_refuses(mistake: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(AuthorityError, match=mistake["caught"]["as"]):
        sound(*overlays(mistake), root=with_mistake(mistake, tmp_path))


@pytest.mark.parametrize("mistake", made("prove"), ids=named)
def test_a_proof_fails(mistake: dict[str, Any], tmp_path: Path) -> None:
    report = prove(NAME, overlays(mistake), on=ON, root=with_mistake(mistake, tmp_path))
    assert Kind[mistake["caught"]["as"]] in {outcome.kind for outcome in report.failures}
    assert not report.all_hold
    assert all(outcome.why for outcome in report.failures)


@pytest.mark.parametrize("mistake", made("compare"), ids=named)
def test_a_comparison_names_the_element(mistake: dict[str, Any], tmp_path: Path) -> None:
    found = compare(sound(), sound(root=with_mistake(mistake, tmp_path)))
    assert found.relation != "equal"
    assert mistake["caught"]["as"] in {name for witness in found.witnesses for name in witness.elements}


@pytest.mark.parametrize("mistake", made("readings"), ids=named)
def test_a_comparison_names_what_else_differs(mistake: dict[str, Any], tmp_path: Path) -> None:
    found = compare(sound(), sound(root=with_mistake(mistake, tmp_path)))
    assert found.relation == "equal"
    assert any(reading.startswith(mistake["caught"]["as"]) for reading in found.readings)


@pytest.mark.parametrize("overlays", [(), (OVERLAY,)])
def test_without_a_mistake_everything_holds(overlays: tuple[str, ...]) -> None:
    report = prove(NAME, overlays, on=ON, root=SOUND)
    assert report.failures == ()
    assert report.all_hold


def test_there_are_more_than_twenty_mistakes_beside_those_of_the_research() -> None:
    assert len(MISTAKES) == len({mistake["name"] for mistake in MISTAKES}) > 8 + 20
    assert Counter(mistake["caught"]["by"] for mistake in MISTAKES).keys() == {
        "read",
        "prove",
        "compare",
        "readings",
    }
