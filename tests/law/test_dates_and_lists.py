"""Facts that are days and facts that are lists: what the language says of them, and what it refuses."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.law.drafts import NAME, ON, PARAMETERS, loaded, rule, write
from wicketgate.core.catalogue import CATALOGUE, FIRST_DAY, LAST_DAY, MOST_ENTRIES
from wicketgate.core.facts import FactSpec, FactValue, day_number
from wicketgate.law import AuthorityError, CompiledLaw, compile_authority
from wicketgate.law.agreement import disagreements, hostile_batches, typed_columns
from wicketgate.law.describe import describe
from wicketgate.law.mutants import mutants_of
from wicketgate.law.prove.prover import alone, ask
from wicketgate.law.prove.suite import write_suite

ENTRY, REMOVAL, REVIEW = "2025-08-13", "2023-09-13", "2026-03-01"
DAYS = """
[first_day]
sense = "The first day that counts."
unit = "day"
values = [{ from = 2020-01-01, value = 2024-06-30, reference = "First." }]
"""
RULES = (
    "entry_on > prior_removal_on AND entry_on <= reviewed_on",
    "reviewed_on - entry_on <= parameter.threshold",
    "reviewed_on <= entry_on + parameter.threshold - 1",
    "entry_on >= parameter.first_day",
    "NOT entry_on = parameter.first_day",
    "each(items IN ('thing', 'more'))",
    "NOT each(items IN ('thing', 'more'))",
    "some(items NOT IN ('all'))",
    "NOT some(items IN ('all', 'unlisted'))",
    "count(items) <= 2",
    "count(items) + items_count > 3",
    "present(items) OR present(entry_on)",
)


def typed(folder: Path, *requires: str) -> CompiledLaw:
    """A law with one element for each rule."""
    rules = [
        rule(f"A{number}", needs=["form"], require=require)
        for number, require in enumerate(requires, start=1)
    ]
    write(folder, *rules, parameters_toml=PARAMETERS + DAYS)
    return compile_authority(loaded(folder))


def shows(folder: Path, require: str, **facts: object) -> bool:
    return typed(folder, require).evaluate({"form": "written", **facts}) == 1  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("require", "entry", "expected"),
    [
        ("entry_on > prior_removal_on", "2023-09-14", True),
        ("entry_on > prior_removal_on", REMOVAL, False),
        ("entry_on > prior_removal_on", None, False),
        ("NOT entry_on > prior_removal_on", None, False),
        ("NOT entry_on > prior_removal_on", REMOVAL, True),
        ("entry_on <> prior_removal_on", None, False),
        ("entry_on <= reviewed_on", REVIEW, True),
        ("entry_on <= reviewed_on", "2026-03-02", False),
        ("entry_on <= reviewed_on", "2025-02-29", False),
        ("entry_on <= reviewed_on", "20250813", False),
        ("entry_on <= reviewed_on", "2025-W33-3", False),
        ("entry_on <= reviewed_on", "2025-08-13T00:00:00", False),
        ("entry_on <= reviewed_on", "\uff12\uff10\uff12\uff15-08-13", False),
        ("entry_on <= reviewed_on", date(2025, 8, 13), False),
        ("entry_on <= reviewed_on", 739476, False),
        ("reviewed_on - entry_on <= parameter.threshold", "2026-01-30", True),
        ("reviewed_on - entry_on <= parameter.threshold", "2026-01-29", False),
        ("reviewed_on <= entry_on + parameter.threshold", "2026-01-30", True),
        ("reviewed_on <= entry_on + parameter.threshold", "2026-01-29", False),
        ("reviewed_on - 30 <= entry_on", "2026-01-30", True),
        ("entry_on >= parameter.first_day", "2024-06-30", True),
        ("entry_on >= parameter.first_day", "2024-06-29", False),
        ("entry_on + 1 > parameter.first_day", "2024-06-30", True),
        ("present(entry_on)", FIRST_DAY.isoformat(), True),
        ("present(entry_on)", "1899-12-31", False),
        ("present(entry_on)", LAST_DAY.isoformat(), True),
        ("present(entry_on)", "2200-01-01", False),
    ],
)
def test_days_are_compared_and_counted(require: str, entry: object, expected: bool, tmp_path: Path) -> None:
    shown = shows(tmp_path, require, entry_on=entry, prior_removal_on=REMOVAL, reviewed_on=REVIEW)
    assert shown is expected


@pytest.mark.parametrize(
    ("require", "items", "expected"),
    [
        ("each(items IN ('thing', 'more'))", ("thing",), True),
        ("each(items IN ('thing', 'more'))", ["thing", "more", "thing"], True),
        ("each(items IN ('thing', 'more'))", ("thing", "all"), False),
        ("each(items IN ('thing', 'more'))", (), False),
        ("each(items NOT IN ('thing', 'more'))", (), False),
        ("NOT some(items IN ('all'))", (), False),
        ("NOT some(items IN ('all'))", None, False),
        ("NOT some(items IN ('all'))", ("thing",), True),
        ("NOT some(items IN ('all'))", ("thing", "all"), False),
        ("some(items IN ('all'))", ("thing", "all"), True),
        ("some(items NOT IN ('all'))", ("all", "all"), False),
        ("NOT each(items IN ('all'))", ("all", "thing"), True),
        ("NOT each(items NOT IN ('all'))", ("all", "thing"), True),
        ("NOT each(items NOT IN ('all'))", ("thing",), False),
        ("each(items IN ('thing'))", ("thing", None), False),
        ("each(items IN ('thing'))", ("thing", 1), False),
        ("each(items IN ('thing'))", ("thing", ""), False),
        ("each(items IN ('thing'))", "thing", False),
        ("each(items IN ('thing'))", {"thing"}, False),
        ("some(items IN ('thing'))", ("thing", "x" * 61), False),
        ("count(items) = 3", ("thing", "thing", "all"), True),
        ("count(items) <= 64", ("thing",) * MOST_ENTRIES, True),
        ("count(items) <= 64", ("thing",) * (MOST_ENTRIES + 1), False),
        ("count(items) >= 1", (), False),
    ],
)
def test_lists_are_asked_for_their_entries(
    require: str, items: object, expected: bool, tmp_path: Path
) -> None:
    assert shows(tmp_path, require, items=items) is expected


@pytest.mark.parametrize(
    ("require", "problem"),
    [
        ("entry_on > 5", "compares a date with a number"),
        ("items_count <= entry_on", "compares a date with a number"),
        ("entry_on > '2025-01-01'", "orders texts"),
        ("entry_on = '2025-01-01'", "mixes types"),
        ("entry_on IN ('2025-01-01')", "mixes types"),
        ("entry_on IN (5)", "mixes types"),
        ("entry_on", "must be compared"),
        ("DATE '2025-01-01' < entry_on", "neither a fact"),
        ("entry_on + prior_removal_on > reviewed_on", "write the date first"),
        ("5 + entry_on > reviewed_on", "write the date first"),
        ("5 - entry_on > reviewed_on", "write the date first"),
        ("reviewed_on - entry_on > prior_removal_on", "compares a date with a number"),
        ("reviewed_on - 5 - entry_on > parameter.first_day", "compares a date with a number"),
        ("entry_on <= items_count", "compares a date with a number"),
        ("parameter.first_day > parameter.first_day", "compares no fact"),
        ("entry_on - prior_removal_on > 200000", "outside the bounds"),
        ("items = 'thing'", "is a list"),
        ("items <> 'thing'", "is a list"),
        ("items IN ('thing')", "is a list"),
        ("items", "must be compared"),
        ("items > 3", "list fact where an integer is needed"),
        ("each(items)", "must say of a list"),
        ("each(items = 'thing')", "must say of a list"),
        ("each(items IN ('thing'), form = 'written')", "must say of a list"),
        ("each(form IN ('written'))", "is not a list"),
        ("some(items IN ('things'))", "is not a value of items"),
        ("some(items IN (1))", "mixes types"),
        ("some(items IN ())", "list of literals"),
        ("some(items IN (SELECT 1))", "neither a fact"),
        ("each(each(items IN ('thing')) IN ('thing'))", "where a fact is needed"),
        ("some(switch.S1_choice IN ('strict'))", "where a fact is needed"),
        ("EACH(items IN ('thing'))", "neither a fact"),
        ("every(items IN ('thing'))", "neither a fact"),
        ("count(form) = 1", "is not a list"),
        ("count(items, form) = 1", "is not an integer expression"),
        ("count(items) > 64 AND count(items) < 1 + 64 - 65", "outside the bounds"),
        ("count(items) = 0", "outside the bounds"),
        ("count() = 1", "cannot be read|is not an integer expression"),
        ("count(items)", "is not allowed here"),
        ("NOT present(items)", "never help a request"),
    ],
)
def test_everything_else_about_them_is_refused(require: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(AuthorityError, match=problem) as refused:
        typed(tmp_path, require)
    assert str(refused.value).startswith(f"authority {NAME}, authority.md, A1: ")


def test_a_parameter_has_numbers_or_days_and_not_both(tmp_path: Path) -> None:
    mixed = DAYS.replace("values = [", "values = [{ from = 2019-01-01, value = 5, reference = 'Earlier.' }, ")
    write(tmp_path, rule(), parameters_toml=mixed)
    with pytest.raises(AuthorityError, match="all numbers or all dates"):
        loaded(tmp_path)
    write(tmp_path / "timed", rule(), parameters_toml=DAYS.replace("2024-06-30", "2024-06-30T10:00:00"))
    with pytest.raises(AuthorityError, match="must be a date such as"):
        loaded(tmp_path / "timed")


def test_the_digest_follows_a_day(tmp_path: Path) -> None:
    first = typed(tmp_path / "a", "entry_on >= parameter.first_day").authority
    write(
        tmp_path / "b",
        rule("A1", require="entry_on >= parameter.first_day"),
        parameters_toml=PARAMETERS + DAYS.replace("2024-06-30", "2024-07-01"),
    )
    assert loaded(tmp_path / "b").digest != first.digest
    assert first.parameters["first_day"] == date(2024, 6, 30)


def test_they_are_told_in_words(tmp_path: Path) -> None:
    needs = describe(typed(tmp_path, *RULES).authority).needs
    told = [" and ".join(need.conditions) for need in needs.values()]
    assert told == [
        AFTER_AND_NOT_AFTER,
        "the number of days from the day of the entry to the day of the review is at most 30",
        "the day of the review is not after 1 days before 30 days after the day of the entry",
        "the day of the entry is not before 30 June 2024",
        "the day of the entry is not 30 June 2024",
        "every one of the items asked for is “thing” or “more”",
        "at least one of the items asked for is other than “thing” or “more”",
        "at least one of the items asked for is other than “all”",
        "none of the items asked for is “all” or “unlisted”",
        "the number of items asked for is at most 2",
        "the number of items asked for plus the number of items asked for is more than 3",
        "either the items asked for are stated, or the day of the entry is stated",
    ]


AFTER_AND_NOT_AFTER = (
    "the day of the entry is after the day of the prior removal and "
    "the day of the entry is not after the day of the review"
)
SEEDS: list[dict[str, FactValue]] = [
    {
        "form": "written",
        "entry_on": ENTRY,
        "prior_removal_on": REMOVAL,
        "reviewed_on": REVIEW,
        "items": ("thing",),
        "items_count": 1,
    },
    {"form": "written", "entry_on": "2024-06-30", "reviewed_on": REVIEW, "items": ("all", "more", "all")},
]


def test_python_and_duckdb_agree_on_hostile_days_and_lists(tmp_path: Path) -> None:
    law = typed(tmp_path, *RULES)
    seen: set[int] = set()
    for batch in hostile_batches(law, SEEDS, 20_000, seed=20260301):
        assert disagreements(law, batch) == []
        seen.update(law.evaluate(row) for row in batch.rows)  # type: ignore[arg-type]
    assert len(seen) > 60


def test_an_infinite_or_ancient_day_in_a_column_is_unknown(tmp_path: Path) -> None:
    law = typed(tmp_path, "present(entry_on)", "entry_on <= reviewed_on", "reviewed_on - entry_on > -1")
    columns = typed_columns(law)
    (word,) = law.duckdb_words()
    with duckdb.connect() as connection:
        for day in ("infinity", "-infinity", "0044-03-15 (BC)", "99999-01-01", "1899-12-31"):
            cells = {"entry_on": f"DATE '{day}'", "form": "'written'", "reviewed_on": f"DATE '{REVIEW}'"}
            told = ", ".join(f'{cells[fact]} AS "{fact}"' for fact in columns)
            (found,) = connection.execute(f"SELECT {word} FROM (SELECT {told})").fetchall()
            assert law.shown(found) == 0, day


def test_a_column_of_other_dates_or_lists_is_unknown(tmp_path: Path) -> None:
    law = typed(tmp_path, "present(entry_on)", "present(items)", "each(items IN ('thing'))")
    (word,) = law.duckdb_words()
    others = (
        "TIMESTAMP '2025-08-13'",
        "'2025-08-13'",
        "5",
        "TRUE",
        "[5]",
        "[['thing']]",
        "{'a': 1}",
        "'[thing]'",
    )
    with duckdb.connect() as connection:
        for other in others:
            told = f"'written' AS form, {other} AS entry_on, {other} AS items"
            (found,) = connection.execute(f"SELECT {word} FROM (SELECT {told})").fetchall()
            assert law.shown(found) == 0, other


def test_what_is_proved_of_days_and_lists_is_true_of_the_compiled_rules(tmp_path: Path) -> None:
    law = typed(
        tmp_path,
        "entry_on > prior_removal_on AND entry_on <= reviewed_on",
        "reviewed_on - entry_on <= 30 OR entry_on >= parameter.first_day",
        "each(items IN ('thing', 'more'))",
        "some(items IN ('more')) OR count(items) = 1",
    )
    # `ask` replays every request of the solver on the compiled rules, and raises where they differ.
    failures = [outcome for outcome in ask(alone(law), {}) if not outcome.holds]
    assert failures == []


@pytest.mark.parametrize(
    ("requires", "kind"),
    [
        (
            ("entry_on > prior_removal_on", "prior_removal_on > entry_on"),
            "no two elements contradict each other",
        ),
        (("each(items IN ('thing'))", "some(items IN ('all'))"), "no two elements contradict each other"),
        (
            ("entry_on > prior_removal_on OR entry_on <= prior_removal_on",),
            "every element can fail on known facts",
        ),
        (
            ("each(items IN ('thing')) OR some(items NOT IN ('thing'))",),
            "every element can fail on known facts",
        ),
        (("count(items) >= 1",), "every element can fail on known facts"),
        (("each(items IN ('thing'))", "NOT some(items IN ('all'))"), "every element can be the only finding"),
        (
            ("each(items IN ('thing')) AND NOT some(items IN ('all'))",),
            "every part of a rule decides something",
        ),
    ],
)
def test_mistakes_about_them_are_found(requires: tuple[str, ...], kind: str, tmp_path: Path) -> None:
    law = typed(tmp_path, *requires)
    broken = {outcome.kind.value for outcome in ask(alone(law), {}) if not outcome.holds}
    assert kind in broken


def test_their_mutants_are_made_and_told_apart(tmp_path: Path) -> None:
    write(
        tmp_path,
        rule(
            "A1",
            needs=["form"],
            require="entry_on >= parameter.first_day AND each(items IN ('thing', 'more'))",
        ),
        parameters_toml=PARAMETERS + DAYS,
    )
    law = compile_authority(loaded(tmp_path))
    changes = {mutant.change.removeprefix("A1: ") for mutant in mutants_of(law, 0)}
    assert changes >= {
        "entry_on >= 2024-06-30 becomes entry_on >= 2024-07-01",
        "entry_on >= 2024-06-30 becomes entry_on >= 2024-06-29",
        "entry_on >= 2024-06-30 becomes entry_on > 2024-06-30",
        "each(items IN ('thing', 'more')) becomes some(items IN ('thing', 'more'))",
        "each(items IN ('thing', 'more')) becomes some(items NOT IN ('thing', 'more'))",
        "each(items IN ('thing', 'more')) becomes each(items NOT IN ('thing', 'more'))",
        "each(items IN ('thing', 'more')) becomes present(items)",
        "each(items IN ('thing', 'more')) loses 'more'",
        "each(items IN ('thing', 'more')) gains 'all'",
    }
    suite = write_suite(NAME, on=ON, root=tmp_path)
    assert suite.unchanging == ()
    assert suite.rows > 5


def test_a_value_of_a_table_is_read_as_a_request_has_it() -> None:
    day, items = CATALOGUE["entry_on"], CATALOGUE["items"]
    assert day.of_column(date(2025, 8, 13)) == ENTRY
    assert day.of_column(date(1899, 12, 31)) is None
    assert day.of_column(None) is None
    assert items.of_column(["thing", "more"]) == ("thing", "more")
    assert items.of_column([]) is None
    assert items.of_column(["thing", None]) is None
    assert FactSpec("x", "list", minimum=1, maximum=2, longest=5, values=("a",)).admit(["a", "b"]) is None
    assert day_number("0001-01-01") == 1
    assert day_number("2025-13-01") is None
