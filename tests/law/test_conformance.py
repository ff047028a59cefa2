"""The suite that ships beside each authority: complete, up to date, and right on every engine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.law.drafts import NAME, ON, rule, write
from tests.law.sound_law import sound
from tests.law.statute import STATUTE
from wicketgate.core.facts import Facts
from wicketgate.core.finding import Determination
from wicketgate.law import AuthorityError, CompiledLaw, authorities
from wicketgate.law.conformance import ENGINES, FILE, Suite, read_suite, replay, told_apart
from wicketgate.law.mutants import mutants
from wicketgate.law.prove import ProofError
from wicketgate.law.prove.solvers import Cvc5
from wicketgate.law.prove.suite import Teller, described, plan, write_suite
from wicketgate.law.source import find


@pytest.fixture(scope="module")
def suite() -> Suite:
    return read_suite(STATUTE)


@pytest.mark.parametrize("name", authorities())
def test_the_suite_is_what_the_solvers_write_today(name: str) -> None:
    shipped = find(name).read(FILE)
    written = write_suite(name, on=read_suite(name).on).to_text()
    assert written == shipped, f"run `wicketgate authority conformance {name} --write` on its {FILE}"


@pytest.mark.parametrize("name", authorities())
@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_replays_it(name: str, engine: str) -> None:
    for setting in read_suite(name).settings:
        assert replay(setting.law, setting.rows, ENGINES[engine](setting.law)) == []


@pytest.mark.parametrize("name", authorities())
def test_every_mutant_is_told_from_the_law_or_provably_changes_nothing(name: str) -> None:
    shipped = read_suite(name)
    rows = {(s.overlays, tuple(s.switches.items())): s.rows for s in shipped.settings}
    alike = []
    count = 0
    for setting, wanted in plan(name, on=shipped.on):
        for mutant in wanted:
            count += 1
            told_by = rows.get((setting.overlays, tuple(setting.switches.items())), ())
            if not told_apart(setting.law, mutant, told_by):
                alike.append(described(mutant, setting))
    assert tuple(alike) == shipped.unchanging
    assert count == shipped.mutants
    assert len(alike) < count


def test_told_apart_means_that_the_mutant_as_a_law_of_its_own_gives_another_answer() -> None:
    law = sound()
    teller = Teller(law, {})
    for mutant in list(mutants(law))[::5]:
        facts = teller.request(mutant)
        changed = mutant.law(law)
        if facts is not None:
            assert answer(law, facts) != answer(changed, facts), mutant.change


def answer(law: CompiledLaw, facts: Facts) -> tuple[set[str], Determination]:
    mask = law.evaluate(facts)
    missing = {element.id for index, element in enumerate(law.elements) if not mask >> index & 1}
    return missing, law.determination(mask)


def test_a_wrong_engine_is_noticed(suite: Suite) -> None:
    setting = suite.settings[0]

    def wrong(requests: list[Facts] | tuple[Facts, ...] | object) -> list[int]:
        assert isinstance(requests, list)
        return [setting.law.evaluate(facts) | 1 for facts in requests]

    problems = replay(setting.law, setting.rows, wrong)
    assert 0 < len(problems) < len(setting.rows)
    assert "by the suite it is A1" in " ".join(problems)
    assert replay(setting.law, setting.rows, lambda requests: []) == [
        f"The engine answered 0 of {len(setting.rows)} requests."
    ]


def test_the_suite_covers_every_element_every_way_and_every_determination(suite: Suite) -> None:
    for setting in suite.settings[:1]:
        own = {element.id for element in setting.law.elements}
        assert set().union(*(row.not_shown for row in setting.rows)) == own
        assert any(not row.not_shown for row in setting.rows)
        assert {row.determination.value for row in setting.rows} == {"sufficient", "referred", "deficient"}
    assert {name for setting in suite.settings for name in setting.switches} >= {
        "S4_officer_caseload",
        "S5_requester_level",
        "S6_locate_only_reason",
    }
    assert any(setting.overlays for setting in suite.settings)


def test_a_draft_gets_a_suite_of_its_own(tmp_path: Path) -> None:
    write(tmp_path, rule(), rule("A2", needs=["items_count"], require="items_count <= 25", severity="refer"))
    written = write_suite(NAME, on=ON, root=tmp_path)
    (tmp_path / "draft_law" / FILE).write_text(written.to_text())
    read = read_suite(NAME, tmp_path)
    assert read.to_text() == written.to_text()
    assert read.rows == written.rows > 3
    told = {row.tells: row for setting in read.settings for row in setting.rows}
    assert told["A2: items_count <= 25 becomes items_count < 25"].facts["items_count"] == 25


@pytest.mark.parametrize(
    ("line", "change", "problem"),
    [
        (0, {"base": {"nothing": 1}}, "no fact of the catalogue"),
        (0, {"base": {"items_count": -1}}, "cannot be -1"),
        (0, {"on": "today"}, "cannot be read"),
        (1, {"set": {"form": "shouted"}}, "cannot be 'shouted'"),
        (1, {"set": []}, "a table `set`"),
        (1, {"determination": "fine"}, "cannot be read"),
        (1, {"switches": {"S9": "x"}}, "there is no switch"),
        (1, {"overlays": ["none"]}, "has no overlay"),
    ],
)
def test_a_malformed_suite_is_refused_in_a_sentence(
    line: int, change: dict[str, object], problem: str, tmp_path: Path
) -> None:
    text = write_suite(NAME, on=ON, root=write(tmp_path, rule())).to_text()
    entries = [json.loads(one) for one in text.splitlines()]
    entries[line] |= change
    file = tmp_path / "draft_law" / FILE
    file.write_text("\n".join(json.dumps(entry) for entry in entries))
    with pytest.raises(AuthorityError, match=problem):
        read_suite(NAME, tmp_path)
    file.write_text("not json")
    with pytest.raises(AuthorityError, match="cannot be read as a conformance suite"):
        read_suite(NAME, tmp_path)
    file.unlink()
    with pytest.raises(AuthorityError, match="missing"):
        read_suite(NAME, tmp_path)


def test_an_undecided_mutant_stops_the_writing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Cvc5, "tell", lambda self, commands: "unknown")
    with pytest.raises(ProofError, match="of a mutant"):
        write_suite(NAME, on=ON, root=write(tmp_path, rule()))
