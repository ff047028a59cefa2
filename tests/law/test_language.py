"""The rule language is a whitelist: what is not listed is refused, with the place and the allowed form."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.law.drafts import compiled, rule
from wicketgate.core.catalogue import CATALOGUE
from wicketgate.law import AuthorityError


def refusal(folder: Path, require: str) -> str:
    with pytest.raises(AuthorityError) as refused:
        compiled(folder, rule(require=require))
    return str(refused.value)


def shows(folder: Path, require: str, **facts: str | int | bool | None) -> bool:
    return compiled(folder, rule(require=require)).evaluate({"form": "written", **facts}) == 1


@pytest.mark.parametrize(
    "require",
    [
        "coalesce(items_count, 0) = 0",
        "items_count IS NULL",
        "items_count IS NOT NULL",
        "CASE WHEN sole_use_attested THEN sole_use_attested END",
        "form LIKE 'w%'",
        "lower(form) = 'written'",
        "length(form) = 7",
        "(SELECT 1) = 1",
        "items_count IN (SELECT 1)",
        "EXISTS (SELECT 1)",
        "items_count = NULL",
        "items_count IN (1, NULL)",
        "form BETWEEN 'a' AND 'b'",
        "items_count BETWEEN 1 AND 2",
        "items_count / 2 = 1",
        "items_count * 2 = 2",
        "items_count % 2 = 0",
        "items_count || form = '1'",
        "CAST(items_count AS INTEGER) = 1",
        "items_count::INTEGER = 1",
        "random() > 0",
        "TRUE",
        "sole_use_attested = TRUE",
        "1 = 1",
        "'a' = 'a'",
        "25",
        "items_count",
        "form",
        "form = 'written' -- and so on",
        "form = 'written' /* and so on */",
        "form = 'written'; DROP TABLE rows",
        "form == 'written'",
        "form != 'written'",
        "items_count <=> 1",
        "form < 'x'",
        "form >= 'written'",
        "form = items_count",
        "form = 1",
        "items_count = '1'",
        "items_count = 1.5",
        "items_count = 1e2",
        "items_count = 0x10",
        "items_count IN (1, '1')",
        "form IN ('written', 1)",
        "form IN ()",
        "form IN 'written'",
        "form = agency_level",
        "sole_use_attested = officers_of_agency",
        "sole_use_attested + 1 = 2",
        "form + 1 = 2",
        "\"form\" = 'written'",
        "rows.form = 'written'",
        "form = 'written' COLLATE NOCASE",
        "form = e'written'",
        "form = x'41'",
        "form = 'writ' 'ten'",
        "form = 'it''s'",
        "form = 'written\u200b'",
        "form = 'Written'",
        "form = 'writen'",
        "form = ''",
        "form IN ('written', 'spoken')",
        "unknown_fact = 1",
        "parameter.unknown >= items_count",
        "items_count <= parameter",
        "items_count <= threshold",
        "switch.S9 = 'strict'",
        "switch.S1_choice = 'strictest'",
        "switch.S1_choice < 'strict'",
        "switch.S1_choice",
        "switch.S2_number = 'strict'",
        "switch.S2_number = 25",
        "form = switch.S1_choice",
        "items_count <= switch.S1_choice",
        "'written' = form",
        "present()",
        "present(form, agency)",
        "present(present(form))",
        "present('form')",
        "present(1)",
        "PRESENT(form)",
        "absent(form)",
        "NOT present(form)",
        "NOT (form = 'written' AND present(agency))",
        "and form = 'written'",
        "form = 'written' and sole_use_attested",
        "form = 'written' AND",
        "(form = 'written'",
        "form = 'written')",
        "NOT",
        "items_count - - 1 = 2",
        "items_count -- 1 = 2",
        "+ items_count = 1",
        "- items_count = 1",
        "items_count = -1",
        "items_count <= 1001",
        "items_count IN (1, 1001)",
        "period_latest <= 10000",
        "signature_age_days >= -40001",
        "items_count <= 9223372036854775808",
        "items_count + 9223372036854775807 > 0",
        "items_count - 9223372036854775807 - 9223372036854775807 < 0",
        "items_count <= 99999999999999999999999999",
        "ітems_count = 1",
        "form = 'written'\u00a0",
        "(" * 30 + "sole_use_attested" + ")" * 30,
        " OR ".join(["sole_use_attested"] * 300),
        "NOT " * 390 + "sole_use_attested",
    ],
)
def test_whatever_is_not_listed_is_refused(require: str, tmp_path: Path) -> None:
    sentence = refusal(tmp_path, require)
    assert sentence.startswith("authority draft-law, authority.md, A1: ")
    assert sentence.endswith(".")
    assert len(sentence) < 700


def test_a_refusal_names_the_character_and_the_allowed_form(tmp_path: Path) -> None:
    sentence = refusal(tmp_path, "form = 'written' AND coalesce(items_count, 0) = 0")
    assert "at character 22, `coalesce` is neither a fact of the catalogue" in sentence
    assert "allowed are facts, 'texts', integers, parameter.name" in sentence
    assert "its values are written, oral, electronic_query" in refusal(tmp_path, "form = 'writen'")


def test_a_missing_fact_can_never_help_so_presence_cannot_be_negated(tmp_path: Path) -> None:
    assert "a missing fact must never help a request" in refusal(tmp_path, "NOT present(form)")
    assert shows(tmp_path, "NOT NOT present(form)")


def test_every_fact_of_the_catalogue_can_be_written_in_a_rule(tmp_path: Path) -> None:
    rules = [
        rule(f"A{number}/{'x' * (index // 90 + 1)}", needs=[fact], require=f"present({fact})")
        for index, fact in enumerate(CATALOGUE)
        for number in [index % 90 + 1]
    ]
    assert compiled(tmp_path, *rules).facts == tuple(CATALOGUE)


@pytest.mark.parametrize(
    ("require", "facts", "expected"),
    [
        ("form = 'written'", {}, True),
        ("form <> 'written'", {}, False),
        ("form NOT IN ('oral')", {}, True),
        ("NOT form IN ('oral', 'written')", {}, False),
        ("items_count IN (1, 2)", {"items_count": 2}, True),
        ("items_count NOT IN (1, 2)", {"items_count": 3}, True),
        ("items_count <> 3", {"items_count": 3}, False),
        ("items_count + 1 <= 3", {"items_count": 2}, True),
        ("items_count + 1 <= 3", {"items_count": 3}, False),
        ("5 - (items_count - 1) = 4", {"items_count": 2}, True),
        ("items_count < officers_count", {"items_count": 2, "officers_count": 3}, True),
        ("items_count <= parameter.threshold", {"items_count": 30}, True),
        ("items_count <= parameter.threshold", {"items_count": 31}, False),
        ("items_count <= switch.S2_number", {"items_count": 25}, True),
        ("items_count <= switch.S2_number", {"items_count": 26}, False),
        ("switch.S1_choice = 'loose' OR sole_use_attested", {"sole_use_attested": False}, False),
        ("switch.S1_choice <> 'loose' AND sole_use_attested", {"sole_use_attested": True}, True),
        ("switch.S1_choice IN ('strict', 'loose') AND sole_use_attested", {"sole_use_attested": True}, True),
        ("switch.S1_choice NOT IN ('strict') OR sole_use_attested", {"sole_use_attested": False}, False),
        ("NOT (sole_use_attested OR items_count > 1)", {"sole_use_attested": False, "items_count": 1}, True),
        ("NOT (sole_use_attested AND items_count > 1)", {"sole_use_attested": True, "items_count": 1}, True),
        ("sole_use_attested OR items_count = 1 AND officers_count = 9", {"sole_use_attested": True}, True),
        ("signature_age_days >= -5", {"signature_age_days": -5}, True),
    ],
)
def test_what_is_listed_means_what_it_says(
    require: str, facts: dict[str, str | int | bool | None], expected: bool, tmp_path: Path
) -> None:
    assert shows(tmp_path, require, **facts) is expected
