"""Synthetic submissions against their truth: nothing unlawful, nearly everything lawful."""

from pathlib import Path

from tests.campaigns.disclosures import run


def test_the_gate_does_what_the_truth_allows(tmp_path: Path) -> None:
    tallies = run(
        tmp_path,
        persons=4_000,
        submissions=[("lawful", 1_000), ("mixed", 1_000), ("august-2025", 1_500)],
        seed=11,
    )
    for kind, tally in tallies.items():
        assert tally.wrong_person == 0, (kind, tally)
        assert tally.not_allowed == 0, (kind, tally)
    assert tallies["august-2025"].disclosed == 0
    lawful = tallies["lawful"]
    assert lawful.answered >= 0.9 * lawful.should > 0
