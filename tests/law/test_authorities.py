"""Two more statutes, so that the engine is shown to know none; and a third made by copying a folder."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.law.drafts import ON
from tests.stories.people import VALID, rows_of, write_register, write_submission
from wicketgate.core.catalogue import CATALOGUE
from wicketgate.core.finding import Determination
from wicketgate.core.request import COLUMNS
from wicketgate.flow import load_context
from wicketgate.flow.review_file import review_file
from wicketgate.flow.simulate import simulate
from wicketgate.law import AuthorityError, CompiledLaw, authorities, compile_authority, load
from wicketgate.law.check import check

INSTALLED = Path(__file__).parents[2] / "src" / "wicketgate" / "authorities"
CENSUS, HEALTH = "usc13-9", "cfr45-164-512-f"
DENIED: CompiledLaw = compile_authority(load(CENSUS, on=ON))

SUBPOENA = VALID | {
    "requesting_agency": "DOJ",
    "authority_cited": "45 CFR 164.512(f)(1)(ii)(C)",
    "signatory_capacity": "other",
    "statute": "18 U.S.C. 3486",
    "reasons": "The clinic billed for infusions on days on which Rosa Quintero was in another State; her "
    "address in those years shows who signed for the deliveries. De-identified information could not "
    "reasonably be used, since the deliveries are proved one by one.",
    "engaged_officers": "Alma Agent|1234|DOJ",
}
MISSING = VALID | {
    "requesting_agency": "DOJ",
    "authority_cited": "45 CFR 164.512(f)(2)",
    "reasons": "Rosa Quintero was reported missing by her sister on 3 February and must be located.",
    "engaged_officers": "Alma Agent|1234|DOJ",
    "statute": "",
    "taxable_periods": "",
}


def reviewed(folder: Path, law: CompiledLaw, *requests: Mapping[str, str]) -> list[tuple[str, str]]:
    """Determination and codes of each request, from a file, through the whole review."""
    submission = folder / "requests.csv"
    with submission.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(
            {**request, "request_id": f"R{number}"} for number, request in enumerate(requests, 1)
        )
    context_file = folder / "context.toml"
    context_file.write_text("as_of = 2026-03-01\n", encoding="utf-8")
    review_file(submission, folder / "out", law, load_context(context_file, today=ON))
    with (folder / "out" / "determinations.csv").open(encoding="utf-8") as file:
        return [(row["determination"], row["findings"]) for row in csv.DictReader(file)]


def law(name: str, /, root: Path | None = None, **switches: str) -> CompiledLaw:
    return compile_authority(load(name, on=ON, switches=switches, root=root))


@pytest.mark.parametrize("name", authorities())
def test_every_installed_authority_may_be_used(name: str) -> None:
    assert check(name, on=ON) == []


# No route -------------------------------------------------------------------


def test_a_statute_without_a_route_says_so_and_denies_every_request(tmp_path: Path) -> None:
    assert DENIED.authority.route == "none"
    assert law(HEALTH).authority.route == "some"
    asked = VALID | {"authority_cited": "13 U.S.C. 9"}
    assert reviewed(tmp_path, DENIED, asked, VALID, {"request_id": "x"}) == [("deficient", "A1;A2")] * 3
    for finding in DENIED.findings(0):
        assert finding.citation.startswith("13 U.S.C. § 9(a)")
        assert "Nothing mends it" in finding.remedy


@given(
    st.fixed_dictionaries(
        {},
        optional={
            name: st.one_of(
                st.none(),
                st.booleans(),
                st.integers(spec.minimum, max(spec.minimum, spec.maximum)),
                st.sampled_from(spec.values or ("DOJ", "none")),
            )
            for name, spec in CATALOGUE.items()
        },
    )
)
@settings(max_examples=200, deadline=None)
def test_no_facts_whatever_open_a_closed_statute(facts: dict[str, str | int | bool | None]) -> None:
    assert DENIED.evaluate(facts) == 0
    assert DENIED.determination(0) is Determination.DEFICIENT


def test_a_closed_statute_reads_no_fact() -> None:
    assert DENIED.facts == ()
    assert all(element.never and not element.needs for element in DENIED.elements)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('route = "none"\n', "", "`route` is `none` exactly when"),
        ('route = "none"', 'route = "some"', "`route` can only be 'none'"),
        ('severity = "defect"', 'severity = "refer"', "`never` stands only in a defect"),
        ("never = true", 'never = true\nneeds = ["form"]', "`needs` is unknown"),
        ("never = true", "never = true\nrequire = \"form = 'written'\"", "`require` is unknown"),
        ("never = true", "never = 1", "`never` must be true or false"),
        ("never = true", "", "`needs` is missing"),
    ],
)
def test_a_closed_statute_is_declared_as_one_and_in_no_other_way(
    old: str, new: str, problem: str, tmp_path: Path
) -> None:
    edited = copied(tmp_path, CENSUS, CENSUS) / "authority.md"
    edited.write_text(edited.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(AuthorityError, match=problem):
        law(CENSUS, root=tmp_path)


# Health information ----------------------------------------------------------


def test_an_administrative_request_meets_three_conditions(tmp_path: Path) -> None:
    reasons = SUBPOENA["reasons"]
    assert reviewed(
        tmp_path,
        law(HEALTH),
        SUBPOENA,
        SUBPOENA | {"reasons": reasons.partition(" De-identified")[0]},
        SUBPOENA | {"reasons": "De-identified information could not reasonably be used for this inquiry."},
        SUBPOENA | {"taxable_periods": "all years"},
        SUBPOENA | {"items_requested": "last_known_address;medical_records"},
        SUBPOENA | {"items_requested": "last_known_address;aura"},
        SUBPOENA | {"statute": ""},
        SUBPOENA | {"statute": "18 U.S.C. 1343"},
        SUBPOENA | {"statute": "50 U.S.C. 9999"},
        SUBPOENA | {"requesting_agency": "ACME", "engaged_officers": "Alma Agent|1234|ACME"},
        SUBPOENA | {"form": "oral"},
        SUBPOENA | {"address_line1": "Unknown", "address_city": "", "address_state": ""},
    ) == [
        ("sufficient", ""),
        ("referred", "C3"),
        ("deficient", "C1"),
        ("deficient", "C2"),
        ("deficient", "A10"),
        ("deficient", "C2"),
        ("deficient", "C4"),
        ("deficient", "C4"),
        ("referred", "C4"),
        ("deficient", "A2;B8;R3"),
        ("deficient", "A5"),
        ("deficient", "B2"),
    ]


def test_to_locate_a_person_the_list_is_closed(tmp_path: Path) -> None:
    def asking(items: str) -> dict[str, str]:
        return MISSING | {"items_requested": items}

    assert reviewed(
        tmp_path,
        law(HEALTH),
        MISSING,
        asking("last_known_address;date_of_birth"),
        asking("last_known_address;diagnosis"),
        asking("last_known_address;DNA"),
        asking("last_known_address;dental records"),
        asking("last_known_address;tissue samples"),
        asking("last_known_address;aura"),
        asking(""),
        MISSING | {"reasons": "Rosa Quintero must be located for reasons that we keep to ourselves."},
        MISSING | {"reasons": "Rosa Quintero is not a suspect but we would like to know where she is."},
        MISSING | {"reasons": "Missing person."},
        MISSING | {"authority_cited": "45 CFR 164.512(f)(2);45 CFR 164.512(f)(1)(ii)(C)"},
        MISSING | {"authority_cited": "45 CFR 164.512(f)(3)"},
        MISSING | {"taxpayer_last_name": ""},
    ) == [
        ("sufficient", ""),
        ("deficient", "A10"),
        ("deficient", "L2"),
        ("deficient", "L2;L3"),
        ("deficient", "L2;L3"),
        ("deficient", "L2;L3"),
        ("deficient", "L2"),
        ("deficient", "L2;L3;A10"),
        ("referred", "L1"),
        ("referred", "L1"),
        ("deficient", "L1"),
        ("deficient", "A1"),
        ("deficient", "A1"),
        ("deficient", "B1"),
    ]


def test_what_is_never_disclosed_to_locate_somebody_is_no_profile_item() -> None:
    vocabulary = law(HEALTH).authority.vocabulary
    for item in ("DNA", "dental records", "tissue", "body fluids"):
        assert vocabulary.item_class(item) == "return"
    listed = ("name", "address", "date of birth", "place of birth", "ssn", "ABO blood type", "rh factor")
    more = ("type of injury", "date and time of treatment", "date and time of death", "tattoos", "height")
    assert {vocabulary.item_class(item) for item in (*listed, *more)} == {"profile", "beyond_profile"}


def test_the_custodian_may_read_two_questions_otherwise(tmp_path: Path) -> None:
    oral = MISSING | {"form": "oral"}
    unlisted = SUBPOENA | {"statute": "50 U.S.C. 9999"}
    chosen = law(HEALTH, S3_oral_request="person_decides", S1_compulsory_process="similar_process")
    assert reviewed(tmp_path, chosen, oral, unlisted) == [("referred", "A5"), ("sufficient", "")]


# A new statute ---------------------------------------------------------------


def copied(root: Path, name: str, new: str) -> Path:
    """The folder of an installed authority, copied under a new name."""
    home = root / new.replace("-", "_")
    shutil.copytree(INSTALLED / name.replace("-", "_"), home)
    front = home / "authority.md"
    front.write_text(front.read_text(encoding="utf-8").replace(name, new), encoding="utf-8")
    return home


def edited(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def test_a_new_statute_is_a_folder_that_is_copied_and_edited(tmp_path: Path) -> None:
    root = tmp_path / "authorities"
    new = copied(root, HEALTH, "usc18-2721-b1")
    edited(
        new / "authority.md",
        ('cite = "45 CFR 164.512(f)"\n```\n', 'cite = "18 U.S.C. 2721(b)(1)"\n```\n'),
        ("45 CFR 164.512(f)(2)(ii)", "18 U.S.C. 2721(a)(2)"),
        ("parameter.reasons_words_locate", "parameter.words"),
        ("'dna', 'dna_analysis',", "'photograph', 'dna', 'dna_analysis',"),
    )
    edited(
        new / "vocabulary.toml",
        (
            'scope = ["45 CFR 164.512(f)(1)(ii)(C)", "45 CFR 164.512(f)(2)"]',
            'scope = ["18 U.S.C. 2721(b)"]',
        ),
        ('cite = "45 CFR 164.512(f)(1)(ii)(C)"', 'cite = "18 U.S.C. 2721(b)(4)"'),
        ('cite = "45 CFR 164.512(f)(2)"', 'cite = "18 U.S.C. 2721(b)(1)"'),
        ('"photograph", "photo",', ""),
        ('return = [\n  "dna"', 'return = [\n  "photograph", "dna"'),
    )
    edited(new / "parameters.toml", ("[reasons_words_locate]", "[words]"), ("value = 5,", "value = 6,"))

    assert authorities(root) == ("usc18-2721-b1",)
    made = law("usc18-2721-b1", root=root)
    assert made.authority.digest != law(HEALTH).authority.digest
    asked = MISSING | {"authority_cited": "18 U.S.C. 2721(b)(1)"}
    assert reviewed(
        tmp_path, made, asked, asked | {"items_requested": "photograph"}, asked | {"reasons": "x"}, MISSING
    ) == [
        ("sufficient", ""),
        ("deficient", "L2;L3"),
        ("deficient", "L1"),
        ("deficient", "A1"),
    ]
    assert made.findings(made.evaluate({}))[0].code == "A1"


def test_where_a_new_statute_has_no_such_switch_the_gate_reads_strictly(tmp_path: Path) -> None:
    root = tmp_path / "authorities"
    new = copied(root, HEALTH, "draft-law")
    switches = (new / "switches.toml").read_text(encoding="utf-8")
    (new / "switches.toml").write_text(switches.partition("[S9_period_binding]")[0], encoding="utf-8")
    made = law("draft-law", root=root)
    assert {"S2_request_address_standard", "S9_period_binding"}.isdisjoint(made.authority.switches)

    elsewhere = SUBPOENA | {"address_line1": "4823 Juniper Street Apt 3B"}
    unfiled = SUBPOENA | {"taxable_periods": "2018"}
    asked = [SUBPOENA, elsewhere, unfiled, MISSING, MISSING | {"items_requested": "DNA"}]
    numbered = [request | {"request_id": f"R{number}"} for number, request in enumerate(asked)]
    submission = write_submission(tmp_path / "s.csv", numbered)
    context = tmp_path / "context.toml"
    context.write_text("as_of = 2026-03-01\n", encoding="utf-8")
    register = write_register(tmp_path / "register")
    simulate(submission, register, tmp_path / "out", made, load_context(context, today=ON))
    outcomes = [row["outcome"] for row in rows_of(tmp_path / "out" / "outcomes.csv")]
    assert outcomes == ["disclosed", "not_verified", "held", "held", "deficient"]


@pytest.mark.parametrize("file", ["parameters.toml", "switches.toml"])
def test_a_statute_needs_no_thresholds_and_no_switches(file: str, tmp_path: Path) -> None:
    new = copied(tmp_path, CENSUS, "draft-law")
    (new / file).write_text("# none\n", encoding="utf-8")
    assert load("draft-law", on=date(2026, 3, 1), root=tmp_path).elements


def test_cases_of_an_element_that_is_not_there_are_told_in_one_sentence(tmp_path: Path) -> None:
    root = tmp_path / "authorities"
    new = copied(root, HEALTH, "draft-law")
    edited(
        new / "cases.toml",
        (
            '[[stories]]\ntitle = "an administrative',
            '[elements."Z9"]\nshown = [{}]\nnot_shown = [{}, {}]\n\n[[stories]]\ntitle = "an administrative',
        ),
    )
    assert check("draft-law", on=ON, root=root) == [
        "cases.toml: there is no element Z9, of which it has 3 case(s)"
    ]
