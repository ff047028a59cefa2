"""The proofs themselves: what they say of the law, and that nothing undecided counts as proved."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.law.drafts import NAME, ON, compiled, loaded, rule, write
from tests.law.sound_law import OVERLAY, SOUND, sound
from tests.law.statute import LAW, SEEDS
from wicketgate.core.catalogue import CATALOGUE
from wicketgate.core.facts import FactValue
from wicketgate.law import AuthorityError, CompiledLaw, authorities
from wicketgate.law.agreement import hostile_batches
from wicketgate.law.predicate import Compare, Constant, Number, Quantity, Sum
from wicketgate.law.prove import Kind, Outcome, ProofError, ProofReport, prove, solvers
from wicketgate.law.prove.prover import alone, ask, beside
from wicketgate.law.prove.smt import ANOTHER, Writer, definitions, element_symbol, space_of
from wicketgate.law.prove.solvers import Cvc5, Solvers, answer
from wicketgate.law.prove.witness import Finder, said, same
from wicketgate.law.source import find


def broken(law: CompiledLaw) -> dict[Kind, Outcome]:
    """What does not hold of one law by itself; the first of each kind."""
    return {outcome.kind: outcome for outcome in reversed(ask(alone(law), {})) if not outcome.holds}


@pytest.mark.parametrize(
    ("name", "overlays"),
    [(name, chosen) for name in authorities() for chosen in ((), *((o,) for o in find(name).overlays()))],
)
def test_everything_holds_of_every_authority_that_ships(name: str, overlays: tuple[str, ...]) -> None:
    report = prove(name, overlays, on=ON)
    assert report.failures == ()
    assert report.all_hold


# The question is the law --------------------------------------------------


def test_the_question_says_of_every_request_what_the_compiled_rules_say() -> None:
    space = space_of(LAW)
    both = Solvers(space.declarations() + "\n" + definitions(LAW, space))
    rows = [row for batch in hostile_batches(LAW, SEEDS, 120, seed=7) for row in batch.rows]
    asked = 0
    for row in rows:
        facts = {fact: CATALOGUE[fact].admit(row.get(fact)) for fact in LAW.facts}
        terms = [same(space, fact, facts[fact]) for fact in space.facts]
        if "false" in terms:  # a text that the vocabulary never gives
            continue
        mask = LAW.evaluate(facts)
        for index, element in enumerate(LAW.elements):
            shown = element_symbol(element.id)
            terms.append(shown if mask >> index & 1 else f"(not {shown})")
        reached = LAW.determination(mask).value
        terms.append("|passes|" if reached == "sufficient" else "(not |passes|)")
        terms.append("|deficient|" if reached == "deficient" else "(not |deficient|)")
        assert both.decide(terms)[0].agreed == "sat"
        asked += 1
    assert asked > 60


def test_a_question_that_is_not_the_law_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Writer, "known", lambda self, fact: "true")
    with pytest.raises(ProofError, match="differ about"):
        prove(NAME, on=ON, root=SOUND)


def test_a_text_that_no_rule_names_stands_for_all_others(tmp_path: Path) -> None:
    law = compiled(tmp_path, rule(needs=["agency_root"], require="agency_root <> 'DHS'"))
    space = space_of(law)
    assert space.domains["agency_root"] == ("DHS", ANOTHER)
    assert same(space, "agency_root", "DOJ") == same(space, "agency_root", "EPA")
    assert "form" not in space.facts


# What each kind of obligation is for -------------------------------------


def test_a_rule_that_needs_nothing_lets_silence_pass(tmp_path: Path) -> None:
    law = compiled(tmp_path, rule())
    silent = CompiledLaw(law.authority, [((), Constant(value=True))])
    assert broken(silent)[Kind.SILENCE].why[0].startswith("A request for which it fails")
    assert Kind.CAN_FAIL in broken(silent)
    assert broken(law) == {}


def test_a_sum_may_not_leave_64_bits(tmp_path: Path) -> None:
    law = compiled(tmp_path, rule(needs=["items_count"], require="items_count >= 1"))
    huge = Compare(Sum(Quantity("items_count"), Number(2**63 - 1), minus=False), ">=", Number(1))
    assert set(broken(CompiledLaw(law.authority, [(("items_count",), huge)]))) == {
        Kind.BOUNDS,
        Kind.CAN_FAIL,
        Kind.ONLY,
    }


def test_what_takes_a_condition_away_does_not_only_add(tmp_path: Path) -> None:
    strict = compiled(tmp_path / "one", rule(), rule("A2", needs=["items_count"], require="items_count = 1"))
    loose = compiled(tmp_path / "two", rule())
    added = ask(beside(Kind.OVERLAY, "x", {"with it ": strict, "without it ": loose}), {})
    assert [outcome.holds for outcome in added] == [True, True]
    passes, deficient = ask(beside(Kind.OVERLAY, "x", {"with it ": loose, "without it ": strict}), {})
    assert not passes.holds
    assert not deficient.holds
    assert "the form of the request is written" in passes.why


def test_two_elements_that_exclude_each_other_are_named(tmp_path: Path) -> None:
    law = compiled(
        tmp_path,
        rule(),
        rule("A2", needs=["items_count"], require="items_count = 1"),
        rule("A3", needs=["items_count"], require="items_count > 5"),
    )
    why = broken(law)[Kind.TOGETHER].why
    assert why == ("These can never be true together: A2 is shown; A3 is shown.",)


def test_a_route_that_the_custodian_closed_is_no_mistake(tmp_path: Path) -> None:
    write(tmp_path, rule(require="form = 'written' AND switch.S1_choice = 'strict'"))
    by_default = prove(NAME, on=ON, root=tmp_path)
    assert Kind.ROUTE in {outcome.kind for outcome in by_default.obligations}
    by_choice = prove(NAME, on=ON, root=tmp_path, switches={"S1_choice": "loose"})
    (closed,) = [outcome for outcome in by_choice.obligations if outcome.kind is Kind.NO_ROUTE]
    assert closed.holds
    assert closed.subject == "A1"


def test_every_number_of_a_switch_is_compared_with_every_higher_one() -> None:
    report = prove(NAME, on=ON, root=SOUND)
    ranged = [outcome.subject for outcome in report.obligations if "S2_number" in outcome.subject]
    assert ranged == [
        "S2_number: lower before higher, 1 to 500: what passes",
        "S2_number: lower before higher, 1 to 500: what is deficient",
    ]


@pytest.mark.parametrize(
    ("implied_by", "problem"),
    [
        (["A1"], "not the id of another element"),
        (["a 2"], "not the id of another element"),
        ([], "at least one"),
        (["A2", "A2"], "twice"),
    ],
)
def test_implied_by_names_other_elements(implied_by: list[str], problem: str, tmp_path: Path) -> None:
    with pytest.raises(AuthorityError, match=problem):
        loaded(write(tmp_path, rule(implied_by=implied_by)))


# Undecided is not proved -------------------------------------------------


@pytest.mark.parametrize("word", ["unknown", "sat", "unsat"])
def test_what_two_solvers_do_not_decide_alike_is_not_proved(
    word: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    honest = Cvc5.tell

    def tell(self: Cvc5, commands: str) -> str:
        found = honest(self, commands)
        return word if "(check-sat)" in commands else found

    monkeypatch.setattr(Cvc5, "tell", tell)
    failures = [outcome for outcome in ask(alone(compiled(tmp_path, rule())), {}) if not outcome.holds]
    assert failures
    for outcome in failures:
        assert outcome.cvc5 == word
        assert "is not proved" in outcome.why[0]


def test_a_solver_that_runs_out_of_time_does_not_know() -> None:
    for kind in (solvers.Z3, solvers.Cvc5):
        session = kind(milliseconds=50)
        session.tell("(set-logic ALL)(declare-const a Int)(declare-const b Int)(declare-const c Int)")
        assert answer(session, ["(= (+ (* a a a) (* b b b) (* c c c)) 114)"]) == "unknown"
        assert answer(session, ["(= a 3)"]) == "sat"


def test_a_question_that_a_solver_cannot_read_is_refused() -> None:
    for kind in (solvers.Z3, solvers.Cvc5):
        with pytest.raises(ProofError, match="cannot read the question"):
            kind().tell("(assert (no-such-thing))")


def test_a_solver_that_runs_out_of_time_while_it_reads_proves_nothing() -> None:
    with pytest.raises(
        ProofError, match=r"z3 ran out of time while it read the question; nothing is proved\."
    ):
        solvers._checked("z3", '(error "line 251 column 352: push canceled")\nunknown\n')


def test_without_a_solver_there_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(solvers, "import_module", missing)
    with pytest.raises(ProofError, match=r"Proofs need the solver z3, .* install wicketgate\[prove\]"):
        prove(NAME, on=ON, root=SOUND)


def test_the_law_is_read_and_applied_without_the_solvers() -> None:
    program = (
        "import sys, wicketgate.law, wicketgate.law.prove, wicketgate.law.compare, wicketgate.cli\n"
        "assert not {'z3', 'cvc5'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


# Requests in words -------------------------------------------------------


def test_a_counterexample_differs_from_a_complete_request_only_where_it_must() -> None:
    law = sound(OVERLAY)
    space = space_of(law)
    question: Callable[[], Solvers] = lambda: Solvers(space.declarations() + "\n" + definitions(law, space))  # noqa: E731
    base: dict[str, FactValue] = Finder(question(), space, {}, law.rules).nearest(["|passes|"])
    assert law.determination(law.evaluate(base)).value == "sufficient"
    term = f"(not {element_symbol('B3')})"
    found = Finder(question(), space, base, law.rules).nearest([term])
    (fact,) = [fact for fact in CATALOGUE if found.get(fact) != base.get(fact)]
    assert fact in ("periods_form", "period_earliest", "period_latest", "review_year")
    assert found == Finder(question(), space, base, law.rules).nearest([term])


def test_every_fact_is_said_in_words() -> None:
    for fact, spec in CATALOGUE.items():
        values: dict[str, tuple[FactValue, ...]] = {
            "boolean": (True, False, None),
            "integer": (7, None),
            "text": ("x", None),
            "date": ("2026-03-01", None),
            "list": (("x", "y"), None),
        }
        sentences = [said(fact, value) for value in values[spec.type]]
        assert len(set(sentences)) == len(sentences)
        assert "not known" in sentences[-1]
        assert "_" not in " ".join(sentences)


# The report --------------------------------------------------------------


@pytest.fixture(scope="module")
def report() -> ProofReport:
    return prove(NAME, (OVERLAY,), on=ON, root=SOUND, switches={"S2_number": 100})


def test_the_report_names_the_version_that_was_proved(report: ProofReport) -> None:
    written = json.loads(report.to_json())
    law = loaded(SOUND, OVERLAY, switches={"S2_number": 100})
    assert written["authority_digest"] == report.digest == law.digest
    assert written["switches"] == {"S1_choice": "strict", "S2_number": 100}
    assert written["overlays"] == [OVERLAY]
    assert written["all_hold"] is True
    assert set(written["solvers"]) == {"z3", "cvc5"}
    assert len(written["obligations"]) == len(report.obligations) > 100


def test_the_report_counts_every_obligation_by_kind(report: ProofReport) -> None:
    lines = list(report.lines())
    assert [line.kind for line in lines] == [kind for kind in Kind if kind is not Kind.NO_ROUTE]
    assert sum(line.count for line in lines) == len(report.obligations)
    assert report.lines().__next__().failed == 0


def test_a_report_without_obligations_proves_nothing(report: ProofReport) -> None:
    empty = ProofReport(NAME, report.digest, ON, (), {}, (), report.solvers, report.seconds)
    assert not empty.all_hold


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    prove(
        NAME,
        on=ON,
        root=write(tmp_path, rule()),
        progress=lambda step, done, total: told.append((done, total)),
    )
    assert told == [(done, len(told)) for done in range(1, len(told) + 1)]
