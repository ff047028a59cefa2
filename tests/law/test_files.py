"""The files of an authority are read by whitelist too."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.law.drafts import (
    NAME,
    ON,
    PARAMETERS,
    SWITCHES,
    VOCABULARY,
    compiled,
    document,
    loaded,
    overlay,
    rule,
    section,
    write,
)
from wicketgate.core.context import SwitchValue
from wicketgate.core.finding import Severity
from wicketgate.law import AuthorityError, compile_authority, load
from wicketgate.law.incident_words import IncidentWords, incident_words


def refusal(folder: Path, *overlays: str) -> str:
    with pytest.raises(AuthorityError) as refused:
        compile_authority(loaded(folder, *overlays))
    return str(refused.value)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"fixme": "x"}, "the key `fixme` is unknown"),
        *[({key: None}, f"the key `{key}` is missing") for key in rule() if key != "id"],
        ({"needs": []}, "at least one fact"),
        ({"needs": ["nothing"]}, "not a fact of the catalogue"),
        ({"needs": ["form", "form"]}, "twice"),
        ({"needs": "form"}, "must be a list"),
        ({"needs": [1]}, "must be a text"),
        ({"message": " "}, "not empty"),
        ({"message": "x" * 401}, "at most 400"),
        ({"message": "a\u202eb"}, "invisible"),
        ({"message": "e\u0301"}, "non-normalised"),
        ({"remedy": ""}, "not empty"),
        ({"remedy": 1}, "must be a text"),
        ({"severity": "fatal"}, "none of: defect, refer, note"),
        ({"severity": {"switch": "S9", "strict": "defect"}}, "not a switch with named values"),
        ({"severity": {"switch": "S2_number"}}, "not a switch with named values"),
        ({"severity": {"switch": "S1_choice", "strict": "defect"}}, "`loose` is missing"),
        (
            {"severity": {"switch": "S1_choice", "strict": "defect", "loose": "note", "unlawful": "note"}},
            "`unlawful` is unknown",
        ),
        ({"cite": "26 U.S.C. 1 and 2"}, "not one citation"),
        ({"effective_from": "2020-01-01"}, "must be a date"),
        ({"effective_to": date(2019, 1, 1)}, "before"),
        ({"code": "a1"}, "is not of the form"),
        ({"require": ""}, "not empty"),
        ({"require": "form = 'written'" + " " * 4_000 + "OR form = 'oral'"}, "at most 4000"),
    ],
)
def test_a_rule_that_is_not_complete_and_known_is_refused(
    changes: dict[str, object], problem: str, tmp_path: Path
) -> None:
    write(tmp_path, rule(**changes))
    sentence = refusal(tmp_path)
    assert problem in sentence
    assert "authority.md, A1" in sentence


def test_an_id_is_used_once_and_stands_in_its_heading(tmp_path: Path) -> None:
    assert "used twice" in refusal(write(tmp_path, rule(), rule()))
    for identity in ("a1", "A123", "A1/", "A1/Stale", "A1:B2"):
        assert "is not of the form" in refusal(write(tmp_path, rule(identity)))
    text = document([section(rule(), heading="A2")])
    assert "the heading must begin with the id" in refusal(write(tmp_path, authority_md=text))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "must begin with"),
        ("Prose first.\n# Title\n", "the first line must be"),
        (document([]), "has no element"),
        (document([section(rule())]) + "\n# Another\n", "one `# title` only"),
        (document([section(rule()), "### A2 Empty\n\nProse.\n"]), "exactly one ```toml rule block"),
        (document([section(rule()) + "\n```toml rule\n```\n"]), "at most one block"),
        (document([section(rule()) + "\n```python\n```\n"]), "only `#`"),
        (document([section(rule()) + "\n<!-- hidden -->\n"]), "only `#`"),
        (document([section(rule()) + "\n#### Deep\n"]), "only `#`"),
        (document([section(rule()).replace("The sense.", "")]), "sense must stand beside"),
        (document([section(rule()).replace("\n```\n", "\n")]), "not closed"),
        (document([section(rule()).replace('id = "A1"', "id = ")]), "not valid TOML"),
        (
            document([section(rule()).replace("toml rule", "toml authority")]),
            "exactly one ```toml rule block",
        ),
        (document([section(rule())], front=f'name = "{NAME}"'), "`cite` is missing"),
        (document([section(rule())], front='name = "other"\ncite = "1 U.S.C. 2"'), "the folder is that of"),
        (document([section(rule())], front=f'name = "{NAME}"\ncite = "somewhere"'), "not one citation"),
        (document([section(rule())], kind="overlay"), "```toml authority block"),
    ],
)
def test_a_document_with_anything_else_in_it_is_refused(text: str, problem: str, tmp_path: Path) -> None:
    assert problem in refusal(write(tmp_path, authority_md=text))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x", "not valid TOML"),
        (PARAMETERS + "\n[other]\nsense='x'\nunit='y'\nvalues=[]", "at least one entry"),
        (PARAMETERS.replace("value = 25", "value = '25'"), "must be an integer"),
        (PARAMETERS.replace("value = 25", "value = true"), "must be an integer"),
        (PARAMETERS.replace("2020-01-01", "2027-01-01"), "in order of their dates"),
        (PARAMETERS.replace("2020-01-01", "2020-02-30"), "not valid TOML"),
        (PARAMETERS.replace('reference = "First."', 'reference = ""'), "not empty"),
        (PARAMETERS.replace('unit = "things"', 'unit = "things"\nmore = 1'), "`more` is unknown"),
    ],
)
def test_parameters_are_dated_integers_with_a_reference(text: str, problem: str, tmp_path: Path) -> None:
    assert problem in refusal(write(tmp_path, parameters_toml=text))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (SWITCHES.replace('default = "strict"', 'default = "unlawful"'), "held it unlawful"),
        (SWITCHES.replace('default = "strict"', 'default = "other"'), "must be one of: strict, loose"),
        (SWITCHES.replace("default = 25", "default = 501"), "from 1 to 500"),
        (SWITCHES.replace('value = "loose"', 'value = "strict"'), "twice"),
        (SWITCHES.replace('question = "Which?"', ""), "`question` is missing"),
        (SWITCHES.replace('sense = "The loose one."', 'sense = "x"\nwhy = "y"'), "`why` is unknown"),
    ],
)
def test_switches_have_a_lawful_default(text: str, problem: str, tmp_path: Path) -> None:
    assert problem in refusal(write(tmp_path, switches_toml=text))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (VOCABULARY.replace('class = "criminal"', 'class = "bad"'), "is none of"),
        (VOCABULARY.replace('class = "criminal"', 'class = "unlisted"'), "is none of"),
        (VOCABULARY.replace("18 U.S.C. 99", "18 U.S.C. 1"), "a later section"),
        (VOCABULARY.replace("18 U.S.C. 99", "19 U.S.C. 99"), "same title"),
        (VOCABULARY.replace('"1 U.S.C. 2(a)"', '"title one"'), "not one citation"),
        (VOCABULARY.replace('locate = ["find"]', 'locate = ["Find"]'), "lower case"),
        (VOCABULARY.replace('locate = ["find"]', ""), "`locate` is missing"),
        (VOCABULARY.replace('all"]', 'all", "thing"]'), "listed twice"),
        (VOCABULARY + "\n[extra]\nx = 1", "`extra` is unknown"),
        (VOCABULARY.replace('scope = ["1 U.S.C. 2(a)"]', "scope = []"), "at least one citation"),
    ],
)
def test_the_vocabulary_is_read_by_whitelist(text: str, problem: str, tmp_path: Path) -> None:
    assert problem in refusal(write(tmp_path, vocabulary_toml=text))


def test_missing_huge_and_undecodable_files_are_refused_in_a_sentence(tmp_path: Path) -> None:
    write(tmp_path)
    place = tmp_path / "draft_law" / "switches.toml"
    place.write_bytes(b"\xff\xfe")
    assert "is not UTF-8 text" in refusal(tmp_path)
    place.write_bytes(b"#" * 1_000_001)
    assert "at most 1000000" in refusal(tmp_path)
    place.unlink()
    assert "missing or cannot be read" in refusal(tmp_path)


@pytest.mark.parametrize("name", ["../etc", "usc26_6103_i2", "", "USC26", "no-such-law", "a" * 5_000])
def test_only_an_existing_authority_can_be_named(name: str) -> None:
    with pytest.raises(AuthorityError, match="There is no authority"):
        load(name, on=ON)


def test_only_an_existing_overlay_can_be_named(tmp_path: Path) -> None:
    write(tmp_path, overlay_md=overlay(rule("M1")))
    assert len(loaded(tmp_path, "extra").elements) == 2
    assert "has no overlay" in refusal(tmp_path, "../authority")
    assert "named twice" in refusal(tmp_path, "extra", "extra")


def test_switches_are_refused_by_name_and_by_value(tmp_path: Path) -> None:
    write(tmp_path)
    refused: list[tuple[str, SwitchValue, str]] = [
        ("S7_none", "strict", "there is no switch 'S7_none'"),
        ("S1_choice", "strictest", "must be one of: strict, loose"),
        ("S1_choice", "unlawful", "a court held it unlawful"),
        ("S1_choice", 1, "must be one of"),
        ("S2_number", 0, "from 1 to 500"),
        ("S2_number", True, "from 1 to 500"),
        ("S2_number", "25", "from 1 to 500"),
    ]
    for name, value, problem in refused:
        with pytest.raises(AuthorityError, match=problem):
            loaded(tmp_path, switches={name: value})


def test_an_element_changes_on_its_day_and_never_has_two_versions_or_none(tmp_path: Path) -> None:
    def version(first: date, last: date | None, form: str) -> dict[str, object]:
        return rule(effective_from=first, effective_to=last, require=f"form = '{form}'")

    until, since = date(2026, 1, 31), date(2026, 2, 1)
    folder = write(tmp_path, version(since, None, "oral"), version(date(2020, 1, 1), until, "written"))
    before, after = loaded(folder, on=until), loaded(folder, on=since)
    assert [element.require for element in before.elements] == ["form = 'written'"]
    assert [element.require for element in after.elements] == ["form = 'oral'"]
    assert before.digest != after.digest
    assert before.changes == (date(2020, 1, 1), date(2026, 1, 1), since)

    for late, problem in [
        (until, "used twice on 2026-01-31"),
        (date(2020, 1, 1), "used twice on 2020-01-01"),
        (date(2026, 2, 3), "no version is in force from 2026-02-01 through 2026-02-02"),
    ]:
        sentence = refusal(
            write(tmp_path, version(date(2020, 1, 1), until, "written"), version(late, None, "oral"))
        )
        assert problem in sentence
        assert "authority.md, A1" in sentence
    first, last = date(1, 1, 1), date(9999, 12, 31)
    assert "used twice" in refusal(
        write(tmp_path, version(first, last, "oral"), version(first, last, "oral"))
    )
    assert loaded(write(tmp_path, version(first, last, "oral"))).changes[0] == first


def test_two_versions_in_one_overlay_follow_each_other_too(tmp_path: Path) -> None:
    earlier = rule("M1", effective_to=date(2025, 12, 31))
    write(tmp_path, overlay_md=overlay(earlier, rule("M1", effective_from=date(2026, 1, 1))))
    assert [element.origin for element in loaded(tmp_path, "extra").elements] == ["", "extra"]
    assert "used twice on" in refusal(write(tmp_path, overlay_md=overlay(rule("M1"), rule("M1"))), "extra")


def test_an_overlay_only_adds(tmp_path: Path) -> None:
    assert "used twice" in refusal(write(tmp_path, overlay_md=overlay(rule("A1"))), "extra")
    assert "only adds" in refusal(write(tmp_path, overlay_md=overlay(rule("A1/more"))), "extra")
    assert "only adds" in refusal(write(tmp_path, overlay_md=overlay(rule("M1", code="A1"))), "extra")
    other = overlay(rule("M1")).replace(f'authority = "{NAME}"', 'authority = "other"')
    assert "must say name" in refusal(write(tmp_path, overlay_md=other), "extra")
    (kept,) = loaded(write(tmp_path, overlay_md=overlay(rule("M1"))), "extra").overlays
    assert kept.name == "extra"
    assert all((kept.title, kept.sense, kept.source))


def test_an_element_outside_its_dates_is_not_compiled(tmp_path: Path) -> None:
    write(
        tmp_path,
        rule("A1"),
        rule("A2", effective_from=date(2026, 3, 2)),
        rule("A3", effective_to=date(2026, 2, 28)),
        rule("A4", effective_to=date(2026, 3, 1)),
    )
    assert [element.id for element in loaded(tmp_path).elements] == ["A1", "A4"]
    assert [element.id for element in loaded(tmp_path, on=date(2026, 3, 2)).elements] == ["A1", "A2"]
    with pytest.raises(AuthorityError, match="no element is in force"):
        loaded(tmp_path, on=date(2019, 1, 1))


def test_a_parameter_has_the_value_of_its_day_and_none_before(tmp_path: Path) -> None:
    write(tmp_path, rule(effective_from=date(2000, 1, 1), require="items_count <= parameter.threshold"))
    assert loaded(tmp_path).parameters["threshold"] == 30
    assert loaded(tmp_path, on=date(2025, 12, 31)).parameters["threshold"] == 25
    with pytest.raises(AuthorityError, match="in force on the day"):
        compile_authority(loaded(tmp_path, on=date(2019, 12, 31)))


def test_severity_may_depend_on_a_switch(tmp_path: Path) -> None:
    write(tmp_path, rule(severity={"switch": "S1_choice", "strict": "defect", "loose": "refer"}))
    assert loaded(tmp_path).elements[0].severity is Severity.DEFECT
    assert loaded(tmp_path, switches={"S1_choice": "loose"}).elements[0].severity is Severity.REFER


def test_the_digest_names_everything_that_can_change_a_determination(tmp_path: Path) -> None:
    write(tmp_path, rule(), rule("A2", effective_from=date(2026, 6, 1)), overlay_md=overlay(rule("M1")))
    base = loaded(tmp_path).digest
    assert base.startswith("sha256:")
    digests = {
        base,
        loaded(tmp_path, switches={"S1_choice": "loose"}).digest,
        loaded(tmp_path, switches={"S2_number": 26}).digest,
        loaded(tmp_path, "extra").digest,
        loaded(tmp_path, on=date(2025, 6, 1)).digest,
        loaded(tmp_path, on=date(2026, 6, 1)).digest,
    }
    assert len(digests) == 6
    assert loaded(tmp_path, on=date(2026, 3, 2)).digest == base
    write(tmp_path, rule(message="Something else is missing."))
    assert loaded(tmp_path).digest not in digests


def test_windows_newlines_change_nothing(tmp_path: Path) -> None:
    write(tmp_path)
    base = loaded(tmp_path).digest
    place = tmp_path / "draft_law" / "authority.md"
    place.write_bytes(place.read_bytes().replace(b"\n", b"\r\n"))
    assert loaded(tmp_path).digest == base


def test_findings_come_in_order_and_the_strictest_speaks_for_a_code(tmp_path: Path) -> None:
    law = compiled(
        tmp_path,
        rule("A1/note", severity="note"),
        rule("A1", message="First."),
        rule("A1/twice", message="Second."),
        rule("A1/refer", severity="refer"),
        rule("B1", severity="refer"),
        rule("C1", severity="note"),
    )
    assert [(f.code, f.severity.value, f.message) for f in law.findings(0)] == [
        ("A1", "defect", "First."),
        ("A1", "defect", "Second."),
        ("B1", "refer", "Something is missing."),
        ("C1", "note", "Something is missing."),
    ]
    assert [f.code for f in law.findings(0b100111)] == ["A1", "B1"]
    assert law.findings(0) is law.findings(0)
    assert law.findings(0b111111) == ()
    assert law.determination(0b011111).value == "sufficient"
    assert law.determination(0b001111).value == "referred"
    assert law.determination(0b111101).value == "deficient"


def test_what_is_said_of_a_step_of_an_incident_is_text_and_days(tmp_path: Path) -> None:
    write(tmp_path)
    assert incident_words(NAME, tmp_path) == {}
    write(tmp_path, incidents_toml="[contained]\ndays = 3\n")
    assert incident_words(NAME, tmp_path) == {"contained": IncidentWords(days=3)}
    for wrong, problem in (
        ("days = 0", "no whole number of days"),
        ("days = true", "no whole number of days"),
        ('days = "3"', "no whole number of days"),
        ("text = 3", "no text"),
        ("hours = 3", "and nothing else"),
    ):
        write(tmp_path, incidents_toml=f"[contained]\n{wrong}\n")
        with pytest.raises(AuthorityError, match=problem):
            incident_words(NAME, tmp_path)
